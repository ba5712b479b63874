"""The claim family: what the case itself and its order line say.

A feature here is a function: its name is the feature's name, the first line of its docstring is what people
are told. To add one, write it and list it in ``CLAIM``.
"""

import numpy as np

from features.row_feature import Compute, RowFeature, hours_between, row_feature, share_of
from features.tables import Numbers
from features.view import View, Words
from features.vocabulary import MOMENTS


def reason_claimed(view: View) -> Words:
    """What the buyer says happened."""
    return view.case_words("reason")


def stage(view: View) -> Words:
    """Where in the after-sales process the dispute arose."""
    return view.case_words("stage")


def initiator(view: View) -> Words:
    """Who opened the case."""
    return view.case_words("initiator")


def remedy_asked(view: View) -> Words:
    """The remedy the buyer asks for."""
    return view.case_words("remedy_asked")


def claim_language(view: View) -> Words:
    """The language of the claim."""
    return view.case_words("language")


def moment(view: View) -> Words:
    """How far the case has come: opened, escalated, or evidence closed."""
    return Words(view.asks.moment.astype(np.int64), list(MOMENTS))


def claimed_amount(view: View) -> Numbers:
    """The sum the buyer asks for."""
    return view.case_numbers("claimed_cents") / 100


def claimed_share(view: View) -> Numbers:
    """The sum asked for as a share of what was paid."""
    return share_of(view.case_numbers("claimed_cents"), view.order_numbers("paid_cents"))


def refunded_share(view: View) -> Numbers:
    """What was refunded before the claim as a share of what was paid."""
    return share_of(view.case_numbers("refund_already_cents"), view.order_numbers("paid_cents"))


def claim_length(view: View) -> Numbers:
    """How many characters the claim has."""
    words = view.case_words("claim_text")
    lengths = np.array([float(len(text)) for text in words.values] + [np.nan])
    return lengths[words.codes]


def hours_since_opened(view: View) -> Numbers:
    """Hours from the opening of the case to now."""
    return hours_between(view.asks.as_of, view.case_instants("opened_at"))


def hours_to_escalation(view: View) -> Numbers:
    """Hours from the opening of the case to its escalation."""
    return hours_between(view.case_instants("escalated_at"), view.case_instants("opened_at"))


def hours_from_order(view: View) -> Numbers:
    """Hours from the order to the opening of the case."""
    return hours_between(view.case_instants("opened_at"), view.order_instants("placed_at"))


def hours_past_promise(view: View) -> Numbers:
    """Hours from the promised delivery to the opening of the case; negative when opened before it."""
    return hours_between(view.case_instants("opened_at"), view.order_instants("promised_at"))


def category(view: View) -> Words:
    """The category of the product."""
    return view.order_words("category")


def fulfilment(view: View) -> Words:
    """Who stores and ships the order."""
    return view.order_words("fulfilment")


def carrier(view: View) -> Words:
    """The carrier of the order."""
    return view.order_words("carrier")


def service(view: View) -> Words:
    """The carrier's service used for the order."""
    return view.order_words("service")


def label_owner(view: View) -> Words:
    """Who bought the shipping label."""
    return view.order_words("label_owner")


def unit_price(view: View) -> Numbers:
    """The price of one unit."""
    return view.order_numbers("unit_price_cents") / 100


def quantity(view: View) -> Numbers:
    """How many units were ordered."""
    return view.order_numbers("quantity")


def discount_share(view: View) -> Numbers:
    """Discounts as a share of the price before them."""
    columns = ("seller_discount_cents", "platform_discount_cents")
    listed = view.order_numbers("unit_price_cents") * view.order_numbers("quantity")
    if not all(view.tables.supplied("orders", column) for column in columns):
        return np.full(len(listed), np.nan)
    seller, platform = (np.nan_to_num(view.order_numbers(column)) for column in columns)
    return share_of(seller + platform, listed)


def _case(compute: Compute, unit: str, reason: str, *columns: str, citable: bool = True) -> RowFeature:
    reads = tuple(c if "." in c else f"cases.{c}" for c in columns)
    return row_feature(compute, family="claim", unit=unit, reads=reads, reason=reason, citable=citable)


CLAIM: tuple[RowFeature, ...] = (
    _case(reason_claimed, "category", "R01", "reason"),
    _case(stage, "category", "R02", "stage"),
    _case(moment, "category", "R02", "opened_at", "escalated_at", "evidence_closed_at"),
    _case(hours_since_opened, "hours", "R02", "opened_at"),
    _case(hours_to_escalation, "hours", "R02", "opened_at", "escalated_at"),
    _case(initiator, "category", "R03", "initiator"),
    _case(remedy_asked, "category", "R04", "remedy_asked"),
    _case(claimed_amount, "currency units", "R05", "claimed_cents"),
    _case(claimed_share, "share", "R05", "claimed_cents", "orders.paid_cents"),
    _case(refunded_share, "share", "R06", "refund_already_cents", "orders.paid_cents"),
    _case(claim_language, "category", "R07", "language", citable=False),
    _case(claim_length, "characters", "R07", "claim_text", citable=False),
    _case(hours_from_order, "hours", "R08", "opened_at", "orders.placed_at"),
    _case(hours_past_promise, "hours", "R09", "opened_at", "orders.promised_at"),
    _case(category, "category", "R10", "orders.category"),
    _case(fulfilment, "category", "R11", "orders.fulfilment"),
    _case(carrier, "category", "R12", "orders.carrier"),
    _case(service, "category", "R12", "orders.service"),
    _case(label_owner, "category", "R13", "orders.label_owner"),
    _case(unit_price, "currency units", "R14", "orders.unit_price_cents"),
    _case(quantity, "units", "R14", "orders.quantity"),
    _case(
        discount_share,
        "share",
        "R14",
        "orders.seller_discount_cents",
        "orders.platform_discount_cents",
        "orders.unit_price_cents",
        "orders.quantity",
    ),
)
