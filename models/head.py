"""A head answers one question about a case: trees, honest probabilities, and when to keep silent."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from models.calibration import Calibration, Numbers
from models.trees import Trees

ALWAYS_ABSTAIN = 2.0
"""A threshold no confidence reaches."""


@dataclass(frozen=True, slots=True)
class Head:
    """One question, the classes it tells apart, and how.

    ``prior`` holds the classes' frequencies in training; ``act_above`` is the lowest confidence at which the
    head may name a class (ALWAYS_ABSTAIN: never).
    """

    name: str
    classes: tuple[str, ...]
    prior: tuple[float, ...]
    trees: Trees
    calibration: Calibration
    act_above: float

    def probabilities(self, X: Numbers, *, threads: int = 1) -> Numbers:
        """Calibrated probabilities for X (cases, features): (cases, classes)."""
        return self.calibration.probabilities(self.trees.scores(X, threads=threads))


def lowest_safe_confidence(
    confidence: Numbers, correct: NDArray[np.bool_], *, max_error: float, level: float = 0.95
) -> float:
    """The lowest confidence above which the error is at most ``max_error``, with one-sided certainty ``level``.

    Exact binomial bound (Clopper and Pearson 1934) on out-of-sample cases; ALWAYS_ABSTAIN where none holds.
    """
    order = np.argsort(-confidence, kind="stable")
    n = np.arange(1, len(order) + 1)
    wrong = np.cumsum(~correct[order])
    bound = np.where(wrong == n, 1.0, beta.ppf(level, wrong + 1, np.maximum(n - wrong, 1)))
    last_of_its_value = np.append(np.diff(confidence[order]) != 0, True)
    safe = np.flatnonzero((bound <= max_error) & last_of_its_value)
    return float(confidence[order][safe[-1]]) if len(safe) else ALWAYS_ABSTAIN
