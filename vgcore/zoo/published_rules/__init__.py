"""The rules of three published tools, re-stated as functions of arrays, to compare `vgcore.diagnose` with.

AutoTrainer: Zhang et al., "AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair System", ICSE 2021.
DeepDiagnosis: Wardat et al., "DeepDiagnosis: Automatically Diagnosing Faults and Recommending Actionable Fixes in Deep
Learning Programs", ICSE 2022. TheDeepChecker: Ben Braiek and Khomh, "Testing Feedforward Neural Networks Training
Programs", TOSEM 2022. The numbers are those of the code that their authors published.

Stated are the rules on gradients, dead units, saturation and numbers that are none, with the conditions under which
they apply. Left out are the rules on curves of loss and accuracy, on labels, initial weights, biases and the kind of
loss, and all repairs and advice.
"""

from vgcore.zoo.published_rules import auto_trainer, deep_diagnosis, the_deep_checker
from vgcore.zoo.published_rules.observed import Array, Look, Output, Readings, Step, Verdicts
from vgcore.zoo.specimen import HEALTHY

__all__ = ["Array", "Look", "Output", "Readings", "Step", "Verdicts", "reports"]


def reports(readings: Readings) -> dict[str, Verdicts]:
    """For each tool, what it finds in a training, in the words of `vgcore.zoo.SYMPTOMS`; nothing found is healthy."""
    tools = {"AutoTrainer": auto_trainer, "DeepDiagnosis": deep_diagnosis, "TheDeepChecker": the_deep_checker}
    return {name: tool.examine(readings) or frozenset({HEALTHY}) for name, tool in tools.items()}
