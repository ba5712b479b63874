"""A row that is only supposed ("if the seller had sent a video") answers as if it were there and known."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from features.asks import Asks
from features.build import Fitted, build
from features.catalog import Catalog
from features.contract import TABLES
from features.facts import facts
from features.tables import Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Fit = Callable[[Rows], tuple[Tables, Fitted]]
AsTables = Callable[[Rows], Tables]
EveryAsk = Callable[[Tables], Asks]
InWorlds = Callable[..., None]


def supposed(rows: Rows, rng: random.Random, asked: Row, then: datetime) -> tuple[str, Row] | None:
    """A table, and a row of it that an ask may suppose; None where there is nothing to make one from."""
    name = rng.choice(["orders", *(n for n in rows if TABLES[n].belongs_to and n not in ("rulings", "appeals"))])
    if rng.random() < 0.5:
        name = "orders"
    if not rows.get(name):
        return None
    table, row = TABLES[name], dict(rng.choice(rows[name]))
    row |= {table.key[0]: "supposed", str(table.clock): then}
    row |= dict.fromkeys(table.belongs_to)
    row["order_id" if name == "orders" else "case_id"] = asked["order_id" if name == "orders" else "case_id"]
    if name == "orders":
        lines = {o["line_id"] for o in rows["orders"] if o["order_id"] == asked["order_id"]}
        if asked["order_id"] is None or (asked["line_id"] is None and len(lines) > 1):
            return None  # then nobody could say which line the row is about
        row["line_id"] = asked["line_id"] if asked["line_id"] is not None else next(iter(lines), None)
    return name, row


def suppose(asks: Asks, tables: Tables, name: str, rows: list[Row], ask: list[int]) -> Asks:
    table = pa.Table.from_pylist(rows, schema=tables[name].schema)
    return replace(asks, overlays={name: table.append_column("ask", pa.array(ask, pa.int64()))})


def instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


def test_a_supposed_row_answers_as_if_it_were_there_and_known_to_that_ask_alone(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        ask = rng.randrange(len(asks))
        found = supposed(rows, rng, rows["cases"][asks.case[ask]], instant(asks.as_of[ask]))
        if found is None:
            return
        name, row = found
        own = replace(fitted, catalog=Catalog(tuple(f for f in fitted.catalog if f.family != "history")))
        told = build(tables, suppose(asks, tables, name, [row], [ask]), own).values
        expected = build(tables, asks, own).values
        expected[ask] = build(tables_of(rows | {name: [*rows[name], row]}), asks.take(np.array([ask])), own).values[0]
        np.testing.assert_array_equal(told, expected)

    in_worlds(claim, many=500)


def test_facts_of_a_supposed_row_are_as_if_it_were_there_and_known_to_that_ask_alone(
    in_worlds: InWorlds, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables = tables_of(rows)
        asks = every_ask(tables)
        ask = rng.randrange(len(asks))
        found = supposed(rows, rng, rows["cases"][asks.case[ask]], instant(asks.as_of[ask]))
        if found is None:
            return
        name, row = found
        expected = facts(tables, asks).to_pylist()
        there = tables_of(rows | {name: [*rows[name], row]})
        expected[ask] = facts(there, asks.take(np.array([ask]))).to_pylist()[0]
        assert facts(tables, suppose(asks, tables, name, [row], [ask])).to_pylist() == expected

    in_worlds(claim, many=300)


def test_what_is_supposed_of_a_case_changes_no_past(in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        if not rows.get("orders"):
            return
        asks = every_ask(tables)
        past = np.array([f.family == "history" for f in fitted.catalog])
        every = [rng.choice(rows["orders"]) for _ in range(len(asks))]
        told = build(tables, suppose(asks, tables, "orders", every, list(range(len(asks)))), fitted).values
        np.testing.assert_array_equal(told[:, past], build(tables, asks, fitted).values[:, past])

    in_worlds(claim, many=100)


def test_supposed_rows_follow_their_asks_through_every_slice(
    in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        if not rows.get("orders"):
            return
        ask = rng.sample(range(len(asks)), rng.randint(1, len(asks)))
        asks = suppose(asks, tables, "orders", [rng.choice(rows["orders"]) for _ in ask], ask)
        order = np.array(rng.choices(range(len(asks)), k=len(asks)))
        own = replace(fitted, catalog=Catalog(tuple(f for f in fitted.catalog if f.family != "history")))
        whole = build(tables, asks, own).values
        np.testing.assert_array_equal(build(tables, asks.take(order), own).values, whole[order])

    in_worlds(claim)
