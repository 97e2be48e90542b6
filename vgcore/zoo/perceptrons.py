"""Fully connected networks that learn, and that do not."""

from dataclasses import replace

from vgcore.models import MLP, Highway
from vgcore.zoo.changes import Draw, Fill, Multiply, Signs
from vgcore.zoo.networks import Stack, Subclassed, Words
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.specimen import Specimen
from vgcore.zoo.task import Task

RELU = MLP(depth=8, activation="relu", initialisation="he_normal")
TANH = MLP(depth=10, activation="tanh")
LARGE = replace(RELU, depth=20, gain=3.0)

DENSE = Specimen(name="ReLU 8 layers", family="dense", network=RELU)
"""The healthy one from which the others are made."""

SIGMOID = replace(DENSE, name="sigmoid 20 layers", symptom="vanishing", network=MLP(depth=20))
EXPLODING = replace(DENSE, name="large ReLU 20 layers", symptom="exploding", network=LARGE)

ADAM = Recipe(optimiser="adam", learning_rate=1e-3)
MOMENTUM = Recipe(momentum=0.9, learning_rate=0.01)
RMSPROP = Recipe(optimiser="rmsprop", learning_rate=1e-3)

WELL = (
    DENSE,
    replace(DENSE, name="ReLU 20 layers, Adam", network=replace(RELU, depth=20), recipe=ADAM, epochs=5),
    replace(DENSE, name="ReLU 8 layers, Adam", recipe=ADAM),
    replace(DENSE, name="ReLU 8 layers, momentum", recipe=MOMENTUM),
    replace(DENSE, name="ReLU 8 layers, RMSprop", recipe=RMSPROP),
    replace(DENSE, name="tanh 10 layers", network=TANH),
    replace(DENSE, name="sigmoid 1 layer", network=MLP(depth=1)),
    replace(DENSE, name="ELU 12 layers", network=MLP(depth=12, activation="elu", initialisation="he_normal"),
            recipe=Recipe(learning_rate=0.02)),
    replace(DENSE, name="GELU 8 layers, Adam", network=replace(RELU, activation="gelu"), recipe=ADAM),
    replace(DENSE, name="swish 8 layers, AdamW", network=replace(RELU, activation="swish"),
            recipe=replace(ADAM, optimiser="adamw", learning_rate=2e-3, weight_decay=0.01)),
    replace(DENSE, name="leaky ReLU 20 layers", network=replace(RELU, depth=20, activation="leaky_relu"),
            recipe=Recipe(learning_rate=0.01)),
    replace(DENSE, name="maxout 8 layers", network=MLP(depth=8, activation="maxout", initialisation="lecun_normal")),
    replace(DENSE, name="highway 20 layers", network=Highway(), epochs=16),
    replace(DENSE, name="sequential, Nadam", network=Stack(sequential=True), recipe=replace(ADAM, optimiser="nadam")),
)  # fmt: skip

VANISHING = (
    SIGMOID,
    replace(SIGMOID, name="sigmoid 10 layers", network=MLP(depth=10)),
    replace(SIGMOID, name="sigmoid 40 layers", network=MLP(depth=40)),
    replace(SIGMOID, name="sigmoid 20 layers, momentum", recipe=MOMENTUM),
    replace(SIGMOID, name="hard sigmoid 12 layers, RMSprop", network=MLP(depth=12, activation="hard_sigmoid"),
            recipe=RMSPROP),
    replace(SIGMOID, name="tanh 20 layers, weights times 0.4", network=replace(TANH, depth=20, gain=0.4)),
    replace(SIGMOID, name="small ReLU 12 layers", network=replace(RELU, depth=12, gain=0.3)),
    replace(SIGMOID, name="ReLU 30 layers, Glorot's weights", network=MLP(depth=30, activation="relu")),
    replace(SIGMOID, name="GELU 60 layers, Glorot's weights", network=MLP(depth=60, activation="gelu"), epochs=4),
    replace(SIGMOID, name="linear 12 layers of weights near 0", network=replace(RELU, depth=12, activation="linear"),
            changes=(Draw(variable="hidden_*/kernel", deviation=0.01),)),
)  # fmt: skip

