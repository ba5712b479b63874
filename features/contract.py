"""The eleven tables a team hands over, column by column: types, units, and since when each value is known.

Only data stands here. ``check.py`` holds rows against it, ``mapping.py`` fills it from a team's own files,
and the HTTP interface publishes it. A column that is not listed is refused, except ``attr_*`` and ``audit_*``
in ``cases``.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from features import vocabulary as words


class Type(Enum):
    """What a column may hold, in the contract's own terms."""

    TEXT = "text"
    CODE = "code"
    INSTANT = "instant"  # UTC, microseconds; a date alone is the start of its day ...
    KNOWN = "known instant"  # ... except where it says since when something is known: then its end
    CENTS = "cents"  # integer minor units of the row's currency
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, whether a row may lack it, and which instant makes it known.

    ``known_from`` names the column of the same row from whose instant this value is known; None means that
    the row's own clock (``Table.clock``) decides.
    """

    name: str
    type: Type
    meaning: str
    required: bool = False
    codes: words.Codes = ()
    known_from: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its key, its columns, and the column that says when a row became known.

    ``clock`` is the column from whose instant a row exists for the one who asks; where it is null or absent,
    ``clock_default`` stands in and the check says so. ``order`` lists pairs of instants that cannot be swapped.
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    clock: str | None = None
    clock_default: str | None = None
    order: tuple[tuple[str, str], ...] = ()
    belongs_to: tuple[str, ...] = ()  # columns of which at least one must be given: whose row this is
    open_prefixes: tuple[str, ...] = ()

    def column(self, name: str) -> Column | None:
        """The column of that name, or None where the contract has none."""
        return next((c for c in self.columns if c.name == name), None)


def _text(name: str, meaning: str, *, required: bool = False, known_from: str | None = None) -> Column:
    return Column(name, Type.TEXT, meaning, required, known_from=known_from)


def _code(
    name: str, codes: words.Codes, meaning: str, *, required: bool = False, known_from: str | None = None
) -> Column:
    return Column(name, Type.CODE, meaning, required, codes, known_from)


def _instant(name: str, meaning: str, *, required: bool = False, known_from: str | None = None) -> Column:
    return Column(name, Type.INSTANT, meaning, required, known_from=known_from)


def _known(name: str, meaning: str, *, required: bool = False) -> Column:
    return Column(name, Type.KNOWN, meaning, required, known_from=name)


def _cents(name: str, meaning: str) -> Column:
    return Column(name, Type.CENTS, meaning)


def _number(name: str, meaning: str) -> Column:
    return Column(name, Type.NUMBER, meaning)


def _flag(name: str, meaning: str, *, known_from: str | None = None) -> Column:
    return Column(name, Type.FLAG, meaning, known_from=known_from)


FROM_RULING: Final = ("graded_at",)
"""Instants from which values are known and which, where absent, are that of the case's first final ruling."""

CURRENCY: Final = _text("currency", "ISO 4217 code of the row's money; absent: one currency throughout")

CASES: Final = Table(
    "cases",
    key=("case_id",),
    clock="opened_at",
    order=(("opened_at", "escalated_at"), ("opened_at", "evidence_closed_at")),
    open_prefixes=("attr_", "audit_"),
    columns=(
        _text("case_id", "one dispute", required=True),
        _instant("opened_at", "when the claim was opened", required=True),
        _known("escalated_at", "when it went to the platform"),
        _known("evidence_closed_at", "when the time for evidence ended"),
        _code("stage", words.STAGES, "where in the after-sales process the dispute arose"),
        _code("initiator", words.ACTORS, "who opened it"),
        _text("order_id", "the order it is about"),
        _text("line_id", "the line of that order"),
        _text("buyer_id", "pseudonym of the buyer"),
        _text("seller_id", "pseudonym of the seller"),
        _code("reason", words.REASONS, "what the buyer says happened"),
        _cents("claimed_cents", "what the buyer asks for"),
        _code("remedy_asked", words.REMEDIES, "the remedy the buyer asks for"),
        _text("claim_text", "the claim in the buyer's words"),
        _text("language", "language of the claim, as BCP 47"),
        _cents("refund_already_cents", "refunded before the claim was opened"),
        _text("address_id", "pseudonym of the delivery address"),
        _text("device_id", "pseudonym of the buyer's device"),
        _text("payment_id", "pseudonym of the means of payment"),
        CURRENCY,
    ),
)

