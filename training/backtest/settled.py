"""Which cases are tried again: those that somebody ruled on, each asked about at the instant just before.

The ruling that counts is the first one for good, on the merits, that says whose fault it was; an appeal of it, a later
ruling and whatever else became known later has no part in it.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks, asks_as_of
from features.tables import NEVER, NULL_INSTANT, Instants, Tables
from training.labels import liable_places, on_merits

STATES: Final = (
    "tried again", "not ruled on", "not ruled on the merits", "ruled on without naming who is at fault",
    "ruled on outside the days asked for", "ruled on the moment it was opened",
)  # fmt: skip
"""What became of each case; only the first is tried again."""
TRIED, UNRULED, NOT_MERITS, NOBODY, OUTSIDE, AT_ONCE = range(len(STATES))

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """From which instant on, and before which, rulings count; microseconds UTC."""

    start: int = NULL_INSTANT
    end: int = NEVER

    @property
    def starts(self) -> bool:
        """Whether it has a beginning."""
        return self.start != NULL_INSTANT

    @property
    def ends(self) -> bool:
        """Whether it has an end."""
        return self.end != NEVER


@dataclass(frozen=True, slots=True)
class Settled:
    """The cases that are tried again, in the order of the data.

    Attributes
    ----------
    asks
        One for each, at the last instant before its ruling.
    liable
        (asks,) whose fault the arbitrator found, a place in LIABLE.
    state
        (cases,) what became of each case of the data, a place in STATES.
    """

    asks: Asks
    liable: Places
    state: Places

    def counts(self) -> dict[str, int]:
        """How many cases of the data are in each state."""
        found = np.bincount(self.state, minlength=len(STATES))
        return {name: int(n) for name, n in zip(STATES, found, strict=True)}


def settled(tables: Tables, span: Span) -> Settled:
    """The cases that are tried again, from what was ruled in the span."""
    case, at = tables.case_rows("rulings"), tables.instants("rulings", "ruled_at")
    final = (case >= 0) & (at != NULL_INSTANT) & (np.nan_to_num(tables.numbers("rulings", "provisional")) == 0)
    merits = final & on_merits(tables)
    liable = liable_places(tables, "rulings", "liable")
    names = np.flatnonzero(merits & (liable >= 0))

    n = tables.count("cases")
    ruling = _first(names, case, at, n)
    tried = ruling >= 0
    ruled_at = np.append(at, NULL_INSTANT)[ruling]
    state = np.full(n, UNRULED)
    state[case[final]] = NOT_MERITS
    state[case[merits]] = NOBODY
    state[tried] = TRIED
    state[tried & (tables.instants("cases", "opened_at") >= ruled_at)] = AT_ONCE
    state[tried & ((ruled_at < span.start) | (ruled_at >= span.end))] = OUTSIDE
    rows = np.flatnonzero(state == TRIED)
    return Settled(asks_as_of(tables, rows, ruled_at[rows] - 1), liable[ruling[rows]], state)


def _first(rulings: Places, case: Places, at: Instants, cases: int) -> Places:
    """Of these rulings the row of the first one of each case, -1 where it has none: (cases,)."""
    found = np.full(cases, -1)
    latest_first = rulings[np.argsort(-at[rulings], kind="stable")]
    found[case[latest_first]] = latest_first  # of several writes to one place the last one stays
    return found
