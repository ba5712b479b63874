"""Every plan can be carried out from its first step to its last, and says what happens where a step is missed."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.vocabulary import PARTIES, REFUND_TRIGGERS, REMEDIES
from models.award import ALL_OF, BUYER, CARRIER, EXCHANGE, FULL, REJECT, RESHIP, RETURN, SELLER, Awarded, Paid
from models.lines import LINES, Line
from models.plan import Course, Step, plan
from models.price import price
from models.remedy import ACTIONS
from models.steps import LAPSES, STEPS, TRIGGERED_BY
from models.terms import Clocks, Terms

LINE = {kind.code: Line(kind.code, kind.payer, kind.payee, kind.nature, 1, None) for kind in LINES}
courses = st.builds(
    Course,
    remedy=st.sampled_from(REMEDIES),
    lines=st.lists(st.sampled_from([*LINE]), unique=True).map(lambda codes: tuple(LINE[c] for c in sorted(codes))),
    actions=st.lists(st.sampled_from(ACTIONS), unique=True).map(tuple),
    returned=st.booleans(),
    refund_at=st.sampled_from(REFUND_TRIGGERS),
)


def steps(award: Awarded, order: Paid, terms: Terms, clocks: Clocks, **course: object) -> dict[str, Step]:
    """The plan of one case by code."""
    lines = price(order, award, terms).of(0)
    found = plan(Course(remedy=REMEDIES[int(award.remedy)], lines=lines, **course), clocks)  # type: ignore[arg-type]
    return {step.code: step for step in found}


def before(code: str, plan: dict[str, Step]) -> set[str]:
    """Everything that must come before a step."""
    return {need for direct in plan[code].needs for need in (direct, *before(direct, plan))}


@given(course=courses)
def test_what_a_step_needs_stands_before_it(clocks: Clocks, course: Course) -> None:
    found = plan(course, clocks)
    for place, step in enumerate(found):
        assert set(step.needs) <= {earlier.code for earlier in found[:place]}


@given(course=courses)
def test_no_chain_of_needs_and_fallbacks_runs_in_a_circle(clocks: Clocks, course: Course) -> None:
    leads_to = {step.code: {*step.needs, step.fallback} - {None} for step in plan(course, clocks)}
    while leads_to:
        ends = {code for code, after in leads_to.items() if not after & set(leads_to)}
        assert ends
        leads_to = {code: after for code, after in leads_to.items() if code not in ends}


@given(course=courses)
def test_every_step_is_somebodys_and_every_fallback_is_in_the_plan(clocks: Clocks, course: Course) -> None:
    found = plan(course, clocks)
    codes = {step.code for step in found}
    assert all(step.owner in PARTIES for step in found)
    assert {step.fallback for step in found} - {None} <= codes


@given(course=courses)
def test_a_refund_waits_for_what_sets_it_off(clocks: Clocks, course: Course) -> None:
    found = {step.code: step for step in plan(course, clocks)}
    trigger = TRIGGERED_BY[course.refund_at]
    for code in {"S30", "S40", "S41"} & set(found):
        assert (trigger in before(code, found)) == ("S20" in found)
        assert ("S28" in before(code, found)) == ("S28" in found)


def test_each_step_is_named_once_and_each_lapse_has_its_words() -> None:
    codes = [kind.code for kind in STEPS]
    assert codes == sorted(set(codes))
    assert {kind.lapse for kind in STEPS} - {None} == set(LAPSES)
    assert {kind.clock for kind in STEPS} - {""} == {field.name for field in fields(Clocks)}


def test_a_step_without_a_condition_stands_in_for_another() -> None:
    assert {kind.code for kind in STEPS if not kind.when} == {kind.fallback for kind in STEPS} - {None}


def test_a_return_goes_from_label_to_drop_off_to_arrival_to_grade_to_refund(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True)
    found = steps(award, Paid(paid=5_000), terms, clocks, returned=True)
    assert [*found] == ["S20", "S21", "S22", "S23", "S24", "S25", "S26", "S27", "S40", "S42", "S49"]
    assert [found[code].needs for code in ("S22", "S24", "S26", "S40")] == [("S20",), ("S22",), ("S24",), ("S26",)]
    assert [code for code, step in found.items() if step.stands_in] == ["S21", "S25", "S27"]


def test_what_was_done_before_the_ruling_is_not_asked_for_again(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True)
    arrived = steps(award, Paid(paid=5_000), terms, clocks, returned=True, done=("S20", "S22", "S23", "S24"))
    assert [*arrived] == ["S26", "S27", "S40", "S42", "S49"]
    graded = steps(award, Paid(paid=5_000), terms, clocks, returned=True, done=("S20", "S22", "S23", "S24", "S26"))
    assert [*graded] == ["S40", "S42", "S49"]
    assert [step.due.since for step in (arrived["S26"], graded["S40"]) if step.due] == [("ruled",), ("ruled",)]


def test_a_buyer_who_does_not_hand_the_item_in_by_its_day_loses_the_remedy(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True)
    drop_off = steps(award, Paid(paid=5_000), terms, clocks, returned=True)["S22"]
    assert drop_off.due is not None
    assert (drop_off.due.within, drop_off.due.unit, drop_off.due.since) == (14, "days", ("S20",))
    assert (drop_off.owner, drop_off.lapse) == ("buyer", "remedy")


def test_a_seller_who_does_not_grade_in_time_takes_the_item_as_it_was_sent(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True)
    assert steps(award, Paid(paid=5_000), terms, clocks, returned=True)["S26"].fallback == "S27"


@pytest.mark.parametrize(("refund_at", "needs"), TRIGGERED_BY.items())
def test_a_refund_is_due_from_what_sets_it_off(refund_at: str, needs: str, terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True)
    found = steps(award, Paid(paid=5_000), terms, clocks, returned=True, refund_at=refund_at)
    assert found["S40"].due is not None
    assert found["S40"].due.since == (needs,)


def test_a_replacement_is_checked_in_stock_and_refunded_when_its_first_scan_is_late(
    terms: Terms, clocks: Clocks
) -> None:
    found = steps(Awarded(remedy=RESHIP, bears=ALL_OF[SELLER]), Paid(paid=5_000), terms, clocks)
    assert [*found] == ["S10", "S30", "S41", "S49"]
    assert (found["S10"].fallback, found["S30"].fallback, found["S30"].needs) == ("S41", "S41", ("S10",))
    assert found["S41"].due is not None
    assert found["S41"].due.since == ("missed",)


def test_a_dearer_replacement_is_paid_for_before_it_is_sent(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=EXCHANGE, bears=ALL_OF[SELLER], returned=True, price_difference=500)
    found = steps(award, Paid(paid=5_000), terms, clocks, returned=True)
    assert found["S11"].owner == "buyer"
    assert found["S30"].needs == ("S10", "S11", "S26")


def test_a_carriers_fault_opens_a_claim_that_must_be_made_in_time(terms: Terms, clocks: Clocks) -> None:
    found = steps(Awarded(remedy=FULL, bears=ALL_OF[CARRIER]), Paid(paid=5_000), terms, clocks)
    assert [*found] == ["S40", "S43", "S45", "S49"]
    assert found["S43"].due is not None
    assert (found["S43"].due.within, found["S43"].due.since) == (90, ("first_scan",))
    assert (found["S43"].fallback, found["S43"].lapse) == ("S45", "claim")


def test_a_buyer_is_heard_before_being_charged_again(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=REJECT, bears=ALL_OF[BUYER])
    found = steps(award, Paid(paid=5_000), terms, clocks, actions=("recharge_buyer", "compensate_seller"))
    assert found["S52"].needs == ("S51",)
    assert found["S50"].needs == ()  # the seller does not wait for the buyer


def test_a_chargeback_stops_everything_until_it_is_closed(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=FULL, bears=ALL_OF[SELLER])
    found = steps(award, Paid(paid=5_000, chargeback_open=True), terms, clocks, actions=("destroy",))
    assert [*found] == ["S00", "S01"]
    assert found["S00"].due is None


def test_counterfeit_goods_are_destroyed_by_the_buyer_before_the_refund(terms: Terms, clocks: Clocks) -> None:
    award = Awarded(remedy=FULL, bears=ALL_OF[SELLER])
    assert steps(award, Paid(paid=5_000), terms, clocks, actions=("destroy",))["S40"].needs == ("S28",)
