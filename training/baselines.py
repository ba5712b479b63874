"""What simpler answers would have been worth: the model must beat each of them by more than noise.

Each baseline learns from what the model learns from and is calibrated as the model is.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from features.catalog import Catalog
from features.tables import Numbers
from models.calibration import mean_loss, softmax
from training.fit import Answers, Rehearsal

CLAIMED: Final = "reason_claimed"
"""The category that the second baseline uses where the data has it."""

SMOOTHING: Final = 20.0
"""How many cases the frequencies of all cases count for in those of one category."""

STRENGTHS: Final = (3.0, 30.0, 300.0)
"""Inverse penalties of the linear model, per learnt case; the best on the rolling folds is taken, as for trees."""

MOST_ASKS: Final = 50_000
"""The linear model learns from at most so many asks, evenly taken: more would not move a few hundred weights."""

Baseline = Callable[[Rehearsal], Numbers]
"""Log-probabilities (asks, classes) for what a fold asks, from what that fold learns from."""


def settle(rehearsals: Sequence[Rehearsal]) -> dict[str, Baseline]:
    """The baselines by name, the linear one at the penalty that loses least over all folds together."""
    tried = [(s, [logistic_regression(rehearsal, s) for rehearsal in rehearsals]) for s in STRENGTHS]
    strength, _ = min(tried, key=lambda found: _pooled_loss(rehearsals, found[1]))
    return {
        "prior": prior,
        "prior by category": by_category,
        "logistic regression": partial(logistic_regression, strength=strength),
    }


def _pooled_loss(rehearsals: Sequence[Rehearsal], scores: Sequence[Numbers]) -> float:
    answers = Answers.pooled([rehearsal.fold for rehearsal in rehearsals], scores)
    return mean_loss(softmax(answers.scores), answers.labels, answers.weights)


def prior(rehearsal: Rehearsal) -> Numbers:
    """The same for every case: how often each class was right so far."""
    return np.tile(np.log(_frequencies(rehearsal)), (len(rehearsal.ask), 1))


def by_category(rehearsal: Rehearsal) -> Numbers:
    """How often each class was right so far for the reason claimed, or else for the strongest category."""
    column = strongest_category(rehearsal)
    if column is None:
        return prior(rehearsal)
    table = _by_value(rehearsal, column)
    total = table.sum(axis=1, keepdims=True) + SMOOTHING
    rates = (table + SMOOTHING * _frequencies(rehearsal)) / total
    return np.asarray(np.log(rates[_codes(rehearsal.ask[:, column], len(table))]))


def logistic_regression(rehearsal: Rehearsal, strength: float) -> Numbers:
    """Logistic regression, categories as one column a value, gaps filled with the mean and flagged."""
    learn = rehearsal.fold.learn
    rows = np.unique(np.linspace(0, len(learn) - 1, min(len(learn), MOST_ASKS)).astype(np.int64))
    shape = _Linear(rehearsal.catalog, rehearsal.learn[rows])
    model = LogisticRegression(C=strength / learn.weights[rows].sum(), max_iter=200, tol=1e-3)
    model.fit(shape.of(rehearsal.learn[rows]), learn.labels[rows], sample_weight=learn.weights[rows])
    scores = model.predict_log_proba(shape.of(rehearsal.ask))
    return rehearsal.spread(np.asarray(scores), model.classes_)


def strongest_category(rehearsal: Rehearsal) -> int | None:
    """The column of the reason claimed where any case has one, else of the category that tells most; or None."""
    catalog = rehearsal.catalog
    given = [c for c in catalog.categorical if not np.isnan(rehearsal.learn[:, c]).all()]
    claimed = [c for c in given if catalog.names[c] == CLAIMED]
    if claimed or not given:
        return claimed[0] if claimed else None
    return min(given, key=lambda column: _left_one_out_loss(rehearsal, column))


def _left_one_out_loss(rehearsal: Rehearsal, column: int) -> float:
    """The loss of each ask under the frequencies of its category's other asks."""
    learn = rehearsal.fold.learn
    table = _by_value(rehearsal, column)
    code = _codes(rehearsal.learn[:, column], len(table))
    own = learn.weights
    others = np.maximum(table[code, learn.labels] - own, 0.0)
    rate = (others + SMOOTHING * _frequencies(rehearsal)[learn.labels]) / (table[code].sum(axis=1) - own + SMOOTHING)
    return float(-(own * np.log(rate)).sum())


def _frequencies(rehearsal: Rehearsal) -> Numbers:
    learn = rehearsal.fold.learn
    counts = np.bincount(learn.labels, weights=learn.weights, minlength=len(rehearsal.classes))
    return np.asarray((counts + 0.5) / (counts + 0.5).sum())


def _codes(values: Numbers, size: int) -> NDArray[np.int64]:
    """The categories as positions, the last one for those not known."""
    return np.where(np.isnan(values), size - 1, values).astype(np.int64)


def _by_value(rehearsal: Rehearsal, column: int) -> Numbers:
    """How many cases of each class had each value: (values and not known, classes)."""
    learn = rehearsal.fold.learn
    size = int(np.nanmax(np.concatenate([rehearsal.learn[:, column], rehearsal.ask[:, column], [0.0]]))) + 2
    table = np.zeros((size, len(rehearsal.classes)))
    np.add.at(table, (_codes(rehearsal.learn[:, column], size), learn.labels), learn.weights)
    return table


class _Linear:
    """Feature values as a linear model wants them; means and spreads are those of what it learns from."""

    def __init__(self, catalog: Catalog, X: Numbers) -> None:
        self._categories = [(c, np.unique(X[:, c][~np.isnan(X[:, c])])) for c in catalog.categorical]
        known = ~np.isnan(X)
        self._numbers = [c for c in range(X.shape[1]) if c not in catalog.categorical and known[:, c].any()]
        self._gaps = [c for c in self._numbers if not known[:, c].all()]
        self._mean = np.nanmean(X[:, self._numbers], axis=0)
        spread = np.nanstd(X[:, self._numbers], axis=0)
        self._spread = np.where(spread > 0, spread, 1.0)

    def of(self, X: Numbers) -> Numbers:
        """Numbers at unit spread and their gaps as flags, then one column for each category's value."""
        numbers = np.nan_to_num((X[:, self._numbers] - self._mean) / self._spread)
        values = [X[:, c, None] == kept for c, kept in self._categories]
        return np.concatenate([np.clip(numbers, -10, 10), np.isnan(X[:, self._gaps]), *values], axis=1)
