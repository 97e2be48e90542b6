"""Measure vanishing and exploding gradients in Keras models. Names load on first use, so importing is cheap."""

from typing import Any

import lazy_loader

__version__ = "0.1.0"

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    try:
        return _load(name)
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] not in ("keras", "tensorflow"):
            raise
        raise ImportError(f'vgcore.{name} needs Keras on TensorFlow: pip install "vgcore[tensorflow]"') from missing
