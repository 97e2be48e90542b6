"""The transformer computes what its docstring says: plain NumPy agrees."""

import pickle
import random
from typing import Any

import numpy as np
import pytest

from vgcore import data, models
from vgcore.models import Transformer

SMALL: dict[str, Any] = {"depth": 2, "width": 6, "heads": 2, "steps": 5, "features": 3, "outputs": 4}
X = np.random.default_rng(0).normal(size=(4, 5, 3))


def normalised(x: Any) -> Any:
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-3)


def attended(x: Any, layer: Any) -> Any:
    query, key, value, back = (np.asarray(kernel, float) for kernel in layer.trainable_variables[::2])
    queries, keys, values = (np.einsum("bsf,fhd->bhsd", x, kernel) for kernel in (query, key, value))
    scores = np.exp(np.einsum("bhsd,bhtd->bhst", queries, keys) / np.sqrt(query.shape[-1]))
    mixed = np.einsum("bhst,bhtd->bhsd", scores / scores.sum(-1, keepdims=True), values)
    return np.einsum("bhsd,hdf->bsf", mixed, back)


def answer(config: Transformer, model: Any) -> Any:
    """The network by hand; its biases are 0, those of the embedding too."""

    def weights(name: str) -> Any:
        return model.get_layer(name).kernel.numpy().astype(float)

    def before(x: Any) -> Any:
        return normalised(x) if config.norm == "before" else x

    def after(x: Any) -> Any:
        return normalised(x) if config.norm == "after" else x

    scale = 0.5 if config.branch_scale is None else config.branch_scale
    stream = X @ weights("embedding")
    for number in (1, 2):
        stream = after(stream + scale * attended(before(stream), model.get_layer(f"attention_{number}")))
        wide = np.maximum(before(stream) @ weights(f"wide_{number}"), 0)
        stream = after(stream + scale * wide @ weights(f"narrow_{number}"))
    return before(stream).mean(1) @ weights("logits")


@pytest.mark.parametrize("norm", [None, "before", "after"])
@pytest.mark.parametrize("branch_scale", [1.0, 0.3, None])
def test_the_network_is_that_of_plain_numpy(norm: Any, branch_scale: Any) -> None:
    config = Transformer(**SMALL, norm=norm, branch_scale=branch_scale)
    model = models.transformer(config, seed=1)
    assert np.array(model(X)) == pytest.approx(answer(config, model), abs=1e-5)


def test_every_weight_matrix_has_numbers_of_its_own() -> None:
    model = models.transformer(Transformer(depth=2), seed=0)
    square = [
        v.numpy().ravel() for v in model.trainable_variables if v.name == "kernel" and v.shape.num_elements() == 1024
    ]
    assert len(square) == 8
    assert np.abs(np.corrcoef(square) - np.eye(8)).max() < 0.15


@pytest.mark.parametrize(("initialisation", "variance"), [("glorot_uniform", 1.0), ("he_normal", 2.0)])
def test_attention_is_drawn_as_square_matrices(initialisation: Any, variance: Any) -> None:
    model = models.transformer(Transformer(depth=1, width=64, initialisation=initialisation), seed=0)
    kernels = [v.numpy() for v in model.get_layer("attention_1").trainable_variables if v.name == "kernel"]
    assert [kernel.var() * 64 for kernel in kernels] == pytest.approx([variance] * 4, rel=0.08)


def test_the_seed_alone_decides_the_weights() -> None:
    first, again, other = (models.transformer(Transformer(**SMALL), seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_building_draws_nothing_from_the_global_generators() -> None:
    before = random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002 - the legacy generator is to be spared
    models.transformer(Transformer(**SMALL), seed=0)
    assert (random.getstate(), pickle.dumps(np.random.get_state())) == before  # noqa: NPY002


def test_it_reads_the_digits_row_by_row() -> None:
    assert models.transformer(Transformer(depth=1), seed=0)(data.digits_by_row().train_x[:3]).shape == (3, 10)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depth": 0}, "depth must be positive, not 0"),
        ({"norm": "both"}, "norm must be one of None, 'before', 'after', not 'both'"),
        ({"width": 30}, "width must be a multiple of heads, but 30 is none of 4"),
        ({"activation": "sigmoyd"}, "Keras knows no activation 'sigmoyd'"),
        ({"initialisation": "zeros"}, "Keras knows no random initialiser 'zeros'"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Transformer(**arguments)
