"""Seven questions, asked in this order, lead from one symptom to seven causes.

Each can be answered before training: the second from the training set, the others from one batch. Go down while the
answer is no. The order matters: several causes show the signs of those below them.
"""

from itertools import pairwise

from matplotlib.figure import Figure

from vgcore.press import diagram

experiment = None
title = "A decision tree for a network that does not learn"
alt = (
    "A column of seven questions with a cause beside each. Inputs far from one in size: unscaled inputs. Neighbours "
    "with different labels: wrong labels. A layer whose units are all off: dead units. A gradient that loses decades: "
    "vanishing gradient. Outputs alike for all inputs: indistinguishable inputs. A first loss far above ln K: wrong "
    "output layer. Steps that are tiny or huge beside the weights: learning rate. All answered no: look elsewhere."
)

QUESTIONS = (
    ("Inputs far from 1 in size?", "unscaled inputs"),
    ("Neighbours labelled apart?", "wrong labels"),
    ("A layer with all units off?", "dead units"),
    ("Gradient loses decades?", "vanishing gradient"),
    ("Outputs alike for all inputs?", "inputs alike"),
    ("First loss far above ln K?", "wrong output layer"),
    ("Step tiny or huge?", "learning rate"),
)
ROW = 52


def draw() -> Figure:
    figure, axes = diagram.canvas(ROW * (len(QUESTIONS) + 1), phone=ROW * (len(QUESTIONS) + 1))
    wide = diagram.is_wide(axes)
    (left, asked), (right, named) = ((190, 230), (500, 170)) if wide else ((93, 182), (266, 122))
    questions = []
    for row, (question, cause) in enumerate(QUESTIONS):
        y = ROW * (row + 0.5)
        questions.append(diagram.box(axes, left, y, "", width=asked, height=30))
        diagram.word(axes, left, y, question, size=13 if wide else 12)
        leaf = diagram.box(axes, right, y, "", "broken", width=named, height=30)
        diagram.word(axes, right, y, cause, "broken", size=13 if wide else 11)
        diagram.arrow(axes, questions[-1], leaf, label="yes" if wide else "", side="above")
    end = diagram.box(axes, left, ROW * (len(QUESTIONS) + 0.5), "look elsewhere", width=asked, height=30)
    for above, below in pairwise([*questions, end]):
        diagram.arrow(axes, above, below)
        diagram.word(axes, left, (above.bottom + below.top) / 2, "no", side="right", size=12)
    return figure
