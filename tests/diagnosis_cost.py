"""What a diagnosis costs: printed in CPU seconds, everything imported and the model built beforehand.

    python -m tests.diagnosis_cost MODEL

where MODEL is one of `MODELS`; a process of its own for each, as for a reader.
"""

import sys
import time
from collections.abc import Mapping

import keras

from vgcore import data, diagnose
from vgcore.models import MLP, ConvNet, Network

MODELS: Mapping[str, Network] = {
    "perceptron": MLP(depth=20, width=128, activation="relu", initialisation="he_normal"),
    "resnet": ConvNet(depth=56, residual="post-activation", normalisation="batch"),
}


def main(name: str) -> None:
    """Diagnose once and print how long it took."""
    digits = data.digits()
    model = MODELS[name].build(0)
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    start = time.process_time()
    diagnose(model, digits.train_x, digits.train_y)
    print(time.process_time() - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
