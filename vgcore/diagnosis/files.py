"""Diagnose a model that lies in a file."""

import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import keras
import numpy as np

from vgcore.diagnosis.diagnose import diagnose
from vgcore.diagnosis.report import Diagnosis

UNREADABLE = (ValueError, TypeError, OSError)
"""What `diagnose_file` raises where a file or its content cannot be used; the message is a sentence."""


def diagnose_file(model: Path, data: Path, *, trust: bool = False) -> Diagnosis:
    """Diagnose a model that Keras has saved on the arrays of an .npz file.

    `model`: a .keras file. `data`: arrays named x and y, or x_NAME and y_NAME for several inputs or outputs of these
    names. `trust`: whether Python code in the model's file may run; nothing else of either file is ever executed.
    Raises one of `UNREADABLE`, with a sentence that names the file.
    """
    arrays = _arrays(data)
    return diagnose(_model(model, trust), _part(arrays, "x", data), _part(arrays, "y", data))


def as_json(report: Diagnosis) -> str:
    """The whole report as JSON; there is no NaN in it."""
    return json.dumps(report.to_dict(), allow_nan=False, indent=2)


def _model(path: Path, trust: bool) -> Any:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    try:
        return keras.saving.load_model(path, safe_mode=not trust)
    except Exception as error:  # whatever Keras trips over in a file that it did not write
        reason = str(error).strip().splitlines()[0]
        raise ValueError(f"{path} cannot be read as a Keras model: {reason}") from error


def _arrays(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ValueError(f"there is no file {path}")
    try:
        with np.load(path, allow_pickle=False) as archive:
            return dict(archive)
    except (OSError, ValueError, AttributeError, TypeError, BadZipFile) as error:
        raise ValueError(f"{path} is no .npz file of arrays: numpy.savez(path, x=x, y=y) writes one") from error


def _part(arrays: dict[str, Any], name: str, path: Path) -> Any:
    if name in arrays:
        return arrays[name]
    several = {key.removeprefix(f"{name}_"): array for key, array in arrays.items() if key.startswith(f"{name}_")}
    if not several:
        raise ValueError(f"{path} has no array {name}, only {', '.join(sorted(arrays)) or 'none'}")
    return several
