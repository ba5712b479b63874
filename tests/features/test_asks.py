"""Asks: which moments a case has reached, and how a selection of asks keeps what is supposed of them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.asks import Asks, asks_as_of, asks_at_moments
from features.tables import HOUR, NEVER, Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)
AsTables = Callable[[dict[str, list[dict[str, Any]]]], Tables]


def one_case(tables_of: AsTables, escalated: int | None, closed: int | None) -> Tables:
    at = [None if hours is None else T0 + timedelta(hours=hours) for hours in (escalated, closed)]
    return tables_of({"cases": [{"case_id": "c", "opened_at": T0, "escalated_at": at[0], "evidence_closed_at": at[1]}]})


def latest(tables: Tables, hours: float) -> int:
    opened = tables.instants("cases", "opened_at")
    return int(asks_as_of(tables, np.array([0]), opened + int(hours * HOUR)).moment[0])


def test_the_moment_is_the_latest_reached_by_then(tables_of: AsTables) -> None:
    tables = one_case(tables_of, 10, 20)
    assert [latest(tables, hours) for hours in (0, 9.9, 10, 19.9, 20, 1000)] == [0, 0, 1, 1, 2, 2]


def test_a_moment_that_was_skipped_is_never_the_latest(tables_of: AsTables) -> None:
    assert [latest(one_case(tables_of, None, 20), hours) for hours in (0, 19, 20)] == [0, 0, 2]
    assert latest(one_case(tables_of, 30, 20), 30) == 1


def test_of_moments_reached_at_once_the_last_in_the_order_of_life_counts(tables_of: AsTables) -> None:
    assert latest(one_case(tables_of, 0, 0), 0) == 2


def test_a_case_cannot_be_asked_about_before_it_was_opened(tables_of: AsTables) -> None:
    with pytest.raises(ValueError, match="before it was opened"):
        latest(one_case(tables_of, 10, 20), -0.1)


def test_there_is_an_ask_for_each_moment_reached_before_the_limit_and_it_included_not(tables_of: AsTables) -> None:
    tables = one_case(tables_of, 10, 20)
    opened = int(tables.instants("cases", "opened_at")[0])
    for hours, moments in ((0, []), (1, [0]), (10, [0]), (10.1, [0, 1]), (1e6, [0, 1, 2])):
        asks = asks_at_moments(tables, np.array([opened + int(hours * HOUR)]))
        assert asks.moment.tolist() == moments
    asks = asks_at_moments(tables, np.array([NEVER]))
    assert ((asks.as_of - opened) / HOUR).tolist() == [0, 10, 20]


def test_what_is_supposed_follows_its_ask_wherever_it_is_taken() -> None:
    overlay = pa.table({"sku": ["first", "third", "again third"], "ask": pa.array([0, 2, 2], pa.int64())})
    asks = Asks(np.arange(3), np.zeros(3, np.int64), np.zeros(3, np.int8), {"orders": overlay})
    taken = asks.take(np.array([2, 1, 0, 2])).overlays["orders"].to_pylist()
    assert sorted((row["ask"], row["sku"]) for row in taken) == [
        (0, "again third"), (0, "third"), (2, "first"), (3, "again third"), (3, "third"),
    ]  # fmt: skip
    assert asks.take(slice(1, 2)).overlays["orders"].num_rows == 0