ORDERS: Final = Table(
    "orders",
    key=("order_id", "line_id", "known_at"),
    clock="known_at",
    clock_default="placed_at",
    columns=(
        _text("order_id", "the order", required=True),
        _text("line_id", "the line of the order; absent: the only one"),
        _known("known_at", "since when this version is known; absent: since it was placed"),
        _instant("placed_at", "when the buyer ordered", required=True),
        _instant("ship_by_at", "by when the seller had to hand over"),
        _instant("promised_at", "by when delivery was promised"),
        _text("category", "category of the product"),
        _text("sku", "the product as sold"),
        Column("quantity", Type.COUNT, "units ordered"),
        _cents("unit_price_cents", "price of one unit"),
        _cents("paid_cents", "paid by the buyer for this line"),
        _cents("shipping_cents", "shipping paid for this line"),
        _cents("tax_cents", "tax collected for this line"),
        _cents("seller_discount_cents", "discount borne by the seller"),
        _cents("platform_discount_cents", "discount borne by the platform"),
        _code("fulfilment", words.FULFILMENTS, "who ships and stores"),
        _text("carrier", "the carrier"),
        _text("service", "the carrier's service"),
        _text("lane", "carrier, origin and destination region of the route, as one name"),
        _text("origin", "region the parcel left from"),
        _text("destination", "region of the delivery address"),
        _code("label_owner", words.LABEL_OWNERS, "who bought the shipping label"),
        CURRENCY,
    ),
)

EVENTS: Final = Table(
    "events",
    key=("event_id",),
    clock="known_at",
    clock_default="happened_at",
    belongs_to=("case_id", "order_id"),
    columns=(
        _text("event_id", "one event", required=True),
        _text("case_id", "the case it belongs to"),
        _text("order_id", "the order it belongs to"),
        _code("kind", words.EVENT_KINDS, "what happened", required=True),
        _instant("happened_at", "when it happened", required=True),
        _known("known_at", "since when the platform knows; absent: since it happened"),
        _code("actor", words.ACTORS, "who did it or reported it"),
        _number("weight_g", "weight of the parcel, grams"),
        _flag("weight_measured", "the weight was measured, not copied from the label"),
        _number("distance_m", "distance from the address on the order, metres"),
        _flag("zip_match", "the ZIP code equals the order's"),
        _flag("address_match", "the door equals the order's, not only the ZIP code"),
        _flag("signed", "somebody signed"),
        _flag("photo", "a photo was taken"),
        _text("code", "the carrier's or system's own code"),
        _text("location", "region or node where it happened"),
        _cents("amount_cents", "the sum concerned"),
        CURRENCY,
    ),
)

EVIDENCE: Final = Table(
    "evidence",
    key=("evidence_id",),
    clock="known_at",
    belongs_to=("case_id",),
    columns=(
        _text("evidence_id", "one item of evidence", required=True),
        _text("case_id", "the case it was given for", required=True),
        _code("kind", words.EVIDENCE_KINDS, "what sort of evidence", required=True),
        _code("party", words.ACTORS, "who gave it"),
        _instant("captured_at", "when it was made, by its own data"),
        _known("known_at", "when it arrived", required=True),
        _text("sha256", "digest of the file"),
        _text("phash", "perceptual hash of an image"),
        _text("file", "name of the stored file"),
        _flag("linked", "it shows the order or parcel number"),
        _flag("legible", "it can be read"),
        _flag("continuous", "a video without cuts, from the sealed parcel on"),
        _flag("catalogue_image", "the image is a listing's, a packing template's or a carrier's own"),
        _flag("supports_claim", "what the machine check read agrees with the claim"),
        _number("synthetic_score", "how likely the file was made by a machine, 0 to 1"),
    ),
)

MESSAGES: Final = Table(
    "messages",
    key=("message_id",),
    clock="sent_at",
    belongs_to=("case_id",),
    columns=(
        _text("message_id", "one message", required=True),
        _text("case_id", "the case it was written in", required=True),
        _code("party", words.ACTORS, "who wrote it", required=True),
        _known("sent_at", "when it was sent", required=True),
        _text("language", "its language, as BCP 47"),
        _text("text", "its words"),
    ),
)

REQUESTS: Final = Table(
    "requests",
    key=("request_id",),
    clock="asked_at",
    order=(("asked_at", "due_at"), ("asked_at", "answered_at")),
    belongs_to=("case_id",),
    columns=(
        _text("request_id", "one request for evidence", required=True),
        _text("case_id", "the case it was made in", required=True),
        _code("kind", words.EVIDENCE_KINDS, "what was asked for", required=True),
        _code("party", words.PARTIES, "who was asked", required=True),
        _known("asked_at", "when it was asked", required=True),
        _instant("due_at", "by when an answer was due"),
        _known("answered_at", "when it was answered"),
        _code("answer", words.ANSWERS, "how it was answered", known_from="answered_at"),
    ),
)

