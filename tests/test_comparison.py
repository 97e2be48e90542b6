"""Trainings are compared on equal terms."""

from typing import Any

import pandas as pd
import pytest

from vgcore import comparison, fixes
from vgcore.comparison import chosen
from vgcore.models import MLP
from vgcore.training import Training

PLAIN = Training(network=MLP(depth=2), epochs=2)


def test_no_arm_is_trained_for_longer_than_asked_and_none_for_longer_than_its_own() -> None:
    arms = {"long": Training(network=MLP(), epochs=9), "short": PLAIN}
    assert [arm.epochs for arm in chosen(arms, None, epochs=4).values()] == [4, 2]
    assert chosen(arms, ["short"], epochs=None) == {"short": PLAIN}


def test_the_gradient_of_one_network_is_measured_once_for_all_its_trainings(monkeypatch: pytest.MonkeyPatch) -> None:
    measured: list[Any] = []

    def lost(arm: Training, *_: Any) -> float:
        measured.append(arm.network)
        return float(len(measured))

    monkeypatch.setattr(comparison, "decades_lost", lost)
    monkeypatch.setattr(comparison, "curve", lambda *_: pd.DataFrame({"epoch": [0]}))
    other = Training(network=MLP(depth=3))
    arms = {"one": PLAIN, "another rate": Training(network=MLP(depth=2), learning_rate=0.5), "deeper": other}
    table = comparison.compare(arms, data=None, seed=0)["gradient"]  # type: ignore[arg-type]
    assert len(measured) == 2
    assert table.set_index("arm")["decades"].to_dict() == {"one": 1.0, "another rate": 1.0, "deeper": 2.0}


@pytest.mark.parametrize(
    ("group", "base"),
    [
        ("activations", fixes.DENSE),
        ("structures", fixes.DENSE),
        ("trainings", fixes.DENSE),
        ("convolutional", fixes.CONVOLUTIONAL),
        ("recurrent", fixes.RECURRENT),
        ("exploding", fixes.EXPLODING),
    ],
)
def test_every_fix_differs_from_its_network_without(group: str, base: Training) -> None:
    arms = getattr(fixes, group)()
    assert all(arm != base for arm in arms.values())
    assert len(set(arms.values())) == len(arms)
