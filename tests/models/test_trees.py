"""The same data and seed grow the same trees, byte for byte, and their text says nothing of the machine."""

import numpy as np
import pytest

from models.trees import TrainingSet, TreeParams, Trees

TEXT_KEYS = """
version num_class num_tree_per_iteration label_index max_feature_idx objective feature_names feature_infos tree_sizes
Tree num_leaves num_cat split_feature split_gain threshold decision_type left_child right_child cat_boundaries
cat_threshold leaf_value leaf_weight leaf_count internal_value internal_weight internal_count is_linear shrinkage
"""
PARAMS = TreeParams(min_cases_in_leaf=5, learning_rate=0.2)


def some_data(classes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    X = rng.normal(size=(3_000, 12))
    X[:, 0] = rng.integers(0, 25, 3_000)
    X[rng.random(X.shape) < 0.1] = np.nan
    label = (np.nan_to_num(X[:, 1]) + np.nan_to_num(X[:, 2]) ** 2 + rng.normal(size=3_000)).astype(int) % classes
    return X, label, 1.0 / rng.integers(1, 4, 3_000)


def grow(classes: int, threads: int, rounds: int = 4) -> Trees:
    X, label, weights = some_data(classes)
    return Trees.fit(
        X, label, weights, classes=classes, rounds=rounds, categorical=(0,), params=PARAMS, threads=threads
    )  # fmt: skip


@pytest.mark.parametrize("classes", [2, 4])
def test_training_twice_at_one_or_two_threads_gives_the_same_bytes(classes: int) -> None:
    once = grow(classes, 1, rounds=2).text
    assert once == grow(classes, 1, rounds=2).text
    assert once == grow(classes, 2, rounds=2).text


def test_the_text_holds_trees_and_nothing_of_the_machine() -> None:
    text = grow(4, 1).text
    assert text.endswith("end of trees\n")
    keys = {line.partition("=")[0] for line in text.splitlines() if "=" in line}
    assert keys == set(TEXT_KEYS.split())


def test_scores_of_a_text_are_the_scores_of_its_trees_at_any_thread_count_and_slicing() -> None:
    trees, X = grow(4, 1), some_data(4)[0]
    again = Trees(trees.text)
    whole = trees.scores(X)
    assert (again.scores(X, threads=2) == whole).all()
    assert (np.concatenate([again.scores(X[i : i + 7]) for i in range(0, 70, 7)]) == whole[:70]).all()


def test_trees_grown_in_stages_are_those_grown_at_once_and_their_stages_add_up() -> None:
    (X, label, weights), at_once = some_data(2), grow(2, 1)
    growing = TrainingSet(X, label, weights, classes=2, categorical=(0,), params=PARAMS).start(PARAMS)
    total = sum(growing.grow(rounds, X) for rounds in (3, 1))
    assert growing.trees().text == at_once.text
    assert np.allclose(total, at_once.scores(X), rtol=0, atol=1e-12)


def test_of_two_classes_the_first_is_the_zero_line() -> None:
    trees = grow(2, 1)
    assert trees.classes == 2
    assert (trees.scores(some_data(2)[0])[:, 0] == 0.0).all()
