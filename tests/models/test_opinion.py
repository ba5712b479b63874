"""An opinion adds up, is the same for one case as for a backlog, and names nobody when it should not."""

from dataclasses import replace

import numpy as np
import pytest

from features.asks import Asks
from features.build import build
from features.catalog import Catalog
from features.tables import Numbers, Tables
from features.vocabulary import LIABLE
from models import opinion
from models.bundle import Bundle, BundleMismatch
from models.calibration import Calibration
from models.contributions import Contributor, Explanation
from models.head import liability_columns
from models.opinion import NOBODY, Opinions, opinions, opinions_from_values
from models.trees import TreeParams, Trees


@pytest.fixture(scope="module")
def values(small_bundle: Bundle, small_asks: tuple[Tables, Asks]) -> Numbers:
    return build(*small_asks, small_bundle.fitted).values


@pytest.fixture(scope="module")
def found(small_bundle: Bundle, values: Numbers) -> Opinions:
    return opinions_from_values(small_bundle, values)


def with_head(bundle: Bundle, **changes: object) -> Bundle:
    return replace(bundle, heads={"liability": replace(bundle.heads["liability"], **changes)})  # type: ignore[arg-type]


def test_start_and_reasons_and_rest_add_up_to_the_contrast(found: Opinions) -> None:
    row, answers, account = np.arange(len(found)), found.answers, found.account
    p = answers.probability
    contrast = np.log(p[row, answers.leading] / p[row, answers.runner_up])
    assert np.abs(account.start + account.log_odds.sum(axis=1) + account.rest - contrast).max() < 1e-9
    assert (contrast >= 0).all()


def test_with_every_reason_told_nothing_is_left(small_bundle: Bundle, values: Numbers) -> None:
    account = opinions_from_values(small_bundle, values[:50], top=1_000).account
    assert np.abs(account.rest).max() < 1e-9


def test_probabilities_are_those_of_the_head_in_the_order_of_parties(
    small_bundle: Bundle, values: Numbers, found: Opinions
) -> None:
    assert np.allclose(found.answers.probability, small_bundle.heads["liability"].probabilities(values), atol=1e-12)
    assert np.allclose(found.answers.probability.sum(axis=1), 1.0)
    assert (found.answers.confidence == found.answers.probability.max(axis=1)).all()


def test_enough_is_said_to_be_known_only_where_the_head_is_sure(
    small_bundle: Bundle, values: Numbers, found: Opinions
) -> None:
    head, enough = small_bundle.heads["sufficiency"], found.sufficiency.enough
    p = head.probabilities(values)
    assert np.allclose(enough.probability, p[:, 1], atol=1e-12)
    assert np.array_equal(enough.told >= 0, p.max(axis=1) >= head.act_above)
    assert np.array_equal(enough.told[enough.told >= 0], p.argmax(axis=1)[enough.told >= 0])
    assert {-1, 1} <= set(enough.told.tolist())


def test_a_bundle_without_that_head_says_nothing_of_it(small_bundle: Bundle, values: Numbers) -> None:
    found = opinions_from_values(with_head(small_bundle), values[:20])
    assert np.isnan(found.sufficiency.enough.probability).all()
    assert (found.sufficiency.enough.told == -1).all()


def test_a_class_that_was_not_trained_has_no_probability_and_is_never_named(
    small_bundle: Bundle, values: Numbers
) -> None:
    head = small_bundle.heads["liability"]
    label = np.arange(len(values)) % 2
    trees = Trees.fit(
        head.seen(values), label, np.ones(len(values)), classes=2, rounds=3, categorical=(),
        params=TreeParams(min_cases_in_leaf=10),
    )  # fmt: skip
    two = with_head(
        small_bundle, classes=("seller", "none"), prior=(0.5, 0.5), trees=trees, calibration=Calibration.none(2)
    )
    answers = opinions_from_values(two, values).answers
    trained = [LIABLE.index("seller"), LIABLE.index("none")]
    assert np.isnan(np.delete(answers.probability, trained, axis=1)).all()
    assert np.allclose(answers.probability[:, trained].sum(axis=1), 1.0)
    assert set(answers.leading) | set(answers.runner_up) == set(trained)