EXPLODED = (
    EXPLODING,
    replace(EXPLODING, name="large ReLU 12 layers, momentum", network=replace(LARGE, depth=12), recipe=MOMENTUM),
    replace(EXPLODING, name="tanh 30 layers, weights times 3", network=replace(TANH, depth=30, gain=3.0)),
    replace(EXPLODING, name="tanh 24 layers, weights times 4", network=replace(TANH, depth=24, gain=4.0)),
    replace(EXPLODING, name="tanh 40 layers of 48, weights times 2.5, momentum", recipe=MOMENTUM,
            network=replace(TANH, depth=40, width=48, gain=2.5)),
    replace(EXPLODING, name="SELU 20 layers, He's weights times 1.5",
            network=MLP(depth=20, activation="selu", initialisation="he_normal", gain=1.5)),
    replace(EXPLODING, name="linear 30 layers, weights times 2",
            network=MLP(depth=30, activation="linear", initialisation="orthogonal", gain=2.0)),
    replace(EXPLODING, name="batch norm ReLU 60 layers", network=replace(RELU, depth=60, normalisation="batch"),
            epochs=1),
    replace(EXPLODING, name="one layer times 1000", layer="hidden_4",
            changes=(Multiply(variable="hidden_4/kernel", factor=1000.0),)),
)  # fmt: skip

HIDDEN = (
    replace(EXPLODING, name="large ReLU 20 layers, clipped norms", symptom="hidden explosion",
            recipe=Recipe(clip_norm=1.0)),
    replace(EXPLODING, name="large ReLU 20 layers, clipped as a whole", symptom="hidden explosion",
            recipe=Recipe(clip_global_norm=1.0)),
    replace(EXPLODING, name="large ReLU 20 layers, clipped values", symptom="hidden explosion",
            recipe=Recipe(clip_value=0.001)),
    replace(EXPLODING, name="tanh 30 layers, weights times 3, clipped", symptom="hidden explosion",
            network=replace(TANH, depth=30, gain=3.0), recipe=replace(MOMENTUM, clip_global_norm=0.5)),
    replace(EXPLODING, name="tanh 24 layers, weights times 4, clipped norms", symptom="hidden explosion",
            network=replace(TANH, depth=24, gain=4.0), recipe=Recipe(clip_norm=0.5)),
    replace(EXPLODING, name="large ReLU 24 layers of 48, clipped as a whole", symptom="hidden explosion",
            network=replace(LARGE, depth=24, width=48), recipe=Recipe(clip_global_norm=1.0)),
)  # fmt: skip

DEAD = (
    replace(DENSE, name="ReLU 8 layers, one dead", symptom="dead units", layer="hidden_4",
            changes=(Fill(variable="hidden_4/bias", value=-30.0),)),
    replace(DENSE, name="ReLU 8 layers, one dead, Adam", symptom="dead units", layer="hidden_2", recipe=ADAM,
            changes=(Fill(variable="hidden_2/bias", value=-30.0),)),
    replace(DENSE, name="ReLU 12 layers, one dead, momentum", symptom="dead units", layer="hidden_7", recipe=MOMENTUM,
            network=replace(RELU, depth=12), changes=(Fill(variable="hidden_7/bias", value=-50.0),)),
    replace(DENSE, name="ReLU 8 layers, three quarters of one dead", symptom="dead units", layer="hidden_5",
            changes=(Fill(variable="hidden_5/bias", value=-30.0, span=(0.0, 0.75)),),
            learns_anyway="sixteen units of the layer are enough for ten digits"),
    replace(DENSE, name="ReLU 3 layers after Adam at 0.3", symptom="dead units", network=replace(RELU, depth=3),
            recipe=replace(ADAM, learning_rate=0.3), steps_before=30, epochs=3),
)  # fmt: skip

SATURATED = (
    replace(DENSE, name="tanh 6 layers, one beyond 10", symptom="saturated", layer="hidden_3",
            network=replace(TANH, depth=6), changes=(Signs(variable="hidden_3/bias", size=12.0),)),
    replace(DENSE, name="sigmoid 3 layers, one beyond 20", symptom="saturated", layer="hidden_2",
            network=MLP(depth=3), changes=(Signs(variable="hidden_2/bias", size=30.0),)),
    replace(DENSE, name="tanh 10 layers beyond 8, Adam", symptom="saturated", network=TANH, recipe=ADAM, epochs=4,
            changes=(Signs(variable="hidden_*/bias", size=8.0),)),
    replace(DENSE, name="tanh 4 layers, the last beyond 15", symptom="saturated", layer="hidden_4",
            network=replace(TANH, depth=4), recipe=MOMENTUM, changes=(Signs(variable="hidden_4/bias", size=15.0),)),
    replace(DENSE, name="sigmoid 4 layers, the first beyond 25", symptom="saturated", layer="hidden_1",
            network=MLP(depth=4), changes=(Signs(variable="hidden_1/bias", size=35.0),)),
    replace(DENSE, name="tanh 8 layers, one beyond 12, Adam", symptom="saturated", layer="hidden_5", recipe=ADAM,
            network=replace(TANH, depth=8), changes=(Signs(variable="hidden_5/bias", size=14.0),)),
)  # fmt: skip

