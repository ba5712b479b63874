"""Columns that hold the answer are found, and those that merely help are not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.check import check
from features.leaks import leaks
from features.tables import Tables

START = datetime(2025, 1, 1, tzinfo=UTC)
PARTIES = ("buyer", "seller", "carrier", "none")


def history(column: Any, *, cases: int = 400, ruled: int = 380, days: float = 5.0) -> Tables:
    """Cases an hour apart, ruled days later; ``column`` makes attr_x of a case from its answer and its number."""
    rng = np.random.default_rng(1)
    answers = rng.integers(0, len(PARTIES), cases)
    rows = [
        {"case_id": str(i), "opened_at": START + timedelta(hours=i), "attr_x": column(int(answers[i]), i, rng)}
        for i in range(cases)
    ]
    rulings = [
        {"case_id": str(i), "ruled_at": START + timedelta(hours=i, days=days), "liable": PARTIES[answers[i]]}
        for i in range(ruled)
    ]
    tables = {"cases": pa.Table.from_pylist(rows), "rulings": pa.Table.from_pylist(rulings)}
    return check(tables).tables


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(lambda answer, i, rng: PARTIES[answer], id="the answer itself"),
        pytest.param(lambda answer, i, rng: ["a", "b"][answer == 2], id="one party of four"),
        pytest.param(lambda answer, i, rng: None if answer == 1 else "x", id="null for one party"),
        pytest.param(lambda answer, i, rng: float(answer), id="a number that codes it"),
        pytest.param(lambda answer, i, rng: 100.0 * answer + rng.normal(), id="a number that orders it"),
        pytest.param(lambda answer, i, rng: answer == 3, id="a flag"),
    ],
)
def test_a_column_that_holds_the_answer_is_a_leak(column: Any) -> None:
    (leak,) = leaks(history(column))
    assert leak.column == "attr_x"
    assert leak.auc is not None
    assert leak.auc > 0.98


@pytest.mark.parametrize(
    "column",
    [
        pytest.param(lambda answer, i, rng: rng.choice(PARTIES), id="noise"),
        pytest.param(lambda answer, i, rng: float(rng.normal()), id="a noisy number"),
        pytest.param(lambda answer, i, rng: f"v{i}", id="an id"),
        pytest.param(lambda answer, i, rng: PARTIES[answer if rng.random() < 0.7 else 0], id="a strong hint"),
        pytest.param(lambda answer, i, rng: None, id="nothing"),
    ],
)
def test_a_column_that_merely_helps_is_no_leak(column: Any) -> None:
    assert leaks(history(column)) == ()


def test_a_column_filled_in_with_the_ruling_is_a_leak() -> None:
    (leak,) = leaks(history(lambda answer, i, rng: "closed" if i < 380 else None))
    assert (leak.null_unruled, leak.null_ruled) == (1.0, 0.0)
    assert "null in 100.0% of unruled" in leak.sentence


def test_what_was_ruled_after_a_case_opened_does_not_count() -> None:
    assert leaks(history(lambda answer, i, rng: PARTIES[answer], days=1000.0)) == ()


def test_a_column_left_out_is_not_tried() -> None:
    assert leaks(history(lambda answer, i, rng: PARTIES[answer]), leave_out=("attr_x",)) == ()


def test_a_history_without_rulings_has_nothing_to_leak() -> None:
    assert leaks(history(lambda answer, i, rng: PARTIES[answer], ruled=0)) == ()
