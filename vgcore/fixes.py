"""Every fix of the book, each as one change of one training, on the same four networks that fail without it."""

from dataclasses import replace
from typing import Any

from vgcore.models import MLP, ConvNet, DenselyConnected, Highway, Recurrent
from vgcore.training import Training

DENSE = Training(network=MLP(), epochs=16, learning_rate=0.02)
"""Twenty sigmoid layers with Keras's own weights. Plain gradient descent, at a rate that suits whatever can learn."""

PLAIN_CONVOLUTIONS = ConvNet(depth=20, initialisation="glorot_uniform")

CONVOLUTIONAL = Training(network=PLAIN_CONVOLUTIONS, optimiser="adam", learning_rate=0.01, epochs=5)
"""Nineteen ReLU convolutions, also with Keras's own weights, too small for so many. Steps are dear, hence few."""

RECURRENT = Training(network=Recurrent(cell="simple_rnn"), optimiser="adam", learning_rate=0.01, epochs=8)
"""Keras's SimpleRNN, which has to carry a digit across rows of noise."""

LARGE_WEIGHTS = MLP(activation="relu", initialisation="he_normal", gain=1.2)

EXPLODING = replace(DENSE, network=LARGE_WEIGHTS, learning_rate=0.05, epochs=12)
"""Twenty ReLU layers with weights a fifth larger than He's, which multiply the gradient by 1.2 each."""

Arms = dict[str, Training]


def activations() -> Arms:
    """Other activations, with the weights that suit them, and other weights for the same sigmoid."""
    pairs = {
        "ReLU": ("relu", "he_normal"),
        "Leaky ReLU": ("leaky_relu", "he_normal"),
        "PReLU": ("prelu", "he_normal"),
        "ELU": ("elu", "he_normal"),
        "SELU": ("selu", "lecun_normal"),
        "Swish": ("swish", "he_normal"),
        "GELU": ("gelu", "he_normal"),
        "Maxout": ("maxout", "lecun_normal"),
        "ReLU, Keras's weights": ("relu", "glorot_uniform"),
        "He's weights": ("sigmoid", "he_normal"),
        "LeCun's weights": ("sigmoid", "lecun_normal"),
        "orthogonal weights": ("sigmoid", "orthogonal"),
    }
    return {
        name: replace(DENSE, network=MLP(activation=activation, initialisation=initialisation))
        for name, (activation, initialisation) in pairs.items()
    }


def structures() -> Arms:
    """Layers and paths that are added to the dense network, or layers taken away."""
    networks = {
        "batch norm": MLP(normalisation="batch"),
        "layer norm": MLP(normalisation="layer"),
        "residual": MLP(skip=True),
        "residual, batch norm": MLP(skip=True, normalisation="batch"),
        "highway": Highway(),
        "dense connections": DenselyConnected(),
        "two layers": MLP(depth=2),
    }
    arms = {name: replace(DENSE, network=network) for name, network in networks.items()}
    return arms | {"two layers": replace(arms["two layers"], epochs=9 * DENSE.epochs)}  # its steps cost an eleventh


def trainings() -> Arms:
    """Other ways to train the dense network; the last one is combined with ReLU, whose gradients are only small."""
    changes: dict[str, dict[str, Any]] = {
        "clipping": {"clip_global_norm": 1.0},
        "a tenth of the rate": {"learning_rate": DENSE.learning_rate / 10},
        "ten times the rate": {"learning_rate": DENSE.learning_rate * 10},
        "L2": {"l2": 1e-4},
        "Adam": {"optimiser": "adam", "learning_rate": 0.001},
        "Adam, ReLU, Keras's weights": {
            "optimiser": "adam",
            "learning_rate": 0.001,
            "network": MLP(activation="relu"),
        },
    }
    return {name: replace(DENSE, **change) for name, change in changes.items()}


def convolutional() -> Arms:
    """What is usual in convolutional networks."""
    network = PLAIN_CONVOLUTIONS
    normalised = replace(CONVOLUTIONAL, epochs=CONVOLUTIONAL.epochs - 1)  # a step costs a little more
    return {
        "He's weights": replace(CONVOLUTIONAL, network=replace(network, initialisation="he_normal")),
        "batch norm": replace(normalised, network=replace(network, normalisation="batch")),
        "residual, batch norm": replace(
            normalised, network=replace(network, normalisation="batch", residual="pre-activation")
        ),
    }


def recurrent() -> Arms:
    """What applies to the recurrent network."""
    networks = {
        "LSTM": Recurrent(),
        "LSTM, forget bias 3": Recurrent(forget_bias=3.0),
        "GRU": Recurrent(cell="gru"),
        "layer norm": Recurrent(cell="simple_rnn", layer_norm=True),
        "dropout": Recurrent(cell="simple_rnn", recurrent_dropout=0.2),
    }
    arms = {name: replace(RECURRENT, network=network) for name, network in networks.items()}
    return arms | {"clipping": replace(RECURRENT, clip_global_norm=1.0)}


def exploding() -> Arms:
    """What could tame the exploding network."""
    networks: dict[str, dict[str, Any]] = {
        "He's weights": {"gain": 1.0},
        "SELU": {"activation": "selu"},
        "batch norm": {"normalisation": "batch"},
        "layer norm": {"normalisation": "layer"},
        "residual": {"skip": True},
        "two layers": {"depth": 2},
    }
    changes: dict[str, dict[str, Any]] = {
        "clipping": {"clip_global_norm": 1.0},
        "a tenth of the rate": {"learning_rate": EXPLODING.learning_rate / 10},
        "L2": {"l2": 0.02},
        "Adam": {"optimiser": "adam", "learning_rate": 0.001},
    }
    arms = {name: replace(EXPLODING, network=replace(LARGE_WEIGHTS, **change)) for name, change in networks.items()}
    return arms | {name: replace(EXPLODING, **change) for name, change in changes.items()}
