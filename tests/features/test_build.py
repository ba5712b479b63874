"""Features follow from the facts of a case alone: not from how asks are cut, rows are ordered or ids are spelt."""

import random
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from features import build as building
from features.asks import Asks
from features.build import Fitted, build
from features.catalog import Catalog
from features.contract import TABLES, Type
from features.history import History
from features.own_rows import supplied
from features.tables import DAY, Tables

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Fit = Callable[[Rows], tuple[Tables, Fitted]]
AsTables = Callable[[Rows], Tables]
EveryAsk = Callable[[Tables], Asks]
InWorlds = Callable[..., None]

NAMES_OF_THINGS = {
    "case_id": "case", "order_id": "order", "line_id": "line", "buyer_id": "buyer", "seller_id": "seller",
    "address_id": "address", "device_id": "device", "payment_id": "payment", "sku": "sku", "sha256": "sha256",
    "phash": "phash", "file": "file", "event_id": "event", "evidence_id": "evidence", "message_id": "message",
    "request_id": "request", "return_id": "return", "entry_id": "entry", "arbitrator_id": "arbitrator",
    "clause_ids": "clause",
}  # fmt: skip
"""Columns whose values only name a thing, by the kind of thing."""


def equal(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(found, expected)


def changed(rows: Rows, change: Callable[[str, Row], Row]) -> Rows:
    """The same world with every row changed."""
    return {name: [change(name, row) for row in found] for name, found in rows.items()}


def test_slices_and_the_order_of_asks_change_nothing(in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        whole = build(tables, asks, fitted).values
        order = np.array(rng.sample(range(len(asks)), len(asks)))
        cut = rng.randrange(len(asks))
        for part in (order[:cut], order[cut:]):
            equal(build(tables, asks.take(part), fitted).values, whole[part])

    in_worlds(claim)


def test_a_case_sent_alone_has_the_features_it_has_among_all_others(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        history = History(tables, tuple(dict.fromkeys(f.key for f in fitted.catalog if f.key)), fitted.windows_days)
        whole = build(tables, asks, fitted).values
        for ask in rng.sample(range(len(asks)), 2):
            case = rows["cases"][asks.case[ask]]
            own = {(c, case[c]) for c in ("case_id", "order_id") if case[c] is not None}
            sent = {name: [row for row in found if own & set(row.items())] for name, found in rows.items()}
            alone = tables_of(sent | {"cases": [case]})
            one = Asks(np.zeros(1, np.int64), asks.as_of[ask : ask + 1], asks.moment[ask : ask + 1])
            equal(build(alone, one, fitted, history=history).values[0], whole[ask])

    in_worlds(claim, many=300)


def test_more_asks_than_are_built_at_a_time_change_nothing(
    in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        monkeypatch.setattr(building, "SLICE", 1 << 17)
        whole = build(tables, asks, fitted).values
        monkeypatch.setattr(building, "SLICE", rng.randint(4, 20))
        equal(build(tables, asks, fitted).values, whole)

    in_worlds(claim, many=50)


def test_the_order_of_rows_in_a_table_changes_nothing(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        order = rng.sample(range(len(rows["cases"])), len(rows["cases"]))
        turned = {name: rng.sample(found, len(found)) for name, found in rows.items()}
        turned["cases"] = [rows["cases"][i] for i in order]
        moved = Asks(np.argsort(order)[asks.case], asks.as_of, asks.moment)
        equal(build(tables_of(turned), moved, fitted).values, build(tables, asks, fitted).values)

    in_worlds(claim)


def test_what_a_thing_is_called_is_never_a_feature(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        salt = rng.randrange(10**9)

        def rename(name: str, row: Row) -> Row:
            things = dict(NAMES_OF_THINGS)
            if name == "volumes" and row["key_kind"] in ("seller", "buyer", "sku"):
                things["key"] = row["key_kind"]
            named = [(column, kind) for column, kind in things.items() if row.get(column) is not None]
            return row | {column: f"{zlib.crc32(f'{salt} {kind} {row[column]}'.encode()):x}" for column, kind in named}

        tables, fitted = fit_world(rows)
        renamed = tables_of(changed(rows, rename))
        asks = every_ask(tables)
        equal(build(renamed, asks, fitted).values, build(tables, asks, fitted).values)

    in_worlds(claim)


def test_every_column_that_may_only_name_a_thing_is_known_here() -> None:
    ids = {c.name for t in TABLES.values() for c in t.columns if c.name.endswith(("_id", "_ids", "hash", "256"))}
    assert ids <= set(NAMES_OF_THINGS)


def test_a_world_a_year_later_gives_the_same_features(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        days = rng.choice((1, 365, 3650))

        def later(name: str, row: Row) -> Row:
            instants = [c.name for c in TABLES[name].columns if c.type in (Type.INSTANT, Type.KNOWN) and row[c.name]]
            return row | {column: row[column] + timedelta(days=days) for column in instants}

        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        moved = Asks(asks.case, asks.as_of + days * DAY, asks.moment)
        texts = tuple(replace(block, since=block.since + days * DAY) for block in fitted.texts)
        then = replace(fitted, texts=texts)
        equal(build(tables_of(changed(rows, later)), moved, then).values, build(tables, asks, fitted).values)

    in_worlds(claim)


def test_an_audited_column_is_never_a_feature(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        def scramble(name: str, row: Row) -> Row:
            audited = [column for column in row if column.startswith("audit_")]
            return row | {column: rng.choice(("m", "n", "never seen", None)) for column in audited}

        tables, fitted = fit_world(rows)
        scrambled = changed(rows, scramble)
        assert fit_world(scrambled)[1].catalog == fitted.catalog
        assert not [f for f in fitted.catalog if "audit_" in " ".join((f.name, f.key, *f.reads))]
        asks = every_ask(tables)
        equal(build(tables_of(scrambled), asks, fitted).values, build(tables, asks, fitted).values)

    in_worlds(claim)


def test_a_row_wise_feature_reads_no_column_but_those_it_names(
    in_worlds: InWorlds, fit_world: Fit, tables_of: AsTables, every_ask: EveryAsk
) -> None:
    clocks = {c for table in TABLES.values() for c in (table.clock, table.clock_default)}
    joined_by = {"case_id", "order_id", "line_id", "provisional", *clocks}  # a final ruling is a clock, too

    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        own = [f for f in fitted.catalog if f.family != "history"]
        for feature in rng.sample(own, 6):

            def hide(name: str, row: Row, read: tuple[str, ...] = feature.reads) -> Row:
                return {c: v if c in joined_by or f"{name}.{c}" in read else None for c, v in row.items()}

            alone = replace(fitted, catalog=Catalog((feature,)))
            hidden = tables_of(changed(rows, hide))
            equal(build(hidden, asks, alone).values, build(tables, asks, alone).values)

    in_worlds(claim)


def test_what_is_read_from_a_table_or_column_that_was_not_supplied_is_null(
    in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        read = sorted({c for f in fitted.catalog for c in f.reads} - {"cases.opened_at"})
        name, column = rng.choice(read).split(".")
        if rng.random() < 0.5 and name != "cases":
            lacking = Tables({n: tables[n] for n in tables.names if n != name})
        else:
            lacking = Tables({n: tables[n].drop_columns([column] if n == name else []) for n in tables.names})
        told = build(lacking, asks, fitted)
        why = {feature.name: cause for feature, cause in told.unknown(0)}
        for i, feature in enumerate(fitted.catalog):
            absent = [c for c in feature.reads if not supplied(lacking, c)]
            if absent and feature.name != "moment":  # a moment is a part of the ask
                assert np.isnan(told.values[:, i]).all(), feature.name
                assert why[feature.name] in ("U01", "U02"), feature.name

    in_worlds(claim)
