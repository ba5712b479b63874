"""Honest probabilities: one slope and one offset per class on the scores, so that explanations still add up.

The slope and the offsets are measured on later cases, fold by fold. What does not hold from fold to fold is
noise, and is shrunk away (James and Stein 1961, positive part, with the folds' own scatter as the noise).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """calibrated log-odds = slope * score + offset of the class."""

    slope: float
    offsets: tuple[float, ...]

    def log_odds(self, scores: Numbers) -> Numbers:
        """Calibrated log-odds (cases, classes), up to a constant per case."""
        return np.asarray(self.slope * scores + np.array(self.offsets))

    def probabilities(self, scores: Numbers) -> Numbers:
        """Calibrated probabilities (cases, classes); each row sums to 1."""
        return softmax(self.log_odds(scores))

    @classmethod
    def none(cls, classes: int) -> Self:
        """Leave the scores as they are."""
        return cls(1.0, (0.0,) * classes)

    @classmethod
    def fit(cls, scores: Numbers, labels: Labels, weights: Numbers, folds: NDArray[np.int64]) -> Self:
        """Measure slope and offsets on out-of-sample scores (cases, classes) and the fold of each case."""
        parts = [(scores[folds == f], labels[folds == f], weights[folds == f]) for f in np.unique(folds)]
        slopes = np.array([_fit(*part, slope=None)[:1] for part in parts])
        slope = float(np.exp(_shrunk_mean(slopes)[0]))
        offsets = _shrunk_mean(np.array([_fit(*part, slope=slope)[1:] for part in parts]))
        return cls(slope, tuple(float(b) for b in offsets))


def softmax(log_odds: Numbers) -> Numbers:
    """Probabilities (cases, classes) from log-odds."""
    raised = np.exp(log_odds - log_odds.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _fit(scores: Numbers, labels: Labels, weights: Numbers, *, slope: float | None) -> Numbers:
    """The log of the slope, then the offsets, that lose least; with a slope given only the offsets move.

    A pull of one case's worth towards "no change" keeps a class that a fold lacks from running away.
    """
    share = weights / weights.sum()
    pull = 1.0 / weights.sum()
    free = 1.0 if slope is None else 0.0
    fixed = 0.0 if slope is None else float(np.log(slope))

    def loss(x: Numbers) -> tuple[float, Numbers]:
        log_odds = np.exp(fixed + free * x[0]) * scores + x[1:]
        p = softmax(log_odds)
        mine = np.clip(p[np.arange(len(labels)), labels], 1e-300, 1.0)
        slack = p * share[:, None]
        slack[np.arange(len(labels)), labels] -= share
        down = np.concatenate([[free * (slack * (log_odds - x[1:])).sum()], slack.sum(axis=0)])
        return float(-(share * np.log(mine)).sum() + pull * (x**2).sum() / 2), down + pull * x

    found = minimize(loss, np.zeros(1 + scores.shape[1]), jac=True, method="L-BFGS-B").x
    return np.concatenate([found[:1], found[1:] - found[1:].mean()])


def _shrunk_mean(values: Numbers) -> Numbers:
    """The mean over folds (folds, parameters), shrunk towards zero by how much the folds disagree."""
    mean = values.mean(axis=0)
    size = float((mean**2).sum())
    if len(values) < 2 or size == 0.0:
        return np.asarray(mean)
    noise = float((values.var(axis=0, ddof=1) / len(values)).sum())
    return np.asarray(mean * max(0.0, 1.0 - noise / size))
