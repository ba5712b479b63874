"""How sure the figures of a backtest are: whole sellers are drawn again and again, never single cases.

The cases of one seller are alike (what it ships, by whom, how it packs), and a clause that hits one of them hits more:
drawing cases would make every figure look too sure. Where there are many sellers they are dealt at random into groups,
which are drawn instead: sums of independent parts vary as the parts do (Cameron, Gelbach and Miller 2008 on drawing
clusters; Efron 1979, percentile intervals).
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.tables import Numbers, Tables
from training.backtest.tally import Sums

MOST_GROUPS: Final = 4_000
DRAWS: Final = 1_000
LEVEL: Final = 0.95
SEED: Final = 1

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn together: (asks,) the group of each case, how many groups, and of how many units they are made."""

    unit: str
    units: int
    groups: int
    group: Places


def units(tables: Tables, asks: Asks) -> Units:
    """Each case's seller, dealt into groups; without sellers each case is a unit, and one without a seller as well."""
    unit, sellers = "case", tables.supplied("cases", "seller_id")
    key = np.arange(len(asks))
    if sellers:
        unit = "seller"
        code = tables.codes("cases", "seller_id")[0][asks.case]
        key = np.where(code >= 0, code, key + len(tables.codes("cases", "seller_id")[1]))
    found, of_ask = np.unique(key, return_inverse=True)
    groups = min(len(found), MOST_GROUPS)
    dealt = np.random.default_rng(SEED).permutation(len(found)) % max(groups, 1)
    return Units(unit, len(found), groups, dealt[of_ask])


def drawn(sums: Sums) -> Numbers:
    """Sums drawn anew: (draws, …) from (groups, …), as many groups as there are each time, with replacement."""
    groups = len(sums)
    if not groups:
        return np.zeros((1, *sums.shape[1:]))
    times = np.random.default_rng([SEED, 1]).multinomial(groups, np.full(groups, 1 / groups), size=DRAWS)
    flat = times.astype(np.float64) @ sums.reshape(groups, -1).astype(np.float64)
    return np.asarray(flat).reshape(DRAWS, *sums.shape[1:])


def bounds(figures: Numbers) -> Numbers:
    """The lower and upper bound of each figure, (2, …) from (draws, …); of the draws in which it exists."""
    return np.asarray(np.nanquantile(figures, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0))
