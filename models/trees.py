"""The one file that knows LightGBM: grow trees deterministically, keep them as text, score and explain with them.

The text holds the trees and nothing else: no date, no thread count, no setting of the machine, so that the same
data and seed give the same bytes at any thread count. It must never reach LightGBM unchecked: a damaged text
ends the process or predicts other numbers (see bundle.py).
"""

import re
from dataclasses import dataclass
from typing import Final

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]

_END: Final = "end of trees\n"
_DIRECTIONS: Final = re.compile(r"^monotone_constraints=.*\n", re.MULTILINE)
"""A line of the text that says how trees were grown and nothing about what they answer."""


@dataclass(frozen=True, slots=True)
class TreeParams:
    """How trees are grown; shallow, because deeper ones gain little and cost many times as much to explain."""

    learning_rate: float = 0.03
    leaves: int = 15
    bins: int = 255
    depth: int = 5
    min_cases_in_leaf: int = 100
    l2: float = 5.0
    feature_share: float = 0.6
    case_share: float = 0.8
    category_smoothing: float = 50.0
    seed: int = 1

    def for_lightgbm(self, classes: int, threads: int) -> dict[str, object]:
        """The same in LightGBM's words.

        Histograms are summed column by column: each sum is then one thread's, in one order.
        """
        objective: dict[str, object] = (
            {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
        )
        return objective | {
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "max_depth": self.depth,
            "max_bin": self.bins,
            "min_data_in_leaf": self.min_cases_in_leaf,
            "lambda_l2": self.l2,
            "feature_fraction": self.feature_share,
            "bagging_fraction": self.case_share,
            "bagging_freq": 1,
            "cat_smooth": self.category_smoothing,
            "cat_l2": 20.0,
            "min_data_per_group": 100,
            "max_cat_to_onehot": 4,
            "seed": self.seed,
            "deterministic": True,
            "force_col_wise": True,
            "num_threads": threads,
            "verbose": -1,
        }


class Trees:
    """Fitted trees: scores in log-odds, one column per class; of two classes the first is the zero line."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self._booster = lgb.Booster(model_str=text)
        except lgb.basic.LightGBMError as error:
            raise ValueError(f"the trees cannot be read: {error}") from None
        self.classes = max(2, self._booster.num_model_per_iteration())
        self.features = self._booster.num_feature()
        self.rounds = self._booster.current_iteration()

    @classmethod
    def fit(
        cls, X: Numbers, labels: Labels, weights: Numbers, *, classes: int, rounds: int,
        categorical: tuple[int, ...], params: TreeParams, directions: tuple[int, ...] = (), threads: int = 1,
    ) -> "Trees":  # fmt: skip
        """Grow ``rounds`` trees per class; see TrainingSet for the rest."""
        data = TrainingSet(
            X, labels, weights, classes=classes, categorical=categorical, params=params, directions=directions,
            threads=threads,
        )  # fmt: skip
        growing = data.start(params)
        growing.grow(rounds, X[:0])
        return growing.trees()

    def scores(self, X: Numbers, *, rounds: int | None = None, threads: int = 1) -> Numbers:
        """Uncalibrated log-odds for X (cases, features): (cases, classes)."""
        if not len(X):
            return np.zeros((0, self.classes))
        found = self._booster.predict(
            X, raw_score=True, num_iteration=rounds or self.rounds, num_threads=threads, validate_features=False
        )
        return _by_class(np.asarray(found, dtype=np.float64))

    def shapley(self, X: Numbers, *, threads: int = 1) -> tuple[Numbers, Numbers]:
        """Each feature's Shapley value for X, (cases, columns, features), and the mean score, (columns,).

        A column is a class; of two classes there is one, the second against the first.
        """
        columns = self.classes if self.classes > 2 else 1
        found = self._booster.predict(
            X if len(X) else np.zeros((1, self.features)),
            pred_contrib=True, num_threads=threads, validate_features=False,
        )  # fmt: skip
        by_column = np.asarray(found, dtype=np.float64).reshape(-1, columns, self.features + 1)
        return by_column[: len(X), :, :-1], by_column[0, :, -1]

    def importance(self) -> Numbers:
        """How much loss each feature took away in training: (features,)."""
        return np.asarray(self._booster.feature_importance("gain"), dtype=np.float64)


class TrainingSet:
    """Examples made ready to grow trees on, once, for trees of any depth.

    X is (cases, features) with labels 0..classes-1 and case weights. ``categorical`` lists the columns of X whose
    values are codes of categories, not numbers. ``directions`` says for each column whether the second of two
    classes may only become likelier (1) or less likely (-1) as its value grows; 0, or nothing, leaves it free.
    """

    def __init__(
        self, X: Numbers, labels: Labels, weights: Numbers, *, classes: int, categorical: tuple[int, ...],
        params: TreeParams, directions: tuple[int, ...] = (), threads: int = 1,
    ) -> None:  # fmt: skip
        self._classes, self._threads = classes, threads
        self._directions: dict[str, object] = {"monotone_constraints": list(directions)} if any(directions) else {}
        self._data = lgb.Dataset(
            X, labels, weight=weights, feature_name=[f"f{i}" for i in range(X.shape[1])],
            categorical_feature=list(categorical), params=self._settings(params),
        ).construct()  # fmt: skip

    def _settings(self, params: TreeParams) -> dict[str, object]:
        return params.for_lightgbm(self._classes, self._threads) | self._directions

    def start(self, params: TreeParams) -> "Growing":
        """Trees of no round yet; ``params`` may differ from the set's own in depth and learning rate only."""
        return Growing(lgb.Booster(self._settings(params), self._data), self._classes, self._threads)


class Growing:
    """Trees that can still grow, one for each class a round."""

    def __init__(self, booster: lgb.Booster, classes: int, threads: int) -> None:
        self._booster, self._classes, self._threads = booster, classes, threads
        self._ended = False

    def grow(self, rounds: int, X: Numbers) -> Numbers:
        """Grow so many rounds more; what they add to the scores for X (cases, features): (cases, classes)."""
        start = self._booster.current_iteration()
        for _ in range(rounds):
            self._ended = self._ended or self._booster.update()
        if self._booster.current_iteration() == start or not len(X):
            return np.zeros((len(X), self._classes))
        found = self._booster.predict(
            X, raw_score=True, start_iteration=start, num_iteration=rounds, num_threads=self._threads,
            validate_features=False,
        )  # fmt: skip
        return _by_class(np.asarray(found, dtype=np.float64))

    def trees(self) -> Trees:
        """The trees as they stand."""
        text = self._booster.model_to_string()
        return Trees(_DIRECTIONS.sub("", text[: text.index(_END) + len(_END)]))


def hush() -> None:
    """Let LightGBM say nothing in the thread this is called in: it is told so thread by thread, with some data."""
    lgb.Dataset(np.zeros((1, 1)), params={"verbose": -1}).construct()


def _by_class(scores: Numbers) -> Numbers:
    return np.stack([np.zeros(len(scores)), scores], axis=1) if scores.ndim == 1 else scores
