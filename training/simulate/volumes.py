"""The table ``volumes``: all deliveries, disputed or not, by seller, buyer, product, lane, carrier and category.

Busy keys are counted by the day, sellers by the week, buyers and products by four weeks: reported in lumps, as most
teams do, on the last day of each, and known at its end.
"""

from typing import Final

import numpy as np
import pyarrow as pa

from features.tables import DAY
from features.vocabulary import KEY_KINDS
from training.simulate.block import Block
from training.simulate.calendar import Calendar
from training.simulate.columns import Ints
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.products import PER_SELLER
from training.simulate.routes import CARRIERS, LANES
from training.simulate.rows import Ids, cents, instants, rows, words
from training.simulate.sellers import CATEGORIES

LUMP_DAYS: Final = {"carrier": 1, "lane": 1, "category": 1, "seller": 7, "sku": 28, "buyer": 28}


class Volumes:
    """Counts of what all blocks share, added up block by block; buyers belong to one block and are written with it."""

    def __init__(self, market: Market) -> None:
        self._market = market
        n = len(market.sellers)
        keys = {
            "seller": n,
            "sku": n * PER_SELLER,
            "lane": len(LANES),
            "carrier": len(CARRIERS),
            "category": len(CATEGORIES),
        }
        self._counts = {k: np.zeros((size, _lumps(market.calendar, k)), dtype=np.int32) for k, size in keys.items()}

    def add(self, block: Block) -> None:
        """Count the deliveries of a block, its twins' included."""
        people, cal, used = block.population, self._market.calendar, block.orders_used
        twins = block.disputes.seen.life.take(np.flatnonzero(block.twin))
        own = people.sold.take(slice(0, used)), people.door.take(slice(0, used))
        for sold, door in (own, (twins.sold, twins.door)):
            came = np.flatnonzero(door.delivered & (door.delivered_at < cal.end))
            day = cal.day(door.delivered_at[came])
            for kind, key in self._keys(sold.take(came)).items():
                counts = self._counts[kind]
                cell = key * counts.shape[1] + day // LUMP_DAYS[kind]
                counts += np.bincount(cell, minlength=counts.size).reshape(counts.shape).astype(np.int32)

    def _keys(self, sold: Orders) -> dict[str, Ints]:
        category = self._market.products.category[sold.product]
        return {
            "seller": sold.seller,
            "sku": sold.product,
            "lane": sold.lane,
            "carrier": sold.carrier,
            "category": category,
        }

    def shared_table(self, ids: Ids) -> pa.Table:
        """The rows of everything but buyers."""
        names = {
            "seller": lambda key: ids.of("s", key),
            "sku": lambda key: ids.of("k", key),
            "lane": lambda key: words(key, LANES),
            "carrier": lambda key: words(key, CARRIERS),
            "category": lambda key: words(key, CATEGORIES),
        }
        parts = []
        for kind, counts in self._counts.items():
            key, lump = np.nonzero(counts)
            parts.append(
                _table(self._market.calendar, kind, names[kind](key), lump, counts[key, lump].astype(np.int64))
            )
        return pa.concat_tables(parts)

    def buyers_table(self, block: Block, ids: Ids) -> pa.Table:
        """The rows of the buyers of a block that have a case."""
        cal, door, sold = self._market.calendar, block.population.door, block.population.sold
        life = block.disputes.seen.life
        used = np.flatnonzero(door.delivered[: block.orders_used] & (door.delivered_at[: block.orders_used] < cal.end))
        lumps = _lumps(cal, "buyer")
        cell = sold.buyer[used] * lumps + cal.day(door.delivered_at[used]) // LUMP_DAYS["buyer"]
        size = len(block.population.people.buyers)
        counts = np.bincount(cell, minlength=size * lumps).reshape(size, lumps)
        name, case = np.unique(block.names.buyer, return_index=True)
        of_case, lump = np.nonzero(counts[life.sold.buyer[case]])
        return _table(cal, "buyer", ids.of("b", name[of_case]), lump, counts[life.sold.buyer[case[of_case]], lump])


def _lumps(cal: Calendar, kind: str) -> int:
    return -(-cal.days // LUMP_DAYS[kind])


def _table(cal: Calendar, kind: str, key: pa.Array, lump: Ints, delivered: Ints) -> pa.Table:
    last = np.minimum((lump + 1) * LUMP_DAYS[kind], cal.days) - 1
    day = cal.start + last * DAY
    kinds = words(np.full(len(lump), KEY_KINDS.index(kind)), KEY_KINDS)
    known = instants(day + DAY - 1)
    return rows(
        "volumes",
        {"key_kind": kinds, "key": key, "day": instants(day), "delivered": cents(delivered), "known_at": known},
        cal.end,
    )
