"""The cell state of an LSTM runs straight through a step: a gate scales it, a sum adds to it, no matrix is in its way.

Thick: the cell state, from cₜ₋₁ to cₜ. Boxes are layers with weights of their own, above the names of what they see; a
dot in a circle multiplies number by number, a plus adds. On the thick path back, the gradient is multiplied by fₜ and
by nothing else.
"""

from matplotlib.figure import Figure

from vgcore.press import diagram

experiment = None
title = "One step of an LSTM"
alt = (
    "The cell state runs in a straight line: c of step t−1 times the forget gate f, plus the input gate i times the "
    "candidate g, is c of step t. The gates f, i and o are sigmoid layers and g is a tanh layer; all four see the "
    "last output h and the input x. The new output h branches off the line: the output gate o times tanh of the new c."
)

WIDE = {"before": 22, "forget": 132, "input": 260, "candidate": 376, "output": 492, "read": 590, "after": 660}
NARROW = {"before": 18, "forget": 70, "input": 124, "candidate": 178, "output": 232, "read": 288, "after": 317}
STATE, INNER, LAYERS, SEEN, NAMES = 28, 100, 176, 232, 262
FUNCTIONS = {"forget": "σ", "input": "σ", "candidate": "tanh", "output": "σ"}


def draw() -> Figure:
    figure, axes = diagram.canvas(274, phone=274)
    wide = diagram.is_wide(axes)
    x = WIDE if wide else NARROW

    forget = diagram.gate(axes, x["forget"], STATE, "⊙", "lstm")
    add = diagram.gate(axes, x["candidate"], STATE, "+", "lstm")
    before = diagram.word(axes, x["before"], STATE, "cₜ₋₁", "lstm", bold=True)
    after = diagram.word(axes, x["after"], STATE, "cₜ", "lstm", bold=True)
    for start, end in ((before, forget), (forget, add), (add, after)):
        diagram.arrow(axes, start, end, meaning="lstm", thick=True)

    boxes = {name: diagram.box(axes, x[name], LAYERS, one, width=48 if wide else 40) for name, one in FUNCTIONS.items()}
    for name, layer in boxes.items():
        diagram.arrow(axes, diagram.word(axes, layer.x, SEEN, "hₜ₋₁, xₜ", size=13 if wide else 12), layer)
        diagram.word(axes, layer.x, NAMES, name, "muted", size=13 if wide else 11)

    write = diagram.gate(axes, x["candidate"], INNER, "⊙")
    squash = diagram.box(axes, x["read"], INNER, "tanh", width=44)
    read = diagram.gate(axes, x["read"], LAYERS, "⊙")
    diagram.arrow(axes, boxes["forget"], forget)
    diagram.word(axes, x["forget"], INNER, "fₜ", side="right")
    diagram.arrow(axes, boxes["input"], (x["input"], INNER), write)
    diagram.word(axes, (x["input"] + x["candidate"]) / 2, INNER, "iₜ", side="above")
    diagram.arrow(axes, boxes["candidate"], write)
    diagram.word(axes, x["candidate"], (LAYERS + INNER) / 2, "gₜ", side="right")
    diagram.arrow(axes, write, add)
    diagram.arrow(axes, diagram.branch(axes, x["read"], STATE, "lstm"), squash)
    diagram.arrow(axes, squash, read)
    diagram.arrow(axes, boxes["output"], read, label="oₜ")
    diagram.arrow(axes, read, diagram.word(axes, x["read"], SEEN, "hₜ"))
    return figure
