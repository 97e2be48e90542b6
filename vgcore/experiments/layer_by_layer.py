"""A deep sigmoid network that is trained at once, with skips, and one layer after the other."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.data import Digits
from vgcore.models import MLP
from vgcore.pretraining import Pretrained, Weights, passes, train_layer_by_layer
from vgcore.probes import measure_gradients
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """The same `depth` sigmoid layers throughout, by gradient descent but for the layers' own training."""

    depth: int = 20
    width: int = 64
    learning_rate: float = 0.1
    epochs: int = 16  # of what is trained at once
    at_once: tuple[str, ...] = ("at once", "residual")
    layer_epochs: int = 4  # of each layer; with two epochs the tower forgets half of the digits on its way up
    layer_learning_rate: float = 0.01  # Adam's
    fine_tuning_epochs: int = 8  # with the layers' own training as many passes as 16 epochs at once
    descent_depth: int = 4  # layers that are trained without Adam, too, or none: deeper ones only go on guessing
    batch_size: int = 64
    examples: int = 256  # of the training set, for the gradient


published = Config()
smoke = Config(
    depth=1,
    epochs=1,
    at_once=("at once",),
    layer_epochs=1,
    fine_tuning_epochs=1,
    descent_depth=0,
    batch_size=1024,
    examples=8,
)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """What each way to train reaches for how much work, and what the gradient is before and after the layers' own.

    - "training": `arm` ("at once", "residual", "layer by layer", and "gradient descent": layer by layer without
      Adam), `epoch` (of the whole network; 0 in the layers' own training), `layer` (hidden layers trained so far),
      `passes` (examples times the layers that they went through), `test_accuracy` (on digits never seen, 0 to 1);
    - "gradients": `weights` ("random", "pretrained", or "shuffled": each pretrained matrix with its entries in random
      order), `layer` (1 = next to the input), `gradient` (RMS of dL/dh over that of the last hidden layer).
    """
    digits = data.digits()
    network = MLP(depth=config.depth, width=config.width)
    whole = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
    )
    own = replace(whole, optimiser="adam", learning_rate=config.layer_learning_rate, epochs=config.layer_epochs)
    result = train_layer_by_layer(replace(whole, epochs=config.fine_tuning_epochs), digits, seed, own)
    parts = [
        *(
            _at_once(replace(whole, network=replace(network, skip=arm == "residual")), digits, seed).assign(arm=arm)
            for arm in config.at_once
        ),
        _own_training(result, own, digits).assign(arm="layer by layer"),
        _fine_tuning(result, whole, digits).assign(arm="layer by layer"),
    ]
    if config.descent_depth:
        few = replace(whole, network=replace(network, depth=config.descent_depth), epochs=1)
        descent = train_layer_by_layer(few, digits, seed, replace(whole, epochs=config.layer_epochs))
        parts.append(_own_training(descent, own, digits).assign(arm="gradient descent"))
    columns = ["arm", "epoch", "layer", "passes", "test_accuracy"]
    return {
        "training": pd.concat(parts, ignore_index=True)[columns],
        "gradients": _gradients(config, network, result.weights, digits, seed),
    }


def _at_once(config: Training, digits: Digits, seed: int) -> pd.DataFrame:
    table = sweep.outcomes(config, digits, seed, after=tuple(range(1, config.epochs + 1)))
    done = table["epoch"] * float(passes(replace(config, epochs=1), digits))
    return table.assign(layer=config.network.numbered_layers, passes=done)


def _own_training(result: Pretrained, own: Training, digits: Digits) -> pd.DataFrame:
    """After each layer's own training; all layers but the last also pass the examples on once."""
    one = passes(replace(own, network=MLP(depth=1)), digits)
    layer = result.layers["layer"].astype(int)
    done = (layer * one + (layer - 1) * len(digits.train_x)).astype(float)
    return result.layers.assign(layer=layer, epoch=0, passes=done)


def _fine_tuning(result: Pretrained, whole: Training, digits: Digits) -> pd.DataFrame:
    after = result.history.epochs.query("epoch > 0")
    done = result.pretraining_passes + after["epoch"] * float(passes(replace(whole, epochs=1), digits))
    return after.assign(layer=whole.network.numbered_layers, passes=done)


def _gradients(config: Config, network: MLP, pretrained: Weights, digits: Digits, seed: int) -> pd.DataFrame:
    model = network.build(seed)
    weights = {"random": model.get_weights(), "pretrained": pretrained, "shuffled": _shuffled(pretrained, seed)}
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    parts = []
    for name, values in weights.items():
        model.set_weights(values)
        table = measure_gradients(model, x, y).table
        hidden = table[table["layer"].str.startswith("hidden")].sort_values("depth")
        gradient = hidden["activation_gradient_rms"].to_numpy()
        layer = np.arange(1, config.depth + 1)
        parts.append(pd.DataFrame({"weights": name, "layer": layer, "gradient": gradient / gradient[-1]}))
    return pd.concat(parts, ignore_index=True)


def _shuffled(weights: Weights, seed: int) -> Weights:
    """As large as they were, without what was learnt; biases and the read-out stay."""
    random = np.random.default_rng(seed)
    hidden = [
        random.permutation(values.ravel()).reshape(values.shape) if values.ndim == 2 else values
        for values in weights[:-2]
    ]
    return [*hidden, *weights[-2:]]
