"""Exact additive contributions: how much each feature moved a score, adding up to it.

The contributions are Shapley values of the trees, where an absent feature is averaged over by the numbers of
training cases that went each way (Lundberg et al. 2020, path-dependent). Every answer is checked: mean score
plus contributions must be the score, or no answer is given at all.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from models.leaf_tables import BeyondTables, LeafTables
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
    """Explains the scores of one text of trees, by tables where these reach, else as LightGBM does."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._tables: LeafTables | None = None
        with suppress(BeyondTables):
            self._tables = LeafTables.of(trees.text, trees.features)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The contributor for a checked text of trees.

        Raises
        ------
        ValueError
            When it cannot be read, or its leaves hold linear functions.
        """
        return cls(Trees(text))

    def explain(self, X: Numbers, *, threads: int = 1) -> Explanation:
        """Scores for X (cases, features) and what each feature contributed to them.

        The trees score the first case on their own too, so that a single case is never explained by tables alone.

        Raises
        ------
        ArithmeticError
            When contributions do not add up to the score: never an explanation that is not the model's.
        """
        found = Explanation(*self._parts(X, threads))
        alone = self._trees.scores(X[:1], threads=1)[:, -len(found.base) :]
        told = found.base + found.contributions.sum(axis=2)
        for sums, scores in ((told, found.log_odds), (told[:1], alone)):
            if not bool((np.abs(sums - scores) <= TOLERANCE * np.maximum(1.0, np.abs(scores))).all()):
                raise ArithmeticError("contributions do not add up to the score they explain; no answer is given")
        return found

    def _parts(self, X: Numbers, threads: int) -> tuple[Numbers, Numbers, Numbers]:
        if self._tables is not None:
            return *self._tables.explain(X, threads=threads), self._tables.base
        contributions, base = self._trees.shapley(X, threads=threads)
        return self._trees.scores(X, threads=threads)[:, -len(base) :], contributions, base
