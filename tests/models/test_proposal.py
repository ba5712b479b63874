"""A proposal adds up, and names nobody when it should not."""

import numpy as np

from features.asks import Asks
from features.build import build
from features.tables import Tables
from models.bundle import Bundle
from models.proposal import NOBODY, propose


def test_start_and_reasons_and_rest_add_up_to_the_contrast(
    small_bundle: Bundle, small_asks: tuple[Tables, Asks]
) -> None:
    found = propose(small_bundle, build(*small_asks, small_bundle.fitted))
    row = np.arange(len(found))
    p = found.answers.probability
    contrast = np.log(p[row, found.answers.leading] / p[row, found.answers.runner_up])
    account = found.account
    assert np.abs(account.start + account.log_odds.sum(axis=1) + account.rest - contrast).max() < 1e-9
    assert (found.answers.liable == NOBODY).any()
    assert (found.answers.liable != NOBODY).any()
