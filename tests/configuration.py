"""The book's mkdocs.yml, read as plain values."""

from typing import Any

import yaml

from tests.checkout import ROOT


class _Loader(yaml.SafeLoader):
    """Does not look up what stands in the environment."""


_Loader.add_constructor("!ENV", lambda *_: None)


def configuration() -> dict[str, Any]:
    """Everything in it; None for what the environment decides."""
    found: dict[str, Any] = yaml.load((ROOT / "mkdocs.yml").read_text(), _Loader)
    return found
