"""How good answers are: every figure weighted so that the asks of one case count 1 together.

Labels are positions among the model's classes. A label the model was never taught has none, is written as
UNSEEN, and is left out of every figure and counted, since no probability was ever given to it.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from models.trees import Labels, Numbers

UNSEEN: Final = -1
CLIP: Final = 1e-6
"""No probability counts as surer than this; contract §5."""
BINS: Final = 15


@dataclass(frozen=True, slots=True)
class Judged:
    """Answers beside the truth.

    Attributes
    ----------
    probability
        (asks, classes), rows sum to 1.
    label
        (asks,) the position of the true class.
    weight
        (asks,) what each ask counts for.
    case
        (asks,) positions 0.. of the cases they are about; what is drawn together when figures are resampled.
    unseen
        How many cases were left out, because their class was never taught.
    """

    probability: Numbers
    label: Labels
    weight: Numbers
    case: Labels
    unseen: int = 0

    @classmethod
    def of(cls, probability: Numbers, label: Labels, case: Labels) -> Self:
        """Answers (asks, classes), labels and case numbers (asks,); asks of one case weigh 1 together."""
        taught = label != UNSEEN
        _, place, times = np.unique(case[taught], return_inverse=True, return_counts=True)
        unseen = len(np.unique(case[~taught]))
        return cls(probability[taught], label[taught], 1.0 / times[place], place.astype(np.int64), unseen)

    def __len__(self) -> int:
        return len(self.label)

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return int(self.case.max(initial=-1)) + 1

    def confidence(self) -> Numbers:
        """The largest probability of each answer."""
        return np.asarray(self.probability.max(axis=1))

    def correct(self) -> NDArray[np.bool_]:
        """Whether the most probable class is the true one."""
        return np.asarray(self.probability.argmax(axis=1) == self.label)

    def reweighted(self, times: Numbers) -> Self:
        """The same answers with each case counted so many times: (cases,)."""
        return replace(self, weight=self.weight * times[self.case])


def ask_log_losses(judged: Judged) -> Numbers:
    """Minus the log of the probability given to the truth, for each ask."""
    given = judged.probability[np.arange(len(judged)), judged.label]
    return np.asarray(-np.log(np.clip(given, CLIP, 1.0 - CLIP)))


def ask_briers(judged: Judged) -> Numbers:
    """The squared error of each answer, summed over classes."""
    truth = np.eye(judged.probability.shape[1])[judged.label]
    return np.asarray(((judged.probability - truth) ** 2).sum(axis=1))


def log_loss(judged: Judged) -> float:
    """The mean log-loss; NaN without answers."""
    return _mean(ask_log_losses(judged), judged.weight)


def brier(judged: Judged) -> float:
    """The mean Brier score; NaN without answers."""
    return _mean(ask_briers(judged), judged.weight)


def error(judged: Judged) -> float:
    """The share of answers whose most probable class is wrong; NaN without answers."""
    return _mean((~judged.correct()).astype(np.float64), judged.weight)


def _mean(values: Numbers, weight: Numbers) -> float:
    total = weight.sum()
    return float((values * weight).sum() / total) if total > 0 else float("nan")


def auc(judged: Judged) -> float:
    """Of two classes: how often the second's answer is the higher one for a case of the second class.

    Ties count half; NaN with more than two classes, or when one of the two does not occur.
    """
    if judged.probability.shape[1] != 2:
        return float("nan")
    values, place = np.unique(judged.probability[:, 1], return_inverse=True)
    second = np.bincount(place, judged.weight * (judged.label == 1), len(values))
    first = np.bincount(place, judged.weight * (judged.label == 0), len(values))
    below = np.cumsum(first) - first
    pairs = first.sum() * second.sum()
    return float((second * (below + first / 2)).sum() / pairs) if pairs > 0 else float("nan")


def macro_f1(judged: Judged) -> float:
    """The mean F1 of the classes that occur or were answered, without abstaining; NaN without answers."""
    classes = judged.probability.shape[1]
    answered = judged.probability.argmax(axis=1)
    right = np.bincount(judged.label, judged.weight * (answered == judged.label), classes)
    either = np.bincount(judged.label, judged.weight, classes) + np.bincount(answered, judged.weight, classes)
    there = either > 0
    return float((2 * right[there] / either[there]).mean()) if there.any() else float("nan")


def ece(judged: Judged) -> float:
    """The expected calibration error of the most probable class, in 15 bins of equal weight.

    Answers of equal confidence share a bin, so the order of the answers changes nothing. Even a perfect
    model's is above 0: about 0.03 for four classes and 2,000 cases. NaN without answers.
    """
    total = judged.weight.sum()
    if total <= 0:
        return float("nan")
    values, place = np.unique(judged.confidence(), return_inverse=True)
    mass = np.bincount(place, judged.weight, len(values))
    middle = (np.cumsum(mass) - mass / 2) / total
    bins = np.minimum(np.round(middle * BINS, 9).astype(np.int64), BINS - 1)[place]  # sums differ in their last digits
    gap = judged.weight * (judged.confidence() - judged.correct())
    return float(np.abs(np.bincount(bins, gap, BINS)).sum() / total)


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The error among the answers at or above each confidence, and the share of answers that is.

    Points from the surest answers to all of them; (points,) each.
    """

    threshold: Numbers
    coverage: Numbers
    error: Numbers


def risk_coverage(judged: Judged) -> RiskCoverage:
    """The error that comes with answering more and more."""
    values, place = np.unique(-judged.confidence(), return_inverse=True)
    kept = np.cumsum(np.bincount(place, judged.weight, len(values)))
    wrong = np.cumsum(np.bincount(place, judged.weight * ~judged.correct(), len(values)))
    return RiskCoverage(-values, kept / kept[-1:], wrong / kept)


def above(judged: Judged, threshold: float) -> tuple[float, float]:
    """The share of answers at or above a confidence, and the error among them (NaN where there are none)."""
    kept = judged.confidence() >= threshold
    coverage = _mean(kept.astype(np.float64), judged.weight)
    return coverage, _mean((~judged.correct()).astype(np.float64), judged.weight * kept)
