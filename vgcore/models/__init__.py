"""The example networks: one frozen configuration and one build function each."""

from vgcore.models.convolution import ConvNet, convolutional
from vgcore.models.maxout import Maxout
from vgcore.models.perceptron import MLP, branch_scale, mlp
from vgcore.models.recurrence import Recurrent, recurrent
from vgcore.models.transformer import Transformer, transformer

__all__ = [
    "MLP",
    "ConvNet",
    "Maxout",
    "Recurrent",
    "Transformer",
    "branch_scale",
    "convolutional",
    "mlp",
    "recurrent",
    "transformer",
]
