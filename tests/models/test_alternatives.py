"""What else could be ruled is what policy allows and the model thinks possible, priced as if it were proposed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from features.vocabulary import LIABLE
from models.account import Account
from models.alternatives import alternatives
from models.bundle import Bundle
from models.consequences import consequences
from models.course import steps
from models.opinion import Answers, Enough, Opinions, Sufficiency
from models.policy import HOUSE, READ, Policy, load
from models.proposal import Proposals, propose
from models.reasons import Grouping

TYPES = {"flag": pa.bool_(), "number": pa.float64(), "word": pa.string()}
DAY = np.array([20_400])
BROKEN = {
    "reason": "damaged_item", "stage": "request", "remedy_asked": "full_refund", "fulfilment": "platform_shipped",
    "label_owner": "platform", "delivered": True, "handed_over": True, "paid_cents": 4_000.0,
    "unit_price_cents": 4_000.0, "shipping_cents": 500.0, "tax_cents": 320.0, "quantity": 1.0,
    "claimed_cents": 4_820.0, "offer_accepted": False, "chargeback_open": False, "refunded_cents": 0.0,
}  # fmt: skip


def facts(**changed: Any) -> pa.Table:
    told = BROKEN | changed
    return pa.table({fact.name: pa.array([told.get(fact.name)], TYPES[fact.type]) for fact in READ})


@pytest.fixture(scope="module")
def house() -> Policy:
    return load(HOUSE).heard(lambda column: column.startswith(("cases.", "orders.")))


@pytest.fixture
def proposed(small_bundle: Bundle, house: Policy) -> Callable[..., Proposals]:
    """A proposal where the model is sure of the seller and thinks the carrier possible."""

    def make(table: pa.Table) -> Proposals:
        p = np.array([[0.0, 0.9, 0.1, 0.0, 0.0, 0.0]])
        seller = np.array([LIABLE.index("seller")])
        answers = replace(
            Answers.none(1),
            probability=p,
            citable_probability=p,
            leading=seller,
            liable=seller,
            abstained=np.array([""]),
        )
        nothing = Sufficiency(Enough.none(1), Account.none(1), Grouping((), ()), small_bundle.fitted)
        thought = Opinions(answers, Account.none(1), Grouping((), ()), small_bundle.fitted, nothing)
        return propose(thought, house, table, DAY)

    return make


def test_another_possible_party_and_the_other_remedies_are_alternatives(
    house: Policy, proposed: Callable[..., Proposals]
) -> None:
    table = facts()
    found = proposed(table)
    assert found.follows.lines.refund().tolist() == [4_820]
    (others,) = alternatives(found, house, table)
    assert ("carrier", "full_refund") in {(other.liable, other.remedy) for other in others}
    assert ("seller", "partial_refund") in {(other.liable, other.remedy) for other in others}
    assert ("seller", "full_refund") not in {(other.liable, other.remedy) for other in others}
    assert all(sum(other.net.values()) == 0 for other in others)


def test_a_party_that_policy_says_is_not_at_fault_is_no_alternative(
    house: Policy, proposed: Callable[..., Proposals]
) -> None:
    table = facts(reason="fit_style", days_after_delivery=3.0)
    (others,) = alternatives(proposed(table), house, table)
    assert "carrier" not in {other.liable for other in others}


def test_who_is_not_entitled_has_no_other_remedy(house: Policy, proposed: Callable[..., Proposals]) -> None:
    table = facts(refunded_cents=4_820.0)
    (others,) = alternatives(proposed(table), house, table)
    assert {other.liable for other in others} <= {"carrier"}


def test_the_plan_of_a_proposal_pays_the_refund_and_that_of_an_unpriced_one_is_empty(
    proposed: Callable[..., Proposals],
) -> None:
    assert "S40" in {step.code for step in steps(proposed(facts()).follows, 0)}
    assert steps(proposed(facts(paid_cents=None)).follows, 0) == ()


def test_a_fact_told_later_is_found_as_if_it_had_been_told_at_once(house: Policy) -> None:
    later = house.with_fact(house.find(facts(), DAY), "fault_found", pa.array(["carrier"]))
    at_once = house.find(facts(fault_found="carrier"), DAY)
    assert np.array_equal(later.applies, at_once.applies)
    assert later.known.equals(at_once.known)


def test_clauses_whose_facts_nobody_records_are_not_asked_and_the_version_stays_what_it_was(house: Policy) -> None:
    whole = load(HOUSE)
    assert house.recorded == whole.recorded
    assert set(house.left_out) | {clause.id for clause in house.clauses} == {clause.id for clause in whole.clauses}
    assert "CARR-LOSS" in house.left_out
    assert whole.heard(lambda column: True).left_out == ()


def test_what_a_return_shows_to_be_done_is_not_asked_for_again() -> None:
    whole = load(HOUSE).heard(lambda column: column.startswith(("cases.", "orders.", "returns.")))
    asked = {"remedy_asked": "return_and_refund", "return_dropped_off": False}
    back = {**asked, "return_dropped_off": True}
    codes = []
    for told in (asked, back, {**back, "return_scanned": False, "return_received": True}):
        table = facts(**told)
        follows = consequences(whole, table, whole.find(table, DAY), np.array([LIABLE.index("seller")]))
        codes.append([step.code for step in steps(follows, 0) if not step.stands_in])
    assert codes == [
        ["S20", "S22", "S23", "S24", "S26", "S40", "S42", "S49"],
        ["S23", "S24", "S26", "S40", "S42", "S49"],
        ["S26", "S40", "S42", "S49"],
    ]
