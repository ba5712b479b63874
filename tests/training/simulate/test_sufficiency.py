"""Whether the evidence of a simulated case was enough: both answers occur at every moment, by training's own words."""

import numpy as np
import pytest

from features.data import read_data
from features.vocabulary import MOMENTS
from training.dataset import asks_of_ruled_cases
from training.labels import after_last_outcome, labels_before
from training.sufficiency import sufficiency


@pytest.fixture(scope="module")
def labelled(simulated):
    """The moments of all asks and their labels, -1 for none."""
    tables = read_data(simulated.data).tables
    asks = asks_of_ruled_cases(tables)
    labels = labels_before(tables, after_last_outcome(tables), 21)
    return asks.moment, sufficiency(tables, asks, labels)[0]


@pytest.mark.parametrize("moment", range(len(MOMENTS)))
def test_evidence_is_enough_in_some_cases_and_wanting_in_others(labelled, moment):
    moments, label = labelled
    of_moment = np.bincount(label[(moments == moment) & (label >= 0)], minlength=2)
    assert of_moment.min() >= 40
