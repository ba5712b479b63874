"""Small worlds of a few cases in which everything ties, is null or comes late; for properties of features.

``in_worlds``    check a claim about such worlds: rows by table, every table and column of the contract among them
``fit_world``    its tables in Arrow, and a Fitted that asks for every feature these have
``tables_of``    rows by table as checked tables
``every_ask``    asks about every case of a world at every instant at which anything happens, and just beside
``say``          the value of one feature of one case, from rows by table; a category by its word
``read_whole``   a history's raw tables, each read to its end: table, source_rows, not_taken and notes
``causes_of``    why the listed features of the first case of some tables are null, by feature
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features import vocabulary as words
from features.asks import Asks, asks_as_of
from features.build import LISTED, OTHER, Fitted, build, resolve_catalog
from features.catalog import Catalog
from features.contract import TABLES, Column, Table, Type
from features.mapping import raw_tables
from features.ngrams import BUCKETS
from features.tables import ARROW, HOUR, Tables
from features.text import TextBlock, pack
from features.vocabulary import LIABLE, RULED

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Claim = Callable[[Rows, random.Random], None]
START = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=12)
LONG_BEFORE = timedelta(days=20)
"""Some orders are so much older: what befell their parcels is what is usual."""

WINDOWS = (1, 3)
OPEN_COLUMNS = {"attr_kind": pa.string(), "attr_size": pa.float64(), "audit_group": pa.string()}

WRITTEN = (
    "a", "It never arrived.", "We forgot it, sorry. We will refund you!", "We did not forget it.", "No me llegó",
    "没有收到", "是我们的错，会补发的。", "Fue nuestro error: le vamos a reembolsar",
    "Le colis 4711 n'est pas là, we will refund", "It is swollen and burned my hand", "Nobody was hurt",
)  # fmt: skip
"""What people write, and in worlds say to be in any language."""

FEW = {
    "buyer_id": ("b0", "b1"), "seller_id": ("s0", "s1"), "address_id": ("a0", "a1"), "device_id": ("d0",),
    "payment_id": ("p0", "p1"), "category": ("home", "beauty"), "sku": ("k0", "k1"), "carrier": ("u", "v"),
    "service": ("fast",), "lane": ("u|w>e", "v|e>w"), "attr_kind": ("x", "y"), "attr_size": (1.0, 2.0),
    "audit_group": ("m", "n"), "sha256": ("h0", "h1"), "phash": ("q0", "q1"),
    "language": ("en", "en-US", "zh", "es", "fr"),
    "claim_text": WRITTEN, "text": WRITTEN, "currency": ("USD",), "liable": RULED,
    "reason": ("late_delivery", "late_delivery", "damaged_item", "defective"),
    "basis": ("merits", "merits", "default", "settlement"), "provisional": (True, False, False),
    "overturned": (True, True, False), "paid_cents": (0, 100), "code": ("refused", "damaged", "Reject", "x"),
}  # fmt: skip
"""Columns of which few values are drawn, so that cases have much in common; the others follow their type."""

TELLING = {
    words.EVENT_KINDS: (
        ("label_created", "first_scan", "hub_in", "delivered", "delivered", "lost_declared", "found", "claim_opened"),
        (
            "delivered", "delivery_attempted", "exception", "address_changed", "seller_responded", "offer_made",
            "refund_issued", "chargeback_opened", "chargeback_closed",
        ),
    ),
    words.EVIDENCE_KINDS: (("item_photo", "fault_video", "packing_video"),),
}  # fmt: skip
"""Codes of which those are drawn that features, or facts, tell apart."""

VOLUME_KEYS = (("seller", "s0"), ("seller", "s9"), ("lane", "u|w>e"), ("carrier", "u"), ("buyer", "b1"))


class Drawing:
    """One world: ``cases`` of them, whose facts fall on a grid of ``steps`` instants."""

    def __init__(self, seed: int, cases: int, steps: int) -> None:
        self.rng = random.Random(seed)
        self.cases, self.steps = cases, steps
        self.gaps = self.rng.choice((0.0, 0.05, 0.2, 0.5))
        self.words: dict[Column, tuple[Any, ...]] = {}

    def at(self, first: int = 0) -> datetime:
        return START + STEP * self.rng.randint(first, max(first, self.steps))

    def few(self, column: Column) -> tuple[Any, ...]:
        """The values a column takes in this world."""
        if column not in self.words:
            by_type = {
                Type.CODE: self.codes(column.codes),
                Type.TEXT: ("t0", "t1"), Type.CENTS: (0, 100, 900), Type.COUNT: (1, 2), Type.FLAG: (True, False),
                Type.NUMBER: (0.0, 0.5, 3.0),
            }  # fmt: skip
            self.words[column] = FEW.get(column.name, by_type.get(column.type, ()))
        return self.words[column]

    def codes(self, among: words.Codes) -> tuple[str, ...]:
        """Some of the codes of a column."""
        telling = TELLING.get(among)
        return self.rng.choice(telling) if telling else tuple(self.rng.sample(among, min(3, len(among))))

    def row(self, table: Table, first: int, **given: Any) -> Row:
        """A row of a table that nothing of is known before the step ``first``; the rest is as ``given``."""
        row: Row = {}
        for column in table.columns:
            if column.name in given:
                row[column.name] = given[column.name]
            elif not column.required and self.rng.random() < self.gaps:
                row[column.name] = None
            elif column.type in (Type.INSTANT, Type.KNOWN):
                row[column.name] = self.at(first)
            else:
                row[column.name] = self.rng.choice(self.few(column))
        for earlier, later in table.order:
            if row[earlier] and row[later] and row[later] < row[earlier]:
                row[later] = row[earlier]
        if table.clock and table.clock_default and row[table.clock] is None and row[table.clock_default] is None:
            row[table.clock] = self.at(first)
        return row

    def world(self) -> Rows:
        """The rows of all tables; one that is missing was not supplied."""
        opened = [self.rng.randint(0, self.steps) for _ in range(self.cases)]
        rows: Rows = {name: [] for name in TABLES}
        for i, step in enumerate(opened):
            own: Row = {name: self.rng.choice((*FEW[name], None)) for name in OPEN_COLUMNS}
            order, line = self.rng.choice(("o0", "o1", f"o{i}", None)), self.rng.choice(("l0", "l1", None))
            case = {"case_id": f"c{i}", "opened_at": START + STEP * step, "order_id": order, "line_id": line}
            rows["cases"].append(self.row(TABLES["cases"], step, **case) | own)
            self.add_outcomes(rows, f"c{i}", step)
        for name in ("events", "evidence", "messages", "requests", "returns", "ledger"):
            rows[name] = self.facts(TABLES[name], opened)
        self.add_orders(rows)
        for kind, key in VOLUME_KEYS:
            for step in self.rng.sample(range(self.steps), min(self.steps, self.rng.randint(0, 3))):
                day = START + STEP * step
                volume = {"key_kind": kind, "key": key, "day": day, "delivered": self.rng.randint(0, 9)}
                rows["volumes"].append(self.row(TABLES["volumes"], step, **volume))
        optional = [name for name in TABLES if name != "cases" and self.rng.random() < 0.1]
        return {name: found for name, found in rows.items() if name not in optional}

    def add_outcomes(self, rows: Rows, case_id: str, opened: int) -> None:
        """Rulings on a case, at most one at an instant, and appeals."""
        made = {self.rng.randint(opened, self.steps + 2) for _ in range(self.rng.randint(0, 3))}
        for step in sorted(made):
            ruling = {"case_id": case_id, "ruled_at": START + STEP * step}
            rows["rulings"].append(self.row(TABLES["rulings"], step, **ruling))
        for step in self.rng.sample(range(opened, opened + self.steps + 4), self.rng.randint(0, 2)):
            appeal = {"case_id": case_id, "appealed_at": START + STEP * self.rng.randint(opened, step)}
            if all(appeal["appealed_at"] != row["appealed_at"] for row in rows["appeals"] if row["case_id"] == case_id):
                appeal["decided_at"] = START + STEP * step if self.rng.random() < 0.7 else None
                rows["appeals"].append(self.row(TABLES["appeals"], opened, **appeal))

    def facts(self, table: Table, opened: list[int]) -> list[Row]:
        """Rows of a table that belong to a case, or to an order where they may."""
        found = []
        for i in range(self.rng.randint(0, 3 * len(opened))):
            case = self.rng.randrange(len(opened))
            of: Row = {table.key[0]: f"{table.name}{i}", "case_id": f"c{case}"}
            first = opened[case]
            if "order_id" in table.belongs_to:
                of |= {"order_id": None}
                if self.rng.random() < 0.5:
                    of |= {"case_id": None, "order_id": self.rng.choice(("o0", "o1", f"o{case}"))}
                    first = 0
            found.append(self.row(table, first, **of))
        return found

    def add_orders(self, rows: Rows) -> None:
        """Versions of the lines of orders, never two of one line known at one instant."""
        seen = set()
        for order in ("o0", "o1", *(f"o{i}" for i in range(self.cases))):
            for _ in range(self.rng.randint(0, 3)):
                line = self.rng.choice(("l0", "l1", None))
                placed = self.at() - self.rng.choice((timedelta(0), LONG_BEFORE))
                since = self.rng.choice((None, self.at()))
                version = self.row(TABLES["orders"], 0, order_id=order, line_id=line, placed_at=placed, known_at=since)
                key = (order, line, version["known_at"] or version["placed_at"])
                if key not in seen:
                    seen.add(key)
                    rows["orders"].append(version)


def as_tables(rows: Rows) -> Tables:
    """Checked tables of these rows, with every column of the contract; a table that is missing is not supplied."""
    tables = {}
    for name, found in rows.items():
        columns = {c.name: ARROW[c.type] for c in TABLES[name].columns} | (OPEN_COLUMNS if name == "cases" else {})
        tables[name] = pa.Table.from_pylist(found, schema=pa.schema(list(columns.items())))
    return Tables(tables)


@pytest.fixture(params=["few", pytest.param("many", marks=pytest.mark.slow)])
def in_worlds(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Check ``claim(rows, rng)`` in a dozen worlds of up to 7 cases, and where tests may be slow in ``many`` of them.

    Their sizes shrink when a claim fails, the rest follows from a seed.
    """
    worlds = st.builds(
        lambda seed, cases, steps: Drawing(seed, cases, steps).world(),
        st.integers(0, 2**32), st.integers(1, 7), st.integers(1, 12),
    )  # fmt: skip

    def check(claim: Claim, *, many: int = 150) -> None:
        some = settings(max_examples=many if request.param == "many" else 12, deadline=None)
        some(given(worlds, st.randoms(use_true_random=False))(claim))()

    return check


