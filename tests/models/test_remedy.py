"""Worked examples: what a ruling pays, with sums that can be redone by hand.

The usual order: $50.00 for the item after a voucher of $5.00, $6.00 shipping, $4.00 tax (8 % of the price); the seller
paid $3.30 referral fee and $5.50 to a creator.
"""

from dataclasses import replace

import numpy as np
import pytest

from features.vocabulary import GRADES
from models.award import (
    ALL_OF,
    BUYER,
    CARRIER,
    EXCHANGE,
    FULL,
    PART,
    REJECT,
    RESHIP,
    RETURN,
    SELLER,
    Awarded,
    Grounds,
    Paid,
)
from models.cents import Cents, Flags
from models.price import price
from models.remedy import ACTIONS
from models.terms import Terms

ORDER = Paid(paid=5_000, shipping=600, tax=400, platform_discount=500, referral_fee=330, commission=550)
PLAIN = Paid(paid=5_000, shipping=600, tax=400)
UNDONE = {"L14": 500, "L15": 330, "L16": 66, "L17": 550}
"""A sale wholly undone at the seller's cost: voucher, fee, a fifth of the fee, commission."""
SELLER_AT_FAULT = Awarded(remedy=FULL, bears=ALL_OF[SELLER], fault=ALL_OF[SELLER])


def shares(**points: int) -> Cents:
    """Shares in percent by party."""
    return np.array([points.get(p, 0) * 100 for p in ("buyer", "seller", "carrier", "platform")])


def ordered(*actions: str) -> Flags:
    """These actions, beside the remedy."""
    return np.array([action in actions for action in ACTIONS])


def lines(order: Paid, award: Awarded, terms: Terms) -> dict[str, int]:
    """The lines of one case by code."""
    return {line.code: line.cents for line in price(order, award, terms).of(0)}


def test_an_item_never_sent_is_refunded_whole_and_the_sale_is_undone(terms: Terms) -> None:
    found = lines(ORDER, SELLER_AT_FAULT, terms)
    assert found == {"L01": 5_000, "L02": 600, "L03": 400, "L10": 5_600, **UNDONE}


def test_the_seller_of_a_sale_undone_is_out_of_pocket_by_the_fee_kept_and_the_shipping_spent(terms: Terms) -> None:
    # proceeds were 5,000 + 600 + 500 - 330 - 550 = 5,220; now they give up 5,286, that is 66 more
    assert price(ORDER, SELLER_AT_FAULT, terms).net().tolist() == [[6_000, -5_286, 0, -314, -400]]


def test_a_change_of_mind_returns_the_price_but_not_the_shipping_and_shares_the_label(terms: Terms) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True, label_shares=shares(seller=50, platform=50))
    found = lines(ORDER, award, terms)
    assert found == {"L01": 5_000, "L03": 400, "L10": 5_000, **UNDONE, "L20": 650, "L21": 325}


def test_a_return_at_a_label_that_the_seller_bought_costs_the_platform_no_label(terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, remedy=RETURN, returned=True, own_return=True)
    assert {"L20", "L21", "L22"}.isdisjoint(lines(ORDER, award, terms))


def test_a_label_that_the_buyer_owes_is_kept_from_the_refund(terms: Terms) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True, label_shares=ALL_OF[BUYER])
    found = price(PLAIN, award, terms)
    assert {line.code: line.cents for line in found.of(0)}["L09"] == 650
    assert found.refund().tolist() == [5_400 - 650]


def test_a_label_dearer_than_the_refund_leaves_the_buyer_with_nothing_to_pay(terms: Terms) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER], returned=True, label_shares=ALL_OF[BUYER])
    assert price(Paid(paid=300), award, terms).refund().tolist() == [0]


def test_a_worn_dress_costs_a_fifth_and_its_tax(terms: Terms) -> None:
    grade = np.array([GRADES.index("minor_damage")])
    award = replace(SELLER_AT_FAULT, remedy=RETURN, fault=shares(), deduct_share=terms.deduction(grade))
    # 320 is the tax on 4,000; fees and voucher follow the four fifths that the seller gives back: 264 of 330
    assert lines(ORDER, award, terms) == {
        "L01": 5_000, "L03": 320, "L05": 1_000, "L10": 4_000, "L14": 400, "L15": 264, "L16": 53, "L17": 440,
    }  # fmt: skip


