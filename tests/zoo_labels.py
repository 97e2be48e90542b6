"""Train every specimen of the zoo on two seeds and say whether its label is true.

    python -m tests.zoo_labels [part of a name or symptom]

takes about eight CPU seconds a specimen. A healthy one must reach 0.6, an ill one must stay below 0.35,
unless it is one of those that learn anyway.
"""

import sys
import time

import keras

from vgcore import zoo
from vgcore.zoo import Specimen

LEARNT, NOT_LEARNT = 0.6, 0.35
SEEDS = (0, 1)


def is_true(one: Specimen, learnt: float) -> bool:
    if one.is_healthy:
        return learnt > LEARNT
    return bool(one.learns_anyway) or learnt < NOT_LEARNT


def main(part: str = "") -> int:
    """The number of labels that are not true."""
    wrong = 0
    for one in zoo.specimens():
        if part in one.name or part == one.symptom:
            start, learnt = time.process_time(), []
            for seed in SEEDS:
                keras.backend.clear_session()
                learnt.append(one.learns(seed))
            good = all(is_true(one, value) for value in learnt)
            wrong += not good
            values = "  ".join(f"{value:.2f}" for value in learnt)
            seconds = time.process_time() - start
            sys.stdout.write(f"{'' if good else 'NOT TRUE: '}{one.symptom}: {one.name}: {values} ({seconds:.0f} s)\n")
            sys.stdout.flush()
    return wrong


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) > 0)
