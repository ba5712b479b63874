"""Tables of contributions give what LightGBM's own exact contributions are, for every kind of tree it grows."""

import threading
import time

import lightgbm as lgb
import numpy as np
import pytest

from models import leaf_tables
from models.contributions import Contributor, Explanation
from models.kernel import BLOCK, LARGEST
from models.leaf_tables import BeyondTables, LeafTables
from models.trees import Trees

FEATURES = 14


def rows(count: int, seed: int = 7) -> np.ndarray:
    """Two columns of categories and many of numbers, with unknown values, zeros and values never seen."""
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(size=(count, FEATURES)), 2)
    X[:, :2] = rng.integers(0, 70, (count, 2))
    X[rng.random(X.shape) < 0.15] = np.nan
    X[rng.random(X.shape) < 0.15] = 0.0
    return X


def grown(classes: int, rounds: int = 8, **settings: object) -> str:
    """A real text of trees."""
    X = rows(1500, seed=classes)
    known = np.nan_to_num(X)
    score = known[:, 0] % 5 + 2 * known[:, 2] + known[:, 3] * known[:, 4] - known[:, 5:].sum(axis=1)
    label = np.digitize(score, np.quantile(score, np.linspace(0, 1, classes + 1)[1:-1]))
    how = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    how |= {
        "num_leaves": 31, "max_depth": 7, "min_data_in_leaf": 3, "min_data_per_group": 5, "cat_smooth": 1.0,
        "learning_rate": 0.2, "num_threads": 1, "seed": 1, "verbose": -1,
    }  # fmt: skip
    how |= settings
    return lgb.train(how, lgb.Dataset(X, label, categorical_feature=[0, 1], params=how), rounds).model_to_string()


def asked() -> np.ndarray:
    """Rows of which some hold what no training saw."""
    X = rows(60)
    strange = [np.nan, np.inf, -np.inf, -0.5, -1.0, 31.9, 32.0, 1e9, 1e300, 1e-36, -1e-36, 2e-35]
    X[: len(strange)] = np.array(strange)[:, None]
    return X


def agrees(text: str, X: np.ndarray) -> None:
    trees = Trees(text)
    contributions, base = trees.shapley(X)
    tables = LeafTables.of(text, trees.features)
    log_odds, found = tables.explain(X, threads=1)
    near = {"rtol": 0, "atol": 1e-10}
    np.testing.assert_allclose(found, contributions, **near)
    np.testing.assert_allclose(tables.base, base, **near)
    np.testing.assert_allclose(log_odds, trees.scores(X)[:, -len(base) :], **near)


@pytest.mark.parametrize("classes", [2, 3, 6])
@pytest.mark.parametrize("missing", [{}, {"zero_as_missing": True}, {"use_missing": False}], ids=str)
def test_tables_give_the_exact_contributions_of_lightgbm(classes: int, missing: dict[str, object]) -> None:
    agrees(grown(classes, **missing), asked())


@pytest.mark.parametrize(
    "shape",
    [
        {"num_leaves": 2},
        {"max_depth": 2},
        {"num_leaves": 64, "max_depth": 7, "min_data_in_leaf": 1},
        {"num_leaves": 40, "max_depth": 11, "min_data_in_leaf": 1},
        {"max_cat_to_onehot": 100},
        {"bagging_fraction": 0.5, "bagging_freq": 1, "extra_trees": True},
        {"min_gain_to_split": 1e9},
    ],
    ids=str,
)
def test_tables_give_the_exact_contributions_of_trees_of_any_shape(shape: dict[str, object]) -> None:
    agrees(grown(3, **shape), asked())


def test_trees_that_ask_nothing_stand_beside_others() -> None:
    rng = np.random.default_rng(3)
    X, label = rows(300), rng.integers(0, 2, 300)  # the third class never occurs: its trees are constant
    how = {"objective": "multiclass", "num_class": 3, "min_data_in_leaf": 5, "num_threads": 1, "verbose": -1}
    text = lgb.train(how, lgb.Dataset(X, label), 5).model_to_string()
    assert "num_leaves=1\n" in text
    agrees(text, asked())


