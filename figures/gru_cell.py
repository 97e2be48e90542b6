"""A GRU's state is mixed, not replaced: the share z of the old state stays, the share 1 − z is new.

Thick: the state, from hₜ₋₁ to hₜ, which is also the output. Boxes are layers with weights of their own, above the names
of what they see; a dot in a circle multiplies number by number, a plus adds. The reset gate r says how much of the old
state the candidate g sees; Keras's own GRU applies r after the multiplication by the weights.
"""

from matplotlib.figure import Figure

from vgcore.press import diagram

experiment = None
title = "One step of a GRU"
alt = (
    "The state runs in a straight line: h of step t−1 times the update gate z, plus 1 − z times the candidate g, is h "
    "of step t. So a z of 1 keeps the old state and a z of 0 replaces it. The update gate z and the reset gate r are "
    "sigmoid layers that see the old state h and the input x. The candidate g is a tanh layer that sees x and r times "
    "the old state."
)

WIDE = {"before": 22, "update": 146, "reset": 286, "kept": 410, "candidate": 534, "after": 658}
NARROW = {"before": 18, "update": 70, "reset": 142, "kept": 206, "candidate": 266, "after": 314}
STATE, INNER, LAYERS, SEEN, NAMES = 28, 100, 176, 232, 262


def draw() -> Figure:
    figure, axes = diagram.canvas(274, phone=274)
    wide = diagram.is_wide(axes)
    x = WIDE if wide else NARROW

    keep = diagram.gate(axes, x["update"], STATE, "⊙", "gru")
    add = diagram.gate(axes, x["candidate"], STATE, "+", "gru")
    before = diagram.word(axes, x["before"], STATE, "hₜ₋₁", "gru", bold=True)
    after = diagram.word(axes, x["after"], STATE, "hₜ", "gru", bold=True)
    for start, end in ((before, keep), (keep, add), (add, after)):
        diagram.arrow(axes, start, end, meaning="gru", thick=True)

    width = 48 if wide else 42
    update = diagram.box(axes, x["update"], LAYERS, "σ", width=width)
    reset = diagram.box(axes, x["reset"], LAYERS, "σ", width=width)
    candidate = diagram.box(axes, x["candidate"], LAYERS, "tanh", width=width)
    kept = diagram.gate(axes, x["kept"], LAYERS, "⊙")
    replace = diagram.gate(axes, x["candidate"], INNER, "⊙")
    for node, seen in ((update, "hₜ₋₁, xₜ"), (reset, "hₜ₋₁, xₜ"), (kept, "hₜ₋₁"), (candidate, "xₜ")):
        diagram.arrow(axes, diagram.word(axes, node.x, SEEN, seen), node)
    for node, name in ((update, "update"), (reset, "reset"), (candidate, "candidate")):
        diagram.word(axes, node.x, NAMES, name, "muted", size=13 if wide else 12)

    diagram.arrow(axes, update, keep)
    diagram.word(axes, x["update"], (STATE + INNER) / 2, "zₜ", side="right")
    diagram.arrow(axes, diagram.branch(axes, x["update"], INNER), replace, label="1 − zₜ")
    diagram.arrow(axes, reset, kept, label="rₜ")
    diagram.arrow(axes, kept, candidate)
    diagram.arrow(axes, candidate, replace)
    diagram.word(axes, x["candidate"], (LAYERS + INNER) / 2, "gₜ", side="right")
    diagram.arrow(axes, replace, add)
    return figure
