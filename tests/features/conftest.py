"""Small worlds of a few cases in which everything ties, is null or comes late; for properties of features.

``draw_world``   draw such a world as rows by table
``fit_world``    its tables in Arrow, and a Fitted that asks for every feature these have
``every_ask``    asks about every case of a world at every instant at which anything happens, and just beside
"""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import strategies as st

from features.asks import Asks, asks_as_of
from features.build import Fitted, resolve_catalog
from features.contract import TABLES
from features.tables import ARROW, Tables
from features.vocabulary import LIABLE, RULED

Rows = dict[str, list[dict[str, Any]]]
START = datetime(2025, 1, 1, tzinfo=UTC)
STEP = timedelta(hours=12)
WINDOWS = (1, 3)


def _rows(rng: random.Random, cases: int, steps: int) -> Rows:
    def at(first: int = 0) -> datetime:
        return START + STEP * rng.randint(first, max(first, steps))

    def one(*values: Any) -> Any:
        return rng.choice([*values, None])

    def given(value: Any) -> Any:
        return value if rng.random() < 0.7 else None

    rows: Rows = {name: [] for name in ("cases", "orders", "rulings", "appeals", "volumes")}
    for i in range(cases):
        opened = rng.randint(0, steps)
        rows["cases"].append(
            {
                "case_id": f"c{i}", "opened_at": START + STEP * opened, "escalated_at": given(at(opened)),
                "evidence_closed_at": given(at(opened)), "order_id": one("o0", "o1", f"o{i}"),
                "line_id": one("l0", "l1"), "buyer_id": one("b0", "b1"), "seller_id": one("s0", "s1"),
                "reason": one("defective", "fit_style"), "stage": one("request"), "initiator": one("buyer"),
                "claimed_cents": one(0, 100, 900), "refund_already_cents": one(50), "claim_text": one("a", "bcd"),
                "language": one("en", "zh"), "remedy_asked": one("exchange"), "address_id": one("a0", "a1"),
                "device_id": one("d0"), "payment_id": one("p0", "p1"), "attr_kind": one("x", "y"),
                "attr_size": one(1.0, 2.0), "audit_group": one("m", "n"),
            }
        )  # fmt: skip
        made = {START + STEP * rng.randint(opened, steps + 2) for _ in range(rng.randint(0, 3))}
        for ruled in sorted(made):
            rows["rulings"].append(
                {
                    "case_id": f"c{i}", "ruled_at": ruled, "liable": one(*RULED),
                    "provisional": one(True, False, False),
                    "basis": one("merits", "merits", "default", "settlement"),
                }
            )  # fmt: skip
        decided = rng.sample(range(opened, opened + steps + 4), rng.randint(0, 2))
        for number in decided:
            rows["appeals"].append(
                {
                    "case_id": f"c{i}", "appealed_at": START + STEP * opened,
                    "decided_at": given(START + STEP * number),
                    "overturned": one(True, True, False), "liable_after": one(*RULED),
                }
            )  # fmt: skip
    seen = set()
    for order in ("o0", "o1", *(f"o{i}" for i in range(cases))):
        for _ in range(rng.randint(0, 3)):
            line, known, placed = one("l0", "l1"), given(at()), at()
            key = (order, line, known or placed)
            if key not in seen:
                seen.add(key)
                rows["orders"].append(
                    {
                        "order_id": order, "line_id": line, "known_at": known, "placed_at": placed,
                        "promised_at": given(at()), "category": one("home", "beauty"), "sku": one("k0", "k1"),
                        "quantity": one(1, 2), "unit_price_cents": one(100), "paid_cents": one(0, 100),
                        "seller_discount_cents": one(10), "platform_discount_cents": one(20), "carrier": one("u", "v"),
                        "service": one("fast"), "lane": one("u|w>e", "v|e>w"), "fulfilment": one("seller_shipped"),
                        "label_owner": one("seller"),
                    }
                )  # fmt: skip
    for kind, key in (("seller", "s0"), ("seller", "s9"), ("lane", "u|w>e"), ("carrier", "u"), ("buyer", "b1")):
        for day in rng.sample(range(steps), min(steps, rng.randint(0, 3))):
            day_end = START + STEP * day
            rows["volumes"].append(
                {"key_kind": kind, "key": key, "day": day_end, "delivered": rng.randint(0, 9), "known_at": given(at())}
            )
    return rows


def as_tables(rows: Rows) -> Tables:
    """Checked tables of these rows; a table without rows is not supplied."""
    tables = {}
    for name, found in rows.items():
        known = {c.name: ARROW[c.type] for c in TABLES[name].columns}
        own = {"attr_kind": pa.string(), "attr_size": pa.float64(), "audit_group": pa.string()}
        if found:
            names = list(dict.fromkeys(column for row in found for column in row))
            schema = pa.schema([(column, {**known, **own}[column]) for column in names])
            tables[name] = pa.Table.from_pylist(found, schema=schema)
    return Tables(tables)


@pytest.fixture(scope="session")
def draw_world() -> st.SearchStrategy[Rows]:
    """Worlds of up to 7 cases; their sizes shrink, the rest follows from a seed."""
    return st.builds(
        lambda seed, cases, steps: _rows(random.Random(seed), cases, steps),
        st.integers(0, 2**32), st.integers(1, 7), st.integers(1, 12),
    )  # fmt: skip


@pytest.fixture(scope="session")
def fit_world() -> Callable[[Rows], tuple[Tables, Fitted]]:
    """The tables of a world, and what building every feature that they have needs."""

    def fit(rows: Rows) -> tuple[Tables, Fitted]:
        tables = as_tables(rows)
        catalog = resolve_catalog(tables, LIABLE, WINDOWS)
        kept = {f.name: ("home", "x", "u", "en") for f in catalog if f.kind == "category"}
        return tables, Fitted(catalog, kept, WINDOWS, 2.0)

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
        later = np.array([0, 1, 2, 5, 9, 17]) * (int(STEP.total_seconds() * 1e6) // 2)
        case = np.repeat(np.arange(len(opened)), len(later))
        return asks_as_of(tables, case, opened[case] + np.tile(later, len(opened)))

    return ask
