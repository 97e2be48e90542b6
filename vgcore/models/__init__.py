"""The example networks: one frozen configuration and one build function each."""

from vgcore.models.maxout import Maxout
from vgcore.models.perceptron import MLP, branch_scale, mlp
from vgcore.models.recurrence import Recurrent, recurrent

__all__ = ["MLP", "Maxout", "Recurrent", "branch_scale", "mlp", "recurrent"]
