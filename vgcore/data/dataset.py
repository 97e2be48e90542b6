"""What every data set of the book has."""

from typing import Any, Protocol

from numpy.typing import NDArray


class Dataset(Protocol):
    """Examples to train on and examples to test on; the first axis counts them.

    `train_x`, `test_x`: float32 inputs. `train_y`, `test_y`: integer labels of classes, or real-valued targets.
    """

    @property
    def train_x(self) -> NDArray[Any]: ...  # noqa: D102
    @property
    def train_y(self) -> NDArray[Any]: ...  # noqa: D102
    @property
    def test_x(self) -> NDArray[Any]: ...  # noqa: D102
    @property
    def test_y(self) -> NDArray[Any]: ...  # noqa: D102
