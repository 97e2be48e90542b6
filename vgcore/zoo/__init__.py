"""The zoo: small Keras models whose condition is known, to test what claims to diagnose them."""

from vgcore.zoo import perceptrons
from vgcore.zoo.specimen import FAMILIES, HEALTHY, SYMPTOMS, Specimen

__all__ = ["FAMILIES", "HEALTHY", "SYMPTOMS", "Specimen", "specimens"]


def specimens() -> tuple[Specimen, ...]:
    """All models of the zoo, always in the same order, each with a name of its own.

    Examples:
        >>> specimens()[0].name
        'ReLU 8 layers'
    """
    return perceptrons.SPECIMENS
