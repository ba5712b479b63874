"""Contributions are the Shapley values of the trees, checked against their definition by enumerating subsets.

The oracle reads the model text itself. A tree's value for a subset of known features follows the known ones
and, at a split on an unknown one, averages both sides by the numbers of training cases that went there.
"""

import itertools
from dataclasses import dataclass
from math import factorial

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.bundle import Parts
from models.contributions import Contributor
from models.trees import TreeParams, Trees


@dataclass
class OracleTree:
    text: dict[str, list[str]]

    def numbers(self, name: str) -> list[float]:
        return [float(v) for v in self.text.get(name, [])]

    def __post_init__(self) -> None:
        self.feature = [int(v) for v in self.text.get("split_feature", [])]
        self.left = [int(v) for v in self.text.get("left_child", [])]
        self.right = [int(v) for v in self.text.get("right_child", [])]
        self.decision = [int(v) for v in self.text.get("decision_type", [])]
        self.threshold = self.numbers("threshold")
        self.leaf = self.numbers("leaf_value")
        self.leaf_count = self.numbers("leaf_count")
        self.count_inside = self.numbers("internal_count")
        self.cat_start = [int(v) for v in self.text.get("cat_boundaries", [])]
        self.cat_bits = [int(v) for v in self.text.get("cat_threshold", [])]

    def count(self, node: int) -> float:
        return self.count_inside[node] if node >= 0 else self.leaf_count[~node]

    def goes_left(self, node: int, value: float) -> bool:
        kind = self.decision[node]
        if kind & 1:
            if np.isnan(value) or int(value) < 0:
                return False
            start, end = self.cat_start[int(self.threshold[node]) :][:2]
            words, code = self.cat_bits[start:end], int(value)
            return code // 32 < len(words) and bool(words[code // 32] >> (code % 32) & 1)
        missing = (kind >> 2) & 3  # 0: none, 1: zero, 2: NaN
        value = 0.0 if np.isnan(value) and missing != 2 else value
        if (missing == 1 and abs(value) <= 1e-35) or (missing == 2 and np.isnan(value)):
            return bool(kind & 2)
        return value <= self.threshold[node]

    def value(self, row: np.ndarray, known: frozenset[int], node: int = 0) -> float:
        if not self.feature or node < 0:
            return self.leaf[~node if self.feature else 0]
        sides = self.left[node], self.right[node]
        if self.feature[node] in known:
            return self.value(row, known, sides[0 if self.goes_left(node, row[self.feature[node]]) else 1])
        return sum(self.count(side) * self.value(row, known, side) for side in sides) / self.count(node)

    def shapley(self, row: np.ndarray) -> tuple[float, dict[int, float]]:
        used = sorted(set(self.feature))
        worth = {
            frozenset(known): self.value(row, frozenset(known))
            for size in range(len(used) + 1)
            for known in itertools.combinations(used, size)
        }
        found = dict.fromkeys(used, 0.0)
        for known, value in worth.items():
            for feature in known:
                before = len(known) - 1
                share = factorial(before) * factorial(len(used) - before - 1) / factorial(len(used))
                found[feature] += share * (value - worth[known - {feature}])
        return worth[frozenset()], found


def oracle(text: str, row: np.ndarray, columns: int) -> tuple[np.ndarray, np.ndarray]:
    base, found = np.zeros(columns), np.zeros((columns, len(row)))
    for i, block in enumerate(text.split("Tree=")[1:]):
        lines = (line.split("=", 1) for line in block.splitlines() if "=" in line)
        start, shares = OracleTree({key: value.split() for key, value in lines}).shapley(row)
        base[i % columns] += start
        for feature, share in shares.items():
            found[i % columns, feature] += share
    return base, found


@dataclass(frozen=True)
class Model:
    """A real text of trees, rows to explain, and the number of columns of an explanation."""

    text: str
    rows: np.ndarray
    columns: int


SHAPES = {
    "shallow": {"num_leaves": 8, "min_data_in_leaf": 2},
    "stumps": {"num_leaves": 2, "min_data_in_leaf": 2},
    "deep": {"num_leaves": 24, "min_data_in_leaf": 1, "max_depth": 12},
    "one leaf": {"num_leaves": 8, "min_data_in_leaf": 2, "min_gain_to_split": 1e9},
}


