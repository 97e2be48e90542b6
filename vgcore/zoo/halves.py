"""Which specimens the rules of `vgcore.diagnose` were made on; what is published comes from the others."""

from collections.abc import Collection, Iterable
from zlib import crc32

from vgcore.zoo.specimen import Specimen

SEEN = (
    "ReLU 8 layers, one dead", "ReLU 60 layers", "small ReLU 12 layers", "leaky ReLU 20 layers", "highway 20 layers",
    "large ReLU 12 layers, momentum", "SELU 20 layers, He's weights times 1.5", "Adam, loss times 1e-12",
    "large ReLU 20 layers, clipped values", "a bottleneck that passes no gradient", "shuffled labels",
    "one layer times 1000",
)  # fmt: skip
"""Looked at before the zoo was divided, or for the sake of a rule since then."""


def tuning(name: str) -> bool:
    """Whether the rules may be changed for the sake of this specimen: half of all, by a checksum of their names.

    Examples:
        >>> tuning("ReLU 60 layers"), tuning("sigmoid 10 layers")
        (True, False)
    """
    return name in SEEN or crc32(name.encode()) % 2 == 0


def held_back(specimens: Iterable[Specimen], *, seed: int, shares: int, names: Collection[str] = ()) -> list[Specimen]:
    """A seed's share of those that the rules were not made on; only the named ones, if any are named."""
    found = [one for one in specimens if not tuning(one.name) and (not names or one.name in names)]
    return found[seed % shares :: shares]
