"""Other people's mishaps on the same way are exactly those that looking at every claim finds."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import cohorts
from features.asks import Asks
from features.build import Fitted, build
from features.catalog import Catalog
from features.history import History
from features.incidents import BEFORE, DAMAGED, FROM, INCIDENTS, LOST, NEAR, ROUTE, TO
from features.tables import DAY, Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Fit = Callable[[Rows], tuple[Tables, Fitted]]
AsTables = Callable[[Rows], Tables]
EveryAsk = Callable[[Tables], Asks]
InWorlds = Callable[..., None]
Say = Callable[..., float | None]

T0 = datetime(2025, 3, 10, tzinfo=UTC)
TOLD = {
    "losses_on_route": (LOST, ROUTE),
    "losses_from_region": (LOST, FROM),
    "losses_to_region": (LOST, TO),
    "damage_on_route": (DAMAGED, ROUTE),
}
ALONE = Catalog(tuple(feature for feature, _ in INCIDENTS))


class Oracle:
    """Mishaps as a person would count them, claim by claim."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.buyer = {case["case_id"]: case["buyer_id"] for case in rows["cases"]}

    def order(self, case: Row, then: datetime) -> Row:
        known = [
            (o["known_at"] or o["placed_at"], i, o)
            for i, o in enumerate(self.rows.get("orders", []))
            if case["order_id"] is not None and o["order_id"] == case["order_id"]
        ]
        known = [k for k in known if k[0] <= then]
        if case["line_id"] is None:
            fitting = known if len({o["line_id"] for _, _, o in known}) == 1 else []
        else:
            fitting = [k for k in known if k[2]["line_id"] == case["line_id"]]
            fitting = fitting or [k for k in known if k[2]["line_id"] is None]
        return max(fitting, key=lambda k: k[:2])[2] if fitting else {}

    def feature(self, name: str, asked: Row, then: datetime) -> float:
        reasons, columns = TOLD[name]
        order = self.order(asked, then)
        ordered = order.get("placed_at")
        mine = [order.get(column.split(".")[1]) for column in columns]
        if ordered is None or None in mine or asked["buyer_id"] is None:
            return math.nan
        near, before = timedelta(days=NEAR), timedelta(days=BEFORE)
        counts = {"near": 0, "before": 0, "all near": 0, "all before": 0}
        for case in self.rows["cases"]:
            if case["buyer_id"] in (None, asked["buyer_id"], self.buyer.get(asked["case_id"])):
                continue
            if case["reason"] not in reasons or case["opened_at"] >= then:
                continue
            theirs = self.order(case, case["opened_at"])
            day = theirs.get("placed_at")
            if day is None:
                continue
            when = "near" if abs(day - ordered) <= near else "before"
            if when == "near" or ordered - near - before <= day < ordered - near:
                counts[f"all {when}"] += 1
                counts[when] += [theirs.get(column.split(".")[1]) for column in columns] == mine
        if not counts["all before"]:
            return math.nan
        expected = counts["all near"] * counts["before"] / counts["all before"]
        return math.log((counts["near"] + 1) / (expected + 1))


def grieved(rows: Rows, rng: random.Random) -> Rows:
    """The same world with weeks between its instants, and mostly with mishaps."""
    factor = rng.choice((1, 7, 14, 30))
    said = rng.choice((LOST, DAMAGED))

    def change(row: Row) -> Row:
        row = {c: T0 + factor * (v - T0) if isinstance(v, datetime) else v for c, v in row.items()}
        return row | {"reason": rng.choice((*said, row["reason"]))} if "reason" in row else row

    return {name: [change(row) for row in found] for name, found in rows.items()}


def instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def agree(values: np.ndarray, oracle: Oracle, asked: Row, then: datetime) -> None:
    said = [oracle.feature(feature.name, asked, then) if "orders" in oracle.rows else math.nan for feature in ALONE]
    np.testing.assert_allclose(values, said, rtol=1e-12, atol=1e-12)


