"""A diagnosis as a picture."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vgcore.diagnosis.report import Diagnosis


def plot(diagnosis: "Diagnosis") -> Any:
    """The size of every hidden layer's gradient and output by depth, logarithmic, as a matplotlib figure."""
    from matplotlib.figure import Figure

    hidden = diagnosis.layers[diagnosis.layers["hidden"]] if len(diagnosis.layers) else diagnosis.layers
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    for column, label, style in (("activation_gradient_rms", "dL/dh", "o-"), ("activation_rms", "h", "s--")):
        if len(hidden):
            axes.plot(hidden["depth"], hidden[column], style, label=f"{label} (RMS)")
    axes.set(yscale="log", xlabel="layers from the input", ylabel="root mean square", title=diagnosis.verdict)
    figure.legend(loc="outside lower center", ncols=2)
    return figure
