"""The example networks: one frozen configuration and one build function each."""

from vgcore.models.maxout import Maxout
from vgcore.models.perceptron import MLP, branch_scale, mlp

__all__ = ["MLP", "Maxout", "branch_scale", "mlp"]