def test_one_case_is_answered_as_in_a_backlog(
    small_bundle: Bundle, values: Numbers, found: Opinions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinion, "BLOCK", 7)
    blocks = opinions_from_values(small_bundle, values)
    for ask in range(0, len(values), 11):
        one = opinions_from_values(small_bundle, values[ask : ask + 1])
        assert one.reasons(0) == found.reasons(ask) == blocks.reasons(ask)
        for whole in (found, blocks):
            assert np.array_equal(one.answers.probability[0], whole.answers.probability[ask])
            assert one.answers.abstained[0] == whole.answers.abstained[ask]


def test_nothing_asked_is_nothing_answered(small_bundle: Bundle, values: Numbers) -> None:
    none = opinions_from_values(small_bundle, values[:0])
    assert len(none) == 0
    assert none.answers.probability.shape == (0, 6)


def test_below_the_threshold_nobody_is_named(small_bundle: Bundle, found: Opinions) -> None:
    answers, threshold = found.answers, small_bundle.heads["liability"].act_above
    low = answers.confidence < threshold
    assert low.any()
    assert (~low).any()
    assert (answers.abstained[low] == "A02").all()
    assert (answers.liable[low] == NOBODY).all()
    named = answers.abstained == ""
    assert (answers.liable[named] == answers.leading[named]).all()
    assert set(answers.abstained) - {""} <= set(opinion.ABSTENTIONS)


def without_uncitable(bundle: Bundle, values: Numbers) -> Numbers:
    """The probabilities without what may not be told, from the definition."""
    head, catalog = bundle.heads["liability"], bundle.fitted.catalog
    told = np.array([catalog.features[i].citable for i in head.columns])
    explained = head.contributor.explain(head.seen(values))
    return head.calibration.probabilities(explained.base + explained.contributions[:, :, told].sum(axis=2))


def test_an_answer_that_rests_on_what_may_not_be_told_names_nobody(small_bundle: Bundle, values: Numbers) -> None:
    bold = with_head(small_bundle, act_above=0.0)
    answers = opinions_from_values(bold, values).answers
    told = without_uncitable(bold, values)
    assert np.allclose(answers.citable_probability, told, atol=1e-12)
    flipped = told.argmax(axis=1) != answers.probability.argmax(axis=1)
    assert flipped.any()
    assert (answers.abstained[flipped] == "A03").all()
    assert (answers.abstained[~flipped] == "").all()
    assert (answers.citable_leading == told.argmax(axis=1)).all()


def test_without_a_trained_head_nobody_is_named_and_nothing_is_claimed(small_bundle: Bundle, values: Numbers) -> None:
    none = opinions_from_values(replace(small_bundle, heads={}), values[:3])
    assert np.isnan(none.answers.probability).all()
    assert (none.answers.abstained == "A01").all()
    assert none.reasons(0) == ()


def test_features_that_may_not_influence_liability_never_reach_the_head(small_bundle: Bundle, values: Numbers) -> None:
    hidden = replace(small_bundle.fitted.catalog.features[2], influences=False)
    features = small_bundle.fitted.catalog.features
    catalog = Catalog((*features[:2], hidden, *features[3:]))
    columns = liability_columns(catalog)
    assert columns == (0, 1, *range(3, len(features)))
    head = replace(small_bundle.heads["liability"], columns=columns)
    other = values.copy()
    other[:, 2] = 1e9
    assert np.array_equal(head.seen(values), head.seen(other), equal_nan=True)


def test_an_account_that_does_not_add_up_is_never_given(
    small_bundle: Bundle, values: Numbers, monkeypatch: pytest.MonkeyPatch
) -> None:
    true = Contributor.explain

    def wrong(self: Contributor, X: Numbers, *, threads: int) -> Explanation:
        explained = true(self, X, threads=threads)
        return replace(explained, contributions=explained.contributions * 1.000001)

    monkeypatch.setattr(Contributor, "explain", wrong)
    with pytest.raises(ArithmeticError, match="do not add up"):
        opinions_from_values(small_bundle, values)


def test_features_built_for_another_catalog_are_refused(
    small_bundle: Bundle, small_asks: tuple[Tables, Asks], values: Numbers
) -> None:
    turned = replace(small_bundle.fitted, catalog=Catalog(small_bundle.fitted.catalog.features[::-1]))
    with pytest.raises(BundleMismatch, match="another catalog"):
        opinions(small_bundle, build(*small_asks, turned))
    with pytest.raises(BundleMismatch, match="values"):
        opinions_from_values(small_bundle, values[:, 1:])