def test_a_fee_is_given_back_to_the_nearest_cent(terms: Terms) -> None:
    award = Awarded(remedy=PART, bears=ALL_OF[SELLER], refund_share=5_000)
    found = lines(Paid(paid=5_000, referral_fee=331, commission=551, platform_discount=501), award, terms)
    assert {code: found[code] for code in UNDONE} == {"L14": 251, "L15": 166, "L16": 33, "L17": 276}


def test_no_more_is_deducted_than_the_policy_allows(terms: Terms) -> None:
    grade = np.array([GRADES.index("severe_damage")])
    award = replace(SELLER_AT_FAULT, remedy=RETURN, fault=shares(), deduct_share=terms.deduction(grade))
    assert lines(PLAIN, award, terms)["L05"] == 2_500  # half, though the grade says 70 %


def test_a_part_that_is_missing_is_refunded_by_its_share_without_shipping(terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, remedy=PART, refund_share=3_000)
    assert lines(PLAIN, award, terms) == {"L01": 1_500, "L03": 120, "L10": 1_500}


@pytest.mark.parametrize(
    ("paid", "share", "refunded"),
    [
        (2_000, 500, 500),  # 5 % is raised to 10 %, that is $2.00, and then to $5.00
        (15_000, 5_000, 5_000),  # half would be $75.00
        (4_000, 8_000, 2_000),  # 80 % is lowered to half
        (300, 1_000, 300),  # $5.00 is more than was paid
    ],
)
def test_a_partial_refund_keeps_to_its_bands(paid: int, share: int, refunded: int, terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, remedy=PART, refund_share=share)
    assert lines(Paid(paid=paid), award, terms)["L01"] == refunded


def test_an_accepted_offer_is_paid_to_the_cent_whatever_the_bands(terms: Terms) -> None:
    award = Awarded(remedy=PART, bears=ALL_OF[SELLER], refund_cents=4_007, deduct_share=2_000)
    found = price(PLAIN, award, terms)
    # 400 of 5,400 are tax, so 296 of 4,007, the odd cent being price; nothing is deducted from what was agreed
    assert {line.code: line.cents for line in found.of(0)} == {"L01": 3_711, "L03": 296, "L10": 3_711}
    assert found.refund().tolist() == [4_007]


def test_tax_is_given_back_to_the_nearest_cent(terms: Terms) -> None:
    award = Awarded(remedy=PART, bears=ALL_OF[SELLER], refund_share=3_000)
    assert lines(Paid(paid=5_000, tax=412), award, terms)["L03"] == 124  # 123.6


def test_an_agreed_sum_of_nothing_is_nothing_and_not_the_least_of_the_bands(terms: Terms) -> None:
    assert lines(PLAIN, Awarded(remedy=PART, bears=ALL_OF[SELLER], refund_cents=0), terms) == {}


def test_an_offer_beyond_price_and_tax_gives_those(terms: Terms) -> None:
    award = Awarded(remedy=PART, bears=ALL_OF[SELLER], refund_cents=9_000)
    assert price(PLAIN, award, terms).refund().tolist() == [5_400]
    taxed = replace(terms, shipping_taxed_share=10_000)
    assert price(replace(PLAIN, tax=450), award, taxed).refund().tolist() == [5_402]  # 401.79 of the tax is the price's


def test_a_buyer_who_shares_the_fault_bears_that_share_of_price_shipping_and_tax(terms: Terms) -> None:
    both = shares(buyer=30, seller=70)
    found = lines(PLAIN, Awarded(remedy=FULL, bears=both, fault=both), terms)
    # 30 % of 5,000 and of 600 stay with the buyer; the tax is that on 3,500
    assert found == {"L01": 5_000, "L02": 600, "L03": 280, "L06": 1_680, "L10": 3_920}


def test_a_buyer_who_shares_the_fault_shares_what_the_deduction_leaves(terms: Terms) -> None:
    both = shares(buyer=30, seller=70)
    found = lines(PLAIN, Awarded(remedy=RETURN, bears=both, fault=both, deduct_share=2_000), terms)
    # 30 % of 4,000 and of 600; the tax is that on 2,800
    assert found == {"L01": 5_000, "L02": 600, "L03": 224, "L05": 1_000, "L06": 1_380, "L10": 3_220}


def test_tax_on_shipping_follows_the_part_of_it_that_is_refunded(terms: Terms) -> None:
    both = shares(buyer=30, seller=70)
    taxed = replace(terms, shipping_taxed_share=10_000)
    assert lines(replace(PLAIN, tax=448), Awarded(remedy=FULL, bears=both, fault=both), taxed)["L03"] == 314  # 313.6


