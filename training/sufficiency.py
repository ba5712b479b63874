"""Whether what was known at an ask was enough to rule on: the labels of the second head, from what happened next.

What happened next is the first ruling or request after the ask. A request says that something was lacking. A ruling on
nothing but what had been known says that it was enough, unless the ruling itself, a later ruling, or an appeal with
new evidence says otherwise. Where new facts came in between, nothing is said either way.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.own_rows import Flags, OwnRows
from features.tables import NEVER, NULL_INSTANT, Instants, Tables
from features.timeline import Timeline
from training.labels import LABEL, NOBODY, Labels, counting_rulings

INSUFFICIENT, SUFFICIENT = 0, 1

SAYINGS: Final = (
    "sufficient: ruled on at once",
    "insufficient: something was asked for",
    "insufficient: the ruling says so",
    "insufficient: the provisional ruling was another",
    "insufficient: overturned on new evidence",
    "no label: facts came in before the ruling",
    "no label: a provisional ruling that stood",
    "no label: nothing came after",
    "no label: the final ruling is none on the merits, or still open to appeal",
)
"""What is said of each ask, and why."""
ENOUGH, ASKED, LACKED, ANOTHER, OVERTURNED, NOT_QUIET, STOOD, NOTHING, OPEN = range(len(SAYINGS))

_CLOCKS: Final = {
    "events": (),
    "evidence": (),
    "messages": (),
    "requests": ("answered_at",),
    "returns": ("dropped_off_at", "first_scan_at", "received_at", "graded_at"),
}
"""Of each table the instants at which its rows tell something more; a row of the others tells all when it is known."""


def sufficiency(tables: Tables, asks: Asks, labels: Labels) -> tuple[NDArray[np.int64], dict[str, int]]:
    """For each ask (asks,) SUFFICIENT, INSUFFICIENT or -1, and how often each thing was said.

    ``labels`` are those known at the instant that nothing may be looked at after.
    """
    said = _said(tables, asks, labels)
    found = np.full(len(asks), -1)
    found[said == ENOUGH] = SUFFICIENT
    found[np.isin(said, (ASKED, LACKED, ANOTHER, OVERTURNED))] = INSUFFICIENT
    counts = np.bincount(said, minlength=len(SAYINGS))
    return found, {name: int(n) for name, n in zip(SAYINGS, counts, strict=True)}


def _said(tables: Tables, asks: Asks, labels: Labels) -> NDArray[np.int64]:
    rulings, requests = _Next.ruling(tables, asks, labels.until), _Next.request(tables, asks, labels.until)
    first = np.minimum(rulings.at, requests.at)
    quiet = _quiet(tables, asks, first)
    final_at = labels.ruled_at[asks.case]
    ruled, final = rulings.at <= requests.at, rulings.at == final_at
    lacked = np.append(tables.numbers("rulings", "evidence_sufficient"), np.nan)[rulings.row] == 0
    liable = np.append(tables.codes("rulings", "liable")[0], -1)
    another = liable[rulings.row] != liable[counting_rulings(tables, labels.until)[asks.case]]
    said = np.full(len(asks), NOT_QUIET)
    at_once = quiet & ruled
    said[at_once] = np.where(final, ENOUGH, np.where(another, ANOTHER, STOOD))[at_once]
    said[at_once & lacked] = LACKED
    said[~ruled] = ASKED
    said[first == NEVER] = NOTHING
    said[_overturned(tables, labels)[asks.case]] = OVERTURNED
    said[~np.isin(labels.state[asks.case], (LABEL, NOBODY))] = OPEN
    said[final_at <= asks.as_of] = NOTHING
    return said


@dataclass(frozen=True, slots=True)
class _Next:
    """The first row of a kind after each ask: its instant, NEVER where there is none, and its row, -1 then."""

    at: Instants
    row: NDArray[np.int64]

    @classmethod
    def ruling(cls, tables: Tables, asks: Asks, until: int) -> "_Next":
        return cls._of(tables, "rulings", "ruled_at", asks, until)

    @classmethod
    def request(cls, tables: Tables, asks: Asks, until: int) -> "_Next":
        return cls._of(tables, "requests", "asked_at", asks, until)

    @classmethod
    def _of(cls, tables: Tables, table: str, clock: str, asks: Asks, until: int) -> "_Next":
        if not tables.count(table):
            return cls(np.full(len(asks), NEVER), np.full(len(asks), -1))
        case, at = tables.case_rows(table), tables.instants(table, clock)
        rows = np.flatnonzero((case >= 0) & (at != NULL_INSTANT) & (at < until))
        line = Timeline(case[rows], at[rows])
        place = line.before(asks.case, asks.as_of + 1)
        there = place < line.start(asks.case + 1)
        row = np.append(rows[line.order], -1)[np.where(there, place, len(rows))]
        return cls(np.where(there, np.append(at, NEVER)[row], NEVER), row)


def _quiet(tables: Tables, asks: Asks, until: Instants) -> Flags:
    """Whether no fact of its own case became known after each ask and before the instant given for it."""
    there = np.flatnonzero(until != NEVER)
    before = asks.take(there)
    after = Asks(before.case, until[there] - 1, before.moment)
    found = np.zeros(len(asks), dtype=bool)
    found[there] = _facts(tables, before) == _facts(tables, after)
    return found


def _facts(tables: Tables, asks: Asks) -> NDArray[np.int64]:
    """How many things are known of each ask's own case, requests themselves not counted: (asks,)."""
    count = np.zeros(len(asks), dtype=np.int64)
    for table, clocks in _CLOCKS.items():
        if tables.supplied(table):
            rows = OwnRows(tables, asks, table)
            told = [rows.instants(clock) != NULL_INSTANT for clock in clocks] or [np.ones(len(rows.ask), dtype=bool)]
            count += sum(np.bincount(rows.ask[known], minlength=len(asks)) for known in told)
    return count


def _overturned(tables: Tables, labels: Labels) -> Flags:
    """Of each case whether an appeal that brought new evidence overturned its final ruling."""
    found = np.zeros(tables.count("cases"), dtype=bool)
    if not tables.count("appeals"):
        return found
    case, decided = tables.case_rows("appeals"), tables.instants("appeals", "decided_at")
    turned = (tables.numbers("appeals", "overturned") == 1) & (tables.numbers("appeals", "new_evidence") == 1)
    rows = np.flatnonzero(turned & (case >= 0) & (decided != NULL_INSTANT) & (decided < labels.until))
    rows = rows[decided[rows] >= labels.ruled_at[case[rows]]]
    found[case[rows]] = True
    return found
