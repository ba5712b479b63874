"""Exact additive contributions: how much each feature moved a score, adding up to it.

The contributions are Shapley values of the trees, where an absent feature is averaged over by the numbers of
training cases that went each way (Lundberg et al. 2020, path-dependent). Every answer is checked: mean score
plus contributions must be the score that the trees give on their own, or no answer is given at all.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from models.trees import Numbers, Trees

TOLERANCE: Final = 1e-9
"""How far a sum of contributions may lie from its score, as a share of the score's size where that exceeds 1."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Uncalibrated log-odds as sums: ``log_odds`` = ``base`` + the sum of ``contributions`` over features.

    Attributes
    ----------
    log_odds
        (cases, columns); a column is a class, but of two classes there is one: the second against the first.
    contributions
        (cases, columns, features).
    base
        (columns,), the mean score in training.
    """

    log_odds: Numbers
    contributions: Numbers
    base: Numbers

    def by_class(self) -> Self:
        """The same with one column per class also where there are two; the first is then the zero line."""
        if self.log_odds.shape[1] > 1:
            return self
        return type(self)(
            np.concatenate([np.zeros_like(self.log_odds), self.log_odds], axis=1),
            np.concatenate([np.zeros_like(self.contributions), self.contributions], axis=1),
            np.concatenate([np.zeros_like(self.base), self.base]),
        )


class Contributor:
    """Explains the scores of one text of trees."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The contributor for a checked text of trees."""
        return cls(Trees(text))

    def explain(self, X: Numbers, *, threads: int = 1) -> Explanation:
        """Scores for X (cases, features) and what each feature contributed to them.

        Raises
        ------
        ArithmeticError
            When contributions do not add up to the score: never an explanation that is not the model's.
        """
        contributions, base = self._trees.shapley(X, threads=threads)
        log_odds = self._trees.scores(X, threads=threads)[:, -len(base) :]
        gap = np.abs(base + contributions.sum(axis=2) - log_odds)
        if not bool((gap <= TOLERANCE * np.maximum(1.0, np.abs(log_odds))).all()):
            raise ArithmeticError("contributions do not add up to the score they explain; no answer is given")
        return Explanation(log_odds, contributions, base)
