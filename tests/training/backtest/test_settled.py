"""The ruling that counts is the first one for good, on the merits, that names who is at fault."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from features.tables import NEVER, Tables
from features.vocabulary import LIABLE
from training.backtest.settled import Settled, Span, settled

OPENED = datetime(2026, 3, 1, tzinfo=UTC)
DAY = timedelta(days=1)
INSTANT = pa.timestamp("us", tz="UTC")


def ruling(days: float, liable: str = "seller", **more: Any) -> dict[str, Any]:
    given = {"case_id": "c", "ruled_at": OPENED + days * DAY, "liable": liable, "basis": "merits", "provisional": False}
    return given | more


def of(*rulings: dict[str, Any], span: Span | None = None) -> Settled:
    names = ("case_id", "ruled_at", "liable", "basis", "provisional")
    types = (pa.string(), INSTANT, pa.string(), pa.string(), pa.bool_())
    columns = {n: pa.array([r[n] for r in rulings], t) for n, t in zip(names, types, strict=True)}
    cases = {"case_id": pa.array(["c"]), "opened_at": pa.array([OPENED], INSTANT)}
    return settled(Tables({"cases": pa.table(cases), "rulings": pa.table(columns)}), span or Span())


def micros(days: float) -> int:
    return round((OPENED + days * DAY).timestamp() * 1_000_000)


def test_a_case_is_asked_about_at_the_last_instant_before_its_ruling() -> None:
    assert of(ruling(5)).asks.as_of.tolist() == [micros(5) - 1]


def test_of_two_final_rulings_the_first_counts_whatever_their_order() -> None:
    for rulings in ((ruling(5, "carrier"), ruling(9, "buyer")), (ruling(9, "buyer"), ruling(5, "carrier"))):
        found = of(*rulings)
        assert [LIABLE[place] for place in found.liable] == ["carrier"]
        assert found.asks.as_of.tolist() == [micros(5) - 1]


@pytest.mark.parametrize(
    "first",
    [ruling(2, provisional=True), ruling(2, basis="default"), ruling(2, "undetermined"), ruling(2, basis="withdrawn")],
)
def test_a_ruling_that_settles_no_fault_is_passed_over(first: dict[str, Any]) -> None:
    assert of(first, ruling(5, "platform")).asks.as_of.tolist() == [micros(5) - 1]


def test_a_ruling_that_does_not_say_on_what_it_rests_is_one_on_the_merits() -> None:
    assert len(of(ruling(5, basis=None)).asks) == 1


@pytest.mark.parametrize(
    ("rulings", "state"),
    [
        ((), "not ruled on"),
        ((ruling(2, provisional=True),), "not ruled on"),
        ((ruling(2, basis="settlement"),), "not ruled on the merits"),
        ((ruling(2, "undetermined"),), "ruled on without naming who is at fault"),
        ((ruling(0),), "ruled on the moment it was opened"),
    ],
)
def test_why_a_case_is_not_tried_is_counted(rulings: tuple[dict[str, Any], ...], state: str) -> None:
    found = of(*rulings)
    assert not len(found.asks)
    assert found.counts()[state] == 1


def test_a_span_takes_its_first_instant_and_leaves_its_last() -> None:
    inside, outside = Span(micros(5), NEVER), Span(micros(1), micros(5))
    assert len(of(ruling(5), span=inside).asks) == 1
    assert of(ruling(5), span=outside).counts()["ruled on outside the days asked for"] == 1
