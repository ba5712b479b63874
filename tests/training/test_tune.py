"""The search for better trees: seeded, on the rolling folds, and never worse there than what it started from."""

import numpy as np
import pytest

from features.asks import Asks
from features.tables import DAY, Tables
from training.config import TrainingConfig
from training.fit import Rehearsal, rehearse, try_trees
from training.folds import rolling_folds
from training.prepare import prepare
from training.tune import tune

CONFIG = TrainingConfig(maturity_days=5, folds=2, max_rounds=10, rounds_step=5, learning_rate=0.2, windows_days=(90,))


@pytest.fixture(scope="module")
def rehearsals(small_asks: tuple[Tables, Asks]) -> list[Rehearsal]:
    tables = small_asks[0]
    until = int(np.quantile(tables.instants("rulings", "ruled_at"), 0.75)) // DAY * DAY
    history = prepare(tables, until, CONFIG)
    return list(rehearse(history, rolling_folds(history)))


def test_the_same_search_finds_the_same_and_nothing_worse(rehearsals: list[Rehearsal]) -> None:
    found = tune(rehearsals, CONFIG, 2)
    assert found == tune(rehearsals, CONFIG, 2)
    assert try_trees(rehearsals, found).loss <= try_trees(rehearsals, CONFIG).loss


def test_trees_that_stop_early_are_compared_at_every_number_of_rounds(rehearsals: list[Rehearsal]) -> None:
    stubborn = CONFIG.changed(l2=1e6, min_cases_in_leaf=1, max_rounds=12)
    assert try_trees(rehearsals, stubborn).rounds <= 12


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_giving_up_a_depth_that_will_not_win_changes_nothing_about_the_winner(
    rehearsals: list[Rehearsal], rate: float
) -> None:
    config = CONFIG.changed(depth=(1, 3, 5), max_rounds=80, learning_rate=rate)
    alone = [try_trees(rehearsals, config.changed(depth=(depth,))) for depth in config.depth]
    best = min(alone, key=lambda trial: trial.loss)
    found = try_trees(rehearsals, config)
    assert (found.depth, found.rounds, found.loss) == (best.depth, best.rounds, best.loss)