RETURNS: Final = Table(
    "returns",
    key=("return_id",),
    clock="issued_at",
    clock_default="dropped_off_at",
    order=(("dropped_off_at", "received_at"), ("received_at", "graded_at")),
    belongs_to=("case_id",),
    columns=(
        _text("return_id", "one parcel sent back", required=True),
        _text("case_id", "the case it belongs to", required=True),
        _known("issued_at", "when the return was arranged; absent: when it was dropped off"),
        _code("label_owner", words.LABEL_OWNERS, "who bought the return label"),
        _code("refund_trigger", words.REFUND_TRIGGERS, "what sets off the refund"),
        _known("dropped_off_at", "when the buyer handed it over"),
        _flag("item_scanned", "the item itself was scanned at the counter", known_from="dropped_off_at"),
        _known("first_scan_at", "the first scan by the carrier"),
        _known("received_at", "when it arrived"),
        _code("grade", words.GRADES, "what the inspection found", known_from="graded_at"),
        _known("graded_at", "when it was inspected; absent: known from the final ruling"),
        _text("node", "where it was received", known_from="received_at"),
    ),
)

LEDGER: Final = Table(
    "ledger",
    key=("entry_id",),
    clock="at",
    belongs_to=("case_id", "order_id"),
    columns=(
        _text("entry_id", "one movement of money", required=True),
        _text("case_id", "the case it belongs to"),
        _text("order_id", "the order it belongs to"),
        _text("line_id", "the order's line"),
        _text("kind", "what was paid", required=True),
        _code("payer", words.ACTORS, "who paid", required=True),
        _code("payee", words.ACTORS, "who was paid", required=True),
        _cents("cents", "how much"),
        _known("at", "when", required=True),
        CURRENCY,
    ),
)

VOLUMES: Final = Table(
    "volumes",
    key=("key_kind", "key", "day"),
    clock="known_at",
    clock_default="day",
    columns=(
        _code("key_kind", words.KEY_KINDS, "what the count is of", required=True),
        _text("key", "which seller, product, lane ...", required=True),
        _known("day", "the day counted", required=True),
        Column("delivered", Type.COUNT, "orders delivered that day", required=True),
        _known("known_at", "when the count became known; absent: at the end of the day"),
    ),
)

RULINGS: Final = Table(
    "rulings",
    key=("case_id", "ruled_at"),
    clock="ruled_at",
    belongs_to=("case_id",),
    columns=(
        _text("case_id", "the case ruled on", required=True),
        _known("ruled_at", "when", required=True),
        _code("liable", words.RULED, "whose fault on the merits"),
        _flag("entitled", "the buyer is entitled to a remedy"),
        _code("cost_bearer", (*words.PARTIES, "shared"), "who bears the cost"),
        _number("share_buyer", "the buyer's share of fault, 0 to 1"),
        _number("share_seller", "the seller's share of fault, 0 to 1"),
        _number("share_carrier", "the carrier's share of fault, 0 to 1"),
        _number("share_platform", "the platform's share of fault, 0 to 1"),
        _code("reason_found", words.REASONS, "what had happened, as found"),
        _code("remedy", words.REMEDIES, "the remedy given"),
        _cents("refund_cents", "the refund given"),
        _flag("evidence_sufficient", "the arbitrator found the evidence enough"),
        _code("basis", words.BASES, "on what the ruling rests; absent: the merits"),
        _flag("provisional", "a later ruling was to follow"),
        _flag("saw_proposal", "the arbitrator had seen a proposal"),
        _text("arbitrator_id", "pseudonym of the arbitrator"),
        _text("clause_ids", "the clauses cited"),
        CURRENCY,
    ),
)

APPEALS: Final = Table(
    "appeals",
    key=("case_id", "appealed_at"),
    clock="appealed_at",
    order=(("appealed_at", "decided_at"),),
    belongs_to=("case_id",),
    columns=(
        _text("case_id", "the case appealed", required=True),
        _known("appealed_at", "when", required=True),
        _known("decided_at", "when it was decided; absent while pending"),
        _flag("new_evidence", "the appeal brought something new"),
        _flag("overturned", "the ruling was overturned", known_from="decided_at"),
        _code("liable_after", words.RULED, "whose fault after the appeal", known_from="decided_at"),
    ),
)

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        CASES,
        ORDERS,
        EVENTS,
        EVIDENCE,
        MESSAGES,
        REQUESTS,
        RETURNS,
        LEDGER,
        VOLUMES,
        RULINGS,
        APPEALS,
    )
}
