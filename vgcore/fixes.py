"""Every fix of the book, each as one change of one training, on the same two networks that fail without it."""

from dataclasses import replace
from typing import Any

from vgcore.models import MLP, DenselyConnected, Highway, Recurrent
from vgcore.training import Training

DENSE = Training(network=MLP(), epochs=16, learning_rate=0.02)
"""Twenty sigmoid layers with Keras's own weights. Plain gradient descent, at a rate that suits whatever can learn."""

RECURRENT = Training(network=Recurrent(cell="simple_rnn"), optimiser="adam", learning_rate=0.01, epochs=8)
"""Keras's SimpleRNN, which has to carry a digit across rows of noise."""

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
        "He's weights": ("sigmoid", "he_normal"),
        "LeCun's weights": ("sigmoid", "lecun_normal"),
        "orthogonal weights": ("sigmoid", "orthogonal"),
        "ReLU, Keras's weights": ("relu", "glorot_uniform"),
    }
    return {
        name: replace(DENSE, network=MLP(activation=activation, initialisation=initialisation))
        for name, (activation, initialisation) in pairs.items()
    }


def structures() -> Arms:
    """Layers and paths that are added to the dense network."""
    networks = {
        "batch normalisation": MLP(normalisation="batch"),
        "layer normalisation": MLP(normalisation="layer"),
        "residual": MLP(skip=True),
        "residual, batch normalisation": MLP(skip=True, normalisation="batch"),
        "highway": Highway(),
        "dense connections": DenselyConnected(),
        "three layers": MLP(depth=3),
    }
    return {name: replace(DENSE, network=network) for name, network in networks.items()}


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


def recurrent() -> Arms:
    """What applies to the recurrent network."""
    networks = {
        "LSTM": Recurrent(),
        "LSTM, forget bias 3": Recurrent(forget_bias=3.0),
        "GRU": Recurrent(cell="gru"),
        "layer normalisation": Recurrent(cell="simple_rnn", layer_norm=True),
        "dropout": Recurrent(cell="simple_rnn", recurrent_dropout=0.2),
    }
    arms = {name: replace(RECURRENT, network=network) for name, network in networks.items()}
    return arms | {"clipping": replace(RECURRENT, clip_global_norm=1.0)}
