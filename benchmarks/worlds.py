"""Worlds of any size in seconds: cases, orders, rulings, appeals and deliveries with keys as skewed as real ones.

Nothing here is like a real dispute but the shape: how many cases a seller has, how late rulings come, how often
instants tie, and that reasons, sellers and carriers tell something of who is liable. Instants are whole seconds, so
that ties occur.
"""

from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from features.contract import TABLES
from features.tables import ARROW
from features.vocabulary import LIABLE, REASONS

Codes = NDArray[np.int64]

START: Final = 1_700_000_000  # seconds
DAY: Final = 86_400
DAYS: Final = 600
"""How long the history of a world is."""

CARRIERS: Final = 8
REGIONS: Final = 10


def world(cases: int, *, seed: int = 1, unruled: float = 0.05) -> dict[str, pa.Table]:
    """Tables in contract types; about 60 % of the cases are escalated."""
    rng = np.random.default_rng(seed)
    opened = np.sort(rng.integers(0, DAYS * DAY, cases))
    sellers = max(10, cases // 40)
    seller, buyer = _skewed(rng, sellers, cases), rng.integers(0, max(10, cases // 2), cases)
    reason, carrier = _skewed(rng, len(REASONS), cases), _skewed(rng, CARRIERS, cases)
    ruled = opened + 3 * DAY + rng.integers(0, 20 * DAY, cases)
    tables = {
        "cases": _cases(rng, opened, seller, buyer, reason),
        "orders": _orders(rng, opened, carrier, max(10, cases // 8)),
        "rulings": _rulings(rng, ruled, _liable(rng, reason, seller, carrier), unruled),
        "appeals": _appeals(rng, ruled),
        "volumes": _volumes(rng, sellers),
    }
    return {name: _as_contract(name, columns) for name, columns in tables.items()}


def save_world(raw: dict[str, pa.Table], folder: Path) -> None:
    """Write the tables where the program reads them: one Parquet file each."""
    folder.mkdir()
    for name, table in raw.items():
        pq.write_table(table, folder / f"{name}.parquet")


def _liable(rng: np.random.Generator, reason: Codes, seller: Codes, carrier: Codes) -> Codes:
    """Mostly whom the reason points at; else the seller, the carrier or the buyer, as careless as the first two are."""
    careless, clumsy = rng.random(seller.max() + 1) < 0.3, rng.random(CARRIERS) < 0.3
    else_liable = np.where(
        careless[seller],
        LIABLE.index("seller"),
        np.where(clumsy[carrier], LIABLE.index("carrier"), LIABLE.index("buyer")),
    )
    return np.where(rng.random(len(reason)) < 0.55, reason % len(LIABLE), else_liable)


def _cases(rng: np.random.Generator, opened: Codes, seller: Codes, buyer: Codes, reason: Codes) -> dict[str, pa.Array]:
    n = len(opened)
    escalated = opened + DAY + rng.integers(0, 2 * DAY, n)
    tier = seller % 5
    return {
        "case_id": _ids("c", np.arange(n)),
        "opened_at": _instants(opened),
        "escalated_at": _instants(escalated, rng.random(n) < 0.6),
        "order_id": _ids("o", np.arange(n)),
        "buyer_id": _ids("b", buyer),
        "seller_id": _ids("s", seller),
        "reason": _words(REASONS, reason),
        "claimed_cents": pa.array(rng.integers(500, 20_000, n)),
        "address_id": _ids("a", np.where(rng.random(n) < 0.1, rng.integers(0, 100, n), buyer)),
        "device_id": _ids("d", buyer, rng.random(n) < 0.9),
        "payment_id": _ids("p", buyer),
        "attr_tier": _words(("new", "bronze", "silver", "gold", "top"), tier),
        "attr_score": pa.array(rng.normal(size=n)),
    }


def _orders(rng: np.random.Generator, opened: Codes, carrier: Codes, skus: int) -> dict[str, pa.Array]:
    n = len(opened)
    placed = opened - rng.integers(3 * DAY, 30 * DAY, n)
    sku = _skewed(rng, skus, n)
    route = rng.integers(0, REGIONS * REGIONS, n)
    paid = rng.integers(500, 20_000, n)
    return {
        "order_id": _ids("o", np.arange(n)),
        "known_at": _instants(placed),
        "placed_at": _instants(placed),
        "promised_at": _instants(placed + 7 * DAY),
        "category": _ids("category", sku % 40),
        "sku": _ids("k", sku),
        "quantity": pa.array(np.ones(n, dtype=np.int64)),
        "unit_price_cents": pa.array(paid),
        "paid_cents": pa.array(paid),
        "fulfilment": _words(("seller_shipped", "platform_shipped"), rng.integers(0, 2, n)),
        "carrier": _ids("carrier", carrier),
        "service": _words(("ground", "express", "economy"), rng.integers(0, 3, n)),
        "lane": _ids("lane", carrier * REGIONS * REGIONS + route),
    }


def _rulings(rng: np.random.Generator, ruled: Codes, liable: Codes, unruled: float) -> dict[str, pa.Array]:
    made = np.flatnonzero(rng.random(len(ruled)) >= unruled)
    n = len(made)
    default = rng.random(n) < 0.08
    return {
        "case_id": _ids("c", made),
        "ruled_at": _instants(ruled[made]),
        "liable": _words(LIABLE, liable[made]),
        "basis": _words(("merits", "default"), default.astype(np.int64)),
    }


def _appeals(rng: np.random.Generator, ruled: Codes) -> dict[str, pa.Array]:
    made = np.flatnonzero(rng.random(len(ruled)) < 0.03)
    n = len(made)
    turned = rng.random(n) < 0.3
    return {
        "case_id": _ids("c", made),
        "appealed_at": _instants(ruled[made] + DAY),
        "decided_at": _instants(ruled[made] + 2 * DAY + rng.integers(0, 60 * DAY, n)),
        "overturned": pa.array(turned),
        "liable_after": _words(LIABLE, rng.integers(0, len(LIABLE), n), turned),
    }


def _volumes(rng: np.random.Generator, sellers: int) -> dict[str, pa.Array]:
    """Deliveries of each seller, by the month."""
    months = DAYS // 30
    day = np.repeat(np.arange(months) * 30 * DAY, sellers)
    n = len(day)
    return {
        "key_kind": _words(("seller",), np.zeros(n, dtype=np.int64)),
        "key": _ids("s", np.tile(np.arange(sellers), months)),
        "day": _instants(day),
        "delivered": pa.array(rng.integers(0, 400, n)),
        "known_at": _instants(day + DAY),
    }


def _skewed(rng: np.random.Generator, kinds: int, n: int) -> Codes:
    """Codes of which few are very common: the k-th about 1 / k times as often as the first."""
    return np.asarray(np.minimum(np.exp(rng.random(n) * np.log(kinds + 1)), kinds).astype(np.int64) - 1)


def _ids(prefix: str, codes: Codes, given: NDArray[np.bool_] | None = None) -> pa.Array:
    names = pa.array([f"{prefix}{i}" for i in range(int(codes.max(initial=-1)) + 1)], pa.string())
    return _coded(names, codes, given)


def _words(words: tuple[str, ...], codes: Codes, given: NDArray[np.bool_] | None = None) -> pa.Array:
    return _coded(pa.array(words, pa.string()), codes, given)


def _coded(names: pa.Array, codes: Codes, given: NDArray[np.bool_] | None) -> pa.Array:
    return names.take(pa.array(codes, mask=None if given is None else ~given))


def _instants(seconds: Codes, given: NDArray[np.bool_] | None = None) -> pa.Array:
    microseconds = (START + seconds) * 1_000_000
    return pa.array(microseconds, mask=None if given is None else ~given).cast(pa.timestamp("us", tz="UTC"))


def _as_contract(name: str, columns: dict[str, pa.Array]) -> pa.Table:
    known = {c.name: ARROW[c.type] for c in TABLES[name].columns}
    return pa.table({n: v.cast(known.get(n, v.type)) for n, v in columns.items()})
