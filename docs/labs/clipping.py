# %% [markdown]
# # Lab: clipping
#
# You let a network explode, rescue it with one argument, try the same on a network whose gradients vanish, and look at
# what clipping does to a gradient's direction. It takes twelve minutes to read and about half a minute to run. The page
# [Gradient clipping](../fixes/clipping.md) explains what you see here.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
import tensorflow as tf

from vgcore import data

SEED, DEPTH, WIDTH = 1, 20, 64
digits = data.digits()
x, y = digits.train_x[:256], digits.train_y[:256]
cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

# %% [markdown]
# ## Two networks
#
# Twenty layers each. One has ReLUs and weights a fifth larger than He's, so each layer multiplies the gradient by about
# $1.2$. The other has sigmoid units and weights of Keras's usual size, and each layer takes three quarters away or
# more.


# %%
def network(activation, gain):
    keras.utils.set_random_seed(SEED)
    images = stream = keras.Input((64,))
    for _ in range(DEPTH):
        weights = keras.initializers.VarianceScaling(gain**2)
        layer = keras.layers.Dense(
            WIDTH, activation, kernel_initializer=weights
        )
        stream = layer(stream)
    return keras.Model(images, keras.layers.Dense(10)(stream))


def exploding(gain=1.2):
    return network("relu", gain * 2**0.5)


def vanishing():
    return network("sigmoid", 1.0)


def gradient(model):
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, model(x))
    return [g.numpy() for g in tape.gradient(loss, model.trainable_weights)]


def norm(arrays):
    return np.sqrt(sum(np.sum(np.square(array)) for array in arrays))


print(f"exploding: the gradient is {norm(gradient(exploding())):.3g} long")
print(f"vanishing: the gradient is {norm(gradient(vanishing())):.3g} long")

# %% [markdown]
# ## A rescue
#
# Train the exploding network, at a rate of $0.1$, twice. Once as it is; once with `global_clipnorm=1`, which cuts the
# whole gradient back to length 1 wherever it is longer. What will the loss be after one epoch, and after ten?


# %%
def fit(model, epochs, **clipping):
    model.compile(keras.optimizers.SGD(0.1, **clipping), cross_entropy)
    record = model.fit(
        digits.train_x,
        digits.train_y,
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=0,
    )
    return record.history["loss"]


def told(name, model, losses):
    answers = np.argmax(model(digits.test_x), axis=1)
    right = np.mean(answers == digits.test_y)
    first, last = losses[0], losses[-1]
    print(f"{name:8} loss {first:.3g} ... {last:.3g}, right {right:.2f}")


wild, tamed = exploding(), exploding()
told("as it is", wild, fit(wild, epochs=10))
told("clipped", tamed, fit(tamed, epochs=10, global_clipnorm=1.0))

# %% [markdown]
# `nan` means *not a number*: a step threw the weights so far that the next outputs did not fit into 32 bits. Clipped, no
# step is longer than $0.1$ times 1, whatever the gradient. Is the network itself mended? Look at its gradient after the
# training, before anything is clipped: is it shorter than 1?

# %%
print(f"after training, unclipped: {norm(gradient(tamed)):.3g} long")

# %% [markdown]
# It is still longer than 1, so clipping acts to the end. The seat belt held; the car is still too fast.
#
# ## No rescue
#
# Now the network whose gradient vanishes. Train it for one epoch without clipping and with a threshold of 4, from the
# same first weights. Predict by how much the weights of the two will differ, in the first layer and in the last.


# %%
def differences(one, other):
    """Layer by layer, beside the weights; biases left out."""
    weights, others = one.get_weights()[::2], other.get_weights()[::2]
    pairs = zip(weights, others, strict=True)
    return [np.linalg.norm(a - b) / np.linalg.norm(a) for a, b in pairs]


plain, clipped = vanishing(), vanishing()
told("as it is", plain, fit(plain, epochs=1))
told("clipped", clipped, fit(clipped, epochs=1, global_clipnorm=4.0))
print("largest difference:", max(differences(plain, clipped)))

# %% [markdown]
# Not a bit differs. A gradient below the threshold passes as it is. Clipping never makes anything longer, and longer is
# what the first layers need.
#
# ## What clipping turns
#
# There are three ways to measure "too long": each entry of the gradient (`clipvalue`), the gradient of each weight
# matrix and each bias on its own (`clipnorm`), or the gradient of the whole network (`global_clipnorm`). Take a
# gradient with two entries, 3 and −4, and a threshold of 1. In which direction does each step go?


