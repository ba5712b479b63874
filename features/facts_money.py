"""Facts of money: what went back to the buyer by now, each cent once, and whether a bank is asked as well.

The same refund may be told by the case, by the ledger and by an event. Of ledger and events the one that tells more is
believed, and what the case says of the time before its opening counts only as far as that one does not tell it.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.fact import PLATFORM, ListedFact, Telling, flag, number
from features.own_rows import Flags, supplied
from features.scans import last_of
from features.tables import NULL_INSTANT, Instants, Numbers
from features.view import View

RECHARGE: Final = ("recharge",)
"""The kind of ledger entry by which a buyer pays a refund back; a mapping may turn a team's own word into it."""

_LEDGER: Final = ("ledger.payer", "ledger.payee", "ledger.cents")
_EVENTS: Final = ("events.kind", "events.happened_at", "events.amount_cents")


def refunded_cents(view: View) -> Numbers:
    """What the buyer has got back by now, by refunds or through the bank, less what it was charged again."""
    told, recharged = [], np.zeros(len(view.asks))
    if _told(view, _LEDGER):
        rows = view.rows("ledger")
        from_buyer, cents = rows.are("payer", "buyer"), rows.numbers("cents")
        refunds = _same_line(view) & rows.are("payee", "buyer") & ~from_buyer
        told.append(_with_earlier(view, rows.ask[refunds], rows.since[refunds], cents[refunds]))
        charged = _same_line(view) & from_buyer & rows.are("kind", *RECHARGE)
        recharged = np.bincount(rows.ask[charged], cents[charged], len(view.asks)).astype(np.float64)
    if _told(view, _EVENTS):
        rows = view.rows("events")
        refunds = rows.are("kind", "refund_issued")
        at, cents = rows.instants("happened_at"), rows.numbers("amount_cents")
        told.append(_with_earlier(view, rows.ask[refunds], at[refunds], cents[refunds]))
    if not told:
        return np.full(len(view.asks), np.nan)
    most = np.fmax.reduce(told)
    untold = np.isnan(told).any(axis=0) & ~(most > 0)
    return np.where(untold, np.nan, np.maximum(most - recharged, 0.0))


def _told(view: View, columns: tuple[str, ...]) -> bool:
    return all(supplied(view.tables, column) for column in columns)


def _with_earlier(view: View, ask: NDArray[np.int64], at: Instants, cents: Numbers) -> Numbers:
    """What was refunded by these, and before the opening at least what the case says; NaN where a sum is missing."""
    early, n = at <= view.case_instants("opened_at")[ask], len(view.asks)
    before, since = (np.bincount(ask[part], cents[part], n) for part in (early, ~early))
    return np.asarray(np.maximum(before, np.nan_to_num(view.case_numbers("refund_already_cents"))) + since)


def _same_line(view: View) -> Flags:
    """Which entries are of the line that their case is about, as far as both name one."""
    entry, lines = view.rows("ledger").words("line_id")
    case = view.case_words("line_id")
    place = {line: i for i, line in enumerate(lines)}
    asked = np.array([*(place.get(line, -2) for line in case.values), -1])[case.codes][view.rows("ledger").ask]
    return np.asarray((entry == -1) | (asked == -1) | (entry == asked))


def refund_issued(view: View) -> Numbers:
    """Whether the buyer has got anything back by now that it was not charged again."""
    paid = refunded_cents(view)
    of_unknown_size = 1.0 if _told(view, _LEDGER) or _told(view, _EVENTS) else np.nan
    return np.where(np.isnan(paid), of_unknown_size, np.where(paid > 0, 1.0, 0.0))


def chargeback_open(view: View) -> Numbers:
    """Whether the buyer went to the bank as well and that has not been closed since."""
    opened, closed = last_of(view, "chargeback_opened"), last_of(view, "chargeback_closed")
    return np.where((opened != NULL_INSTANT) & (closed < opened), 1.0, 0.0)


_ALL: Final = (*_LEDGER, "ledger.kind", "ledger.line_id", *_EVENTS, "cases.refund_already_cents", "cases.line_id")
_REFUNDS: Final = Telling(("cases.opened_at",), PLATFORM, ("refund_or_replacement_proof",), also=_ALL)

MONEY_FACTS: Final[tuple[ListedFact, ...]] = (
    number("refunded_cents", "cents", refunded_cents, _REFUNDS),
    flag("refund_issued", refund_issued, _REFUNDS),
    flag("chargeback_open", chargeback_open, Telling(("events.kind", "events.happened_at"), PLATFORM)),
)
