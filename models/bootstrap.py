"""How sure a figure is, by drawing whole cases again and again (Efron 1979, percentile intervals).

The asks of a case are alike, so they are drawn together: drawing asks would make every figure look too sure.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from models.metrics import Judged
from models.trees import Numbers

Figure = Callable[[Judged], float]


def interval(
    figure: Figure, judged: Judged, *, seed: int, draws: int = 200, level: float = 0.95
) -> tuple[float, float]:
    """The bootstrap interval of a figure: whole cases are drawn with replacement."""
    if not judged.cases:
        return float("nan"), float("nan")
    found = [figure(judged.reweighted(times)) for times in _drawn(judged.cases, seed, draws)]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _drawn(cases: int, seed: int, draws: int) -> Iterator[Numbers]:
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        yield np.bincount(rng.integers(0, cases, cases), minlength=cases).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Difference:
    """By how much one model's mean loss exceeds another's on the same cases, with its bootstrap interval."""

    mean: float
    low: float
    high: float


def paired_difference(
    losses: Numbers, others: Numbers, judged: Judged, *, seed: int, draws: int = 1000, level: float = 0.95
) -> Difference:
    """``losses`` minus ``others``, two models' losses for the asks of ``judged``; whole cases are drawn."""
    if not judged.cases:
        return Difference(float("nan"), float("nan"), float("nan"))
    gap = np.bincount(judged.case, judged.weight * (losses - others), judged.cases)
    mass = np.bincount(judged.case, judged.weight, judged.cases)
    found = [(times * gap).sum() / (times * mass).sum() for times in _drawn(judged.cases, seed, draws)]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2])
    return Difference(float(gap.sum() / mass.sum()), float(low), float(high))
