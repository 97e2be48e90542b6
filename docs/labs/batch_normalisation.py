# %% [markdown]
# # Lab: batch normalisation
#
# You put a normalisation into each layer of a deep network, before the activation or after it, and predict what that
# does to the gradient. Then you look for the largest learning rate that each network bears. It takes twelve minutes to
# read and about half a minute to run. The page [Batch normalisation](../fixes/batch-normalisation.md) explains what
# you see here.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import vgcore
from vgcore import data, theory

SEED, DEPTH, WIDTH = 1, 30, 64
PLACES = ("none", "before", "after")
digits = data.digits()
x, y = digits.train_x[:256], digits.train_y[:256]

# %% [markdown]
# ## Three places
#
# For each unit and each batch, normalisation takes the values of the unit over the batch, subtracts their mean and
# divides by their standard deviation. It may stand before the activation, as it was proposed, or after it.


# %%
def network(place, depth=DEPTH, activation="relu", momentum=0.9):
    keras.utils.set_random_seed(SEED)
    images = stream = keras.Input((64,))
    for _ in range(depth):
        layer = keras.layers.Dense(WIDTH, kernel_initializer="he_normal")
        stream = layer(stream)
        if place == "before":
            stream = keras.layers.BatchNormalization(momentum=momentum)(
                stream
            )
        stream = keras.layers.Activation(activation)(stream)
        if place == "after":
            stream = keras.layers.BatchNormalization(momentum=momentum)(
                stream
            )
    return keras.Model(images, keras.layers.Dense(10)(stream))


# %% [markdown]
# ## Predict
#
# Thirty ReLU layers with He's weights. Without normalisation, a layer passes the gradient back at the size at which it
# came: that is what He's weights are for. What will normalisation change? Surely it makes things more equal?
#
# Work it out. ReLU halves the gradient's mean square. Of a signal with mean 0 and variance 1 it leaves a variance of
# $(1 - 1/\pi)/2$, and the next normalisation divides by that. So a layer multiplies the gradient's size by
#
# $$
# \sqrt{\frac{1/2}{(1 - 1/\pi)/2}} = \sqrt{\frac{\pi}{\pi - 1}}
# $$
#
# Take it to the power of twenty-nine, once for each step from one of the thirty layers to the next, and write the
# number down.

# %%
profiles = {}
for place in PLACES:
    profiles[place] = vgcore.measure_gradients(network(place), x, y)
    growth = 10 ** -profiles[place].slope
    whole = 10 ** -profiles[place].decades
    print(f"{place:6} a layer {growth:.2f}, all layers {whole:.3g}")

a_layer = theory.batch_norm_growth(len(x))
print(
    f"theory a layer {a_layer:.2f}, all layers {a_layer ** (DEPTH - 1):.3g}"
)

# %%
layers = np.arange(1, DEPTH + 1)
plt.figure(
    label="With batch normalisation before the activation the gradient of "
    "thirty layers rises towards the input close to the predicted line; "
    "after the activation it rises a little faster; without "
    "normalisation it stays nearly level."
)
line = (DEPTH - layers) * np.log10(a_layer)
plt.plot(layers, line, "--", color="#1c2026", label="predicted")
looks = {
    "none": ("#c53748", "o"),
    "before": ("#9f42b7", "D"),
    "after": ("#9f42b7", "^"),
}
for place, (colour, marker) in looks.items():
    gradient = (
        profiles[place].table["activation_gradient_rms"].to_numpy()[:DEPTH]
    )
    decades = np.log10(gradient / gradient[-1])
    plt.plot(layers, decades, marker, color=colour, label=place)
plt.xticks([1, 10, 20, 30])
plt.xlabel("layer (1 = next to the input)")
plt.ylabel("decades relative to the last layer")
plt.legend()
plt.show()

# %% [markdown]
# Normalisation *makes* the gradient explode, wherever it stands, and no size of the weights prevents it: the size
# cancels. In thirty layers that is bearable; in a hundred it is not.
#
# ## The same force, as a rescue
#
# Now the network that loses its gradient: sigmoid layers. Each takes most of the gradient away; the next normalisation
# divides by a small deviation and gives it back. How many decades are lost in thirty layers, with and without?

# %%
for place in PLACES:
    profile = vgcore.measure_gradients(
        network(place, activation="sigmoid"), x, y
    )
    print(f"{place:6} {profile.decades:+.1f} decades lost")

# %% [markdown]
# A minus means that the gradient has grown. The division that made it explode above is what holds it up here.
#
# ## Headroom
#
# Five ReLU layers train well without any help. What does normalisation buy them? Four learning rates, from careful to
# reckless. Where does each network stop learning? One network is compiled for each place and set back to its first
# weights before every training; gradient descent has nothing else to remember.


# %%
def trained(model, rate, start, epochs=4):
    model.set_weights(start)
    model.optimizer.learning_rate = rate
    model.fit(
        digits.train_x,
        digits.train_y,
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=0,
    )
    return right(model)


def right(model, training=False):
    answers = np.argmax(model(digits.test_x, training=training), axis=1)
    return np.mean(answers == digits.test_y)


def compiled(place, momentum=0.9):
    model = network(place, depth=5, momentum=momentum)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(), loss)
    return model


RATES = (0.01, 0.1, 1.0, 3.0)
print("rate  ", *(f"{rate:6}" for rate in RATES))
for place in PLACES:
    model = compiled(place)
    start = model.get_weights()
    shares = [trained(model, rate, start) for rate in RATES]
    print(f"{place:6}", *(f"{share:6.2f}" for share in shares))

# %% [markdown]
# Without normalisation a large step makes large weights, larger outputs and a still larger step. With it, weights
# twice as large give the same signal. The normalised networks still learn at a rate at which the plain one guesses. At
# rates that suit all three they gain little or nothing, and at the smallest they may even lose.
#
# ## Try it yourself
#
# 1. At test time running averages stand in for the batch, and they begin at mean 0 and variance 1. Keras's own
#    `momentum=0.99` keeps 99 parts in a hundred of them at each step. Train `compiled("before", momentum=0.99)` for one
#    epoch at rate `0.1`, and again with `momentum=0.9`. Which gets more of the test digits right, and are the weights to blame?
#    `right(model, training=True)` normalises by the test digits themselves.
# 2. Measure the growth on eight digits, `x[:8], y[:8]`, in place of 256. What changes, and does
#    `theory.batch_norm_growth(8)` say so?
# 3. Add skip connections: `models.MLP(depth=30, activation="relu", initialisation="he_normal", skip=True,
#    normalisation="batch")`, built with `models.mlp(config, seed=1)` after `from vgcore import models`. What is left of
#    the explosion?
#
# <details><summary>Answers</summary>
# <p>1. The one with <code>0.9</code>, by far. The weights are not to blame: training looks at the batch alone, so they are the same
# to the last bit, and with <code>training=True</code> both get the same digits right. After an epoch of 23 steps the
# averages with <code>0.99</code> are still mostly what they began with.</p>
# <p>2. It grows faster, and by about as much as theory says: the mean and the deviation of eight values are noisy, and
# the gradient pays for it.</p>
# <p>3. Next to nothing: less than a factor of three over all thirty layers. The stream carries the gradient past the
# normalisations.</p>
# </details>
#
# **Next:** [clipping](clipping.ipynb), for gradients that explode all the same.
