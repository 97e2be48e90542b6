"""The example networks: one frozen configuration and one build function each."""

from vgcore.models.convolution import ConvNet, convolutional
from vgcore.models.densely_connected import DenselyConnected, densely_connected
from vgcore.models.highway import Highway, highway
from vgcore.models.long_skip import LongSkip, long_skip
from vgcore.models.maxout import Maxout
from vgcore.models.network import Network
from vgcore.models.noisy_normalisation import NoisyNormalised, noisy_normalised
from vgcore.models.perceptron import MLP, branch_scale, mlp
from vgcore.models.recurrence import Recurrent, recurrent
from vgcore.models.transformer import Transformer, transformer

__all__ = [
    "MLP",
    "ConvNet",
    "DenselyConnected",
    "Highway",
    "LongSkip",
    "Maxout",
    "Network",
    "NoisyNormalised",
    "Recurrent",
    "Transformer",
    "branch_scale",
    "convolutional",
    "densely_connected",
    "highway",
    "long_skip",
    "mlp",
    "noisy_normalised",
    "recurrent",
    "transformer",
]
