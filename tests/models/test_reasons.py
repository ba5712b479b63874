"""Reasons are told strongest first, with all that a sentence needs, and never mix what may not be told."""

from dataclasses import replace

import numpy as np
import pytest

from features.asks import Asks
from features.build import OTHER, build
from features.catalog import Feature
from features.tables import Numbers, Tables
from models.bundle import Bundle
from models.calibration import Calibration
from models.opinion import opinions_from_values
from models.reasons import Grouping, parameters


@pytest.fixture(scope="module")
def values(small_bundle: Bundle, small_asks: tuple[Tables, Asks]) -> Numbers:
    return build(*small_asks, small_bundle.fitted).values


def feature(name: str, reason: str = "R01", subject: str = "", *, citable: bool = True) -> Feature:
    return Feature(name, "claim", "number", "A sentence.", "hours", (), reason, subject, citable=citable)


def test_features_of_one_subject_are_told_together_unless_one_may_not_be_told() -> None:
    features = (feature("a"), feature("b", "R02"), feature("c"), feature("d", citable=False))
    grouping = Grouping(features, features)
    assert grouping.keys == (("R01", "", False), ("R01", "", True), ("R02", "", True))
    assert grouping.citable.tolist() == [False, True, True]
    assert grouping.sums(np.array([[1.0, 10.0, 100.0, 1000.0]])).tolist() == [[1000.0, 101.0, 10.0]]


def test_reasons_come_strongest_first_and_ties_by_code_and_subject(small_bundle: Bundle, values: Numbers) -> None:
    found = opinions_from_values(small_bundle, values, top=1_000)
    for ask in range(0, len(values), 17):
        told = [(-abs(round(r.log_odds, 6)), r.code, r.subject, r.citable) for r in found.reasons(ask)]
        assert told == sorted(told)
        assert all(strength < 0 for strength, *_ in told)


def test_fewer_reasons_are_the_first_of_more(small_bundle: Bundle, values: Numbers) -> None:
    few, many = (opinions_from_values(small_bundle, values[:40], top=top) for top in (3, 9))
    for ask in range(40):
        assert few.reasons(ask) == many.reasons(ask)[:3]


def test_a_slope_moves_every_reason_alike_and_offsets_move_none(small_bundle: Bundle, values: Numbers) -> None:
    head = small_bundle.heads["liability"]
    plain, steep = (
        replace(small_bundle, heads={"liability": replace(head, calibration=Calibration(slope, (0.0,) * 6))})
        for slope in (1.0, 2.0)
    )
    one, other = (opinions_from_values(bundle, values[:30]).account for bundle in (plain, steep))
    assert np.allclose(2.0 * one.log_odds, other.log_odds)
    assert (one.group == other.group).all()


def test_by_class_the_contrast_is_the_difference_of_the_two_leading_and_the_mean_is_nothing(
    small_bundle: Bundle, values: Numbers
) -> None:
    found = opinions_from_values(small_bundle, values[:60])
    for ask in range(60):
        first, second = found.answers.leading[ask], found.answers.runner_up[ask]
        for reason in found.reasons(ask):
            assert reason.by_class[first] - reason.by_class[second] == pytest.approx(reason.log_odds, abs=1e-9)
            assert sum(reason.by_class) == pytest.approx(0.0, abs=1e-9)


def test_the_feature_named_is_one_of_its_group_and_its_value_is_the_asks_own(
    small_bundle: Bundle, values: Numbers
) -> None:
    found = opinions_from_values(small_bundle, values)
    catalog = {f.name: (i, f) for i, f in enumerate(small_bundle.fitted.catalog)}
    for ask in range(0, len(values), 13):
        for reason in found.reasons(ask):
            place, named = catalog[reason.feature]
            assert (named.reason, named.subject, named.citable) == (reason.code, reason.subject, reason.citable)
            value = values[ask, place]
            if named.family == "attributes" and named.kind == "number":
                assert reason.params["value"] == value
            if named.family == "history" and named.measure != "weight" and np.isfinite(value):
                assert reason.params["odds_ratio"] == pytest.approx(np.exp(value))


def test_a_category_is_told_by_its_word_a_rare_one_as_other_and_an_unknown_one_as_nothing(
    small_bundle: Bundle,
) -> None:
    fitted = small_bundle.fitted
    named = next(f for f in fitted.catalog if f.name == "reason_claimed")
    kept = fitted.categories["reason_claimed"]
    assert parameters(named, 0.0, np.nan, fitted) == {"value": kept[0]}
    assert parameters(named, float(len(kept)), np.nan, fitted) == {"value": OTHER}
    assert parameters(named, np.nan, np.nan, fitted) == {"value": None}


def test_a_history_rate_is_told_with_its_window_its_odds_and_the_rulings_it_rests_on(small_bundle: Bundle) -> None:
    fitted = small_bundle.fitted
    named = next(f for f in fitted.catalog if f.name == "history.seller.seller.90d")
    weight = 12 / (12 + fitted.history_weight)
    assert parameters(named, np.log(2.5), weight, fitted) == {
        "key": "seller", "measure": "seller", "window_days": 90, "rulings": 12, "odds_ratio": pytest.approx(2.5),
    }  # fmt: skip
    assert parameters(named, np.nan, np.nan, fitted)["odds_ratio"] is None
    assert parameters(named, np.nan, np.nan, fitted)["rulings"] is None


def test_a_partys_own_history_is_flagged_and_a_products_is_not(small_bundle: Bundle, values: Numbers) -> None:
    found = opinions_from_values(small_bundle, values, top=1_000)
    told = {(r.code, r.subject): r.citable for ask in range(len(values)) for r in found.reasons(ask)}
    assert told["R30", "seller"] is False
    assert told["R30", "category"] is True


def test_a_rate_is_told_with_the_rulings_it_rests_on_also_where_the_head_does_not_look_at_their_number(
    small_bundle: Bundle,
) -> None:
    features = small_bundle.fitted.catalog.features
    grouping = Grouping(tuple(f for f in features if f.measure != "weight"), features)
    rates = [i for i, f in enumerate(grouping.features) if f.family == "history" and f.unit == "log-odds"]
    assert all(features[grouping.weight[i]].measure == "weight" for i in rates)
    assert all(features[grouping.weight[i]].key == grouping.features[i].key for i in rates)
