# %% [markdown]
# # Lab: diagnose your own model
#
# You build a network that does not learn, record its training, ask for a diagnosis, let the fixes race, and mend it.
# Then you put your own model in its place. It takes fifteen minutes to read and about half a minute to run. The page
# [Diagnose your own model](../signs/diagnose-your-own-model.md) lists what a diagnosis can say.

# %%
import keras
import matplotlib.pyplot as plt
import numpy as np

import vgcore
from vgcore import data

SEED = 1
digits = data.digits()

# %% [markdown]
# ## A sick network
#
# Ordinary Keras, and no mistake in it that Keras would report.


# %%
def network(activation="sigmoid", start="glorot_uniform", rate=0.1):
    keras.utils.set_random_seed(SEED)
    model = keras.Sequential([keras.Input((64,))])
    for number in range(1, 9):
        layer = keras.layers.Dense(
            32, activation, kernel_initializer=start, name=f"layer_{number}"
        )
        model.add(layer)
    model.add(keras.layers.Dense(10, name="logits"))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    optimiser = keras.optimizers.SGD(rate)
    model.compile(optimiser, loss)
    return model


# %% [markdown]
# ## Record it
#
# `GradientRecorder` is a callback. It writes down what reaches each layer and how far each one moves, and the training
# goes on as if it were not there. Before you run it: which layer of the eight will move most, and how many times as far
# as the first?


# %%
def record(model, epochs=3):
    recorder = vgcore.GradientRecorder()
    fitted = model.fit(
        digits.train_x,
        digits.train_y,
        batch_size=64,
        epochs=epochs,
        shuffle=False,
        verbose=0,
        callbacks=[recorder],
    )
    history = fitted.history
    each = zip(history["loss"], history["gradient_decades"], strict=True)
    for epoch, (loss, lost) in enumerate(each, 1):
        print(f"epoch {epoch}: loss {loss:.2f}, decades lost {lost:+.1f}")
    return recorder.table


print(f"guessing: loss {np.log(10):.2f}")
sick = network()
table = record(sick)
columns = [
    "layer",
    "activation_gradient_rms",
    "update_ratio",
    "relative_change",
]
table.loc[table["epoch"] == 3, columns]

# %% [markdown]
# `update_ratio` is the length of a real step relative to the weights it moves, `relative_change` how far the weights
# have come since the start. The layers near the output move. Those near the input hardly move, and the loss stays
# where guessing is.
#
# ## Ask for a diagnosis
#
# `diagnose` takes the model as it is, looks at it, takes forty real steps, and gives it back bit for bit as it was.
# What will it name as the cause: depth, weights, rate, or something else?

# %%
report = vgcore.diagnose(sick, digits.train_x, digits.train_y)
print(report)

# %% [markdown]
# ## Let the fixes race
#
# `try_fixes` applies every fix that makes sense to a copy and trains all copies for equally many steps on the same
# batches. Which will win, and which will turn out to be no help at all? Think of better first weights, and of Adam.

# %%
trials = report.try_fixes(steps=60)
print(trials)

# %% [markdown]
# The number after each loss is what the gradient loses on its way to the first layer, before any training. Here, what
# brings it near zero helps, what leaves it where it was does not. A guess has a little less than $\ln 10$, since in the
# batch that it is measured on not all digits are equally frequent. In a close race take the cheaper fix.
#
# ## Mend it
#
# A race of sixty steps is a hint, not a proof. Apply one fix to the real network, here a ReLU with the weights that
# suit it, and record again.

# %%
mended = network("relu", "he_normal")
after = record(mended)

# %%
looks = {
    "sigmoid": (table, "#b23d7e", "o"),
    "ReLU": (after, "#2360f0", "^"),
}
plt.figure(
    label="After three epochs the steps of the sigmoid network fall by "
    "decades from the last of eight layers to the first; those of the "
    "mended network are of about one size in all layers."
)
for name, (rows, colour, marker) in looks.items():
    last = rows[rows["epoch"] == 3]
    plt.plot(
        last["depth"],
        np.log10(last["update_ratio"]),
        marker,
        color=colour,
        label=name,
    )
plt.xlabel("layer (1 = next to the input, 9 = the output)")
plt.ylabel("step relative to the weights, decades")
plt.legend()
plt.show()

# %% [markdown]
# ## Now yours
#
# Replace the three lines by your own model and a few hundred of your own examples, at least forty-eight. Any Keras
# model will do that is built and compiled: functional, sequential or subclassed, with several inputs, before its
# training or in the midst of it. A `tf.data.Dataset` holds the labels already: pass it without `your_y`.

# %%
your_model = mended
your_x = digits.train_x
your_y = digits.train_y

print(vgcore.diagnose(your_model, your_x, your_y))

# %% [markdown]
# A verdict rests on forty steps. It tells you whether a model begins to learn and, if not, where to look; not how far
# it will get. "Healthy" and still no success? Then [it is not the gradient](../signs/when-it-is-not-the-gradient.md).
#
# ## Try it yourself
#
# Three more patients, all of them the mended network with one thing wrong. Write down a verdict for each, then ask.
#
# 1. `network("relu", "he_normal", rate=30.0)`.
# 2. The right network on the wrong labels: `your_y = np.random.default_rng(SEED).permutation(digits.train_y)`.
# 3. The right network, `network("relu", "he_normal")`, on pixels that nobody scaled: `your_x = 500 * digits.train_x +
#    1000`.
#
# <details><summary>Answers</summary>
# <p>1. Not a gradient problem, but the learning rate. Before training the gradient is in order; the steps are far too
# long for the weights.</p>
# <p>2. Not a gradient problem, but the labels. Images that look alike share their label no more often than chance would
# have it, so there is nothing to learn but the training set by heart.</p>
# <p>3. Not a gradient problem, but the scale of the inputs. It also finds fault with the learning rate, and says that
# this may be a consequence: mend what stands first, and ask again.</p>
# </details>
#
# **Back to the book:** [Choosing](../fixes/choosing.md) weighs the fixes against each other, and
# [Record a training](../signs/record-a-training.md) says how to read the table above.
