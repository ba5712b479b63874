"""A million cases at once pay what each pays alone, to the cent; the facts that are read are all that matter."""

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

from benchmarks.one_by_one import differing
from features.data import read_data
from features.facts import FACTS
from features.tables import Tables
from models.hearing import read_by, told, told_what_is_read
from models.policy import Policy, load
from training.backtest.backtest import Backtest, prepare, try_both
from training.backtest.once import DecidedOnce
from training.backtest.outcomes import Outcomes, rule
from training.backtest.settled import Span
from training.simulate.simulate import simulate
from training.simulate.world import World

Changed = Callable[[Mapping[str, str]], Path]


def same(one: Outcomes, other: Outcomes) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name)) for name in Outcomes.__slots__)


def test_each_case_alone_by_the_live_path_pays_the_same_to_the_cent(tried: Backtest) -> None:
    rows = np.random.default_rng(2).choice(len(tried.asks), 60, replace=False)
    assert differing(tried, rows) == []


@pytest.mark.slow
def test_a_thousand_cases_alone_pay_the_same_to_the_cent(house: Policy, changed: Changed, tmp_path: Path) -> None:
    simulate(tmp_path / "data", tmp_path / "truth", World(), cases=6000, seed=11, tell=lambda _: None)
    new = load(changed({"value: 75000": "value: 2500", "value: 100, assumed": "value: 40, assumed"}))
    found = prepare(read_data(tmp_path / "data").tables, (house, new), Span()).run(threads=2)
    rows = np.random.default_rng(2).choice(len(found.asks), 1000, replace=False)
    assert (found.before.net != found.after.net).any()
    assert differing(found, rows) == []


def test_no_fact_but_those_that_are_read_changes_an_outcome(tried: Backtest) -> None:
    policies = (tried.old, tried.new)
    few, days = told_what_is_read(policies, tried.tables, tried.asks)
    assert set(few.column_names) < {fact.name for fact in FACTS}
    for policy, day, outcomes in zip(policies, days, (tried.before, tried.after), strict=True):
        facts, again = told(policy, tried.tables, tried.asks)
        assert np.array_equal(day, again)
        assert same(Outcomes.of(rule(policy, facts, policy.find(facts, day), tried.liable), facts), outcomes)


def test_the_facts_that_are_read_are_told_as_they_are_among_all_others(tried: Backtest) -> None:
    some = tried.asks.take(slice(0, 300))
    few, _ = told_what_is_read((tried.old,), tried.tables, some)
    assert few.equals(told(tried.old, tried.tables, some)[0].select(list(read_by(tried.old))))


def test_slices_of_cases_in_any_order_are_all_of_them(tried: Backtest) -> None:
    order = np.random.default_rng(4).permutation(len(tried.asks))
    room = [Outcomes.blank(len(order), like) for like in (tried.before, tried.after)]
    for rows in (order[:100], order[100:101], order[101:]):
        part = try_both((tried.old, tried.new), tried.tables, tried.asks.take(rows), tried.liable[rows])
        for outcomes, found in zip(room, part, strict=True):
            outcomes.put(rows, found)
    assert same(room[0], tried.before)
    assert same(room[1], tried.after)


def test_a_condition_two_policies_share_is_decided_once_and_as_before(market: Tables, tried: Backtest) -> None:
    facts, (day, _) = told_what_is_read((tried.old, tried.new), market, tried.asks)
    once = DecidedOnce(len(tried.asks))
    for policy in (tried.old, tried.new, tried.old):
        assert np.array_equal(policy.find(facts, day, by=once).applies, policy.find(facts, day).applies)