def test_the_odd_cent_goes_to_the_first_of_two_who_share_alike(terms: Terms) -> None:
    both = shares(seller=50, carrier=50)
    found = lines(Paid(paid=4_999), Awarded(remedy=FULL, bears=both, fault=both), terms)
    assert found == {"L01": 4_999, "L10": 2_500, "L12": 2_499}


def test_a_parcel_lost_on_the_platforms_label_is_claimed_up_to_the_cover_and_the_platform_bears_the_rest(
    terms: Terms,
) -> None:
    lost = Awarded(remedy=FULL, bears=ALL_OF[CARRIER], fault=ALL_OF[CARRIER])
    order = replace(ORDER, paid=30_000, tax=2_400)
    found = price(order, lost, terms)
    # no voucher is taken back and no fee given back: the seller keeps the sale
    assert {line.code: line.cents for line in found.of(0)} == {
        "L01": 30_000, "L02": 600, "L03": 2_400, "L12": 20_000,
    }  # fmt: skip
    assert found.net().tolist() == [[33_000, 0, -20_000, -10_600, -2_400]]


def test_what_the_cover_does_not_reach_may_fall_to_the_seller(terms: Terms) -> None:
    lost = Awarded(remedy=FULL, bears=ALL_OF[CARRIER], fault=ALL_OF[CARRIER])
    found = lines(Paid(paid=30_000), lost, replace(terms, uncovered_seller_share=10_000))
    assert found == {"L01": 30_000, "L11": 10_000, "L12": 20_000}


def test_a_parcel_lost_on_the_sellers_own_label_is_the_sellers_to_refund_and_to_claim(terms: Terms) -> None:
    lost = Awarded(remedy=FULL, bears=ALL_OF[CARRIER], fault=ALL_OF[CARRIER])
    found = lines(replace(ORDER, own_label=True), lost, terms)
    assert found == {"L01": 5_000, "L02": 600, "L03": 400, "L11": 5_600, "L13": 5_600, **UNDONE}


def test_what_the_seller_has_borne_counts_for_the_own_share_first_and_then_for_the_parcel(terms: Terms) -> None:
    both = shares(seller=50, carrier=50)
    order = Paid(paid=5_000, own_label=True, refunded=3_000, borne=3_000)
    found = lines(order, Awarded(remedy=FULL, bears=both, fault=both), terms)
    assert found == {"L01": 5_000, "L07": 3_000, "L11": 2_000, "L13": 2_500}  # 500 of the parcel's 2,500 were borne


def test_what_was_refunded_before_is_set_off_with_the_tax_that_was_in_it(terms: Terms) -> None:
    found = price(replace(PLAIN, refunded=2_005, borne=1_872), SELLER_AT_FAULT, terms)
    # a fifteenth of what was paid is tax: 133.67 of the 2,005, and the odd cent counts as price
    assert {line.code: line.cents for line in found.of(0)} == {
        "L01": 5_000, "L02": 600, "L03": 400, "L07": 1_872, "L08": 133, "L10": 3_728,
    }  # fmt: skip
    assert found.refund().tolist() == [3_995]


def test_an_empty_return_refunded_at_drop_off_is_charged_again_and_the_seller_made_whole(terms: Terms) -> None:
    award = Awarded(
        remedy=REJECT,
        entitled=False,
        bears=ALL_OF[BUYER],
        fault=ALL_OF[BUYER],
        actions=ordered("recharge_buyer", "compensate_seller"),
    )
    found = price(replace(PLAIN, refunded=6_000, borne=5_600), award, terms)
    assert {line.code: line.cents for line in found.of(0)} == {"L30": 5_600, "L31": 5_600, "L32": 400}
    assert found.net().tolist() == [[-6_000, 5_600, 0, 0, 400]]


def test_of_what_is_charged_again_the_odd_cent_counts_as_price(terms: Terms) -> None:
    award = Awarded(remedy=REJECT, bears=ALL_OF[BUYER], actions=ordered("recharge_buyer"))
    assert lines(replace(PLAIN, refunded=2_005), award, terms) == {"L31": 1_872, "L32": 133}  # 133.67 of it was tax


