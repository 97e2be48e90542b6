"""The zoo: small Keras models whose condition is known, to test what claims to diagnose them."""

from vgcore.zoo import branched, convolutional, perceptrons, recurrent, transformers, traps
from vgcore.zoo.specimen import FAMILIES, HEALTHY, SYMPTOMS, Specimen

__all__ = ["FAMILIES", "HEALTHY", "SYMPTOMS", "Specimen", "specimens"]


def specimens() -> tuple[Specimen, ...]:
    """All models of the zoo, always in the same order, each with a name of its own.

    Examples:
        >>> specimens()[0].name
        'ReLU 8 layers'
    """
    families = (perceptrons, convolutional, recurrent, transformers, branched, traps)
    return tuple(specimen for family in families for specimen in family.SPECIMENS)
