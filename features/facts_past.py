"""Facts of the past of the parties in other cases, as known before the instant asked about; counted, never weighed."""

from collections.abc import Callable
from typing import Final

import numpy as np

from features.counts import Asked, KeyCounts
from features.fact import PLATFORM, ListedFact, Telling, number
from features.history import History
from features.outcomes import MEASURES
from features.own_rows import supplied
from features.tables import Numbers, Tables
from features.view import View

QUARTER: Final = 90
YEAR: Final = 365


def buyer_claims_90d(view: View) -> Numbers:
    """How many other cases of the buyer were opened in the last 90 days."""
    return _counted(view, "buyer", lambda past: past.opened((QUARTER,))[0])


def buyer_faults_365d(view: View) -> Numbers:
    """How many other cases of the buyer were ruled to be its fault on the merits in the last 365 days."""
    return _counted(view, "buyer", lambda past: _rulings(past, "buyer", YEAR))


def seller_defaults_90d(view: View) -> Numbers:
    """How many other cases of the seller were ruled on by default in the last 90 days."""
    return _counted(view, "seller", lambda past: _rulings(past, "default", QUARTER))


def _rulings(past: KeyCounts, measure: str, days: int) -> Numbers:
    place = MEASURES.index(measure)
    return np.asarray(past.rulings((days,), (place, place + 1))[0, 0])


def _counted(view: View, key: str, count: Callable[[KeyCounts], Numbers]) -> Numbers:
    past = view.once(_asked).of(key)
    found = np.asarray(count(past), dtype=np.float64)
    found[past.lacking] = np.nan
    return found


def _asked(view: View) -> Asked:
    told = view.past.once(_told)
    return Asked(told.once(_history), told if view.tables is view.past else view.tables, view.asks)


def _told(past: Tables) -> Tables:
    """The tables that are counted; deliveries are not, and sorting those would take longest."""
    return Tables({name: past[name] for name in past.names if name in ("cases", "rulings", "appeals")})


def _history(told: Tables) -> History:
    return History(told, ("buyer", "seller"), (QUARTER, YEAR))


def _past(compute: Callable[[View], Numbers], *reads: str, also: tuple[str, ...] = ()) -> ListedFact:
    def where_told(view: View) -> Numbers:
        told = all(supplied(view.past, column) for column in reads)
        return compute(view) if told else np.full(len(view.asks), np.nan)

    where_told.__doc__ = compute.__doc__
    return number(compute.__name__, "cases", where_told, Telling(reads[:1], PLATFORM, also=(*reads[1:], *also)))


_STANDING: Final = ("rulings.provisional", "appeals.decided_at", "appeals.overturned", "appeals.liable_after")
"""By what a ruling stands or falls."""

PAST_FACTS: Final[tuple[ListedFact, ...]] = (
    _past(buyer_claims_90d, "cases.buyer_id", "cases.opened_at"),
    _past(buyer_faults_365d, "cases.buyer_id", "rulings.ruled_at", "rulings.liable", also=_STANDING),
    _past(seller_defaults_90d, "cases.seller_id", "rulings.ruled_at", "rulings.basis", also=_STANDING),
)