def test_only_what_was_refunded_beyond_what_is_owed_is_charged_again(terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, remedy=RETURN, deduct_share=2_000, actions=ordered("recharge_buyer"))
    # owed are 4,000 + 600 + 320; of the 6,000 refunded 400 were tax
    found = price(replace(PLAIN, refunded=6_000, borne=5_600), award, terms)
    assert found.refund().tolist() == [4_920 - 6_000]
    assert {line.code: line.cents for line in found.of(0) if line.code > "L30"} == {"L31": 1_000, "L32": 80}


def test_a_return_lost_by_the_carrier_after_the_refund_costs_neither_buyer_nor_seller(terms: Terms) -> None:
    award = Awarded(remedy=FULL, bears=ALL_OF[CARRIER], fault=ALL_OF[CARRIER], actions=ordered("compensate_seller"))
    found = price(replace(PLAIN, refunded=6_000, borne=5_600), award, terms)
    assert found.net().tolist() == [[0, 5_600, -5_600, 0, 0]]


def test_a_seller_is_compensated_only_for_what_others_must_bear(terms: Terms) -> None:
    both = shares(seller=40, carrier=60)
    award = Awarded(remedy=FULL, bears=both, fault=both, actions=ordered("compensate_seller"))
    order = Paid(paid=5_000, refunded=5_000, borne=5_000)
    assert lines(order, award, terms) == {"L01": 5_000, "L07": 5_000, "L12": 3_000, "L30": 3_000}
    # on the seller's own label the carrier's part is the seller's too, to be claimed from the carrier
    assert lines(replace(order, own_label=True), award, terms) == {"L01": 5_000, "L07": 5_000, "L13": 3_000}


def test_an_open_chargeback_pays_nothing_and_says_so(terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, actions=ordered("release_payout"), grounds=Grounds.all_on(pause="CB-PAUSE"))
    (line,) = price(replace(ORDER, chargeback_open=True, held=5_000), award, terms).of(0)
    assert (line.code, line.cents, line.clause) == ("L00", 0, "CB-PAUSE")


def test_a_chargeback_that_the_buyer_won_is_never_paid_twice(terms: Terms) -> None:
    assert price(replace(ORDER, refunded=6_000), SELLER_AT_FAULT, terms).refund().tolist() == [0]


def test_goodwill_costs_the_platform_alone_whoever_was_to_bear_it(terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, entitled=False, remedy=PART, refund_share=2_000)
    found = price(ORDER, award, terms)
    assert {line.code: line.cents for line in found.of(0)} == {"L04": 1_000}
    assert found.net().tolist() == [[1_000, 0, 0, -1_000, 0]]


def test_three_units_refunded_one_by_one_give_back_exactly_what_was_paid(terms: Terms) -> None:
    order = Paid(paid=1_000, shipping=500, tax=80, quantity=3, settled=np.array([0, 1, 2]))
    refunds = price(order, SELLER_AT_FAULT, terms).refund()
    assert refunds.tolist() == [525, 527, 528]  # price 333, 333, 334; shipping 166, 167, 167; tax 26, 27, 27
    assert refunds.sum() == 1_580


def test_a_second_unit_is_never_refunded_beyond_what_is_left_of_the_line(terms: Terms) -> None:
    order = Paid(paid=1_000, quantity=2, settled=1, refunded_elsewhere=800)
    assert price(order, SELLER_AT_FAULT, terms).refund().tolist() == [200]
    order = Paid(paid=1_000, tax=80, refunded_elsewhere=500)
    found = lines(order, SELLER_AT_FAULT, terms)
    assert (found["L08"], found["L10"]) == (38, 538)  # of the 580 left 42.96 are tax, the odd cent being price


def test_an_exchange_for_a_cheaper_one_gives_the_difference_back_with_its_tax(terms: Terms) -> None:
    award = Awarded(
        remedy=EXCHANGE,
        bears=ALL_OF[SELLER],
        returned=True,
        price_difference=-1_000,
        label_shares=ALL_OF[SELLER],
    )
    found = lines(PLAIN, award, terms)
    assert found == {"L20": 1_350, "L21": 1_350, "L42": 1_000, "L43": 80}


def test_an_exchange_gives_no_more_back_than_was_left_and_the_odd_cent_counts_as_price(terms: Terms) -> None:
    award = Awarded(remedy=EXCHANGE, bears=ALL_OF[SELLER], price_difference=-1_010)
    assert {c: lines(PLAIN, award, terms)[c] for c in ("L42", "L43")} == {"L42": 1_010, "L43": 81}  # 8 % are 80.8
    found = lines(replace(PLAIN, refunded=5_000, refunded_elsewhere=885), award, terms)
    assert {c: found[c] for c in ("L42", "L43")} == {"L42": 107, "L43": 8}  # 8.54 of the 115 left


