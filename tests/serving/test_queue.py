"""Which case is worth a person's time first."""

from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from features.asks import Asks, asks_as_of
from features.tables import DAY, HOUR, Tables
from serving.queue import priority, usual_amount

OPENED = datetime(2026, 1, 1, tzinfo=UTC)
T0 = round(OPENED.timestamp() * 1_000_000)


def cases(*cents: int | None) -> Tables:
    """Cases opened one day after the other, claiming so much."""
    opened = pa.array([T0 + i * DAY for i in range(len(cents))]).cast(pa.timestamp("us", tz="UTC"))
    ids = pa.array([str(i) for i in range(len(cents))])
    return Tables(
        {"cases": pa.table({"case_id": ids, "opened_at": opened, "claimed_cents": pa.array(cents, pa.int64())})}
    )


def asked(tables: Tables, as_of: int) -> Asks:
    rows = np.arange(tables.count("cases"))
    return asks_as_of(tables, rows, np.full(len(rows), as_of))


def test_priority_is_amount_times_doubt_times_hours_waiting() -> None:
    tables = cases(1000, 1000)
    found = priority(tables, asked(tables, T0 + 2 * DAY), np.array([0.75, 0.5]), 1.0)
    assert found.tolist() == [1000 * 0.25 * 48, 1000 * 0.5 * 24]


def test_an_unknown_amount_counts_as_the_usual_one() -> None:
    tables = cases(100, None, 300, 900)
    usual = usual_amount(tables, T0 + 3 * DAY)
    assert usual == 300
    found = priority(tables, asked(tables, T0 + 3 * DAY), np.full(4, 0.5), usual)
    assert found[1] == 300 * 0.5 * 48


def test_the_usual_amount_is_that_of_cases_opened_by_then() -> None:
    assert usual_amount(cases(100, 900), T0 + HOUR) == 100


def test_where_no_case_says_an_amount_doubt_and_waiting_alone_decide() -> None:
    tables = cases(None, None)
    usual = usual_amount(tables, T0 + DAY)
    assert priority(tables, asked(tables, T0 + DAY), np.array([0.5, 0.5]), usual).tolist() == [12.0, 0.0]


def test_without_a_confidence_doubt_is_whole() -> None:
    tables = cases(100)
    assert priority(tables, asked(tables, T0 + HOUR), np.array([np.nan]), 1.0)[0] == pytest.approx(100.0)
