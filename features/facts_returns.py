"""Facts of what was sent back: how far it came, who pays for its label, and what the inspection found."""

from typing import Final

from features import returns
from features.fact import BUYER, CARRIER, PLATFORM, SELLER, ListedFact, Telling, flag, number, word
from features.tables import Numbers
from features.view import View
from features.vocabulary import GRADES, LABEL_OWNERS, REFUND_TRIGGERS
from features.weights import weighed_anew


def return_issued(view: View) -> Numbers:
    """Whether a return was arranged."""
    rows = view.rows("returns")
    return rows.any(rows.ask >= 0)


def return_weighings(view: View) -> Numbers:
    """How many scans of a return measured its weight independently of the declared one."""
    rows = view.rows("events")
    return rows.count(weighed_anew(rows) & rows.are("kind", "return_scan"))


def _returns(*columns: str, by: tuple[str, ...], asks_for: tuple[str, ...] = ()) -> Telling:
    return Telling(tuple(c if "." in c else f"returns.{c}" for c in columns), by, asks_for)


_DROPPED: Final = _returns("dropped_off_at", by=(*BUYER, *CARRIER), asks_for=("return_dropoff_receipt",))
_RECEIVED: Final = _returns("received_at", by=(*SELLER, *CARRIER, *PLATFORM), asks_for=("return_inspection",))
_WEIGHED: Final = _returns("events.kind", "events.weight_g", "events.weight_measured", by=CARRIER)

RETURN_FACTS: Final[tuple[ListedFact, ...]] = (
    flag("return_issued", return_issued, _returns("case_id", by=PLATFORM)),
    flag("return_dropped_off", returns.return_dropped_off, _DROPPED),
    flag(
        "return_item_scanned",
        returns.return_item_scanned,
        _returns("dropped_off_at", "item_scanned", by=CARRIER, asks_for=("return_dropoff_receipt",)),
    ),
    flag("return_scanned", returns.return_scanned, _returns("first_scan_at", by=CARRIER)),
    flag("return_received", returns.return_received, _RECEIVED),
    word(
        "return_grade",
        GRADES,
        returns.return_grade,
        _returns("grade", "graded_at", by=(*PLATFORM, *SELLER), asks_for=("return_inspection",)),
    ),
    word("return_label_owner", LABEL_OWNERS, returns.return_label_owner, _returns("label_owner", by=PLATFORM)),
    word("refund_trigger", REFUND_TRIGGERS, returns.refund_trigger, _returns("refund_trigger", by=PLATFORM)),
    number("days_since_drop_off", "days", returns.days_since_drop_off, _DROPPED),
    number("days_since_return_received", "days", returns.days_since_received, _RECEIVED),
    flag("return_to_address", returns.return_to_address, _returns("events.kind", "events.address_match", by=CARRIER)),
    number("return_weighings", "scans", return_weighings, _WEIGHED),
    number("return_weight_short", "share", returns.return_weight_short, _WEIGHED),
)
