"""Two policies tried on the same settled cases, slice by slice, with nothing known that came after each ruling.

Both see the same facts, found once. No model has a part in it: where a policy says nothing about fault, both go by what
the arbitrator found.
"""

from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.in_order import in_order
from features.own_rows import TOLD
from features.owned import Owned
from features.sparing import SparingTables
from features.tables import Tables
from features.terminal import BadInput, Tell
from features.view import View
from models.hearing import days_of, speaks, told_what_is_read
from models.policy import Policy
from training.backtest.cohorts import Cohorts, cohorts
from training.backtest.flips import Change, changes
from training.backtest.intervals import Units, units
from training.backtest.once import DecidedOnce
from training.backtest.outcomes import Outcomes, rule
from training.backtest.settled import Settled, Span, settled
from training.backtest.tally import Tally, counted, tally

SLICE: Final = 1 << 15
"""Cases tried at a time."""

Places = NDArray[np.int64]
Both = tuple[Policy, Policy]
"""The policy that is in use, or is compared with, and the other one that is tried."""


@dataclass(frozen=True, slots=True)
class Days:
    """By which days two policies go: (asks,) each, and where each has a clause in force at all."""

    old: Places
    new: Places
    old_speaks: NDArray[np.bool_]
    new_speaks: NDArray[np.bool_]

    @property
    def rows(self) -> Places:
        """The asks about which both can be asked."""
        return np.flatnonzero(self.old_speaks & self.new_speaks)

    @property
    def order(self) -> Places:
        """The places of these, those of one day together."""
        return np.lexsort((self.old[self.rows], self.new[self.rows]))


@dataclass(frozen=True, slots=True)
class Backtest:
    """What was found.

    Attributes
    ----------
    old, new
        The policies as they can be asked about this history.
    settled, days
        What became of each case, and which asks have no clause in force.
    asks, liable
        The cases that both policies were asked about, in the order of the data.
    before, after
        What the old and the new one rule in each: (asks,).
    """

    tables: Tables
    old: Policy
    new: Policy
    settled: Settled
    days: Days
    asks: Asks
    liable: Places
    before: Outcomes
    after: Outcomes
    units: Units
    tallies: tuple[Tally, ...]
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """Two policies and the cases they are to be tried on, in cohorts; the counts of deliveries are done with."""

    tables: Tables
    old: Policy
    new: Policy
    settled: Settled
    days: Days
    cohorts: tuple[Cohorts, ...]
    units: Units

    def run(self, *, threads: int, tell: Tell = lambda said: None) -> Backtest:
        """Try both policies on these cases, slice by slice."""
        asks, liable = self.settled.asks.take(self.days.rows), self.settled.liable[self.days.rows]
        tell(f"trying both policies on {len(asks):,} settled cases")
        tried = _Tried((self.old, self.new), self.tables, asks, liable)
        before, after = tried.in_slices(self.days.order, threads)
        tell("adding up what differs")
        of, drawn = counted(before, after), self.units
        tallies = tuple(tally(of, part, drawn.group, drawn.groups) for part in self.cohorts)
        return Backtest(
            self.tables, self.old, self.new, self.settled, self.days, asks, liable, before, after, drawn, tallies,
            tuple(changes(before, after)),
        )  # fmt: skip


def prepare(tables: Tables, policies: Both, span: Span) -> Trial:
    """The new policy beside the old one on the cases ruled on in the span.

    Raises
    ------
    BadInput
        Where there are no cases to try, or the history does not tell the reasons of its claims.
    """
    kept = SparingTables({name: tables[name] for name in tables.names if name != "volumes"})
    old, new = (_heard(policy, kept) for policy in policies)
    found = settled(kept, span)
    if not len(found.asks):
        said = ", ".join(f"{n:,} {state}" for state, n in found.counts().items() if n) or "no cases at all"
        raise BadInput(f"no case was ruled on there, on the merits and naming who is at fault: {said}.")
    days = _days((old, new), kept, found.asks)
    if not len(days.rows):
        silent = new if days.old_speaks.any() else old
        raise BadInput(f"on the days of these cases no clause of {silent.id} is in force.")
    asks = found.asks.take(days.rows)
    whole = Cohorts("whole", ("all cases",), np.zeros(len(asks), dtype=np.int64))
    return Trial(kept, old, new, found, days, (whole, *cohorts(kept, asks, volumes=tables)), units(kept, asks))


def _heard(policy: Policy, tables: Tables) -> Policy:
    heard = speaks(policy, tables)
    if heard is None:
        raise BadInput("cases has no column reason, without which no clause can be decided; hand it over.")
    return heard


def _days(policies: Both, tables: Tables, asks: Asks) -> Days:
    view = View(tables, asks)
    old, new = (days_of(policy, view) for policy in policies)
    return Days(old, new, policies[0].covers(old), policies[1].covers(new))


@dataclass(frozen=True, slots=True)
class _Tried:
    """Two policies on some asks, where the arbitrators found these liable."""

    policies: Both
    tables: Tables
    asks: Asks
    liable: Places

    def in_slices(self, order: Places, threads: int) -> tuple[Outcomes, Outcomes]:
        """What each rules, slice by slice in some order; the first makes what all look up in other cases."""
        owned, none = self.tables.once(Owned), self.asks.take(slice(0, 0))
        told = [name for name in (*TOLD, "ledger") if self.tables.supplied(name)]
        list(in_order(lambda name: owned.rows(name, none), told, threads=threads))
        slices = [order[start : start + SLICE] for start in range(0, len(order), SLICE)]
        first = self.slice(slices[0])
        before, after = (Outcomes.blank(len(order), like) for like in first)
        for rows, found in zip(slices, chain([first], in_order(self.slice, slices[1:], threads=threads)), strict=True):
            before.put(rows, found[0])
            after.put(rows, found[1])
        return before, after

    def slice(self, rows: Places) -> tuple[Outcomes, Outcomes]:
        """What each rules in some of these asks."""
        return try_both(self.policies, self.tables, self.asks.take(rows), self.liable[rows])


def try_both(policies: Both, tables: Tables, asks: Asks, liable: Places) -> tuple[Outcomes, Outcomes]:
    """What two policies rule in some asks, where the arbitrators found these liable."""
    facts, days = told_what_is_read(policies, tables, asks)
    by = DecidedOnce(len(asks))
    before, after = (
        Outcomes.of(rule(policy, facts, policy.find(facts, day, by=by), liable), facts)
        for policy, day in zip(policies, days, strict=True)
    )
    return before, after
