"""Networks of convolutions, and residual ones of all kinds."""

from dataclasses import replace

from vgcore.models import MLP, ConvNet
from vgcore.zoo.changes import Draw, Fill, Signs
from vgcore.zoo.perceptrons import ADAM, MOMENTUM
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.specimen import Specimen
from vgcore.zoo.task import Task

PLAIN = ConvNet(depth=8)
BLOCKS = ConvNet(depth=12, residual="post-activation", normalisation="batch")
FAST_ADAM = replace(ADAM, learning_rate=0.01)

CONVOLUTIONS = Specimen(name="convolutions 8 layers", family="convolutional", network=PLAIN, recipe=FAST_ADAM, epochs=6)
RESIDUAL = Specimen(
    name="residual convolutions 12 layers", family="residual", network=BLOCKS, recipe=FAST_ADAM, epochs=3
)
STREAM = Specimen(
    name="residual tanh 20 layers",
    family="residual",
    network=MLP(depth=20, activation="tanh", skip=True),
    recipe=Recipe(learning_rate=0.05),
)

WELL = (
    CONVOLUTIONS,
    replace(CONVOLUTIONS, name="convolutions 6 layers of 16 channels", network=replace(PLAIN, depth=6, channels=16)),
    replace(CONVOLUTIONS, name="convolutions 10 layers, batch norm",
            network=replace(PLAIN, depth=10, normalisation="batch"), epochs=4),
    RESIDUAL,
    replace(RESIDUAL, name="residual convolutions 12 layers, pre-activation",
            network=replace(BLOCKS, residual="pre-activation")),
    replace(RESIDUAL, name="residual convolutions 20 layers, scaled",
            network=ConvNet(depth=20, residual="pre-activation", branch_scale=None), epochs=4),
    STREAM,
    replace(STREAM, name="residual ReLU 40 layers", network=MLP(depth=40, activation="relu", skip=True), epochs=6),
    replace(STREAM, name="residual sigmoid 20 layers, batch norm",
            network=MLP(depth=20, skip=True, normalisation="batch"), epochs=5),
)  # fmt: skip