@pytest.mark.parametrize("classes", [2, 6])
def test_a_row_is_explained_the_same_wherever_it_stands_and_by_however_many_threads(classes: int) -> None:
    contributor, X = Contributor.from_text(grown(classes, 4)), rows(3 * BLOCK + 17)
    whole = contributor.explain(X)
    for start, stop in ((0, 1), (BLOCK - 1, BLOCK + 1), (5, BLOCK + 5), (0, BLOCK), (3 * BLOCK, len(X))):
        part = contributor.explain(X[start:stop])
        assert np.array_equal(part.contributions, whole.contributions[start:stop])
        assert np.array_equal(part.log_odds, whole.log_odds[start:stop])
    for threads in (2, 3):
        same(contributor.explain(X, threads=threads), whole)


def test_rows_may_lie_in_memory_in_any_way_and_be_of_single_precision() -> None:
    contributor, X = Contributor.from_text(grown(3)), rows(40).astype(np.float32).astype(np.float64)
    whole = contributor.explain(X)
    wide = np.zeros((80, 2 * FEATURES))
    wide[::2, ::2] = X
    for other in (np.asfortranarray(X), wide[::2, ::2], X.astype(np.float32)):
        same(contributor.explain(other), whole)


def same(found: Explanation, wanted: Explanation) -> None:
    assert np.array_equal(found.contributions, wanted.contributions)
    assert np.array_equal(found.log_odds, wanted.log_odds)


def test_no_row_is_explained_by_nothing() -> None:
    found = Contributor.from_text(grown(3)).explain(np.zeros((0, FEATURES)), threads=2)
    assert (found.log_odds.shape, found.contributions.shape) == ((0, 3), (0, 3, FEATURES))


@pytest.mark.parametrize("shape", [(3, FEATURES - 1), (3, FEATURES + 1), (FEATURES,)], ids=str)
def test_rows_with_another_number_of_features_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="14 features"):
        Contributor.from_text(grown(2)).explain(np.zeros(shape))


def test_trees_with_linear_leaves_are_refused() -> None:
    with pytest.raises(ValueError, match="linear leaves"):
        Contributor.from_text(grown(2, linear_tree=True))


def test_a_path_of_more_features_than_tables_reach_is_explained_exactly_all_the_same() -> None:
    rng = np.random.default_rng(5)
    X = rng.random((400, LARGEST + 4))
    label = np.cumprod(X > 0.15, axis=1).sum(axis=1)  # each feature matters only after all before it
    how = {
        "objective": "regression", "num_leaves": 60, "min_data_in_leaf": 1, "num_threads": 1, "verbose": -1,
    }  # fmt: skip
    trees = Trees(lgb.train(how, lgb.Dataset(X, label.astype(float)), 2).model_to_string())
    with pytest.raises(BeyondTables):
        LeafTables.of(trees.text, trees.features)
    found = Contributor(trees).explain(X[:9])
    contributions, base = trees.shapley(X[:9])
    assert np.array_equal(found.contributions, contributions)
    assert np.array_equal(found.base, base)


def test_trees_that_need_too_much_memory_are_explained_exactly_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaf_tables, "MOST", 1000)
    trees, X = Trees(grown(3)), asked()
    assert np.array_equal(Contributor(trees).explain(X).contributions, trees.shapley(X)[0])


def test_other_threads_run_while_rows_are_explained() -> None:
    contributor, X = Contributor.from_text(grown(6, 30)), rows(20_000)
    contributor.explain(X[:1])
    work = threading.Thread(target=contributor.explain, args=(X,))
    steps = 0
    work.start()
    while work.is_alive():
        time.sleep(0.001)
        steps += 1
    assert steps > 3
