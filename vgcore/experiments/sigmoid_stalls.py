"""A deep sigmoid network that does not learn, beside its twin with skip connections, which does."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory, training
from vgcore.models import MLP
from vgcore.training import Training

ARMS = {"plain": False, "with skips": True}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Both networks have `depth` hidden layers of `width` sigmoid units and are trained alike."""

    depth: int = 20
    width: int = 64
    initialisation: str = "glorot_uniform"  # Keras's default
    examples: int = 256  # of the training set, for measuring gradients
    learning_rate: float = 0.1
    epochs: int = 20
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, epochs=1, examples=32, batch_size=512)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradients at initialisation, learning, and how far each layer moved. `arm` is "plain" or "with skips".

    - "gradients": `arm`, `layer` (1 = next to the input; hidden layers), `activation_gradient_rms` (RMS of dL/dh, L
      in nats; h is what the layer passes on, with skips the stream behind it), `relative_gradient` (over that of the
      last hidden layer), `theory` (its mean field prediction, nothing fitted);
    - "training": `arm`, `epoch` (0 = before training), `train_loss`, `test_loss` (nats, over the whole set after the
      epoch), `train_accuracy`, `test_accuracy` (0 to 1);
    - "layers": `arm`, `layer` (the last one is the output layer), `relative_change` = |W - W_0| / |W_0| at the end.
    """
    parts = [_measure_arm(config, seed, arm) for arm in ARMS]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def _measure_arm(config: Config, seed: int, arm: str) -> dict[str, pd.DataFrame]:
    network = MLP(depth=config.depth, width=config.width, initialisation=config.initialisation, skip=ARMS[arm])
    recipe = Training(
        network=network,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )
    history = training.train(recipe, data.digits(), seed)
    last = history.layers[history.layers["epoch"] == config.epochs].drop(columns="epoch")
    tables = {"gradients": _gradients(config, network, seed), "training": history.epochs, "layers": last}
    return {name: table.assign(arm=arm)[["arm", *table]] for name, table in tables.items()}


def _gradients(config: Config, network: MLP, seed: int) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    hidden = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[: config.depth]
    gradients = hidden["activation_gradient_rms"]
    return pd.DataFrame(
        {
            "layer": hidden["depth"],
            "activation_gradient_rms": gradients,
            "relative_gradient": gradients / gradients.iloc[-1],
            "theory": _theory(network, np.mean(np.square(x, dtype=float), axis=1)),
        }
    )


def _theory(network: MLP, mean_squares: theory.Array) -> theory.Array:
    weight_variance = theory.weight_variance(network.initialisation)
    setting = (network.activation, weight_variance, network.depth, weight_variance * mean_squares)
    if network.skip:
        return theory.residual_gradient_line(*setting, branch_scale=models.branch_scale(network))
    return theory.gradient_line(*setting)
