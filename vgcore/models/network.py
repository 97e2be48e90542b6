"""What every example network's configuration can do."""

from abc import ABC, abstractmethod
from typing import Any, Self


class Network(ABC):
    """A frozen configuration that builds its own network.

    A training asks its network to build itself, so that it depends on the code of that network alone, not on every
    kind of network there is.
    """

    @abstractmethod
    def build(self, seed: int) -> Any:
        """The Keras model that this configuration describes, every weight drawn from `seed`."""

    @property
    def numbered_layers(self) -> int:
        """How many layers are called "hidden_1", "hidden_2" and so on, counted from the input."""
        return 0

    def architecture(self) -> Self:
        """The configuration without what only sets the first weights: equal ones can share one compiled network."""
        return self