@pytest.fixture(scope="session")
def fit_world() -> Callable[[Rows], tuple[Tables, Fitted]]:
    """The tables of a world, and what building every feature that they have needs; its text weights mean nothing."""

    def block(catalog: Catalog, steps: float) -> TextBlock:
        weights = np.random.default_rng(int(steps * 2)).integers(-9, 10, BUCKETS, np.int8)
        moved = {f.name: pack(np.roll(weights, i)) for i, f in enumerate(catalog) if f.family == "text"}
        return TextBlock(int((START + STEP * steps).timestamp()) * 1_000_000, moved)

    def fit(rows: Rows) -> tuple[Tables, Fitted]:
        tables = as_tables(rows)
        catalog = resolve_catalog(tables, LIABLE, WINDOWS)
        kept = {
            f.name: ("home", "x", "u", "en", "platform", "drop_off", "empty") for f in catalog if f.kind == "category"
        }
        return tables, Fitted(catalog, kept, WINDOWS, 2.0, tuple(block(catalog, steps) for steps in (1, 2.5, 6)))

    return fit


@pytest.fixture(scope="session")
def tables_of() -> Callable[[Rows], Tables]:
    """Rows by table as checked tables."""
    return as_tables


@pytest.fixture(scope="session")
def every_ask() -> Callable[[Tables], Asks]:
    """Asks about each case at its opening, and later by whole and half steps."""

    def ask(tables: Tables) -> Asks:
        opened = tables.instants("cases", "opened_at")
        later = np.array([0, 1, 2, 4, 8, 14]) * (int(STEP.total_seconds() * 1e6) // 2)
        case = np.repeat(np.arange(len(opened)), len(later))
        return asks_as_of(tables, case, opened[case] + np.tile(later, len(opened)))

    return ask


@pytest.fixture(scope="session")
def say() -> Callable[..., float | str | None]:
    """The value of a listed feature of the first case of these rows, so many hours after it was opened."""

    def say(name: str, rows: Rows, hours: float = 0.0) -> float | str | None:
        tables = as_tables(rows)
        feature = next(f for f, _ in LISTED if f.name == name)
        given = {word for found in rows.values() for row in found for word in row.values() if isinstance(word, str)}
        kept = tuple(sorted(given | set(words.MOMENTS)))
        as_of = tables.instants("cases", "opened_at")[:1] + int(hours * HOUR)
        asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), as_of)
        value = build(tables, asks, Fitted(Catalog((feature,)), {name: kept}, (), 1.0)).values[0, 0]
        if np.isnan(value):
            return None
        return (*kept, OTHER)[int(value)] if feature.kind == "category" else float(value)

    return say


@pytest.fixture(scope="session")
def causes_of() -> Callable[[Tables], dict[str, str]]:
    """By listed feature that is null at the opening of the first case the code that says why."""

    def causes(tables: Tables) -> dict[str, str]:
        catalog = Catalog(tuple(feature for feature, _ in LISTED))
        asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), tables.instants("cases", "opened_at")[:1])
        kept: dict[str, tuple[str, ...]] = {f.name: () for f in catalog}
        return {feature.name: why for feature, why in build(tables, asks, Fitted(catalog, kept, (), 1.0)).unknown(0)}

    return causes


@dataclass(frozen=True)
class Whole:
    """A raw table read to its end."""

    table: pa.Table
    source_rows: dict[str, int]
    not_taken: int | None
    notes: list[str]


@pytest.fixture(scope="session")
def read_whole() -> Callable[[Path, Path | None], dict[str, Whole]]:
    def read(data: Path, mapping: Path | None) -> dict[str, Whole]:
        found = {}
        for raw in raw_tables(data, mapping, lambda said: None):
            table = pa.concat_tables(list(raw.batches))
            found[raw.name] = Whole(table, raw.source_rows, raw.not_taken(table.num_rows), raw.notes)
        return found

    return read
