"""`Watch`: a function of one's own in the place of the one by which `model.fit` takes its steps."""

from collections.abc import Callable
from typing import Any


class Watch:
    """Hands every call of `model.train_function` to `watched`, from `begin` to `end`.

    Watches can be nested: each gives back what it found. Whoever is watched takes the real step between an `end` and
    the next `begin`, by `model.train_function(iterator)`; whatever that raises then leaves nothing behind.

    Examples:
        >>> from types import SimpleNamespace
        >>> model = SimpleNamespace(train_function=lambda batches: "Keras's own")
        >>> watch = Watch(lambda batches: "watched")
        >>> watch.begin(model)
        >>> model.train_function([])
        'watched'
        >>> watch.end()
        >>> model.train_function([])
        "Keras's own"
    """

    def __init__(self, watched: Callable[[Any], Any]) -> None:
        self._watched = watched
        self._model: Any = None
        self._own: Callable[[Any], Any] | None = None

    def begin(self, model: Any) -> None:
        """Put `watched` in the place of Keras's own function."""
        self._model, self._own = model, model.train_function
        model.train_function = self._watched

    def end(self) -> None:
        """Give Keras its own function back, unless it has it."""
        if self._model is not None:
            self._model.train_function, self._model = self._own, None