COLLAPSED = (
    replace(DENSE, name="ReLU 60 layers", symptom="collapsed", network=replace(RELU, depth=60)),
    replace(DENSE, name="ReLU 40 layers with random biases", symptom="collapsed", network=replace(RELU, depth=40),
            changes=(Draw(variable="hidden_*/bias", deviation=0.5),)),
    replace(DENSE, name="ReLU 40 layers with biases of 1", symptom="collapsed", network=replace(RELU, depth=40),
            changes=(Fill(variable="hidden_*/bias", value=1.0),), recipe=Recipe(learning_rate=0.01), epochs=4),
    replace(DENSE, name="leaky ReLU 60 layers with biases of 3", symptom="collapsed",
            network=replace(RELU, depth=60, activation="leaky_relu"), epochs=4,
            changes=(Fill(variable="hidden_*/bias", value=3.0),)),
    replace(DENSE, name="leaky ReLU 8 layers, biases of 1000 in one", symptom="collapsed", layer="hidden_3",
            network=replace(RELU, activation="leaky_relu"),
            changes=(Fill(variable="hidden_3/bias", value=1000.0),), recipe=Recipe(learning_rate=1e-3)),
    replace(DENSE, name="ReLU 70 layers of 96, momentum", symptom="collapsed", recipe=MOMENTUM, epochs=3,
            network=replace(RELU, depth=70, width=96)),
    replace(DENSE, name="ReLU 50 layers of 48 with random biases, Adam", symptom="collapsed", recipe=ADAM, epochs=3,
            network=replace(RELU, depth=50, width=48), changes=(Draw(variable="hidden_*/bias", deviation=1.0),)),
    replace(DENSE, name="PReLU 50 layers with biases of 2", symptom="collapsed", epochs=3,
            network=replace(RELU, depth=50, activation="prelu"),
            changes=(Fill(variable="hidden_*/bias", value=2.0),), recipe=Recipe(learning_rate=1e-5)),
    replace(DENSE, name="ReLU 6 layers, biases of 2000 in one", symptom="collapsed", layer="hidden_4",
            network=replace(RELU, depth=6), changes=(Fill(variable="hidden_4/bias", value=2000.0),),
            recipe=Recipe(learning_rate=1e-4)),
    replace(DENSE, name="linear 10 layers, biases of 500 in one", symptom="collapsed", layer="hidden_3",
            network=MLP(depth=10, activation="linear", initialisation="orthogonal"),
            changes=(Fill(variable="hidden_3/bias", value=500.0),), recipe=Recipe(learning_rate=1e-4)),
    replace(DENSE, name="tanh 4 layers of equal weights", symptom="collapsed", network=replace(TANH, depth=4), epochs=4,
            changes=(Fill(variable="hidden_*/kernel", value=1 / 64),)),
    replace(DENSE, name="ReLU 12 layers, all weights positive", symptom="collapsed",
            network=replace(RELU, depth=12), recipe=Recipe(learning_rate=1e-3),
            changes=(Draw(variable="hidden_*/kernel", mean=1 / 64, deviation=1 / 320),)),
    replace(DENSE, name="tanh 6 layers through one unit", symptom="collapsed", layer="hidden_3",
            network=Stack(widths=(64, 64, 1, 64, 64, 64), activation="tanh", initialisation="glorot_uniform")),
    replace(DENSE, name="maxout 60 layers", symptom="collapsed", epochs=3, recipe=Recipe(learning_rate=0.01),
            network=MLP(depth=60, activation="maxout", initialisation="lecun_normal")),
    replace(DENSE, name="words that all look alike", symptom="collapsed", layer="embedding", network=Words(),
            task=Task(name="words"), changes=(Draw(variable="embedding/embeddings", mean=1.0, deviation=0.02),)),
    replace(DENSE, name="subclassed, biases of 1000 in the second layer", symptom="collapsed", layer="loop/hidden_2",
            network=Subclassed(), changes=(Fill(variable="loop/hidden_2/bias", value=1000.0),), recipe=RMSPROP,
            epochs=4),
)  # fmt: skip

