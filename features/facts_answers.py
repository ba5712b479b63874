"""Facts of what the parties answered each other: the seller's answer, offers, and what either admits."""

from typing import Final

import numpy as np

from features.fact import BUYER, PLATFORM, SELLER, ListedFact, Telling, either, flag, number, word
from features.lexicon import CELLS, lexicons
from features.mentions import Sought
from features.scans import any_of
from features.tables import Numbers
from features.view import View, Words
from features.vocabulary import Codes

NONE: Final = "none"
SELLER_ANSWERS: Final[Codes] = (NONE, "approve", "reject", "partial", "replace")
"""No answer, and the codes of events, in any case, by which sellers answer; a mapping may turn others into them."""

ADMISSION: Final = Sought(lexicons, CELLS.index("admission"))


def seller_answer(view: View) -> Words:
    """How the seller answered the claim last, or none."""
    rows = view.rows("events")
    answered, at = rows.are("kind", "seller_responded"), rows.instants("happened_at")
    code, values = rows.words("code")
    place = {answer: float(i) for i, answer in enumerate(SELLER_ANSWERS[1:], start=1)}
    said = np.array([*(place.get(value.strip().lower(), np.nan) for value in values), np.nan])[code]
    last = rows.smallest(said, answered & rows.at(at, rows.latest(at, answered)))
    found = np.where(rows.any(answered) == 1, np.nan_to_num(last, nan=-1.0), 0.0)
    return Words(found.astype(np.int64), list(SELLER_ANSWERS))


def seller_timed_out(view: View) -> Numbers:
    """Whether the seller let the time for its answer pass."""
    return any_of(view, "seller_timed_out")


def offer_accepted(view: View) -> Numbers:
    """Whether an offer was accepted."""
    return any_of(view, "offer_accepted")


def offer_cents(view: View) -> Numbers:
    """The sum offered last."""
    rows = view.rows("events")
    offered, at = rows.are("kind", "offer_made"), rows.instants("happened_at")
    return rows.largest(rows.numbers("amount_cents"), offered & rows.at(at, rows.latest(at, offered)))


def buyer_admits(view: View) -> Numbers:
    """Whether the claim or a message of the buyer admits a fault or a mistake."""
    return either(ADMISSION.mentioned(view, "claim"), ADMISSION.mentioned(view, "buyer_messages"))


def seller_admits(view: View) -> Numbers:
    """Whether a message of the seller admits a fault or a mistake."""
    return ADMISSION.mentioned(view, "seller_messages")


def _events(*columns: str, by: tuple[str, ...]) -> Telling:
    return Telling(("events.kind", *(f"events.{column}" for column in columns)), by)


_MESSAGES: Final = ("messages.party", "messages.text", "messages.language")
_CLAIM: Final = ("cases.claim_text", "cases.language")

ANSWER_FACTS: Final[tuple[ListedFact, ...]] = (
    word("seller_answer", SELLER_ANSWERS, seller_answer, _events("happened_at", "code", by=SELLER)),
    flag("seller_timed_out", seller_timed_out, _events(by=PLATFORM)),
    flag("offer_accepted", offer_accepted, _events(by=BUYER)),
    number("offer_cents", "cents", offer_cents, _events("happened_at", "amount_cents", by=SELLER)),
    flag("buyer_admits", buyer_admits, Telling((), BUYER, ("chat_transcript",), also=(*_CLAIM, *_MESSAGES))),
    flag("seller_admits", seller_admits, Telling(_MESSAGES, SELLER, ("chat_transcript",))),
)
