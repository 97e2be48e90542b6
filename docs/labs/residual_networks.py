# %% [markdown]
# # Lab: residual networks
#
# You build thirty layers twice, in a chain and with an addition around each. You predict what the addition does to
# the gradient, train them, and then cut pieces out of the one that has learnt. It takes twelve minutes to read and
# about half a minute to run. The page [Residual networks](../fixes/residual-networks.md) explains what you see here.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import vgcore
from vgcore import data, theory

SEED, DEPTH, WIDTH = 1, 30, 64
digits = data.digits()
x, y = digits.train_x[:256], digits.train_y[:256]

# %% [markdown]
# ## One addition
#
# Both networks have the same layers, ReLU and matrix, with the first weights that Keras draws. In the plain one a layer
# *replaces* what it got. In the residual one it *adds* to it:
#
# $$
# x_{l+1} = x_l + \alpha\, W_l \max(x_l, 0)
# $$
#
# $x_l$ is what block $l$ gets, $W_l$ its weights, and $\alpha$ a number that you choose.


# %%
def network(residual, scale=1.0, depth=DEPTH, start="glorot_uniform"):
    keras.utils.set_random_seed(SEED)
    images = keras.Input((64,))
    stream = keras.layers.Dense(WIDTH)(images)
    for number in range(1, depth + 1):
        branch = keras.layers.Activation("relu")(stream)
        layer = keras.layers.Dense(
            WIDTH, kernel_initializer=start, name=f"block_{number}"
        )
        branch = layer(branch)
        if residual:
            branch = keras.layers.Rescaling(scale)(branch)
            branch = keras.layers.Add()([stream, branch])
        stream = branch
    return keras.Model(images, keras.layers.Dense(10)(stream))


# %% [markdown]
# ## Predict
#
# With Keras's weights, ReLU and matrix together pass back $1/\sqrt{2}$ of a gradient's size. Write down three answers
# before you go on. In thirty layers, by what factor does the gradient change on its way from the last to the first
#
# - in the plain network?
# - in the residual one with $\alpha = 1$? "It stays" is tempting.
# - in the residual one with $\alpha = 1/\sqrt{30}$?
#
# The squares of both ways add up: a block multiplies the gradient's mean square by $1 + \alpha^2 \chi$, where $\chi$ is
# what the branch alone would do to it, here one half.

# %%
scales = {"α = 1": 1.0, "α = 1/√30": DEPTH**-0.5}
networks = {"plain": network(residual=False)}
for name, scale in scales.items():
    networks[name] = network(residual=True, scale=scale)

chi = theory.chi("relu", 1.0)
factors = {"plain": chi**0.5}
for name, scale in scales.items():
    factors[name] = theory.residual_growth(scale, 1, chi)

profiles = {}
for name, model in networks.items():
    profiles[name] = vgcore.measure_gradients(model, x, y)
    measured = 10 ** -profiles[name].slope
    print(
        f"{name:10} a layer {measured:.3f}, predicted {factors[name]:.3f};"
        f" all thirty {10 ** -profiles[name].decades:.2g}"
    )

# %% [markdown]
# Now the whole way, and the prediction as dashed lines.

# %%
layers = np.arange(DEPTH + 1)
looks = {
    "plain": ("#c53748", "o"),
    "α = 1": ("#12466c", "^"),
    "α = 1/√30": ("#12466c", "s"),
}

plt.figure(
    label="From the last of thirty layers to the first the gradient "
    "falls in a straight line in the plain network, rises in one with "
    "unscaled branches, and hardly changes with scaled branches; the "
    "predictions lie on all three."
)
for name, (colour, marker) in looks.items():
    line = (DEPTH - layers) * np.log10(factors[name])
    plt.plot(layers, line, "--", color="#1c2026")
    table = profiles[name].table.iloc[:-1]  # without the output layer
    gradient = table["activation_gradient_rms"].to_numpy()
    decades = np.log10(gradient / gradient[-1])
    plt.plot(layers, decades, marker, color=colour, label=name)
plt.xlabel("block (0 = the first layer)")
plt.ylabel("decades relative to the last block")
plt.legend()
plt.show()