STALLED = (
    replace(DENSE, name="Adam, loss times 1e-12", symptom="stalled updates", recipe=replace(ADAM, loss_scale=1e-12)),
    replace(DENSE, name="bfloat16 weights, small steps", symptom="stalled updates",
            recipe=replace(ADAM, learning_rate=1e-5, precision="bfloat16"), epochs=4),
    replace(DENSE, name="bfloat16 weights, gradient descent", symptom="stalled updates",
            recipe=Recipe(learning_rate=3e-4, precision="bfloat16")),
    replace(DENSE, name="float16 weights, small steps", symptom="stalled updates",
            network=replace(RELU, depth=4), recipe=Recipe(learning_rate=1e-4, precision="float16"), epochs=2),
    replace(DENSE, name="Adam, epsilon 1000", symptom="stalled updates", recipe=replace(ADAM, epsilon=1e3), epochs=4),
    replace(DENSE, name="RMSprop, loss times 1e-12", symptom="stalled updates",
            recipe=replace(RMSPROP, loss_scale=1e-12), epochs=5),
    replace(DENSE, name="tanh 8 layers, Adam, loss times 1e-11", symptom="stalled updates",
            network=replace(TANH, depth=8), recipe=replace(ADAM, loss_scale=1e-11), epochs=5),
)  # fmt: skip

NON_FINITE = (
    replace(EXPLODING, name="ReLU 40 layers, weights times 30", symptom="non-finite",
            network=replace(LARGE, depth=40, gain=30.0)),
    replace(DENSE, name="tanh 10 layers, one weight is no number", symptom="non-finite", layer="hidden_5",
            network=TANH, changes=(Fill(variable="hidden_5/bias", value=float("nan"), span=(0.0, 0.016)),)),
    replace(DENSE, name="square roots of zeros", symptom="non-finite", layer="rooted_2",
            network=Stack(inserts=((2, "rooted"),))),
    replace(DENSE, name="standardised silence", symptom="non-finite", layer="standardised_2",
            network=Stack(inserts=((2, "standardised"),)), changes=(Fill(variable="hidden_2/*", value=0.0),)),
    replace(DENSE, name="large ReLU 12 layers in float16", symptom="non-finite", network=replace(LARGE, depth=12),
            recipe=Recipe(precision="mixed_float16"), epochs=1),
    replace(DENSE, name="logarithm of a probability that is 0", symptom="non-finite",
            network=Stack(head="softmax"), changes=(Multiply(variable="logits/kernel", factor=1000.0),),
            recipe=Recipe(loss=("logarithm",))),
    replace(DENSE, name="ReLU 8 layers after a rate of 30", symptom="non-finite", recipe=Recipe(learning_rate=30.0),
            steps_before=20),
)  # fmt: skip

DISCONNECTED = (
    replace(DENSE, name="a bottleneck that passes no gradient", symptom="disconnected", layer="stopped_3",
            network=Stack(widths=(64, 64, 1, 64), inserts=((3, "stopped"),))),
    replace(DENSE, name="a choice between two units", symptom="disconnected", layer="chosen_4",
            network=Stack(widths=(64, 64, 64, 2, 64), inserts=((4, "chosen"),)), recipe=ADAM),
    replace(DENSE, name="no gradient below the logits", symptom="disconnected", layer="stopped_20",
            network=Stack(widths=(64,) * 20, inserts=((20, "stopped"),), activation="sigmoid",
                          initialisation="glorot_uniform"), recipe=MOMENTUM),
    replace(DENSE, name="no gradient past layer 2", symptom="disconnected", layer="stopped_2",
            network=Stack(widths=(64,) * 6, inserts=((2, "stopped"),)),
            learns_anyway="four layers learn upon two that stay random"),
    replace(DENSE, name="subclassed with a layer that nothing calls", symptom="disconnected", layer="loop/idle",
            network=Subclassed(idle=True), learns_anyway="the other layers do the work"),
    replace(DENSE, name="tanh 5 layers, a choice between two units, RMSprop", symptom="disconnected", layer="chosen_3",
            network=Stack(widths=(64, 64, 2, 64, 64), inserts=((3, "chosen"),), activation="tanh",
                          initialisation="glorot_uniform"), recipe=RMSPROP),
    replace(DENSE, name="ReLU 4 layers, no gradient below the logits, Adam", symptom="disconnected", layer="stopped_4",
            network=Stack(widths=(64,) * 4, inserts=((4, "stopped"),)), recipe=ADAM,
            learns_anyway="the logits learn upon four layers that stay random"),
)  # fmt: skip