ILL = (
    replace(CONVOLUTIONS, name="convolutions 20 layers, Glorot's weights", symptom="vanishing",
            network=ConvNet(depth=20, initialisation="glorot_uniform"), recipe=Recipe(), epochs=3),
    replace(CONVOLUTIONS, name="convolutions 24 layers of 16 channels, Glorot's weights", symptom="vanishing",
            network=ConvNet(depth=24, channels=16, initialisation="glorot_uniform"), recipe=Recipe(), epochs=2),
    replace(CONVOLUTIONS, name="convolutions 30 layers, Glorot's weights, momentum", symptom="vanishing",
            network=ConvNet(depth=30, initialisation="glorot_uniform"), recipe=MOMENTUM, epochs=2),
    replace(CONVOLUTIONS, name="sigmoid convolutions 12 layers", symptom="vanishing",
            network=ConvNet(depth=12, activation="sigmoid", initialisation="glorot_uniform"), recipe=Recipe()),
    replace(CONVOLUTIONS, name="tanh convolutions 16 layers, weights times 0.4", symptom="vanishing",
            network=ConvNet(depth=16, activation="tanh", gain=0.4), recipe=MOMENTUM, epochs=3),
    replace(CONVOLUTIONS, name="large convolutions 16 layers", symptom="exploding",
            network=replace(PLAIN, depth=16, gain=3.0), recipe=Recipe(), epochs=3),
    replace(CONVOLUTIONS, name="large convolutions 16 layers, clipped", symptom="hidden explosion",
            network=replace(PLAIN, depth=16, gain=3.0), recipe=Recipe(clip_norm=0.5), epochs=3),
    replace(CONVOLUTIONS, name="convolutions 8 layers, one dead", symptom="dead units", layer="conv_4",
            changes=(Fill(variable="conv_4/bias", value=-40.0),)),
    replace(CONVOLUTIONS, name="convolutions 6 layers, the first dead", symptom="dead units", layer="conv_1",
            network=replace(PLAIN, depth=6), changes=(Fill(variable="conv_1/bias", value=-40.0),)),
    replace(CONVOLUTIONS, name="tanh convolutions 6 layers, one beyond 15", symptom="saturated", layer="conv_3",
            network=ConvNet(depth=6, activation="tanh", initialisation="glorot_uniform"),
            changes=(Signs(variable="conv_3/bias", size=20.0),)),
    replace(CONVOLUTIONS, name="convolutions 40 layers", symptom="collapsed", network=replace(PLAIN, depth=40),
            recipe=Recipe(), epochs=2),
    replace(CONVOLUTIONS, name="convolutions 40 layers of 32 channels", symptom="collapsed",
            network=replace(PLAIN, depth=40, channels=32), recipe=Recipe(), epochs=2),
    replace(CONVOLUTIONS, name="convolutions 30 layers of 16 channels with biases of 1", symptom="collapsed",
            network=replace(PLAIN, depth=30, channels=16), changes=(Fill(variable="conv_*/bias", value=1.0),),
            recipe=Recipe(learning_rate=0.01), epochs=2),
    replace(CONVOLUTIONS, name="leaky convolutions 36 layers of 24 channels with random biases", symptom="collapsed",
            network=replace(PLAIN, depth=36, channels=24, activation="leaky_relu"), recipe=MOMENTUM, epochs=2,
            changes=(Draw(variable="conv_*/bias", deviation=0.5),)),
    replace(CONVOLUTIONS, name="convolutions 8 layers, biases of 1000 in the fourth", symptom="collapsed",
            layer="conv_4", changes=(Fill(variable="conv_4/bias", value=1000.0),), recipe=ADAM, epochs=3),
    replace(CONVOLUTIONS, name="convolutions 8 layers, Adam, epsilon 1000", symptom="stalled updates",
            recipe=replace(FAST_ADAM, epsilon=1e4)),
    replace(CONVOLUTIONS, name="large convolutions 12 layers in float16", symptom="non-finite",
            network=replace(PLAIN, depth=12, gain=4.0), recipe=Recipe(precision="mixed_float16"), epochs=1),
    replace(CONVOLUTIONS, name="convolutions 8 layers, shuffled labels", symptom="not a gradient problem",
            task=Task(shuffled=True)),
    replace(CONVOLUTIONS, name="convolutions 8 layers, rate 1e-7", symptom="not a gradient problem",
            recipe=replace(ADAM, learning_rate=1e-7)),
    replace(CONVOLUTIONS, name="convolutions 8 layers, Adam, rate 3", symptom="not a gradient problem", epochs=3,
            recipe=replace(ADAM, learning_rate=3.0)),
    replace(RESIDUAL, name="residual convolutions 40 layers without norm", symptom="exploding",
            network=ConvNet(depth=40, residual="pre-activation"), recipe=Recipe(), epochs=2),
    replace(RESIDUAL, name="residual convolutions 40 layers without norm, clipped", symptom="hidden explosion",
            network=ConvNet(depth=40, residual="pre-activation"), recipe=Recipe(clip_global_norm=0.1), epochs=2),
    replace(RESIDUAL, name="residual convolutions 24 layers, branches times 2", symptom="exploding",
            network=ConvNet(depth=24, residual="pre-activation", branch_scale=2.0), recipe=Recipe(), epochs=2),
    replace(RESIDUAL, name="residual convolutions 30 layers, branches times 1.5", symptom="exploding",
            network=ConvNet(depth=30, residual="pre-activation", branch_scale=1.5), recipe=Recipe(), epochs=2),
    replace(RESIDUAL, name="residual convolutions 24 layers, branches times 2, clipped", symptom="hidden explosion",
            network=ConvNet(depth=24, residual="pre-activation", branch_scale=2.0), recipe=Recipe(clip_norm=0.1),
            epochs=2),
    replace(STREAM, name="residual ReLU 30 layers, weights times 6", symptom="exploding",
            network=MLP(depth=30, activation="relu", skip=True, gain=6.0)),
    replace(RESIDUAL, name="residual convolutions, one dead branch layer", symptom="dead units", layer="conv_4",
            network=ConvNet(depth=12, residual="post-activation", branch_scale=None),
            changes=(Fill(variable="conv_4/bias", value=-40.0),),
            learns_anyway="the stream passes by the dead branch"),
    replace(RESIDUAL, name="residual convolutions, every branch dead", symptom="dead units",
            network=ConvNet(depth=10, residual="post-activation", branch_scale=None),
            changes=tuple(Fill(variable=f"conv_{number}/bias", value=-40.0) for number in (2, 4, 6, 8))),
    replace(STREAM, name="residual ReLU 20 layers with biases of 30", symptom="collapsed",
            network=MLP(depth=20, activation="relu", skip=True), recipe=Recipe(learning_rate=1e-5),
            changes=(Fill(variable="hidden_*/bias", value=30.0),)),
    replace(RESIDUAL, name="residual convolutions 12 layers, biases of 500 in the first", symptom="collapsed",
            layer="conv_1", network=ConvNet(depth=12, residual="pre-activation", branch_scale=None),
            changes=(Fill(variable="conv_1/bias", value=500.0),)),
    replace(STREAM, name="residual tanh 20 layers, RMSprop, loss times 1e-13", symptom="stalled updates",
            recipe=replace(ADAM, optimiser="rmsprop", loss_scale=1e-13), epochs=3),
    replace(STREAM, name="residual tanh 20 layers, one weight is infinite", symptom="non-finite", layer="hidden_7",
            changes=(Fill(variable="hidden_7/bias", value=float("inf"), span=(0.0, 0.016)),)),
    replace(STREAM, name="residual tanh 20 layers, inputs times 0.0001", symptom="not a gradient problem",
            task=Task(input_scale=1e-4), recipe=Recipe(learning_rate=0.01)),
    replace(STREAM, name="residual tanh 20 layers, AdamW, rate 100", symptom="not a gradient problem", epochs=3,
            recipe=replace(ADAM, optimiser="adamw", learning_rate=100.0)),
    replace(RESIDUAL, name="residual convolutions 12 layers, logits taken for probabilities", epochs=2,
            symptom="not a gradient problem", recipe=Recipe(loss=("cross-entropy of probabilities",))),
)  # fmt: skip

SPECIMENS = (*WELL, *ILL)
