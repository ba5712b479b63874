"""The one file that knows LightGBM: fit trees deterministically, keep them as text, score with them.

The text carries neither a date nor a thread count, so that the same data and seed give the same bytes. It must
never reach LightGBM unchecked: a damaged text ends the process or predicts other numbers (see bundle.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Labels = NDArray[np.int64]

_MACHINE = re.compile(r"^\[(num_threads|machines|local_listen_port|time_out|gpu_\w+|device_type).*\]\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class TreeParams:
    """How trees are grown; shallow, because deeper ones gain little and cost many times as much to explain."""

    learning_rate: float = 0.03
    leaves: int = 15
    depth: int = 5
    min_cases_in_leaf: int = 100
    l2: float = 5.0
    feature_share: float = 0.6
    case_share: float = 0.8
    category_smoothing: float = 50.0
    seed: int = 1

    def for_lightgbm(self, classes: int, threads: int) -> dict[str, object]:
        """The same in LightGBM's words."""
        objective: dict[str, object] = (
            {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
        )
        return objective | {
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "max_depth": self.depth,
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
            "force_row_wise": True,
            "num_threads": threads,
            "verbose": -1,
        }


class Trees:
    """Fitted trees: scores in log-odds, one column per class; of two classes the first is the zero line."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._booster = lgb.Booster(model_str=text)
        self.classes = max(2, self._booster.num_model_per_iteration())
        self.rounds = self._booster.current_iteration()

    @classmethod
    def fit(
        cls, X: Numbers, labels: Labels, weights: Numbers, *, classes: int, rounds: int,
        names: tuple[str, ...], categorical: tuple[int, ...], params: TreeParams, threads: int = 1,
    ) -> Self:  # fmt: skip
        """Grow ``rounds`` trees per class on X (cases, features), labels 0..classes-1 and case weights."""
        settings = params.for_lightgbm(classes, threads)
        data = lgb.Dataset(
            X, labels, weight=weights, feature_name=[f"f{i}" for i in range(len(names))],
            categorical_feature=list(categorical), params=settings,
        )  # fmt: skip
        booster = lgb.train(settings, data, rounds)
        return cls(_MACHINE.sub("", booster.model_to_string(importance_type="gain")))

    def scores(self, X: Numbers, *, rounds: int | None = None, threads: int = 1) -> Numbers:
        """Uncalibrated log-odds for X (cases, features): (cases, classes)."""
        found = self._booster.predict(
            X,
            raw_score=True,
            num_iteration=rounds or self.rounds,
            num_threads=threads,
            validate_features=False,
        )
        return _by_class(np.asarray(found, dtype=np.float64))

    def staged_scores(self, X: Numbers, every: int, *, threads: int = 1) -> Iterator[tuple[int, Numbers]]:
        """The scores after each ``every`` rounds, with the number of rounds."""
        total = np.zeros((len(X), self.classes))
        for start in range(0, self.rounds, every):
            found = self._booster.predict(
                X, raw_score=True, start_iteration=start, num_iteration=every, num_threads=threads,
                validate_features=False,
            )  # fmt: skip
            total = total + _by_class(np.asarray(found, dtype=np.float64))
            yield min(start + every, self.rounds), total

    def importance(self) -> Numbers:
        """How much loss each feature took away in training: (features,)."""
        return np.asarray(self._booster.feature_importance("gain"), dtype=np.float64)


def _by_class(scores: Numbers) -> Numbers:
    return np.stack([np.zeros(len(scores)), scores], axis=1) if scores.ndim == 1 else scores
