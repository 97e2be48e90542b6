"""One model of the zoo: how it is made, what is wrong with it, and whether it learns."""

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgcore.models import MLP, Network
from vgcore.zoo.changes import Change
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.task import Arrays, Task

HEALTHY = "healthy"
SYMPTOMS = (
    HEALTHY,
    "vanishing",
    "exploding",
    "dead units",
    "saturated",
    "collapsed",
    "stalled updates",
    "hidden explosion",
    "non-finite",
    "disconnected",
    "not a gradient problem",
)
FAMILIES = ("dense", "convolutional", "residual", "recurrent", "transformer", "several inputs")


@dataclass(frozen=True, kw_only=True)
class Specimen:
    """A model whose condition is known by construction, and confirmed by a short training.

    `symptom`: one of `SYMPTOMS`. `trap`: what makes a healthy model look ill. `layer`: the Keras path of the layer
    where the trouble lies, if one layer is to blame. `network` is built, `changes` are applied to it, `recipe`
    compiles it, and `steps_before` batches of `task` train it before it is looked at. `epochs` of further training
    tell whether it learns. `learns_anyway`: why an ill model learns none the less. Raises ValueError for an unknown
    symptom or family, a trap that is ill, or an ill model without epochs.
    """

    name: str
    family: str
    symptom: str = HEALTHY
    trap: str = ""
    layer: str = ""
    network: Network = field(default_factory=MLP)
    changes: tuple[Change, ...] = ()
    task: Task = field(default_factory=Task)
    recipe: Recipe = field(default_factory=Recipe)
    steps_before: int = 0
    epochs: int = 8
    learns_anyway: str = ""

    def __post_init__(self) -> None:
        for name, known in (("symptom", SYMPTOMS), ("family", FAMILIES)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, not {getattr(self, name)!r}")
        if self.symptom == HEALTHY and (self.layer or self.learns_anyway):
            raise ValueError("a healthy model has no layer to blame, and needs no reason to learn")
        if self.symptom != HEALTHY and self.trap:
            raise ValueError("a trap is a healthy model that looks ill")

    @property
    def is_healthy(self) -> bool:
        """Whether there is nothing to be found."""
        return self.symptom == HEALTHY

    def data(self, seed: int) -> tuple[Arrays, Arrays]:
        """Inputs and targets to train on."""
        return self.task.data(seed)

    def build(self, seed: int) -> Any:
        """The compiled Keras model in the state in which it is to be diagnosed; `seed` decides all of it."""
        with self.recipe.in_precision():
            model = self.network.build(seed)
            for number, change in enumerate(self.changes):
                change.apply(model, seed=seed + 1000 * number)
            self.recipe.compile(model)
            self._train(model, self.steps_before, seed, order_seed=seed)
        return model

    def learns(self, seed: int) -> float:
        """What the model knows of its training set after its epochs, between 0 and 1.

        Accuracy where the targets are labels, 1 - squared error / variance where they are numbers (0 if less), their
        mean where there are several outputs; 0 where an output is no finite number.
        """
        model, (x, y) = self.build(seed), self.data(seed)
        batches = len(keras.tree.flatten(y)[0]) // self.recipe.batch_size
        self._train(model, self.epochs * batches, seed, order_seed=seed + 1)
        inputs = keras.tree.map_structure(keras.ops.convert_to_tensor, x)
        outputs = model(inputs, training=False)  # as it stands: `predict` would compile the model once more
        return score(keras.tree.map_structure(keras.ops.convert_to_numpy, outputs), y)

    def constant(self, seed: int) -> float:
        """What the best constant answer knows of the training set, measured as `learns` does."""
        _, y = self.data(seed)
        return float(np.mean([_constant_score(target) for target in keras.tree.flatten(y)]))

    def _train(self, model: Any, steps: int, seed: int, order_seed: int) -> None:
        """Train on so many batches; every epoch has the examples in another order."""
        if not steps:
            return
        x, y = self.data(seed)
        order = batch_order(len(keras.tree.flatten(y)[0]), self.recipe.batch_size, steps, order_seed)
        chosen_x, chosen_y = keras.tree.map_structure(lambda array: array[order], (x, y))
        model.fit(chosen_x, chosen_y, batch_size=self.recipe.batch_size, shuffle=False, verbose=0)


def batch_order(examples: int, batch_size: int, steps: int, seed: int) -> NDArray[np.int64]:
    """Which examples make up so many batches, one after the other; each epoch drops its last, partial batch.

    Examples:
        >>> batch_order(examples=5, batch_size=2, steps=3, seed=0).shape
        (6,)
    """
    random, whole = np.random.default_rng(seed), examples // batch_size
    epochs = [random.permutation(examples)[: whole * batch_size] for _ in range(-(-steps // whole))]
    return np.concatenate(epochs)[: steps * batch_size]


def score(outputs: Arrays, targets: Arrays) -> float:
    """What outputs know of their targets, between 0 and 1; see `Specimen.learns`.

    Examples:
        >>> score(np.array([[2.0, 1.0], [0.0, 3.0]]), np.array([0, 0]))
        0.5
    """
    pairs = zip(keras.tree.flatten(outputs), keras.tree.flatten(targets), strict=True)
    return float(np.mean([_score(np.asarray(output, np.float64), target) for output, target in pairs]))


def _score(output: NDArray[np.float64], target: NDArray[Any]) -> float:
    if not np.isfinite(output).all():
        return 0.0
    if target.dtype.kind == "f":
        residual = np.square(output.reshape(target.shape) - target).mean()
        return max(0.0, float(1 - residual / target.astype(np.float64).var()))
    # The zoo's single outputs are logits: above 0 they say yes
    answers = output.argmax(axis=-1) if output.shape[-1] > 1 else output.ravel() > 0
    return float((answers == target.ravel()).mean())


def _constant_score(target: NDArray[Any]) -> float:
    return 0.0 if target.dtype.kind == "f" else float(np.bincount(target.ravel()).max() / target.size)
