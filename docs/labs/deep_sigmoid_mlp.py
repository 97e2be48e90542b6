# %% [markdown]
# # Lab: a deep sigmoid network
#
# You build a network of twenty sigmoid layers, look at its gradient before it has learnt anything, predict that
# gradient from one integral, watch training go nowhere, and repair it. It takes ten minutes to read and about half a
# minute to run. The page [What vanishes](../problem/what-vanishes.md) explains what you see here.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import vgcore
from vgcore import data, models, theory

digits = data.digits()
print(digits.train_x.shape, "pixels in", digits.train_y.max() + 1, "classes")

# %% [markdown]
# ## One network, before training
#
# Twenty layers of 64 units, Keras's own initialisation, handwritten digits as input. `measure_gradients` runs the
# network forwards and backwards once and reports, for each layer, the size of $\partial L / \partial h$: how much the
# loss $L$ would change if what the layer passes on, $h$, changed a little. In its table `depth` is the layer's number,
# 1 next to the input, and a gradient's size is its root mean square, `rms`.

# %%
plain = models.MLP(depth=20, width=64, activation="sigmoid")
network = models.mlp(plain, seed=1)
x, y = digits.train_x[:256], digits.train_y[:256]

profile = vgcore.measure_gradients(network, x, y)
columns = ["depth", "activation_gradient_rms", "weight_gradient_rms"]
profile.table[columns].iloc[[0, 4, 9, 14, 19]]

# %% [markdown]
# ## The factor behind it
#
# Each layer multiplies the gradient by nearly the same number. Theory gives that number without running a network:
# $\chi = \sigma_w^2\, \mathbb{E}[\phi'(\sqrt{q}\, z)^2]$ is the factor on the *square* of the gradient. $\sigma_w^2$ is
# the variance of a weight times the number of inputs, which is 1 here, $\phi$ the activation and $q$ the variance of
# what enters it. The integral is $\mathbb{E}$, the mean over a standard normal number $z$. What is
# measured is `profile.slope`, the decades (powers of ten) that the gradient loses from layer to layer.

# %%
measured = 10**-profile.slope
predicted = np.sqrt(theory.chi("sigmoid", 1.0))
print(f"measured  {measured:.3f} a layer")
print(f"predicted {predicted:.3f} a layer")

# %%
layers = np.arange(1, 21)
hidden = profile.table["activation_gradient_rms"].to_numpy()[:20]

plt.figure(
    label="The gradient at each of twenty sigmoid layers falls in a "
    "straight line towards the input; the prediction lies on it."
)
line = (20 - layers) * np.log10(predicted)
plt.plot(layers, line, "--", color="#1c2026", label="predicted")
plt.plot(layers, np.log10(hidden / hidden[-1]), "o", label="measured")
plt.xticks([1, 5, 10, 15, 20])
plt.xlabel("layer (1 = next to the input)")
plt.ylabel("decades relative to the last layer")
plt.legend()
plt.show()

# %% [markdown]
# ## Training goes nowhere
#
# Five epochs of gradient descent. Before you run them, write down two numbers: the loss in the end, where guessing among
# ten digits costs $\ln 10$, and how far the first layer will have moved.


# %%
def fit(network, learning_rate=0.1):
    first = network.layers[1].kernel
    before = first.numpy()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimiser = keras.optimizers.SGD(learning_rate)
    network.compile(optimiser, loss, metrics=["accuracy"])
    network.fit(
        digits.train_x,
        digits.train_y,
        batch_size=64,
        epochs=5,
        shuffle=False,
        verbose=0,
    )
    loss, accuracy = network.evaluate(
        digits.test_x, digits.test_y, verbose=0
    )
    print(f"loss {loss:.2f}, guessing would be {np.log(10):.2f}")
    print(f"accuracy {accuracy:.2f}")
    print(f"first layer moved by {np.abs(first.numpy() - before).max():.1e}")


fit(network)

# %% [markdown]
# The loss stays where guessing is, and the first layer ends where it began: its steps are too small to be added to a
# weight, a 32-bit number.
#
# ## The repair
#
# The same layers, now each except the first adds to a path that runs straight through:
# $x + W(\phi(x) - \phi(0))/\sqrt{n}$. Here $x$ is what comes in, $W$ the layer's weights, and $n$ the number of layers
# that add. The gradient has a way back on which nothing multiplies it. A minus before the decades
# lost means that it has grown.

# %%
with_skips = models.MLP(depth=20, width=64, activation="sigmoid", skip=True)
repaired = models.mlp(with_skips, seed=1)
profile = vgcore.measure_gradients(repaired, x, y)
print(f"{profile.decades:.2f} decades lost")
fit(repaired)

# %% [markdown]
# ## Try it yourself
#
# 1. Halve the depth. How many decades are lost now, and does the network learn?
# 2. Replace the sigmoid by `"tanh"`. Which of the two networks above does it resemble?
# 3. Multiply the learning rate by a hundred. Does the first layer move?
#
# <details><summary>Answers</summary>
# <p>1. A little less than half as many decades, and still no learning: they are enough to stop the first layer.</p>
# <p>2. The repaired one: with this initialisation a tanh layer passes almost everything on.</p>
# <p>3. Hardly or not at all. The rate multiplies every layer's step alike, and a hundred times almost nothing is almost
# nothing.</p>
# </details>
#
# **Next:** [residual networks](residual_networks.ipynb), where the repair is the subject. [All six labs](index.md).
