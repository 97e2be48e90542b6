"""For the tests of your own project: a model through which gradients do not flow fails the test."""

from typing import Any

from vgcore.diagnosis import diagnose


def assert_gradients_flow(model: Any, x: Any, y: Any = None, **options: Any) -> None:
    """Raise AssertionError, with the whole diagnosis, if it ends in an alarm or in too little evidence.

    `model`, `x`, `y` and `options` (`loss`, `optimiser`, `seed`): as for `vgcore.diagnose`, which also says what else
    may be raised.

    Examples:
        >>> import keras
        >>> from vgcore import data, models
        >>> digits = data.digits()
        >>> model = models.mlp(models.MLP(depth=12, activation="relu", initialisation="he_normal"), seed=0)
        >>> model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        >>> assert_gradients_flow(model, digits.train_x, digits.train_y)
    """
    report = diagnose(model, x, y, **options)
    if report.missing or report.severity == "alarm":
        raise AssertionError(str(report))