OTHER = (
    replace(DENSE, name="inputs times 1000", symptom="not a gradient problem", task=Task(input_scale=1000.0)),
    replace(DENSE, name="shuffled labels", symptom="not a gradient problem", task=Task(shuffled=True)),
    replace(DENSE, name="rate 1e-6", symptom="not a gradient problem", recipe=Recipe(learning_rate=1e-6)),
    replace(DENSE, name="Adam, rate 1", symptom="not a gradient problem", recipe=replace(ADAM, learning_rate=1.0)),
    replace(DENSE, name="inputs shifted by 1000", symptom="not a gradient problem", task=Task(input_shift=1000.0)),
    replace(DENSE, name="targets times 10000", symptom="not a gradient problem", network=replace(RELU, outputs=1),
            task=Task(name="value", target_scale=1e4, target_shift=1e5),
            recipe=replace(ADAM, loss=("squared error",)), epochs=4),
    replace(DENSE, name="logits taken for probabilities", symptom="not a gradient problem",
            recipe=Recipe(loss=("cross-entropy of probabilities",))),
    replace(DENSE, name="one probability for ten digits", symptom="not a gradient problem",
            network=Stack(outputs=1, head="softmax"), task=Task(name="value"),
            recipe=replace(ADAM, loss=("squared error",)), epochs=4),
    replace(DENSE, name="targets shifted by 1000", symptom="not a gradient problem",
            network=replace(RELU, depth=4, outputs=1), task=Task(name="value", target_shift=1000.0),
            recipe=replace(ADAM, loss=("squared error",)), epochs=4),
    replace(DENSE, name="tanh 10 layers, rate 100", symptom="not a gradient problem", network=TANH,
            recipe=Recipe(learning_rate=100.0)),
    replace(DENSE, name="swish 8 layers, RMSprop, rate 1", symptom="not a gradient problem",
            network=replace(RELU, activation="swish"), recipe=replace(RMSPROP, learning_rate=1.0)),
    replace(DENSE, name="ReLU 4 layers, momentum, rate 1e-7", symptom="not a gradient problem",
            network=replace(RELU, depth=4), recipe=replace(MOMENTUM, learning_rate=1e-7)),
    replace(DENSE, name="sigmoid 1 layer, Adam, rate 1e-8", symptom="not a gradient problem",
            network=MLP(depth=1), recipe=replace(ADAM, learning_rate=1e-8)),
    replace(DENSE, name="tanh 4 layers, inputs times 1e-5", symptom="not a gradient problem",
            network=replace(TANH, depth=4), task=Task(input_scale=1e-5), recipe=MOMENTUM),
    replace(DENSE, name="ELU 6 layers, inputs shifted by -300, Adam", symptom="not a gradient problem",
            network=MLP(depth=6, activation="elu", initialisation="he_normal"), task=Task(input_shift=-300.0),
            recipe=ADAM),
    replace(DENSE, name="sigmoid for targets below 0", symptom="not a gradient problem", epochs=4,
            network=Stack(outputs=1, head="sigmoid"), task=Task(name="value", target_shift=-3.0),
            recipe=replace(ADAM, loss=("squared error",))),
    replace(DENSE, name="tanh for targets in tens, RMSprop", symptom="not a gradient problem", epochs=4,
            network=Stack(outputs=1, head="tanh"), task=Task(name="value", target_scale=10.0),
            recipe=replace(RMSPROP, loss=("squared error",))),
    replace(DENSE, name="regression, shuffled targets", symptom="not a gradient problem", epochs=4,
            network=replace(RELU, outputs=1), task=Task(name="value", shuffled=True),
            recipe=replace(ADAM, loss=("squared error",))),
    replace(DENSE, name="tanh regression, targets of other examples, momentum", symptom="not a gradient problem",
            network=replace(TANH, depth=4, outputs=1), task=Task(name="value", shuffled=True, target_scale=5.0),
            recipe=replace(MOMENTUM, loss=("squared error",), learning_rate=1e-3), epochs=4),
    replace(DENSE, name="words, shuffled labels", symptom="not a gradient problem", network=Words(), epochs=3,
            task=Task(name="words", shuffled=True), recipe=ADAM),
)  # fmt: skip

SPECIMENS = (
    *WELL, *VANISHING, *EXPLODED, *HIDDEN, *DEAD, *SATURATED, *COLLAPSED, *STALLED, *NON_FINITE, *DISCONNECTED,
    *OTHER,
)  # fmt: skip