# %% [markdown]
# The addition alone does not hold the gradient. It ends the vanishing and begins an explosion: thirty factors a little
# above one multiply to a large one. The scale keeps each factor so close to one that neither happens.
#
# ## Train all three
#
# Which of them learn? Decide first. Guessing among ten digits costs $\ln 10$.


# %%
def fit(model, epochs=4, learning_rate=0.1):
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(learning_rate), loss)
    record = model.fit(
        digits.train_x,
        digits.train_y,
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=0,
    )
    return record.history["loss"][-1]


def right(model):
    answers = np.argmax(model(digits.test_x), axis=1)
    return np.mean(answers == digits.test_y)


print(f"guessing   loss {np.log(10):.2f}, right 0.10")
for name, model in networks.items():
    loss = fit(model)
    print(f"{name:10} loss {loss:.2f}, right {right(model):.2f}")

# %% [markdown]
# The plain network guesses: next to no gradient reaches its first layers. The unscaled one breaks: the gradient of its
# first block is hundreds of times that of its last. Only the one whose gradient arrives at its own size has learnt.
#
# ## Cut a block out
#
# Take the network that learnt and set one block's weights to zero, as if it had never been there. How many digits
# does it still get right? In the plain network you need not try: a layer of zeros hands nothing on, and every image
# gets the same answer.


# %%
def without(model, blocks):
    kept = model.get_weights()
    for number in blocks:
        for weight in model.get_layer(f"block_{number}").weights:
            weight.assign(keras.ops.zeros_like(weight))
    share = right(model)
    model.set_weights(kept)
    return share


learnt = networks["α = 1/√30"]
blocks = np.arange(1, DEPTH + 1)
accuracies = [without(learnt, [number]) for number in blocks]
print(f"whole {without(learnt, []):.2f}, worst cut {min(accuracies):.2f}")

# %%
plt.figure(
    label="Whichever single one of thirty blocks is cut out of the "
    "trained residual network, nearly as many digits are right as with "
    "all of them; guessing would be far below."
)
plt.plot(blocks, accuracies, "s", color="#12466c", label="one block cut out")
plt.axhline(0.1, linestyle=":", color="#5c626c", label="guessing")
plt.ylim(0, 1.02)
plt.xlabel("block that is cut out")
plt.ylabel("share of digits right")
plt.legend(loc="center right")
plt.show()

# %% [markdown]
# No block is indispensable. What the others computed still arrives, along the stream. That is how
# [Veit et al., 2016](https://arxiv.org/abs/1605.06431) came to see a residual network as an ensemble of shorter ones.
#
# ## Try it yourself
#
# 1. Double the depth, `network(False, depth=60)`, and let $\alpha$ follow, `network(True, 60**-0.5, depth=60)`. What
#    becomes of the gradient in the plain network, and in the residual one?
# 2. Start every branch from nothing: `network(residual=True, start="zeros")`, so with $\alpha = 1$. What is the
#    gradient in each layer before training? Can such a network learn at all?
# 3. Cut out more: `without(learnt, range(1, 11))` takes ten blocks in a row. How many digits are left, and how many
#    without any block, `range(1, 31)`?
#
# <details><summary>Answers</summary>
# <p>1. The plain network loses twice as many decades. The residual one keeps the gradient as it was: twice the blocks,
# each half as strong in the square. That is what the root in the scale is for.</p>
# <p>2. The same in every layer, to the last digit: a branch of zeros is not there yet, and the stream is one straight
# line. It learns, about as well as the scaled one. Only the branch's output is zero, its input is not, so the first
# step already moves its weights.</p>
# <p>3. Ten blocks cost a few digits in a hundred. And without any block most digits are still right: what is left is
# two matrices, and handwritten digits need no depth. A residual network is
# allowed to use no more of its depth than it needs; a plain one is not.</p>
# </details>
#
# **Next:** [recurrent networks](recurrent_networks.ipynb), where the layers are steps in time and all share one
# matrix. More on additions of other kinds: [Skip connections](../fixes/skip-connections.md).
