"""Which version of an order's line is known at an instant."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features import orders
from features.orders import order_rows
from features.tables import HOUR, Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]
AsTables = Callable[[dict[str, list[Row]]], Tables]


def version(sku: str, hours: float, line: str | None = "1", order: str = "o", **more: Any) -> Row:
    known = T0 + timedelta(hours=hours)
    return {"order_id": order, "line_id": line, "known_at": known, "placed_at": T0, "sku": sku} | more


@pytest.fixture
def known(tables_of: AsTables) -> Callable[..., str | None]:
    """The sku of the version known of a case's order line so many hours after it was opened."""

    def known(versions: list[Row], hours: float, line: str | None = "1", order: str | None = "o") -> str | None:
        case = {"case_id": "c", "opened_at": T0, "order_id": order, "line_id": line}
        tables = tables_of({"cases": [case], "orders": versions})
        row = order_rows(tables, np.array([0]), tables.instants("cases", "opened_at") + int(hours * HOUR))[0]
        return None if row < 0 else str(versions[row]["sku"])

    return known


def test_the_latest_version_known_by_then_counts(known: Callable[..., str | None]) -> None:
    versions = [version("second", 10), version("first", 0), version("third", 20)]
    assert [known(versions, hours) for hours in (-1, 0, 9.9, 10, 19, 20, 99)] == [
        None, "first", "first", "second", "second", "third", "third",
    ]  # fmt: skip


def test_a_version_that_does_not_say_since_when_is_known_since_the_order_was_placed(
    known: Callable[..., str | None],
) -> None:
    versions = [version("a", 0, known_at=None)]
    assert [known(versions, hours) for hours in (-1, 0)] == [None, "a"]


def test_a_line_has_its_own_versions(known: Callable[..., str | None]) -> None:
    versions = [version("a", 0, "1"), version("b", 5, "2")]
    assert known(versions, 9, line="1") == "a"
    assert known(versions, 9, line="2") == "b"
    assert known(versions, 9, line="3") is None


def test_a_row_without_a_line_stands_for_any_line_that_has_no_row_of_its_own(known: Callable[..., str | None]) -> None:
    versions = [version("all", 5, None), version("own", 0, "1")]
    assert known(versions, 9, line="1") == "own"
    assert known(versions, 9, line="2") == "all"
    assert known([version("all", 5, None)], 9, line="1") == "all"


def test_a_case_that_names_no_line_means_the_only_one_until_a_second_is_known(
    known: Callable[..., str | None],
) -> None:
    versions = [version("a", 0, "1"), version("a again", 5, "1"), version("b", 10, "2")]
    assert [known(versions, hours, line=None) for hours in (0, 5, 9, 10, 99)] == ["a", "a again", "a again", None, None]


def test_without_an_order_or_its_row_nothing_is_known(known: Callable[..., str | None]) -> None:
    assert known([version("a", 0)], 9, order=None) is None
    assert known([version("a", 0)], 9, order="another") is None
    assert known([], 9) is None


def test_lines_of_so_many_orders_that_their_pairs_overflow_a_word_are_still_told_apart(
    known: Callable[..., str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orders, "WORD", 5)
    test_a_line_has_its_own_versions(known)
    test_a_row_without_a_line_stands_for_any_line_that_has_no_row_of_its_own(known)
    test_the_latest_version_known_by_then_counts(known)
