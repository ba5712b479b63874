"""How much of a difference between two answers is noise: a paired bootstrap over groups of cases.

Whole groups are drawn, so that a thousand copies of one complaint count as the one piece of evidence they are.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from features.tables import Numbers

DRAWS = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """A mean difference, with the two-sided interval that noise leaves it."""

    mean: float
    low: float
    high: float

    def to_json(self) -> dict[str, float]:
        """As plain numbers."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def paired_difference(
    losses: Numbers, others: Numbers, weights: Numbers, group: NDArray[np.int64], *, level: float = 0.95
) -> Difference:
    """The mean of ``losses`` less that of ``others`` on the same asks (n,), below 0 where ours are smaller.

    The interval is normal, with the bootstrap's standard error over groups (Efron 1979).
    """
    member = np.unique(group, return_inverse=True)[1]
    total = np.bincount(member, weights=weights * (losses - others))
    weight = np.bincount(member, weights=weights)
    mean = float(total.sum() / weight.sum())
    rng = np.random.default_rng(0)
    drawn = np.empty(DRAWS)
    for i in range(DRAWS):
        pick = rng.integers(len(total), size=len(total))
        drawn[i] = total[pick].sum() / weight[pick].sum()
    reach = float(norm.ppf(0.5 + level / 2) * drawn.std())
    return Difference(mean, mean - reach, mean + reach)
