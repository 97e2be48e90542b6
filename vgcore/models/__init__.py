"""The example networks: one frozen configuration and one build function each."""

from vgcore.models.perceptron import MLP, branch_scale, mlp

__all__ = ["MLP", "branch_scale", "mlp"]
