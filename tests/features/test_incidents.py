"""Other people's mishaps on the same way are exactly those that looking at every claim finds."""

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import cohorts
from features.asks import Asks, asks_as_of
from features.build import Fitted, build
from features.catalog import Catalog
from features.history import History
from features.incidents import BEFORE, DAMAGED, FROM, INCIDENTS, LOST, NEAR, ROUTE, TO
from features.tables import Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]
AsTables = Callable[[Rows], Tables]
Say = Callable[..., float | None]

T0 = datetime(2025, 3, 10, tzinfo=UTC)
TOLD = {
    "losses_on_route": (LOST, ROUTE),
    "losses_from_region": (LOST, FROM),
    "losses_to_region": (LOST, TO),
    "damage_on_route": (DAMAGED, ROUTE),
}
ALONE = Catalog(tuple(feature for feature, _ in INCIDENTS))
FITTED = Fitted(ALONE, {}, (), 1.0)


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


BUYERS = tuple(f"b{i}" for i in range(8))
STEP = timedelta(days=3.5)  # twice it is NEAR, so that parcels lie on its very edge


def grieved(rng: random.Random) -> Rows:
    """A world of some parcels of which most were claimed lost or damaged, over weeks in which everything ties."""
    cases, orders = list[Row](), list[Row]()
    said, weeks = rng.choice((LOST, DAMAGED)), rng.choice((6, 15, 40))
    for i in range(rng.randint(2, 30)):
        placed = T0 + STEP * rng.randint(0, weeks)
        opened = placed + STEP * rng.randint(0, 4)
        order = f"o{rng.choice((i, i, i, i, 0))}"
        for known in sorted({placed, placed + STEP * rng.randint(0, 6)}):
            ways = {"carrier": ("u", "v"), "lane": ("u|w>e", "v|e>w"), "origin": ("w",), "destination": ("e", "w")}
            told = {column: rng.choice((*few, *few, few[0], None)) for column, few in ways.items()}
            ordered = rng.choice((placed, placed, T0 + STEP * rng.randint(0, 12)))
            if all((o["order_id"], o["known_at"]) != (order, known) for o in orders):
                orders.append({"order_id": order, "line_id": "1", "known_at": known, "placed_at": ordered} | told)
        buyer, reason = rng.choice((*BUYERS, None)), rng.choice((*said, *said, *LOST, *DAMAGED, "fit_style", None))
        case = {"case_id": f"c{i}", "opened_at": opened, "order_id": order, "line_id": rng.choice(("1", None))}
        cases.append(case | {"buyer_id": buyer, "reason": reason})
    return {"cases": cases, "orders": orders}


def asked(rows: Rows, tables_of: AsTables, rng: random.Random) -> tuple[Tables, Asks]:
    """Every case of the world, asked about at its opening and later."""
    tables = tables_of(rows)
    case = np.repeat(np.arange(len(rows["cases"])), 3)
    later = np.array([rng.randint(0, 30) for _ in case]) * (int(STEP.total_seconds()) * 1_000_000)
    return tables, asks_as_of(tables, case, tables.instants("cases", "opened_at")[case] + later)


WORLDS = st.randoms(use_true_random=False).map(lambda rng: (grieved(rng), rng))


def instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def agree(values: np.ndarray, oracle: Oracle, asked: Row, then: datetime) -> None:
    said = [oracle.feature(feature.name, asked, then) for feature in ALONE]
    np.testing.assert_allclose(values, said, rtol=1e-12, atol=1e-12)


@given(WORLDS)
def test_incidents_equal_looking_at_every_claim(tables_of: AsTables, world: tuple[Rows, random.Random]) -> None:
    rows, rng = world
    tables, asks = asked(rows, tables_of, rng)
    found, oracle = build(tables, asks, FITTED).values, Oracle(rows)
    for row, (case, as_of) in enumerate(zip(asks.case, asks.as_of, strict=True)):
        agree(found[row], oracle, rows["cases"][case], instant(as_of))


@given(WORLDS)
def test_slices_and_the_order_of_asks_change_nothing(tables_of: AsTables, world: tuple[Rows, random.Random]) -> None:
    rows, rng = world
    tables, asks = asked(rows, tables_of, rng)
    order = np.array(rng.choices(range(len(asks)), k=len(asks)))
    whole = build(tables, asks, FITTED).values
    np.testing.assert_array_equal(build(tables, asks.take(order), FITTED).values, whole[order])


@given(WORLDS)
def test_a_live_case_is_set_against_a_past_in_other_tables(
    tables_of: AsTables, world: tuple[Rows, random.Random]
) -> None:
    """It may be in the past already, under another buyer even."""
    rows, rng = world
    case = dict(rng.choice(rows["cases"]))
    case |= {"buyer_id": rng.choice((case["buyer_id"], "b0", "b1", "never seen"))}
    sent = {"cases": [case], "orders": [o for o in rows["orders"] if o["order_id"] == case["order_id"]]}
    theirs, asks = asked(sent, tables_of, rng)
    found = build(theirs, asks, FITTED, history=History(tables_of(rows), (), ())).values
    for row, as_of in enumerate(asks.as_of):
        agree(found[row], Oracle(rows), case, instant(as_of))


@given(WORLDS)
def test_a_supposed_order_moves_the_parcel_of_its_ask_alone(
    tables_of: AsTables, world: tuple[Rows, random.Random]
) -> None:
    rows, rng = world
    tables, asks = asked(rows, tables_of, rng)
    ask = rng.randrange(len(asks))
    case, then = rows["cases"][asks.case[ask]], instant(asks.as_of[ask])
    row = rng.choice(rows["orders"]) | {"order_id": case["order_id"], "known_at": then}
    overlay = pa.Table.from_pylist([row], schema=tables["orders"].schema).append_column("ask", pa.array([ask]))
    expected = build(tables, asks, FITTED).values
    found = build(tables, replace(asks, overlays={"orders": overlay}), FITTED).values
    agree(found[ask], Oracle({**rows, "orders": [*rows["orders"], row]}), case, then)
    np.testing.assert_array_equal(np.delete(found, ask, axis=0), np.delete(expected, ask, axis=0))


def test_the_worlds_told_of_here_hold_incidents(tables_of: AsTables) -> None:
    told = []
    for seed in range(40):
        tables, asks = asked(grieved(random.Random(seed)), tables_of, random.Random(seed))
        told.append(np.nan_to_num(build(tables, asks, FITTED).values) != 0)
    assert np.concatenate(told).mean(axis=0).min() > 0.1


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