@st.composite
def models(draw: st.DrawFn, features: int) -> Model:
    """A model of up to so many features, its missing values of any of LightGBM's three kinds."""
    seed, features = draw(st.integers(0, 10**6)), draw(st.integers(2, features))
    classes, missing = draw(st.integers(2, 6)), draw(st.sampled_from(["none", "nan", "zero"]))
    shape = draw(st.sampled_from(sorted(SHAPES)))
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(size=(150, features)), 1)
    categorical = [i for i in range(features) if rng.random() < 0.4]
    X[:, categorical] = rng.integers(0, 40, (150, len(categorical)))
    if missing != "none":
        X[rng.random(X.shape) < 0.25] = np.nan if missing == "nan" else 0.0
    label = (np.nan_to_num(X[:, 0]) * 3 + np.nan_to_num(X[:, 1]) + rng.normal(size=150)).astype(int) % classes
    label[label == classes - 1] = draw(st.sampled_from([classes - 1, 0]))  # sometimes the last class never occurs
    settings = {
        "objective": "binary" if classes == 2 else "multiclass", "num_class": 1 if classes == 2 else classes,
        "min_data_per_group": 2, "cat_smooth": 1, "max_cat_to_onehot": 3, "learning_rate": 0.5,
        "bagging_fraction": 0.7, "bagging_freq": 1, "seed": seed, "num_threads": 1,
        "zero_as_missing": missing == "zero", "verbose": -1,
    }  # fmt: skip
    settings |= SHAPES[shape]
    data = lgb.Dataset(X, label, weight=rng.random(150) + 0.1, categorical_feature=categorical, params=settings)
    text = lgb.train(settings, data, 1 if shape == "deep" else 3).model_to_string()
    asked = X[:3].copy()
    asked[2] = rng.choice([np.nan, 0.0, -3.0, 1e9, 77.0], features)  # values that training never saw
    return Model(text, asked, 1 if classes == 2 else classes)


def agrees(model: Model) -> None:
    found = Contributor.from_text(model.text).explain(model.rows)
    for i, row in enumerate(model.rows):
        base, contributions = oracle(model.text, row, model.columns)
        assert np.allclose(found.base, base, rtol=0, atol=1e-9)
        assert np.allclose(found.contributions[i], contributions, rtol=0, atol=1e-9)
        assert np.allclose(found.log_odds[i], base + contributions.sum(axis=1), rtol=0, atol=1e-9)


@given(models(features=7))
@settings(max_examples=60, deadline=None)
def test_contributions_are_shapley_values_by_their_definition(model: Model) -> None:
    agrees(model)


@pytest.mark.slow
@given(models(features=10))
@settings(max_examples=500, deadline=None)
def test_contributions_of_models_of_up_to_ten_features_are_shapley_values_by_their_definition(model: Model) -> None:
    agrees(model)


@pytest.mark.parametrize("classes", [2, 3, 6])
def test_contributions_of_trees_grown_as_training_grows_them_are_shapley_values(classes: int) -> None:
    rng = np.random.default_rng(classes)
    X = np.round(rng.normal(size=(600, 6)), 1)
    X[:, 0] = rng.integers(0, 12, 600)
    X[rng.random(X.shape) < 0.2] = np.nan
    label = (np.nan_to_num(X[:, 0]) + np.nan_to_num(2 * X[:, 1])).astype(int) % classes
    params = TreeParams(learning_rate=0.3, min_cases_in_leaf=5, category_smoothing=1.0)
    trees = Trees.fit(X, label, np.ones(600), classes=classes, rounds=3, categorical=(0,), params=params)
    agrees(Model(trees.text, X[:4], 1 if classes == 2 else classes))


def test_an_explanation_that_does_not_add_up_is_never_given(
    small_parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = small_parts.heads["liability"]
    X = head.seen(small_parts.golden)
    true = Trees.scores
    monkeypatch.setattr(Trees, "scores", lambda self, X, *, threads: true(self, X, threads=threads) + 1e-6)
    with pytest.raises(ArithmeticError, match="do not add up"):
        head.contributor.explain(X)


def test_nothing_asked_is_nothing_explained(small_parts: Parts) -> None:
    head = small_parts.heads["liability"]
    found = head.contributor.explain(np.zeros((0, head.trees.features)))
    assert found.contributions.shape == (0, 6, head.trees.features)
    assert found.log_odds.shape == (0, 6)
