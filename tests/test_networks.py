"""Every example network trains through the one `train`, and equal architectures share what is compiled."""

from dataclasses import replace

import numpy as np
import pytest

from vgcore import data, models
from vgcore.data import Dataset
from vgcore.models import ConvNet, DenselyConnected, Highway, Network, Transformer
from vgcore.training import Training, train

CONVOLUTIONAL = ConvNet(depth=4, channels=2, residual="pre-activation", normalisation="batch")
NETWORKS: list[Network] = [
    CONVOLUTIONAL,
    Highway(depth=2, width=8),
    DenselyConnected(depth=2),
    Transformer(depth=1, width=8, heads=2),
]


def digits(network: Network) -> Dataset:
    """A part of the digits, as pixels or as rows."""
    whole = data.digits_by_row() if isinstance(network, Transformer) else data.digits()
    return replace(whole, train_x=whole.train_x[:256], train_y=whole.train_y[:256])


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: type(network).__name__)
def test_it_learns(network: Network) -> None:
    losses = train(Training(network=network, optimiser="adam", learning_rate=0.01, epochs=6), digits(network), 0)
    assert losses.epochs["train_loss"].iloc[-1] < losses.epochs["train_loss"].iloc[0] - 0.2


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: type(network).__name__)
def test_it_starts_from_the_weights_that_it_builds(network: Network) -> None:
    seen: list[np.ndarray] = []
    for seed in (0, 3):  # the second training uses the first one's compiled network
        train(
            Training(network=network, epochs=1),
            digits(network),
            seed,
            observe=lambda epoch, model: seen.extend(w.numpy() for w in model.weights) if not epoch else None,
        )
    built = [weight.numpy() for seed in (0, 3) for weight in network.build(seed).weights]
    assert all(np.array_equal(one, other) for one, other in zip(seen, built, strict=True))


@pytest.mark.parametrize("difference", [{"gain": 2.0}, {"initialisation": "glorot_uniform"}, {"zero_last": True}])
def test_first_weights_are_no_part_of_an_architecture(difference: dict[str, object]) -> None:
    assert replace(CONVOLUTIONAL, **difference).architecture() == CONVOLUTIONAL.architecture()  # type: ignore[arg-type]


def test_the_order_of_normalisation_is_part_of_an_architecture() -> None:
    assert replace(CONVOLUTIONAL, normalisation="batch_after").architecture() != CONVOLUTIONAL.architecture()


def test_models_build_by_configuration() -> None:
    assert models.ConvNet().build(0).count_params() == models.convolutional(models.ConvNet(), 0).count_params()