# %%
def step(**clipping):
    weight = keras.Variable([0.0, 0.0])
    pulled = keras.ops.convert_to_tensor([3.0, -4.0])
    keras.optimizers.SGD(1.0, **clipping).apply([pulled], [weight])
    return -weight.numpy()


def cosine(one, other):
    return one @ other / (np.linalg.norm(one) * np.linalg.norm(other))


for clipping in ({"clipvalue": 1.0}, {"clipnorm": 1.0}):
    cut = step(**clipping)
    print(
        clipping,
        cut.round(2),
        f"cosine {cosine(cut, np.array([3, -4])):.3f}",
    )

# %% [markdown]
# A cosine of 1 is the same direction, 0 a right angle. In two dimensions little can go wrong. Our network has tens of
# thousands. The lower the threshold, the more entries it makes equal. How far does the whole gradient turn? Below, a
# threshold is given as a share of the highest one that still cuts anything.


# %%
def flat(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def by_value(arrays, share):
    limit = share * max(np.abs(array).max() for array in arrays)
    return [np.clip(array, -limit, limit) for array in arrays]


def by_norm(arrays, share):
    sizes = [np.linalg.norm(array) for array in arrays]
    limit = share * max(sizes)
    return [
        a * min(1, limit / size)
        for a, size in zip(arrays, sizes, strict=True)
    ]


def by_global_norm(arrays, share):
    return [array * share for array in arrays]


steep = gradient(exploding())
shares = 10.0 ** np.arange(0, -3.5, -0.5)
turned = {
    clip.__name__: [
        cosine(flat(clip(steep, share)), flat(steep)) for share in shares
    ]
    for clip in (by_value, by_norm, by_global_norm)
}
print(f"{'threshold':14} a hundredth, a thousandth")
for name, cosines in turned.items():
    print(f"{name:14} {cosines[4]:11.2f}, {cosines[-1]:10.2f}")

# %%
plt.figure(
    label="The lower the threshold, the further clipping by value turns "
    "the gradient, and clipping each variable by its norm turns it too, "
    "but less; clipping by the global norm never turns it."
)
for (name, cosines), marker in zip(turned.items(), "vso", strict=True):
    plt.plot(
        np.log10(shares),
        cosines,
        marker + "-",
        color="#424805",
        label=name.replace("_", " "),
    )
plt.ylim(0, 1.05)
plt.xticks([-3, -2, -1, 0], ["a thousandth", "a hundredth", "a tenth", "1"])
plt.xlabel("threshold, as a share of the largest that acts")
plt.ylabel("cosine to the unclipped gradient")
plt.legend(loc="lower right")
plt.show()

# %% [markdown]
# Only the global norm keeps the direction. That is what
# [Pascanu, Mikolov and Bengio, 2013](https://arxiv.org/abs/1211.5063) call clipping the norm; Keras's `clipnorm` is
# something else.
#
# ## Try it yourself
#
# 1. Lower the threshold: `fit(exploding(), 10, global_clipnorm=0.01)`. No NaN, to be sure. Does it learn?
# 2. Let the network explode harder: `exploding(1.5)`, clipped at 1 as before. How does it fare, and where does its loss
#    begin?
# 3. In the vanishing network set a threshold that acts: `clipnorm=0.1`, one epoch, and `differences` from `plain`.
#    Which layers change? Does it learn now?
#
# <details><summary>Answers</summary>
# <p>1. Hardly. Every step is at most a thousandth long, and there are only some two hundred of them. The loss falls,
# slowly, and ends far above that of guessing.</p>
# <p>2. No NaN, but its outputs begin thousands of times too large, so the loss begins in the hundreds or beyond.
# Bounded steps take long to come down from there: far fewer digits are right.</p>
# <p>3. The last ones, where gradients are long enough to be cut. Towards the input the difference falls to nothing, to
# the last bit or nearly so. It guesses as before: the first layers' gradients were too short, and clipping made
# none longer.</p>
# </details>
#
# **Next:** [diagnose your own model](diagnose_your_own_model.ipynb), where all of this comes together.
