"""Nothing that was not known by then changes an answer: a world told whole and told only so far answer alike."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from features.asks import Asks, asks_as_of
from features.build import Fitted, build
from features.contract import TABLES, Column
from features.facts import facts
from features.tables import Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Told:
    """What one who asks about a case at an instant may know: its own facts up to then, others' from before it."""

    def __init__(self, rows: Rows, asked: Row, then: datetime) -> None:
        self.rows, self.asked, self.then = rows, asked, then

    def world(self) -> Rows:
        there = {name: [row for row in found if self.exists(name, row)] for name, found in self.rows.items()}
        return {name: [self.row(name, row) for row in found] for name, found in there.items()}

    def exists(self, name: str, row: Row) -> bool:
        table = TABLES[name]
        since = row[table.clock] or row[table.clock_default or table.clock]
        return self.known(since, own=self.is_own(row))

    def is_own(self, row: Row) -> bool:
        if row.get("case_id") is not None:
            return bool(row["case_id"] == self.asked["case_id"])
        return row.get("order_id") is not None and bool(row["order_id"] == self.asked["order_id"])

    def known(self, since: datetime | None, *, own: bool) -> bool:
        return since is not None and (since < self.then or (own and since == self.then))

    def row(self, name: str, row: Row) -> Row:
        kept = {}
        for column, value in row.items():
            found = TABLES[name].column(column)
            late = found is not None and found.known_from is not None and not self.value_is_known(name, row, found)
            kept[column] = None if late else value
        return kept

    def value_is_known(self, name: str, row: Row, column: Column) -> bool:
        since = row[str(column.known_from)]
        if name == "returns" and column.name == "grade" and since is None:
            made = (r for r in self.rows.get("rulings", []) if r["case_id"] == row["case_id"] and not r["provisional"])
            since = min((r["ruled_at"] for r in made), default=None)
        return self.known(since, own=self.is_own(row))


def test_what_was_not_known_by_then_changes_no_feature_no_moment_and_no_word_on_what_is_missing(
    in_worlds: Callable[..., None],
    fit_world: Callable[[Rows], tuple[Tables, Fitted]],
    tables_of: Callable[[Rows], Tables],
    every_ask: Callable[[Tables], Asks],
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        asks = asks.take(np.array(rng.sample(range(len(asks)), 2)))
        whole = build(tables, asks, fitted)
        for i, (case, as_of) in enumerate(zip(asks.case, asks.as_of, strict=True)):
            asked = rows["cases"][case]
            told = Told(rows, asked, EPOCH + timedelta(microseconds=int(as_of))).world()
            so_far = tables_of(told)
            here = np.array([told["cases"].index(next(c for c in told["cases"] if c["case_id"] == asked["case_id"]))])
            alone = asks_as_of(so_far, here, np.array([as_of]))
            assert alone.moment[0] == asks.moment[i]
            found = build(so_far, alone, fitted)
            np.testing.assert_array_equal(found.values[0], whole.values[i])
            assert [(f.name, why) for f, why in found.unknown(0)] == [(f.name, why) for f, why in whole.unknown(i)]

    in_worlds(claim, many=2000)


def test_what_was_not_known_by_then_changes_no_fact(
    in_worlds: Callable[..., None],
    tables_of: Callable[[Rows], Tables],
    every_ask: Callable[[Tables], Asks],
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables = tables_of(rows)
        asks = every_ask(tables)
        asks = asks.take(np.array(rng.sample(range(len(asks)), 2)))
        whole = facts(tables, asks).to_pylist()
        for i, (case, as_of) in enumerate(zip(asks.case, asks.as_of, strict=True)):
            asked = rows["cases"][case]
            told = Told(rows, asked, EPOCH + timedelta(microseconds=int(as_of))).world()
            so_far = tables_of(told)
            here = np.array([told["cases"].index(next(c for c in told["cases"] if c["case_id"] == asked["case_id"]))])
            assert facts(so_far, asks_as_of(so_far, here, np.array([as_of]))).to_pylist() == [whole[i]]

    in_worlds(claim, many=600)
