"""Recurrent networks, which read digits row by row and may have to remember them across rows of noise."""

from dataclasses import replace

from vgcore.models import Recurrent
from vgcore.zoo.changes import Fill, Signs
from vgcore.zoo.networks import ReadInLayers
from vgcore.zoo.perceptrons import ADAM
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.specimen import Specimen
from vgcore.zoo.task import Task

FAST_ADAM = replace(ADAM, learning_rate=0.01)
ROWS, CARRIED = Task(name="rows"), Task(name="carried", steps=12)
SIMPLE = Recurrent(cell="simple_rnn")
RELU = ReadInLayers(layers=1, activation="relu", initialisation="identity")

READER = Specimen(name="LSTM", family="recurrent", network=Recurrent(), task=ROWS, recipe=FAST_ADAM, epochs=4)
CARRIER = replace(READER, name="GRU over noise", network=Recurrent(cell="gru"), task=CARRIED, epochs=6)

WELL = (
    READER,
    replace(CARRIER, epochs=9),
    replace(READER, name="GRU", network=Recurrent(cell="gru")),
    replace(READER, name="SimpleRNN", network=SIMPLE, recipe=replace(ADAM, learning_rate=0.003), epochs=8),
    replace(READER, name="LSTM, RMSprop", recipe=replace(FAST_ADAM, optimiser="rmsprop")),
    replace(READER, name="two LSTM layers", network=ReadInLayers(cell="lstm", units=24)),
    replace(READER, name="GRU both ways", network=ReadInLayers(cell="gru", layers=1, units=16, both_ways=True)),
    replace(READER, name="ReLU from the identity", network=RELU, recipe=replace(ADAM, learning_rate=0.003), epochs=6),
    replace(READER, name="SimpleRNN with layer norm", network=replace(SIMPLE, layer_norm=True)),
    replace(CARRIER, name="LSTM over noise, forget bias 3", network=Recurrent(forget_bias=3.0)),
)  # fmt: skip

