"""How large the seller of a case was, and how long its buyer had been known, as known when it was asked about.

A seller's size is its delivered orders of the last 90 days; a buyer is known since the first delivery counted, the
first claim opened, or the order of this case. Without the columns for it nothing is known of either.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.asks import Asks
from features.tables import DAY, NEVER, NULL_INSTANT, Instants, Tables, positions_in
from features.timeline import Clock, Ranked
from features.view import View
from features.vocabulary import REASONS

Places = NDArray[np.int64]

QUARTER: Final = 90

SIZES: Final = ("small: under 500 orders delivered in 90 days", "medium: 500 to 1,999", "large: 2,000 or more")
ORDERS: Final = (500, 2_000)
"""From how many orders on a seller is of the next size."""

TENURES: Final = ("new: known for under 90 days", "90 days to a year", "over a year")
DAYS: Final = (90, 365)
"""From how many days on a buyer is of the next tenure."""

NOT_KNOWN: Final = "not known"


@dataclass(frozen=True, slots=True)
class Cohorts:
    """One way to divide asks: (asks,) the place of each in ``names``; the last name is that nothing is known."""

    title: str
    names: tuple[str, ...]
    place: Places


def cohorts(tables: Tables, asks: Asks, *, volumes: Tables) -> tuple[Cohorts, ...]:
    """The asks by reason claimed, by the size of the seller and by how long the buyer has been known.

    ``volumes`` are the tables that have the counts of deliveries, if any have.
    """
    return (
        Cohorts("reason", (*REASONS, NOT_KNOWN), _reason(tables, asks)),
        Cohorts("seller size", (*SIZES, NOT_KNOWN), _seller_size(tables, asks, _of_kind(volumes, "seller"))),
        Cohorts("buyer tenure", (*TENURES, NOT_KNOWN), _buyer_tenure(tables, asks, _of_kind(volumes, "buyer"))),
    )


def _reason(tables: Tables, asks: Asks) -> Places:
    words = tables.codes("cases", "reason")
    places = np.array([*(REASONS.index(value) for value in words[1]), len(REASONS)])
    return places[words[0][asks.case]]


def _seller_size(tables: Tables, asks: Asks, volumes: Tables) -> Places:
    if not volumes.supplied("volumes"):
        return np.full(len(asks), len(SIZES))
    codes, sellers = tables.codes("cases", "seller_id")
    sold, seller = _Sold.of(volumes, sellers), codes[asks.case]
    orders = sold.before(seller, asks.as_of) - sold.before(seller, asks.as_of - QUARTER * DAY)
    return np.where(seller < 0, len(SIZES), np.searchsorted(ORDERS, orders, side="right"))


def _buyer_tenure(tables: Tables, asks: Asks, volumes: Tables) -> Places:
    """What became known first of a buyer was known by now: the claim asked about was opened before."""
    buyer, buyers = tables.codes("cases", "buyer_id")
    first = np.full(len(buyers) + 1, NEVER)
    np.minimum.at(first, buyer, tables.instants("cases", "opened_at"))
    key = positions_in(volumes.array("volumes", "key"), pa.array(buyers, pa.string()))
    np.minimum.at(first, key, volumes.clock("volumes"))
    ours = buyer[asks.case]
    placed = View(tables, asks).order_instants("placed_at")
    since = np.minimum(first[ours], np.where(placed == NULL_INSTANT, NEVER, placed))
    tenure = np.searchsorted(np.array(DAYS) * DAY, asks.as_of - since, side="right")
    return np.where(ours < 0, len(TENURES), tenure)


class _Sold:
    """Orders delivered by key, as they became known."""

    def __init__(self, key: Places, known: Instants, delivered: Places) -> None:
        self._clock = Clock(known)
        self._ranked = Ranked(key, self._clock)
        self._sums = np.append(0, np.cumsum(delivered[self._clock.order[self._ranked.places()]]))

    @classmethod
    def of(cls, volumes: Tables, keys: list[str]) -> Self:
        """What was delivered by keys, a code each."""
        key = positions_in(volumes.array("volumes", "key"), pa.array(keys, pa.string()))
        return cls(
            key, volumes.clock("volumes"), np.nan_to_num(volumes.numbers("volumes", "delivered")).astype(np.int64)
        )

    def before(self, key: Places, instant: Instants) -> Places:
        """Orders of each key that were known before an instant; only differences for one key mean anything."""
        return np.asarray(self._sums[self._ranked.find(np.maximum(key, 0), self._clock.before(instant))])


def _of_kind(tables: Tables, kind: str) -> Tables:
    """The deliveries counted for one kind of key."""
    if not tables.supplied("volumes"):
        return Tables({})
    volumes = tables["volumes"].drop_columns(["key_kind"])
    return Tables({"volumes": volumes.filter(pc.equal(tables["volumes"].column("key_kind"), kind))})
