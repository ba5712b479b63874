"""Which rulings are labels, and which are not yet or never."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.contract import TABLES
from features.tables import ARROW, Tables
from features.vocabulary import LIABLE
from training.labels import LABEL, NOBODY, NOT_MERITS, PENDING, UNRULED, YOUNG, labels_before

DAY = timedelta(days=1)
T0 = datetime(2025, 1, 1, tzinfo=UTC)


def micros(instant: datetime) -> int:
    return round(instant.timestamp() * 1_000_000)


def tables(rulings: list[dict[str, Any]], appeals: list[dict[str, Any]] | None = None) -> Tables:
    rows = {"cases": [{"case_id": "c", "opened_at": T0}], "rulings": rulings, "appeals": appeals}
    made = {}
    for name, present in rows.items():
        if present is not None:
            kinds = {c.name: ARROW[c.type] for c in TABLES[name].columns}
            schema = pa.schema([(key, kinds[key]) for key in kinds if any(key in row for row in present)])
            made[name] = pa.Table.from_pylist([{"case_id": "c", **row} for row in present], schema=schema)
    return Tables(made)


def ruling(day: float, liable: str | None = "seller", **more: Any) -> dict[str, Any]:
    return {"case_id": "c", "ruled_at": T0 + day * DAY, "liable": liable, "basis": None, "provisional": None} | more


def appeal(day: float, decided: float | None, **more: Any) -> dict[str, Any]:
    at = None if decided is None else T0 + decided * DAY
    return {
        "case_id": "c",
        "appealed_at": T0 + day * DAY,
        "decided_at": at,
        "overturned": None,
        "liable_after": None,
    } | more


def label(found: Tables, day: float, maturity_days: float = 21.0) -> tuple[str | None, int]:
    labels = labels_before(found, micros(T0 + day * DAY), maturity_days)
    liable = int(labels.liable[0])
    return (LIABLE[liable] if liable >= 0 else None), int(labels.state[0])


def test_a_ruling_is_a_label_once_it_has_stood_long_enough() -> None:
    found = tables([ruling(10)])
    assert label(found, 10) == (None, UNRULED)
    assert label(found, 30.9) == (None, YOUNG)
    assert label(found, 31) == ("seller", LABEL)
    assert label(found, 10.1, maturity_days=0) == ("seller", LABEL)


def test_the_last_final_ruling_known_by_then_counts() -> None:
    found = tables([ruling(5, "buyer"), ruling(10, "carrier"), ruling(20, "platform", provisional=True)])
    assert label(found, 9, maturity_days=0) == ("buyer", LABEL)
    assert label(found, 60) == ("carrier", LABEL)


@pytest.mark.parametrize("basis", ["default", "auto_rule", "settlement", "withdrawn"])
def test_a_ruling_that_does_not_rest_on_the_merits_is_no_label(basis: str) -> None:
    assert label(tables([ruling(5, basis=basis)]), 60) == (None, NOT_MERITS)


@pytest.mark.parametrize("liable", ["undetermined", None])
def test_a_ruling_that_names_nobody_is_no_label(liable: str | None) -> None:
    assert label(tables([ruling(5, liable)]), 60) == (None, NOBODY)


def test_a_pending_appeal_keeps_a_ruling_from_being_a_label_however_old() -> None:
    found = tables([ruling(5)], [appeal(10, None)])
    assert label(found, 400) == (None, PENDING)
    assert label(found, 10, maturity_days=0) == ("seller", LABEL)


def test_an_appeal_decided_makes_a_young_ruling_a_label() -> None:
    found = tables([ruling(5)], [appeal(6, 8)])
    assert label(found, 7) == (None, PENDING)
    assert label(found, 8.1) == ("seller", LABEL)


def test_an_appeal_that_overturns_replaces_the_label_from_when_it_was_decided() -> None:
    found = tables([ruling(5)], [appeal(6, 40, overturned=True, liable_after="buyer")])
    assert label(found, 6, maturity_days=0) == ("seller", LABEL)
    assert label(found, 40) == (None, PENDING)
    assert label(found, 40.1) == ("buyer", LABEL)


def test_a_default_overturned_on_appeal_was_decided_on_the_merits_after_all() -> None:
    found = tables([ruling(5, basis="default")], [appeal(6, 8, overturned=True, liable_after="carrier")])
    assert label(found, 60) == ("carrier", LABEL)


def test_an_appeal_that_overturns_without_naming_anybody_leaves_no_label() -> None:
    assert label(tables([ruling(5)], [appeal(6, 8, overturned=True)]), 60) == (None, NOBODY)


def test_an_appeal_of_an_earlier_ruling_does_not_change_the_later_one() -> None:
    found = tables([ruling(5, "buyer"), ruling(10, "carrier")], [appeal(6, 8, overturned=True, liable_after="seller")])
    assert label(found, 60) == ("carrier", LABEL)
    assert label(found, 30) == (None, YOUNG)


def test_every_case_is_in_exactly_one_state() -> None:
    labels = labels_before(tables([ruling(5)]), micros(T0 + 60 * DAY), 21)
    assert sum(labels.counts().values()) == 1
    assert labels.by_age()["21-60"] == {"rulings": 1, "label_share": 1.0}
    assert np.array_equal(labels.cases, [0])


WORDS = (*LIABLE, "undetermined", None)
STEPS = st.integers(0, 9)
RULINGS = st.lists(
    st.builds(
        ruling, STEPS, st.sampled_from(WORDS), basis=st.sampled_from([None, "merits", "default"]),
        provisional=st.sampled_from([None, True, False]),
    ),
    max_size=3, unique_by=lambda row: row["ruled_at"],
)  # fmt: skip
APPEALS = st.lists(
    st.builds(
        lambda day, later, turned, after: appeal(day, later and day + later, overturned=turned, liable_after=after),
        STEPS, st.none() | st.integers(1, 5), st.sampled_from([None, True, False]), st.sampled_from(WORDS),
    ),
    max_size=3, unique_by=lambda row: row["decided_at"] or row["appealed_at"],
)  # fmt: skip


def by_hand(
    rulings: list[dict[str, Any]], appeals: list[dict[str, Any]], until: datetime, maturity: timedelta
) -> tuple[str | None, int]:
    """The label as a person would read the file, from the rules of the contract."""
    final = [r for r in rulings if not r["provisional"] and r["ruled_at"] < until]
    if not final:
        return None, UNRULED
    last = max(final, key=lambda r: r["ruled_at"])
    known = [a for a in appeals if a["appealed_at"] < until]
    decided = [a for a in known if a["decided_at"] and last["ruled_at"] <= a["decided_at"] < until]
    if not decided and any(a["decided_at"] is None or a["decided_at"] >= until for a in known):
        return None, PENDING
    if not decided and last["ruled_at"] + maturity > until:
        return None, YOUNG
    turned = [a for a in decided if a["overturned"]]
    liable = max(turned, key=lambda a: a["decided_at"])["liable_after"] if turned else last["liable"]
    if not turned and last["basis"] not in (None, "merits"):
        return None, NOT_MERITS
    return (liable, LABEL) if liable in LIABLE else (None, NOBODY)


@given(RULINGS, APPEALS, STEPS, st.sampled_from([0, 2, 5]))
@settings(max_examples=300, deadline=None)
def test_a_label_is_what_reading_the_file_by_hand_finds(
    rulings: list[dict[str, Any]], appeals: list[dict[str, Any]], day: int, maturity: int
) -> None:
    found = label(tables(rulings, appeals), day, maturity)
    assert found == by_hand(rulings, appeals, T0 + day * DAY, maturity * DAY)
