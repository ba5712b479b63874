"""Honest probabilities: one slope and one offset per class on the scores, so that explanations still add up.

The slope and the offsets are measured on later cases, fold by fold. What does not hold from fold to fold is
noise, and is shrunk away (James and Stein 1961, positive part, with the folds' own scatter as the noise). And what
would not have helped on the next fold is not applied at all (docs/decisions/0012-correct-only-what-held.md).
"""

from dataclasses import dataclass
from enum import Enum
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import t

from models.metrics import CLIP

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]


class Correction(Enum):
    """How much of a measured miscalibration is put right."""

    NOTHING = "nothing"
    SLOPE = "slope"
    ALL = "slope and offsets"


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
    def fit(
        cls, scores: Numbers, labels: Labels, weights: Numbers, folds: NDArray[np.int64],
        correction: Correction = Correction.ALL,
    ) -> Self:  # fmt: skip
        """Measure slope and offsets on out-of-sample scores (cases, classes) and the fold of each case."""
        if correction is Correction.NOTHING:
            return cls.none(scores.shape[1])
        parts = _by_fold(scores, labels, weights, folds)
        slopes = np.array([_fit(*part, slope=None)[:1] for part in parts])
        slope = float(np.exp(_shrunk_mean(slopes)[0]))
        if correction is Correction.SLOPE:
            return cls(slope, (0.0,) * scores.shape[1])
        offsets = _shrunk_mean(np.array([_fit(*part, slope=slope)[1:] for part in parts]))
        return cls(slope, tuple(float(b) for b in offsets))


def what_held(
    scores: Numbers, labels: Labels, weights: Numbers, folds: NDArray[np.int64], *, level: float = 0.95
) -> Correction:
    """The fullest correction that, measured on the folds before it, helped on each next fold by more than chance.

    The gains in log-loss over doing nothing, fold by fold, are held against zero with Student's t, one-sided:
    what differs from period to period is the noise here. With fewer than three folds nothing can be said, and
    everything measured is applied.
    """
    numbers = np.unique(folds)
    if len(numbers) < 3:
        return Correction.ALL
    for correction in (Correction.ALL, Correction.SLOPE):
        gains = []
        for number in numbers[1:]:
            past, now = folds < number, folds == number
            measured = Calibration.fit(scores[past], labels[past], weights[past], folds[past], correction)
            before, after = softmax(scores[now]), measured.probabilities(scores[now])
            gains.append(mean_loss(before, labels[now], weights[now]) - mean_loss(after, labels[now], weights[now]))
        mean, scatter = float(np.mean(gains)), float(np.std(gains, ddof=1))
        if mean > t.ppf(level, len(gains) - 1) * scatter / np.sqrt(len(gains)):
            return correction
    return Correction.NOTHING


def _by_fold(
    scores: Numbers, labels: Labels, weights: Numbers, folds: NDArray[np.int64]
) -> list[tuple[Numbers, Labels, Numbers]]:
    return [(scores[folds == f], labels[folds == f], weights[folds == f]) for f in np.unique(folds)]


def mean_loss(probabilities: Numbers, labels: Labels, weights: Numbers) -> float:
    """Mean logarithmic loss of probabilities (n, classes), each clipped as contract §5 says."""
    mine = np.clip(probabilities[np.arange(len(labels)), labels], CLIP, 1.0)
    return float(-(weights * np.log(mine)).sum() / weights.sum())


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