ILL = (
    replace(CARRIER, name="SimpleRNN over noise, weights times 0.3", symptom="vanishing",
            network=replace(SIMPLE, gain=0.3)),
    replace(CARRIER, name="SimpleRNN over 30 rows of noise", symptom="vanishing", network=SIMPLE,
            task=replace(CARRIED, steps=30)),
    replace(CARRIER, name="LSTM over noise, forget bias -4", symptom="vanishing", network=Recurrent(forget_bias=-4.0)),
    replace(CARRIER, name="sigmoid SimpleRNN over noise", symptom="vanishing",
            network=ReadInLayers(layers=1, activation="sigmoid")),
    replace(READER, name="linear reader, weights times 4", symptom="exploding", epochs=6,
            network=ReadInLayers(layers=1, activation="linear", gain=4.0), task=CARRIED, recipe=Recipe()),
    replace(READER, name="ReLU from the identity times 3 over noise", symptom="exploding", task=CARRIED,
            network=replace(RELU, gain=3.0), recipe=Recipe()),
    replace(READER, name="SimpleRNN over noise, weights times 5", symptom="exploding", task=CARRIED,
            network=replace(SIMPLE, gain=5.0), recipe=Recipe()),
    replace(READER, name="SimpleRNN over 24 rows of noise, weights times 4", symptom="exploding", recipe=Recipe(),
            task=replace(CARRIED, steps=24), network=replace(SIMPLE, gain=4.0)),
    replace(READER, name="two SimpleRNN layers over noise, weights times 6", symptom="exploding", task=CARRIED,
            network=ReadInLayers(gain=6.0), recipe=Recipe()),
    replace(READER, name="SimpleRNN over 24 rows of noise, weights times 4, clipped", symptom="hidden explosion",
            task=replace(CARRIED, steps=24), network=replace(SIMPLE, gain=4.0), recipe=Recipe(clip_norm=0.5)),
    replace(READER, name="ReLU from the identity times 3 over noise, clipped", symptom="hidden explosion",
            network=replace(RELU, gain=3.0), task=CARRIED, recipe=Recipe(clip_norm=1.0)),
    replace(READER, name="SimpleRNN over noise, weights times 5, clipped", symptom="hidden explosion", task=CARRIED,
            network=replace(SIMPLE, gain=5.0), recipe=Recipe(clip_global_norm=1.0)),
    replace(READER, name="linear reader, weights times 6, clipped values", symptom="hidden explosion", task=CARRIED,
            network=ReadInLayers(layers=1, activation="linear", gain=6.0), recipe=Recipe(clip_value=0.001)),
    replace(READER, name="ReLU from the identity, all dead", symptom="dead units", layer="recurrent_1", network=RELU,
            changes=(Fill(variable="recurrent_1/simple_rnn_cell/bias", value=-60.0),)),
    replace(READER, name="SimpleRNN beyond 20", symptom="saturated", layer="recurrent", network=SIMPLE,
            changes=(Signs(variable="recurrent/simple_rnn_cell/bias", size=25.0),)),
    replace(READER, name="LSTM with closed output gates", symptom="saturated", layer="recurrent",
            changes=(Fill(variable="recurrent/lstm_cell/bias", value=-20.0, span=(0.75, 1.0)),)),
    replace(READER, name="LSTM with closed input gates", symptom="saturated", layer="recurrent",
            changes=(Fill(variable="recurrent/lstm_cell/bias", value=-20.0, span=(0.0, 0.25)),)),
    replace(READER, name="two LSTM layers, the first with closed output gates", symptom="saturated",
            layer="recurrent_1", network=ReadInLayers(cell="lstm", units=24),
            changes=(Fill(variable="recurrent_1/lstm_cell/bias", value=-20.0, span=(0.75, 1.0)),)),
    replace(READER, name="GRU that keeps its state", symptom="saturated", layer="recurrent",
            network=Recurrent(cell="gru", update_bias=20.0)),
    replace(READER, name="ReLU from the identity, biases of 300", symptom="collapsed", layer="recurrent_1",
            network=RELU, changes=(Fill(variable="recurrent_1/simple_rnn_cell/bias", value=300.0),),
            recipe=replace(ADAM, learning_rate=0.003)),
    replace(READER, name="two ReLU readers, biases of 200 in the second", symptom="collapsed", layer="recurrent_2",
            network=replace(RELU, layers=2), recipe=Recipe(learning_rate=1e-5),
            changes=(Fill(variable="recurrent_2/simple_rnn_cell/bias", value=200.0),)),
    replace(READER, name="GRU, loss times 1e-13", symptom="stalled updates", network=Recurrent(cell="gru"),
            recipe=replace(FAST_ADAM, loss_scale=1e-13)),
    replace(READER, name="ReLU from the identity times 30 over noise", symptom="non-finite",
            network=replace(RELU, gain=30.0), task=replace(CARRIED, steps=30), recipe=Recipe()),
    replace(READER, name="LSTM, shuffled labels", symptom="not a gradient problem", task=replace(ROWS, shuffled=True)),
    replace(READER, name="GRU, shuffled labels", symptom="not a gradient problem", network=Recurrent(cell="gru"),
            task=replace(ROWS, shuffled=True)),
    replace(READER, name="SimpleRNN, shuffled labels", symptom="not a gradient problem", network=SIMPLE,
            task=replace(ROWS, shuffled=True), recipe=replace(ADAM, learning_rate=0.003)),
    replace(READER, name="two LSTM layers, shuffled labels", symptom="not a gradient problem",
            network=ReadInLayers(cell="lstm", units=24), task=replace(ROWS, shuffled=True)),
    replace(READER, name="LSTM, rate 1e-6", symptom="not a gradient problem",
            recipe=replace(ADAM, learning_rate=1e-6)),
    replace(READER, name="GRU, logits taken for probabilities", symptom="not a gradient problem",
            network=Recurrent(cell="gru"), recipe=Recipe(loss=("cross-entropy of probabilities",))),
    replace(READER, name="two LSTM layers, logits taken for probabilities", symptom="not a gradient problem",
            network=ReadInLayers(cell="lstm", units=24),
            recipe=replace(ADAM, loss=("cross-entropy of probabilities",))),
    replace(READER, name="LSTM, rate 10", symptom="not a gradient problem", recipe=replace(ADAM, learning_rate=10.0)),
    replace(READER, name="GRU both ways, RMSprop, rate 1e-8", symptom="not a gradient problem",
            network=ReadInLayers(cell="gru", layers=1, units=16, both_ways=True),
            recipe=replace(ADAM, optimiser="rmsprop", learning_rate=1e-8)),
)  # fmt: skip

SPECIMENS = (*WELL, *ILL)
