"""The counts and sums of a backtest, by cohort and by what is drawn together when their intervals are found."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from models.lines import ACCOUNTS
from training.backtest.cohorts import Cohorts
from training.backtest.flips import KINDS, flips
from training.backtest.outcomes import Outcomes

Sums = NDArray[np.int64]

COUNTED: Final = (
    "cases", "flipped", *(f"flipped {kind}" for kind in KINDS),
    "undecided before", "undecided after", "no longer decided", "decided now",
    "review before", "review after", *(f"moved {account}" for account in ACCOUNTS),
)  # fmt: skip
"""What is counted or summed of each case; money moved is what an account gets more or less, in cents."""

PLACE: Final = {name: place for place, name in enumerate(COUNTED)}


def counted(old: Outcomes, new: Outcomes) -> Sums:
    """(asks, counted) what each case counts for."""
    differs = flips(old, new)
    moved = np.where((old.priced & new.priced)[:, None], new.net - old.net, 0)
    flags = [
        np.ones(len(differs), dtype=bool), differs.any(axis=1), *differs.T,
        ~old.decided, ~new.decided, old.decided & ~new.decided, ~old.decided & new.decided, old.review, new.review,
    ]  # fmt: skip
    return np.column_stack([*(flag.astype(np.int64) for flag in flags), moved])


@dataclass(frozen=True, slots=True)
class Tally:
    """What cohorts add up to, group by group: (groups, cohorts, counted)."""

    title: str
    names: tuple[str, ...]
    sums: Sums

    @property
    def totals(self) -> Sums:
        """(cohorts, counted) what they add up to in all."""
        return np.asarray(self.sums.sum(axis=0))


def tally(of: Sums, cohorts: Cohorts, group: NDArray[np.int64], groups: int) -> Tally:
    """Add up what cases count for, by the cohort and the group of each: (asks,)."""
    names = len(cohorts.names)
    cell = group * names + cohorts.place
    found = np.empty((groups * names, len(COUNTED)), dtype=np.int64)
    for place, column in enumerate(of.T):
        found[:, place] = np.rint(np.bincount(cell, column, groups * names))  # exact: sums stay below 2**53
    return Tally(cohorts.title, cohorts.names, found.reshape(groups, names, len(COUNTED)))
