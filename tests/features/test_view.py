"""What a row-wise feature may look at: its own case's rows as known by then, and nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import Asks
from features.tables import HOUR, NULL_INSTANT, Tables
from features.view import View

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]


@pytest.fixture
def view(tables_of: Callable[[dict[str, list[Row]]], Tables]) -> Callable[..., View]:
    """A view of a case without an order and one with two versions of it, both asked about so many hours on."""

    def view(hours: float) -> View:
        cases: list[Row] = [
            {"case_id": "bare", "opened_at": T0},
            {"case_id": "c", "opened_at": T0, "order_id": "o", "line_id": "1", "escalated_at": T0 + timedelta(hours=5)},
        ]
        order: Row = {"order_id": "o", "line_id": "1", "placed_at": T0, "promised_at": T0 + timedelta(days=9)}
        versions: list[Row] = [
            order | {"carrier": "u", "paid_cents": 100},
            order | {"carrier": "v", "paid_cents": None, "known_at": T0 + timedelta(hours=5)},
        ]
        tables = tables_of({"cases": cases, "orders": versions})
        as_of = tables.instants("cases", "opened_at") + int(hours * HOUR)
        return View(tables, Asks(np.arange(2), as_of, np.zeros(2, np.int8)))

    return view


def said(view: View) -> list[str | None]:
    words = view.order_words("carrier")
    return [words.values[code] if code >= 0 else None for code in words.codes]


def test_the_order_is_seen_as_it_was_known(view: Callable[..., View]) -> None:
    assert [said(view(hours)) for hours in (-1, 0, 4.9, 5)] == [[None, None], [None, "u"], [None, "u"], [None, "v"]]
    assert view(0).order_numbers("paid_cents")[1] == 100.0
    assert np.isnan(view(5).order_numbers("paid_cents")).all()


def test_an_instant_of_the_case_is_hidden_until_it_came(view: Callable[..., View]) -> None:
    assert view(4.9).case_instants("escalated_at")[1] == NULL_INSTANT
    assert view(5).case_instants("escalated_at")[1] != NULL_INSTANT
    assert view(99).case_instants("escalated_at")[0] == NULL_INSTANT


def test_an_instant_of_the_order_may_lie_ahead(view: Callable[..., View]) -> None:
    assert view(0).order_instants("promised_at")[1] > view(0).asks.as_of[1]


def test_without_orders_every_look_at_them_finds_nothing(
    tables_of: Callable[[dict[str, list[Row]]], Tables],
) -> None:
    tables = tables_of({"cases": [{"case_id": "c", "opened_at": T0, "order_id": "o"}]})
    bare = View(tables, Asks(np.array([0]), tables.instants("cases", "opened_at"), np.zeros(1, np.int8)))
    assert said(bare) == [None]
    assert np.isnan(bare.order_numbers("paid_cents")).all()
    assert bare.order_instants("placed_at").tolist() == [NULL_INSTANT]
