"""A layer that keeps the largest of several pieces."""

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="vgcore")
class Maxout(keras.layers.Layer):
    """Every unit passes on the largest of its `pieces` inputs; put it behind a Dense with `pieces` times the units.

    Input shape (batch, units * pieces), output shape (batch, units); the pieces of a unit lie side by side. It has no
    weights of its own. Raises ValueError where the inputs cannot be shared out.
    Source: Goodfellow et al., "Maxout Networks", ICML 2013.

    Examples:
        >>> import numpy as np
        >>> np.array(Maxout(2)(np.array([[1.0, 3.0, -2.0, -5.0]]))).tolist()
        [[3.0, -2.0]]
    """

    def __init__(self, pieces: int = 2, **keywords: Any) -> None:
        super().__init__(**keywords)
        if pieces < 1:
            raise ValueError(f"a maxout unit has at least one piece, not {pieces}")
        self.pieces = pieces

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Check that the inputs make whole units."""
        if (input_shape[-1] or 0) % self.pieces:
            raise ValueError(f"{input_shape[-1]} inputs cannot be shared out among units of {self.pieces} pieces")
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The largest piece of every unit."""
        units = inputs.shape[-1] // self.pieces
        return keras.ops.max(keras.ops.reshape(inputs, (-1, units, self.pieces)), axis=-1)

    def get_config(self) -> dict[str, Any]:
        """What `from_config` needs."""
        return {**super().get_config(), "pieces": self.pieces}
