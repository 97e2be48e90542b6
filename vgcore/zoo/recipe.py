"""How a specimen is compiled: optimiser, loss and precision."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import keras

OPTIMISERS: dict[str, Callable[..., Any]] = {
    "sgd": keras.optimizers.SGD,
    "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
}


def _logarithm_of_probability(labels: Any, probabilities: Any) -> Any:
    """Cross-entropy as one writes it down: infinite where a probability has become 0."""
    picked = keras.ops.one_hot(keras.ops.reshape(labels, (-1,)), probabilities.shape[-1])
    return -keras.ops.log(keras.ops.sum(picked * probabilities, axis=-1))


LOSSES: dict[str, Callable[[], Any]] = {
    "none": lambda: None,
    "cross-entropy": lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    "cross-entropy of probabilities": lambda: keras.losses.SparseCategoricalCrossentropy(from_logits=False),
    "binary": lambda: keras.losses.BinaryCrossentropy(from_logits=True),
    "squared error": keras.losses.MeanSquaredError,
    "logarithm": lambda: _logarithm_of_probability,
}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What `compile` is told.

    `optimiser`: one of `OPTIMISERS`, with Keras's defaults but for what is set here; `momentum` is gradient
    descent's. `loss`: one of `LOSSES` for each output; the loss is multiplied by `loss_scale`. `clip_value`,
    `clip_norm`, `clip_global_norm`: as Keras means them, at most one. `accumulation`: batches to a step.
    `precision`: Keras's dtype policy. Raises ValueError for an unknown name.
    """

    optimiser: str = "sgd"
    learning_rate: float = 0.1
    momentum: float = 0.0
    epsilon: float | None = None
    weight_decay: float | None = None
    clip_value: float | None = None
    clip_norm: float | None = None
    clip_global_norm: float | None = None
    accumulation: int | None = None
    optimiser_loss_scale: float | None = None
    loss: tuple[str, ...] = ("cross-entropy",)
    loss_scale: float = 1.0
    batch_size: int = 64
    steps_per_execution: int = 1
    precision: str = "float32"

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise ValueError(f"optimiser must be one of {', '.join(OPTIMISERS)}, not {self.optimiser!r}")
        for loss in self.loss:
            if loss not in LOSSES:
                raise ValueError(f"loss must be one of {', '.join(LOSSES)}, not {loss!r}")

    def compile(self, model: Any) -> Any:
        """Compile the model and return it."""
        model.compile(
            optimizer=self._optimiser(),
            loss=[LOSSES[loss]() for loss in self.loss],
            loss_weights=[self.loss_scale] * len(self.loss) if self.loss_scale != 1 else None,
            steps_per_execution=self.steps_per_execution,
            jit_compile=False,  # "auto" would mean yes on a GPU and no on a CPU
        )
        return model

    def _optimiser(self) -> Any:
        settings = {
            "momentum": self.momentum or None,
            "epsilon": self.epsilon,
            "weight_decay": self.weight_decay,
            "clipvalue": self.clip_value,
            "clipnorm": self.clip_norm,
            "global_clipnorm": self.clip_global_norm,
            "gradient_accumulation_steps": self.accumulation,
            "loss_scale_factor": self.optimiser_loss_scale,
        }
        chosen = {name: value for name, value in settings.items() if value is not None}
        return OPTIMISERS[self.optimiser](self.learning_rate, **chosen)

    @contextmanager
    def in_precision(self) -> Iterator[None]:
        """Layers that are made inside take the recipe's precision; Keras's own setting comes back at the end."""
        before = keras.config.dtype_policy()
        keras.config.set_dtype_policy(self.precision)
        try:
            yield
        finally:
            keras.config.set_dtype_policy(before)