def test_incidents_equal_looking_at_every_claim(in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        rows = grieved(rows, rng)
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        asks = Asks(asks.case, asks.as_of + rng.choice((0, 20, 400)) * DAY, asks.moment)
        found = build(tables, asks, replace(fitted, catalog=ALONE)).values
        for row in rng.sample(range(len(asks)), 4):
            agree(found[row], Oracle(rows), rows["cases"][asks.case[row]], instant(asks.as_of[row]))

    in_worlds(claim, many=2000)


def test_a_live_case_is_set_against_a_past_in_other_tables(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    """It may be in the past already, under another buyer even."""

    def claim(rows: Rows, rng: random.Random) -> None:
        rows = grieved(rows, rng)
        past, fitted = fit_world(rows)
        asked = dict(rng.choice(rows["cases"]))
        asked |= {"buyer_id": rng.choice((asked["buyer_id"], "b0", "b1", "never seen"))}
        live = {"cases": [asked], "orders": [o for o in rows.get("orders", []) if o["order_id"] == asked["order_id"]]}
        theirs = tables_of(live if "orders" in rows else {"cases": [asked]})
        asks = every_ask(theirs)
        found = build(theirs, asks, replace(fitted, catalog=ALONE), history=History(past, (), ())).values
        row = rng.randrange(len(asks))
        agree(found[row], Oracle(rows), asked, instant(asks.as_of[row]))

    in_worlds(claim, many=500)


SMALL = st.integers(0, 5)
FACTS = st.lists(st.tuples(st.integers(-1, 1), SMALL, SMALL), max_size=25)


@pytest.mark.parametrize("short", [-1, 2, 64])
@given(FACTS, st.lists(st.tuples(st.integers(-2, 2), SMALL, SMALL, SMALL, SMALL), min_size=1, max_size=9))
def test_two_bounds_at_once_count_what_looking_at_each_fact_counts(
    short: int, facts: list[tuple[int, int, int]], asked: list[tuple[int, int, int, int, int]]
) -> None:
    columns = (np.array([fact[i] for fact in facts], dtype=np.int64) for i in range(3))
    asked = [(key, instant, *sorted(days)) for key, instant, *days in asked]
    key, instant, *days = (np.array(column) for column in zip(*asked, strict=True))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cohorts, "SHORT", short)
        patch.setattr(cohorts, "LOOKED_AT", 0)
        found = cohorts.Cohorts(*columns).between(key, instant, tuple(days))
    for ask, (wanted, then, first, second, third) in enumerate(asked):
        there = [day for of, day, since in facts if of == wanted >= 0 and since < then]
        assert found[0, ask] == sum(first <= day < second for day in there)
        assert found[1, ask] == sum(second <= day < third for day in there)


def order(name: str, days: float, lane: str = "u|w>e") -> Row:
    at = T0 + timedelta(days=days)
    return {"order_id": name, "line_id": "1", "placed_at": at, "known_at": at, "lane": lane}


def claim(name: str, days: float, **more: Any) -> Row:
    row = {"case_id": name, "opened_at": T0 + timedelta(days=days), "order_id": name, "line_id": "1", "buyer_id": name}
    return row | {"reason": "inr_lost_in_transit"} | more


def world(days: float, lane: str, **more: Any) -> Rows:
    """A parcel on a lane, five others of its days on a lane or another, and ten on both lanes in the months before."""
    cases, orders = [claim("c", 0)], [order("c", -8)]
    for i in range(5):
        cases.append(claim(f"near{i}", days, **more))
        orders.append(order(f"near{i}", -9, lane))
    for i in range(20):
        cases.append(claim(f"before{i}", -30))
        orders.append(order(f"before{i}", -50, "u|w>e" if i % 2 else "u|e>w"))
    return {"cases": cases, "orders": orders}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (world(-1, "u|w>e"), math.log(6 / 3.5)),
        (world(-1, "u|e>w"), math.log(1 / 3.5)),
        (world(0, "u|w>e"), 0.0),
        (world(-1, "u|w>e", buyer_id="c"), 0.0),
        (world(-1, "u|w>e", reason="fit_style"), 0.0),
    ],
)
def test_an_incident_is_what_goes_beyond_the_ways_usual_part(say: Say, rows: Rows, said: float) -> None:
    assert say("losses_on_route", rows) == pytest.approx(said)


def test_parcels_ordered_a_week_apart_are_of_the_same_days_and_no_more(say: Say) -> None:
    for days, same in ((7, True), (-7, True), (7.00001, False)):
        rows = world(-1, "u|w>e")
        rows["cases"] += [claim("later", -0.5)]
        rows["orders"] += [order("later", -8 + days)]
        assert say("losses_on_route", rows) == pytest.approx(math.log(7 / 4) if same else math.log(6 / 3.5))


def test_where_nothing_was_claimed_before_nothing_is_usual_and_nothing_is_told(
    say: Say, tables_of: AsTables, causes_of: Callable[[Tables], dict[str, str]]
) -> None:
    rows: Rows = {"cases": [claim("c", 0)], "orders": [order("c", -8)]}
    assert say("losses_on_route", rows) is None
    causes = causes_of(tables_of(rows))
    assert causes["losses_on_route"] == "U04"
    assert causes["losses_from_region"] == "U05"
    assert causes_of(tables_of({"cases": [claim("c", 0)]}))["losses_on_route"] == "U01"
