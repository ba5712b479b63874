"""Why a feature is null is said with a code, from what was known by then and nothing later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import asks_as_of
from features.build import Fitted, build, resolve_catalog
from features.catalog import Catalog
from features.history_features import history_feature
from features.tables import HOUR, Tables

T0 = datetime(2025, 3, 1, tzinfo=UTC)
Row = dict[str, Any]
AsTables = Callable[[dict[str, list[Row]]], Tables]
CASE: Row = {"case_id": "c", "opened_at": T0, "order_id": "o", "line_id": "1", "seller_id": "s"}
LATER: Row = {"order_id": "o", "line_id": "1", "placed_at": T0, "known_at": T0 + timedelta(hours=5)}


@pytest.fixture
def causes(tables_of: AsTables) -> Callable[..., dict[str, str]]:
    """By feature the code for a case so many hours after it was opened; columns named are not supplied."""

    def causes(rows: dict[str, list[Row]], *lacking: str, hours: float = 0.0) -> dict[str, str]:
        whole = tables_of(rows)
        dropped = {n: [c for c in lacking if f"{n}." in c] for n in whole.names}
        tables = Tables({n: whole[n].drop_columns([c.split(".")[1] for c in dropped[n]]) for n in whole.names})
        past = tuple(history_feature("seller", measure, 30) for measure in ("seller", "claims", "overturned"))
        listed = resolve_catalog(tables_of({"cases": [], "orders": []}), ("buyer", "seller"), ())
        kept = {f.name: () for f in listed}
        asks = asks_as_of(tables, np.array([0]), tables.instants("cases", "opened_at")[:1] + int(hours * HOUR))
        found = build(tables, asks, Fitted(Catalog((*listed.features, *past)), kept, (30,), 20.0))
        return {feature.name: cause for feature, cause in found.unknown(0)}

    return causes


def test_a_table_and_a_column_that_were_not_supplied(causes: Callable[..., dict[str, str]]) -> None:
    assert causes({"cases": [CASE]})["carrier"] == "U01"
    assert causes({"cases": [CASE], "orders": [LATER]}, "orders.carrier", hours=9)["carrier"] == "U02"
    assert causes({"cases": [CASE]}, "cases.reason")["reason_claimed"] == "U02"


def test_whether_a_version_of_the_order_comes_later_is_not_told(causes: Callable[..., dict[str, str]]) -> None:
    for orders in ([LATER], []):
        assert causes({"cases": [CASE], "orders": orders})["carrier"] == "U04"


def test_whether_an_escalation_comes_later_is_not_told(causes: Callable[..., dict[str, str]]) -> None:
    for escalated in (None, T0 + timedelta(hours=9)):
        assert causes({"cases": [CASE | {"escalated_at": escalated}]})["hours_to_escalation"] == "U03"


def test_an_empty_cell_has_no_value(causes: Callable[..., dict[str, str]]) -> None:
    assert causes({"cases": [CASE]})["reason_claimed"] == "U04"


def test_a_past_is_null_without_its_key_and_without_what_it_counts(causes: Callable[..., dict[str, str]]) -> None:
    ruled: dict[str, list[Row]] = {"cases": [CASE], "rulings": []}
    assert "history.seller.seller.30d" not in causes(ruled)
    assert causes({"cases": [CASE]})["history.seller.seller.30d"] == "U01"
    assert causes(ruled, "rulings.liable")["history.seller.seller.30d"] == "U02"
    assert causes(ruled, "cases.seller_id")["history.seller.seller.30d"] == "U02"
    assert causes({"cases": [CASE | {"seller_id": None}], "rulings": []})["history.seller.seller.30d"] == "U05"
    assert causes(ruled)["history.seller.overturned.30d"] == causes(ruled)["history.seller.claims.30d"] == "U01"
    assert causes(ruled | {"volumes": []})["history.seller.claims.30d"] == "U04"