def test_an_exchange_for_a_dearer_one_is_paid_for_with_tax_and_label_before_it_is_sent(terms: Terms) -> None:
    award = Awarded(
        remedy=EXCHANGE, bears=ALL_OF[SELLER], returned=True, price_difference=510, label_shares=ALL_OF[BUYER]
    )
    assert lines(PLAIN, award, terms) == {"L20": 1_350, "L22": 1_350, "L40": 510, "L41": 41}  # 8 % are 40.8


def test_a_parcel_lost_and_sent_again_is_paid_to_the_seller_and_claimed_from_the_carrier(terms: Terms) -> None:
    award = Awarded(remedy=RESHIP, bears=ALL_OF[CARRIER], fault=ALL_OF[CARRIER])
    assert lines(PLAIN, award, terms) == {"L12": 5_000, "L20": 700, "L44": 5_000}


def test_a_second_item_for_a_parcel_lost_on_the_sellers_own_label_is_the_sellers_loss(terms: Terms) -> None:
    both = shares(seller=40, carrier=60)
    award = Awarded(remedy=RESHIP, bears=both, fault=both, label_shares=ALL_OF[SELLER])
    assert lines(PLAIN, award, terms) == {"L12": 3_000, "L20": 700, "L21": 700, "L44": 3_000}
    assert lines(replace(PLAIN, own_label=True), award, terms) == {"L13": 3_000, "L20": 700, "L21": 700}


def test_a_parcel_sent_again_because_of_the_buyers_address_costs_the_buyer_the_label(terms: Terms) -> None:
    award = Awarded(remedy=RESHIP, bears=ALL_OF[BUYER], fault=ALL_OF[BUYER], label_shares=ALL_OF[BUYER])
    assert lines(PLAIN, award, terms) == {"L20": 700, "L22": 700}


def test_what_was_replaced_once_is_refunded_instead_of_being_replaced_again(terms: Terms) -> None:
    award = Awarded(remedy=np.array([RESHIP, EXCHANGE]), bears=ALL_OF[SELLER], returned=np.array([False, True]))
    found = price(replace(PLAIN, replaced=True), award, terms)
    assert found.remedy.tolist() == [FULL, RETURN]
    assert found.refund().tolist() == [5_400, 5_400]


def test_a_cheap_item_kept_may_cost_seller_and_platform_half_each(terms: Terms) -> None:
    award = Awarded(remedy=FULL, bears=shares(seller=50, platform=50))
    found = lines(Paid(paid=901, platform_discount=100, tax=72), award, terms)
    assert found == {"L01": 901, "L03": 72, "L10": 451, "L14": 50}  # half of the voucher, as the seller bears half


def test_a_parcel_paid_for_by_a_voucher_alone_gives_the_voucher_and_the_tax_back(terms: Terms) -> None:
    assert lines(Paid(paid=0, tax=40, platform_discount=500), SELLER_AT_FAULT, terms) == {"L03": 40, "L14": 500}


def test_tax_that_was_collected_on_shipping_stays_with_the_state_where_shipping_is_not_refunded(terms: Terms) -> None:
    award = Awarded(remedy=RETURN, bears=ALL_OF[SELLER])
    found = lines(replace(PLAIN, tax=448), award, replace(terms, shipping_taxed_share=10_000))
    assert found["L03"] == 400  # 8 % of 5,000; the 48 on shipping stay


def test_a_rejected_claim_releases_the_payout_unless_it_is_held(terms: Terms) -> None:
    award = Awarded(remedy=REJECT, bears=ALL_OF[BUYER], actions=ordered("release_payout", "void_label"))
    order = replace(PLAIN, held=5_600, label=650)
    assert lines(order, award, terms) == {"L23": 650, "L33": 5_600}
    assert lines(order, replace(award, actions=ordered("release_payout", "hold_payout")), terms) == {}


def test_a_line_names_the_clause_that_its_question_was_answered_on(terms: Terms) -> None:
    award = replace(SELLER_AT_FAULT, grounds=Grounds.all_on(remedy="DEF-FULL", cost_bearer="SELLER-PAYS"))
    found = {line.code: line.clause for line in price(ORDER, award, terms).of(0)}
    assert (found["L01"], found["L10"], found["L14"]) == ("DEF-FULL", "SELLER-PAYS", None)
