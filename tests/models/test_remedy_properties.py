"""What holds of every ruling's lines, on generated cases of every kind."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.vocabulary import PARTIES, REMEDIES
from models.award import ALL_OF, BUYER, BY_SHARE, FULL, GROUNDS, PART, PLATFORM, RESHIP, SELLER, Awarded, Paid
from models.cents import MOST_CENTS, WHOLE, Cents
from models.lines import ACCOUNTS, LINES, PLACE, Lines
from models.price import price
from models.remedy import ACTIONS
from models.terms import Terms

SUMS = (
    "paid", "shipping", "tax", "platform_discount", "refunded", "refunded_elsewhere", "borne", "referral_fee",
    "commission", "held", "label",
)  # fmt: skip
Case = tuple[Paid, Awarded, Terms]
cents = st.one_of(st.integers(0, 3), st.integers(0, 30_000), st.integers(0, MOST_CENTS))
points = st.one_of(st.sampled_from([0, 1, WHOLE]), st.integers(0, WHOLE))
flags = st.booleans()


@st.composite
def shares(draw: st.DrawFn, parties: tuple[int, ...] = (0, 1, 2, 3)) -> Cents:
    cuts = sorted(draw(st.lists(points, min_size=len(parties) - 1, max_size=len(parties) - 1)))
    found = np.zeros(len(PARTIES), dtype=np.int64)
    found[list(parties)] = np.diff([0, *cuts, WHOLE])
    return found


@st.composite
def paid(draw: st.DrawFn) -> Paid:
    quantity = draw(st.integers(1, 5))
    settled = draw(st.integers(0, quantity - 1))
    return Paid(
        **{name: draw(cents) for name in SUMS},
        quantity=quantity,
        settled=settled,
        affected=draw(st.integers(1, quantity - settled)),
        replaced=draw(st.sampled_from([False, False, True])),
        own_label=draw(flags),
        chargeback_open=draw(st.sampled_from([False, False, False, True])),
    )


@st.composite
def awarded(draw: st.DrawFn) -> Awarded:
    bears = draw(shares())
    return Awarded(
        remedy=draw(st.integers(0, len(REMEDIES) - 1)),
        bears=bears,
        entitled=draw(flags),
        fault=draw(st.one_of(st.just(bears), shares(), st.just(bears * 0))),
        refund_share=draw(points),
        refund_cents=draw(st.one_of(st.just(BY_SHARE), cents)),
        deduct_share=draw(points),
        returned=draw(flags),
        label_shares=draw(shares((0, 1, 3))),
        price_difference=draw(st.integers(-2_000, 2_000)),
        actions=np.array(draw(st.lists(flags, min_size=len(ACTIONS), max_size=len(ACTIONS)))),
    )


@st.composite
def agreed(draw: st.DrawFn) -> Terms:
    of_price = sorted(draw(st.tuples(points, points)))
    in_cents = sorted(draw(st.tuples(cents, cents)))
    bands = {"refund_share_min": of_price[0], "refund_share_max": of_price[1]}
    bands |= {"refund_min_cents": in_cents[0], "refund_max_cents": in_cents[1]}
    rest = [(f.name, f.metadata["unit"]) for f in fields(Terms) if f.name not in bands]
    return Terms(**bands, **{name: draw(points if unit == "share" else cents) for name, unit in rest})


def column(lines: Lines, *codes: str) -> int:
    """The sum of some kinds of line of the only case."""
    return int(sum(lines.cents[0, PLACE[code]] for code in codes))


@given(agreed(), paid(), awarded())
def test_lines_net_to_zero(terms: Terms, order: Paid, award: Awarded) -> None:
    assert price(order, award, terms).net().sum() == 0


@given(agreed(), paid(), awarded())
def test_no_line_is_below_nothing(terms: Terms, order: Paid, award: Awarded) -> None:
    assert (price(order, award, terms).cents >= 0).all()


def test_lines_rest_on_every_ground_and_on_no_other() -> None:
    assert {kind.ground for kind in LINES} == set(GROUNDS)


def test_nobody_pays_himself_and_every_account_is_known() -> None:
    assert all(kind.payer != kind.payee and {kind.payer, kind.payee} <= set(ACCOUNTS) for kind in LINES)


@given(agreed(), paid(), awarded())
def test_the_buyer_never_gets_more_than_was_paid_less_what_was_refunded(
    terms: Terms, order: Paid, award: Awarded
) -> None:
    left = order.paid + order.shipping + order.tax - order.refunded - order.refunded_elsewhere
    assert price(order, award, terms).refund()[0] <= max(left, 0)


@given(agreed(), paid(), awarded())
def test_a_refund_never_leaves_the_buyer_with_something_to_pay(terms: Terms, order: Paid, award: Awarded) -> None:
    award = replace(award, remedy=award.remedy % (PART + 1), actions=np.zeros(len(ACTIONS), bool))
    assert price(order, award, terms).refund()[0] >= 0


@given(agreed(), paid(), awarded(), st.data())
def test_more_of_the_buyers_fault_never_raises_the_refund(
    terms: Terms, order: Paid, award: Awarded, data: st.DataObject
) -> None:
    other = data.draw(st.sampled_from(range(SELLER, len(PARTIES))))
    moved = data.draw(st.integers(0, int(award.bears[other])))
    worse = award.bears.copy()
    worse[[BUYER, other]] += [moved, -moved]
    before = price(order, replace(award, fault=award.bears), terms).refund()[0]
    assert price(order, replace(award, fault=worse, bears=worse), terms).refund()[0] <= before


@given(agreed(), paid(), awarded(), points)
def test_a_larger_share_of_the_price_never_lowers_the_refund(
    terms: Terms, order: Paid, award: Awarded, share: int
) -> None:
    low, high = sorted((share, int(np.asarray(award.refund_share))))
    refunds = [price(order, replace(award, refund_share=s), terms).refund()[0] for s in (low, high)]
    assert refunds[0] <= refunds[1]


@given(agreed(), paid(), awarded(), points)
def test_a_larger_deduction_never_raises_the_refund(terms: Terms, order: Paid, award: Awarded, share: int) -> None:
    low, high = sorted((share, int(np.asarray(award.deduct_share))))
    refunds = [price(order, replace(award, deduct_share=s), terms).refund()[0] for s in (low, high)]
    assert refunds[0] >= refunds[1]


@given(agreed(), paid(), awarded())
def test_units_refunded_one_by_one_give_what_they_give_together(terms: Terms, order: Paid, award: Awarded) -> None:
    award = replace(award, remedy=FULL, deduct_share=0, bears=ALL_OF[SELLER], entitled=True)
    together = replace(order, settled=0, affected=order.quantity, refunded=0, refunded_elsewhere=0, borne=0)
    alone = replace(together, settled=np.arange(order.quantity), affected=1)
    shipping_in_steps = {"fault": ALL_OF[SELLER]}  # all of it, so that no share of shipping is rounded apart
    sums = [price(each, replace(award, **shipping_in_steps), terms).cents.sum(axis=0) for each in (together, alone)]
    assert [sums[0][PLACE[c]] for c in ("L01", "L02", "L03", "L10")] == [
        sums[1][PLACE[c]] for c in ("L01", "L02", "L03", "L10")
    ]


@given(agreed(), paid(), awarded())
def test_while_a_chargeback_is_open_nothing_is_paid(terms: Terms, order: Paid, award: Awarded) -> None:
    lines = price(replace(order, chargeback_open=True), award, terms)
    assert not lines.cents.any()
    assert [line.code for line in lines.of(0)] == ["L00"]


@given(agreed(), paid(), awarded())
def test_who_bears_the_refund_bears_all_of_it(terms: Terms, order: Paid, award: Awarded) -> None:
    """Where the seller bears all, also what is cut at what was paid, not a cent stays with the platform."""
    none = np.zeros(len(ACTIONS), bool)
    fresh = replace(order, refunded=0, borne=0, platform_discount=0, referral_fee=0, commission=0)
    award = replace(award, bears=ALL_OF[SELLER], entitled=True, label_shares=ALL_OF[SELLER], actions=none)
    assert price(fresh, award, terms).net()[0, PLATFORM] == 0


@given(agreed(), paid(), awarded())
def test_the_carrier_is_claimed_on_only_up_to_its_cover(terms: Terms, order: Paid, award: Awarded) -> None:
    assert column(price(order, award, terms), "L12", "L13") <= terms.cover_max_cents


@given(agreed(), paid(), awarded())
def test_the_state_gives_back_no_more_tax_than_was_collected(terms: Terms, order: Paid, award: Awarded) -> None:
    award = replace(award, price_difference=0)
    assert -order.tax <= price(order, award, terms).net()[0, ACCOUNTS.index("state")]


@given(agreed(), paid(), awarded())
def test_no_more_is_charged_again_than_was_refunded_nor_compensated_than_was_borne(
    terms: Terms, order: Paid, award: Awarded
) -> None:
    lines = price(order, award, terms)
    assert column(lines, "L31", "L32") <= order.refunded
    assert column(lines, "L30") <= order.borne


@given(agreed(), paid(), awarded())
def test_the_seller_gets_no_more_fees_back_than_were_paid(terms: Terms, order: Paid, award: Awarded) -> None:
    lines = price(order, award, terms)
    assert column(lines, "L15") <= order.referral_fee
    assert column(lines, "L17") <= order.commission
    assert column(lines, "L14") <= order.platform_discount


@given(agreed(), paid(), awarded())
def test_goodwill_moves_nothing_of_the_sellers_or_the_carriers(terms: Terms, order: Paid, award: Awarded) -> None:
    goodwill = replace(award, entitled=False, remedy=FULL, actions=np.zeros(len(ACTIONS), bool))
    assert price(order, goodwill, terms).net()[0, 1:3].tolist() == [0, 0]


@given(st.lists(st.tuples(paid(), awarded(), agreed()), min_size=2, max_size=6))
def test_many_cases_at_once_each_by_its_own_terms_are_priced_as_one_at_a_time(cases: list[Case]) -> None:
    orders, awards, terms = zip(*cases, strict=True)
    by_case = Terms.over(terms, np.arange(len(cases)))
    together = price(_stacked(Paid, orders), _stacked(Awarded, awards), by_case)
    alone = [price(*case) for case in cases]
    assert together.cents.tolist() == [each.cents[0].tolist() for each in alone]
    assert [together.of(ask) for ask in range(len(cases))] == [each.of(0) for each in alone]


def test_no_cases_have_no_lines(terms: Terms) -> None:
    none = Paid(paid=np.zeros(0, dtype=np.int64))
    assert len(price(none, Awarded(remedy=FULL, bears=ALL_OF[SELLER]), terms)) == 0


@pytest.mark.parametrize(
    ("field", "shares"),
    [("bears", [0, 0, 0, 0]), ("fault", [1, 0, 0, 0]), ("label_shares", [0, 9_999, 0, 0]), ("bears", [5_000] * 4)],
)
def test_shares_that_do_not_add_up_are_refused(terms: Terms, field: str, shares: list[int]) -> None:
    award = Awarded(remedy=FULL, bears=ALL_OF[SELLER])
    with pytest.raises(ValueError, match=f"shares of {field} must add up"):
        price(Paid(paid=100), replace(award, **{field: np.array(shares)}), terms)


@pytest.mark.parametrize("change", [{"paid": -1}, {"tax": MOST_CENTS + 1}, {"affected": 2}, {"settled": 1}])
def test_sums_and_units_that_cannot_be_are_refused(terms: Terms, change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"must be from 0|more units"):
        price(replace(Paid(paid=100), **change), Awarded(remedy=RESHIP, bears=ALL_OF[SELLER]), terms)


def _stacked(kind: type[Any], each: tuple[Any, ...]) -> Any:
    names = [f.name for f in fields(kind) if f.name != "grounds"]
    return kind(**{name: np.array([getattr(one, name) for one in each]) for name in names})
