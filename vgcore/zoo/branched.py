"""Models with two inputs or two outputs."""

from dataclasses import replace

from vgcore.zoo.changes import Fill, Multiply, Signs
from vgcore.zoo.networks import Heads, Towers
from vgcore.zoo.perceptrons import ADAM, MOMENTUM
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.specimen import Specimen
from vgcore.zoo.task import Task

HALVES, TWO_TARGETS = Task(name="halves"), Task(name="digit and size")
TWO_LOSSES = Recipe(loss=("cross-entropy", "binary"))

TOWERS = Specimen(name="two towers", family="several inputs", network=Towers(), task=HALVES)
HEADS = Specimen(name="two heads", family="several inputs", network=Heads(), task=TWO_TARGETS, recipe=TWO_LOSSES)

WELL = (
    TOWERS,
    replace(TOWERS, name="two towers of unequal height, Adam", network=Towers(left=6, right=1), recipe=ADAM, epochs=6),
    HEADS,
    replace(HEADS, name="two heads upon tanh, momentum",
            network=Heads(activation="tanh", initialisation="glorot_uniform"),
            recipe=replace(MOMENTUM, loss=("cross-entropy", "binary"))),
)  # fmt: skip

ILL = (
    replace(TOWERS, name="two sigmoid towers", symptom="vanishing",
            network=Towers(left=15, right=15, left_activation="sigmoid", right_activation="sigmoid",
                           joint_activation="tanh", initialisation="glorot_uniform")),
    replace(TOWERS, name="one sigmoid tower", symptom="vanishing",
            network=Towers(left=15, left_activation="sigmoid", initialisation="glorot_uniform"),
            learns_anyway="half of the image is enough for many digits"),
    replace(HEADS, name="two heads upon 15 sigmoid layers", symptom="vanishing",
            network=Heads(depth=15, activation="sigmoid", initialisation="glorot_uniform")),
    replace(TOWERS, name="two towers of large weights", symptom="exploding", network=Towers(left=12, right=12),
            changes=(Multiply(variable="left_*/kernel", factor=3.0), Multiply(variable="right_*/kernel", factor=3.0))),
    replace(TOWERS, name="two towers, the joint layer dead", symptom="dead units", layer="joint",
            changes=(Fill(variable="joint/bias", value=-50.0),)),
    replace(HEADS, name="two heads upon a dead layer", symptom="dead units", layer="hidden_2",
            changes=(Fill(variable="hidden_2/bias", value=-50.0),)),
    replace(HEADS, name="two heads upon tanh, one layer beyond 15", symptom="saturated", layer="hidden_2",
            network=Heads(activation="tanh", initialisation="glorot_uniform"),
            changes=(Signs(variable="hidden_2/bias", size=18.0),)),
    replace(TOWERS, name="two towers, one dead", symptom="dead units", layer="left_2",
            changes=(Fill(variable="left_2/bias", value=-50.0),),
            learns_anyway="half of the image is enough for many digits"),
    replace(TOWERS, name="two towers, biases of 1000 in the joint layer", symptom="collapsed", layer="joint",
            changes=(Fill(variable="joint/bias", value=1000.0),), recipe=Recipe(learning_rate=1e-3)),
    replace(HEADS, name="two heads upon 60 ReLU layers", symptom="collapsed", network=Heads(depth=60),
            recipe=replace(TWO_LOSSES, learning_rate=0.01)),
    replace(HEADS, name="two heads, Adam, loss times 1e-12", symptom="stalled updates",
            recipe=replace(ADAM, loss=("cross-entropy", "binary"), loss_scale=1e-12), epochs=4),
    replace(TOWERS, name="two towers, no gradient into the left one", symptom="disconnected", layer="stopped",
            network=Towers(stopped=True), learns_anyway="the left tower stays random, which is good enough"),
    replace(HEADS, name="two heads, one without a loss", symptom="disconnected", layer="size",
            recipe=replace(TWO_LOSSES, loss=("cross-entropy", "none")), learns_anyway="the other head learns"),
    replace(HEADS, name="two heads upon tanh, the digit without a loss", symptom="disconnected", layer="digit",
            network=Heads(activation="tanh", initialisation="glorot_uniform"),
            recipe=replace(TWO_LOSSES, loss=("none", "binary")), learns_anyway="the other head learns"),
    replace(TOWERS, name="two towers, one weight is infinite", symptom="non-finite", layer="joint",
            changes=(Fill(variable="joint/bias", value=float("inf"), span=(0.0, 0.04)),)),
    replace(TOWERS, name="two towers, shuffled labels", symptom="not a gradient problem",
            task=replace(HALVES, shuffled=True)),
    replace(TOWERS, name="two towers, inputs times 1000", symptom="not a gradient problem",
            task=replace(HALVES, input_scale=1000.0)),
    replace(HEADS, name="two heads, rate 1e-6", symptom="not a gradient problem",
            recipe=replace(TWO_LOSSES, learning_rate=1e-6)),
    replace(HEADS, name="two heads, Adam, shuffled labels", symptom="not a gradient problem",
            task=replace(TWO_TARGETS, shuffled=True), recipe=replace(TWO_LOSSES, optimiser="adam", learning_rate=1e-3),
            epochs=1),
    replace(TOWERS, name="two towers, Nadam, rate 10", symptom="not a gradient problem",
            recipe=replace(ADAM, optimiser="nadam", learning_rate=10.0), epochs=3),
)  # fmt: skip

SPECIMENS = (*WELL, *ILL)
