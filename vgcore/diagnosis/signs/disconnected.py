"""The loss does not depend on a weight that is to be trained."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.severed import severing


def examine(measured: Measured) -> Finding | None:
    """Look for trainable weights to which no gradient leads at all, and for the layer that lets none through."""
    unreached = measured.before[0].unreached
    if not unreached:
        return None
    layers = tuple(dict.fromkeys(path.rpartition("/")[0] for path in unreached))
    known = measured.before[0].layers.set_index("layer")["depth"].to_dict()
    cut = severing(measured.model, *measured.first, measured.loss) or [(one, int(known.get(one, 0))) for one in layers]
    others = sum(variable.path not in unreached for variable in measured.model.trainable_variables)
    named = tuple(layer for layer, _ in cut)
    why = (
        "something between them and the loss has no gradient"
        if named == layers
        else f"{_named(named)} passes no gradient back"
    )
    return Finding(
        symptom="disconnected",
        severity="alarm",
        cause="disconnected",
        sentence=f"The loss does not depend on {_named(layers)}: {why}.",
        evidence=(
            Evidence(name="weights that nothing reaches", value=len(unreached)),
            Evidence(name="weights that the gradient reaches", value=others),
        ),
        layers=named,
        depths=tuple(depth for _, depth in cut),
        page="signs/diagnose-your-own-model",
    )


def _named(layers: tuple[str, ...]) -> str:
    return ", ".join(layers[:3]) + (f" and {len(layers) - 3} more" if len(layers) > 3 else "")
