"""What is recorded of claims on fresh seeds, and what the ledger makes of it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.checkout import Checkout
from tests.folders import DRAWN, ROOT
from vgcore.press import fresh_seeds, pages
from vgcore.press.fresh_seeds import Tried
from vgcore.press.markdown import Pages, Shown
from vgcore.press.project import Figure
from vgcore.press.store import Entry

RECORD: dict[str, Any] = json.loads((ROOT / fresh_seeds.RECORD).read_text())


@pytest.mark.parametrize("figure", RECORD)
def test_every_recorded_claim_holds_on_twenty_seeds_that_the_book_does_not_use(figure: str) -> None:
    assert figure in DRAWN
    assert RECORD[figure]["first"] >= 5
    assert RECORD[figure]["count"] == 20
    assert [claim for claim, holds in RECORD[figure]["claims"].items() if not holds] == []


def recorded(checkout: Checkout) -> Any:
    ran = checkout.vgcore("claims", "--seed-offset", "100", "--seeds", "3", "--record")
    assert ran.returncode == 0, ran.stderr
    return json.loads((checkout.root / fresh_seeds.RECORD).read_text())


def test_what_was_tried_is_recorded(checkout: Checkout) -> None:
    coins = recorded(checkout)["coins"]
    assert (coins["first"], coins["count"]) == (100, 3)
    assert set(coins["claims"].values()) == {True}


def test_a_record_is_of_the_code_and_not_of_the_words(checkout: Checkout) -> None:
    before = recorded(checkout)["coins"]["code"]
    checkout.replace("figures/coins.py", "Share of heads in", "How often heads came in")
    assert recorded(checkout)["coins"]["code"] == before
    checkout.replace("vgcore/odds.py", "return p", "return p / 1")
    assert recorded(checkout)["coins"]["code"] != before


def test_a_record_of_other_figures_stays(checkout: Checkout) -> None:
    checkout.write(str(fresh_seeds.RECORD), json.dumps({"dice": {"count": 20}}))
    assert recorded(checkout)["dice"] == {"count": 20}


COINS = Figure(
    name="coins", message="", caption="", title="", alt="", arm="coin", experiments=("coins",),
    claims=("share", "gap", "odds", "luck"),
)  # fmt: skip
TRIED = Tried(count=20, current=True, claims={"share": True, "gap": False, "odds": True})


def shown(tmp_path: Path, tried: Tried) -> Pages:
    verdict = {"text": "1", "lowest": "1", "highest": "1", "bounds": "1", "values": {"0": 1.0, "1": 1.0}}
    claims = dict.fromkeys(COINS.claims, verdict) | {"odds": verdict | {"values": {"0": 1.0}}}
    coins = Shown(figure=COINS, entry=Entry(tmp_path, {"claims": claims}), part="causes", tried=tried)
    return Pages(shown={"coins": coins}, versions="", commit="")


def test_the_ledger_counts_what_holds_fails_and_waits(tmp_path: Path) -> None:
    html = pages.ledgers(shown(tmp_path, TRIED), lambda target: target)
    assert "<td>4</td><td>1</td><td>1</td><td>1</td><td>1</td>" in html


@pytest.mark.parametrize(
    ("tried", "words"), [(TRIED, "<td>20 hold</td>"), (replace(TRIED, current=False), "20 hold, before the last edit")]
)
def test_a_row_says_whether_the_code_is_still_the_one_that_was_tried(tmp_path: Path, tried: Tried, words: str) -> None:
    html = pages.ledger(
        "causes", shown(tmp_path, tried), [], lambda target: target, lambda page: page, lambda text: text
    )
    assert words in html
