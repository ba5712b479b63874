"""The past of a party is counted over other cases, as known before the instant, and equals a count by hand."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features.asks import Asks, asks_as_of
from features.facts import facts
from features.tables import DAY, Tables

T0 = datetime(2025, 9, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Row = dict[str, Any]
Rows = dict[str, list[Row]]
PAST = ("buyer_claims_90d", "buyer_faults_365d", "seller_defaults_90d")


def verdict(rows: Rows, case: str, then: datetime) -> tuple[datetime, str | None, bool] | None:
    """When a case was ruled on last for good before ``then``, whose fault it is as then known, and if by default."""
    final = [r for r in rows["rulings"] if r["case_id"] == case and not r["provisional"] and r["ruled_at"] < then]
    if not final:
        return None
    last = max(final, key=lambda r: r["ruled_at"])
    merits, default = last["basis"] in (None, "merits"), last["basis"] == "default"
    liable = last["liable"] if merits else None
    turned = [
        a
        for a in rows["appeals"]
        if a["case_id"] == case and a["overturned"] and a["decided_at"] and last["ruled_at"] <= a["decided_at"] < then
    ]
    if turned:
        liable = max(turned, key=lambda a: (a["decided_at"], a["appealed_at"]))["liable_after"]
    return last["ruled_at"], liable, default


def by_hand(rows: Rows, asked: Row, then: datetime) -> list[float | None]:
    found: list[float | None] = []
    for key, days, counts in (
        ("buyer_id", 90, "opened"),
        ("buyer_id", 365, "buyer"),
        ("seller_id", 90, "default"),
    ):
        if asked[key] is None or (counts != "opened" and "rulings" not in rows):
            found.append(None)
            continue
        many = 0.0
        for case in rows["cases"]:
            if case["case_id"] == asked["case_id"] or case[key] != asked[key] or case["opened_at"] >= then:
                continue
            since = then - timedelta(days=days)
            if counts == "opened":
                many += case["opened_at"] >= since
                continue
            ruled = verdict({"appeals": []} | rows, case["case_id"], then)
            if ruled is not None and ruled[0] >= since:
                many += ruled[2] if counts == "default" else ruled[1] == "buyer"
        found.append(many)
    return found


def test_the_past_is_what_a_count_by_hand_finds(
    in_worlds: Callable[..., None], tables_of: Callable[[Rows], Tables], every_ask: Callable[[Tables], Asks]
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        stretch = rng.choice((1, 20, 60))
        rows = {name: [stretched(row, stretch) for row in found] for name, found in rows.items()}
        tables = tables_of(rows)
        opened = tables.instants("cases", "opened_at")
        later = np.array([0, 1, 9, 89, 90, 91, 365]) * DAY
        case = np.repeat(np.arange(len(opened)), len(later))
        asks = asks_as_of(tables, case, opened[case] + np.tile(later, len(opened)))
        found = facts(tables, asks).select(PAST).to_pylist()
        for i, (row, as_of) in enumerate(zip(asks.case, asks.as_of, strict=True)):
            then = EPOCH + timedelta(microseconds=int(as_of))
            assert list(found[i].values()) == by_hand(rows, rows["cases"][row], then)

    in_worlds(claim, many=500)


def stretched(row: Row, times: int) -> Row:
    """The same row with all that happened after the start that much later."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    return {k: start + (v - start) * times if isinstance(v, datetime) else v for k, v in row.items()}


@pytest.mark.parametrize(("days", "counts"), [(0, 0.0), (1, 1.0), (90, 1.0), (91, 0.0)])
def test_a_claim_counts_for_ninety_days_and_not_at_its_own_instant(
    tables_of: Callable[[Rows], Tables], days: int, counts: float
) -> None:
    case = {"opened_at": T0, "buyer_id": "b"}
    tables = tables_of({"cases": [case | {"case_id": "c"}, case | {"case_id": "d", "opened_at": T0 - timedelta(days)}]})
    asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), tables.instants("cases", "opened_at")[:1])
    assert facts(tables, asks).column("buyer_claims_90d").to_pylist() == [counts]
