"""The loss does not depend on a weight that is to be trained."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured


def examine(measured: Measured) -> Finding | None:
    """Look for trainable weights to which no gradient leads at all."""
    unreached = measured.before[0].unreached
    if not unreached:
        return None
    layers = tuple(dict.fromkeys(path.rpartition("/")[0] for path in unreached))
    known = measured.before[0].layers.set_index("layer")["depth"].to_dict()
    others = sum(variable.path not in unreached for variable in measured.model.trainable_variables)
    return Finding(
        symptom="disconnected",
        severity="alarm",
        cause="disconnected",
        sentence=f"The loss does not depend on {_named(layers)}: something between them and the loss has no gradient.",
        evidence=(
            Evidence(name="weights that nothing reaches", value=len(unreached)),
            Evidence(name="weights that the gradient reaches", value=others),
        ),
        layers=layers,
        depths=tuple(int(known.get(layer, 0)) for layer in layers),
        page="signs/diagnose-your-own-model",
    )


def _named(layers: tuple[str, ...]) -> str:
    return ", ".join(layers[:3]) + (f" and {len(layers) - 3} more" if len(layers) > 3 else "")
