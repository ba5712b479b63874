"""When to keep silent: the lowest confidence above which the error is provably small enough.

Confidences are tried from strict to lax, and the first that fails ends the trial: with many tries and no such
order, one of them would pass by luck (docs/decisions/0010-abstention-from-strict-to-lax.md).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from models.trees import Numbers

ALWAYS_ABSTAIN: Final = 2.0
"""A threshold no confidence reaches."""

STEPS: Final = 20
LEAST: Final = 100
"""The strictest trial looks at this many cases: with fewer even a good model could not pass."""


def lowest_safe_confidence(
    confidence: Numbers, correct: NDArray[np.bool_], weights: Numbers, *, max_error: float, level: float = 0.95
) -> float:
    """The lowest confidence above which the error is at most ``max_error``, with one-sided certainty ``level``.

    Exact binomial bounds (Clopper and Pearson 1934), fixed-sequence testing over twenty shares of the asks.
    The asks were not trained on; their weights add up to 1 for each case, so that a case counts once however
    often it was asked about. ALWAYS_ABSTAIN where no confidence passes.
    """
    if not len(confidence):
        return ALWAYS_ABSTAIN
    values, place = np.unique(-confidence, return_inverse=True)
    n = np.cumsum(np.bincount(place, weights, len(values)))
    wrong = np.cumsum(np.bincount(place, weights * ~correct, len(values)))
    shares = np.linspace(min(max(n[-1] / STEPS, LEAST), n[-1]), n[-1], STEPS)
    tried = np.unique(np.minimum(np.searchsorted(n, shares * (1 - 1e-12)), len(values) - 1))
    bound = beta.ppf(level, wrong[tried] + 1.0, np.maximum(n[tried] - wrong[tried], 1e-9))
    passed = int(np.argmin(np.append(bound <= max_error, False)))
    return float(-values[tried[passed - 1]]) if passed else ALWAYS_ABSTAIN
