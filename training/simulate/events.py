"""The table ``events`` of a block: the parcel's records, the case's steps, the way back, and the money that moved."""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from features.vocabulary import ACTORS, EVENT_KINDS
from training.simulate.block import Block
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.returning import MAILBOX
from training.simulate.routes import ORIGINS
from training.simulate.rows import Ids, flags, instants, numbers, rows, words
from training.simulate.stories import RETURN, is_one_of
from training.simulate.traces import Traces

BUYER, SELLER, CARRIER, PLATFORM, SYSTEM, OPERATOR = range(len(ACTORS))
CODES: Final = ("damaged", "denied: packing", "confirmed", "not confirmed", "moved", "reject", "partial", "approve")


@dataclass(slots=True)
class Log:
    """Events gathered kind by kind, as columns."""

    cases: int
    parts: list[dict[str, np.ndarray]] = field(default_factory=list)

    def add(
        self, kind: str, at: Instants, actor: int, *, known: Instants | None = None, among: Flags | None = None,
        of_order: bool = False, **payload: Floats | Ints | Flags,
    ) -> None:  # fmt: skip
        """One event for each case where it has an instant; payload columns are as long as the cases."""
        there = at != NULL_INSTANT if among is None else (at != NULL_INSTANT) & among
        case = np.flatnonzero(there)
        n = len(case)
        part = {
            "case": case,
            "kind": np.full(n, EVENT_KINDS.index(kind)),
            "at": at[case],
            "known": at[case] if known is None else np.maximum(known[case], at[case]),
            "actor": np.full(n, actor),
            "of_order": np.full(n, of_order),
        }
        for name, (blank, _) in PAYLOAD.items():
            given = payload.get(name)
            part[name] = np.full(n, blank) if given is None else np.asarray(given)[case].astype(type(blank))
        self.parts.append(part)

    def columns(self) -> dict[str, np.ndarray]:
        """All events in the order of cases and instants."""
        whole = {name: np.concatenate([p[name] for p in self.parts]) for name in self.parts[0]}
        order = np.lexsort((whole["kind"], whole["at"], whole["case"]))
        return {name: values[order] for name, values in whole.items()}


PAYLOAD: Final = {
    "weight": (np.nan, float), "measured": (-1, int), "distance": (np.nan, float), "zip_match": (-1, int),
    "address_match": (-1, int), "signed": (-1, int), "photo": (-1, int), "code": (-1, int), "place": (-1, int),
    "cents": (np.nan, float),
}  # fmt: skip


def events_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """Every event of every dispute and of its order."""
    log = Log(len(block.disputes.seen.life))
    _parcel(log, block)
    _steps(log, block)
    _way_back(log, block)
    _outcome(log, block)
    c = log.columns()
    case = c["case"]

    def flag(name: str) -> pa.Array:
        return flags(c[name] == 1, c[name] >= 0)

    return rows(
        "events",
        {
            "event_id": ids.of("e", block.names.case[case] * 100 + _nth(case)),
            "case_id": words(np.where(c["of_order"], -1, case), ids.of("c", block.names.case)),
            "order_id": ids.of("o", block.names.order[case]),
            "kind": words(c["kind"], EVENT_KINDS),
            "happened_at": instants(c["at"]),
            "known_at": instants(c["known"]),
            "actor": words(c["actor"], ACTORS),
            "weight_g": numbers(c["weight"]),
            "weight_measured": flag("measured"),
            "distance_m": numbers(c["distance"]),
            "zip_match": flag("zip_match"),
            "address_match": flag("address_match"),
            "signed": flag("signed"),
            "photo": flag("photo"),
            "code": words(c["code"], CODES),
            "location": words(c["place"], ORIGINS),
            "amount_cents": numbers(c["cents"]),
            "currency": "USD",
        },
        end,
    )


def _nth(case: Ints) -> Ints:
    """The number of each row among those of its case; rows are sorted by case."""
    return np.arange(len(case)) - np.searchsorted(case, case, "left")


def _parcel(log: Log, block: Block) -> None:
    life, trace = block.disputes.seen.life, block.disputes.seen.trace
    sold = life.sold
    lag = trace.upload_lag

    def scan(kind: str, at: Instants, place: Ints, **payload: Any) -> None:
        log.add(kind, at, CARRIER, known=at + lag, of_order=True, place=place, **payload)

    log.add("order_placed", sold.placed_at, BUYER, of_order=True, cents=sold.total)
    log.add("order_paid", sold.placed_at + 30_000_000, SYSTEM, of_order=True, cents=sold.total)
    declared = life.packs.expected_grams
    log.add("label_created", trace.label_at, SELLER, of_order=True, weight=declared, measured=np.zeros(len(life)))
    scan("first_scan", trace.first_scan_at, sold.origin, weight=trace.grams_first, measured=_measured(trace, "first"))
    scan("hub_in", trace.hub_in_at, sold.origin, weight=trace.grams_hub, measured=_measured(trace, "hub"))
    scan("hub_out", trace.hub_out_at, sold.destination)
    scan("out_for_delivery", trace.out_at, sold.destination)
    scan("delivery_attempted", trace.attempted_at, sold.destination)
    scan("return_to_sender", trace.sent_back_at, sold.destination)
    scan("exception", trace.damage_noted_at, sold.destination, code=np.zeros(len(life)))
    right_zip = ~is_one_of(life.story, "buyer_address") | (life.order % 3 > 0)
    match = np.where(np.isnan(trace.address_match), -1, np.nan_to_num(trace.address_match))
    scan(
        "delivered", trace.delivered_at, sold.destination, distance=trace.distance_m, zip_match=right_zip,
        address_match=match, signed=trace.signed, photo=trace.photo,
    )  # fmt: skip
    scan("lost_declared", trace.lost_declared_at, sold.destination)
    scan("found", trace.found_at, sold.destination)
    after = np.where(trace.found_at == NULL_INSTANT, NULL_INSTANT, trace.found_at + DAY)
    scan("delivered", after, sold.destination, zip_match=np.ones(len(life)), signed=np.zeros(len(life)))
    edited = np.where(life.goods.edited_on >= 0, life.opened_at - 20 * HOUR, NULL_INSTANT)
    log.add("listing_changed", edited, SELLER, among=edited > sold.placed_at, of_order=True)


def _measured(trace: Traces, where: str) -> Ints:
    grams = trace.grams_first if where == "first" else trace.grams_hub
    measured = trace.measured_first if where == "first" else trace.measured_hub
    return np.where(np.isnan(grams), -1, measured.astype(np.int64))


def _steps(log: Log, block: Block) -> None:
    seen, desk, asked = block.disputes.seen, block.disputes.desk, block.disputes.requests
    answer, life = seen.answer, seen.life
    opener = seen.claim.by_seller
    log.add("claim_opened", life.opened_at, BUYER, among=~opener, cents=seen.claim.claimed)
    log.add("claim_opened", life.opened_at, SELLER, among=opener, cents=seen.claim.claimed)
    log.add("seller_notified", answer.notified_at, SYSTEM, among=~opener)
    code = np.where(answer.answer == 2, CODES.index("partial"), CODES.index("reject"))
    log.add("seller_responded", answer.answered_at, SELLER, among=~opener, code=code)
    log.add("offer_made", np.where(answer.offer > 0, answer.answered_at, NULL_INSTANT), SELLER, cents=answer.offer)
    log.add("seller_timed_out", answer.due_at, SYSTEM, among=answer.answered_at == NULL_INSTANT)
    taken = np.where(answer.ends == 3, np.maximum(block.ruling.at - HOUR, answer.answered_at), NULL_INSTANT)
    log.add("offer_accepted", taken, BUYER)
    log.add("escalated", answer.escalated_at, BUYER, among=~opener)
    log.add("escalated", answer.escalated_at, SELLER, among=opener)
    for row in range(len(asked.asked_at)):
        log.add("evidence_requested", asked.asked_at[row], OPERATOR)
        silent = np.where(asked.answered_at[row] == NULL_INSTANT, asked.due_at[row], NULL_INSTANT)
        log.add("evidence_overdue", silent, SYSTEM, among=silent < desk.closed_at)


def _way_back(log: Log, block: Block) -> None:
    life = block.disputes.seen.life
    back, there = life.back, life.sent_back & RETURN[life.story]
    dropped = there & ~is_one_of(life.story, "never_dropped")
    arrived = dropped & ~is_one_of(life.story, "lost_on_return", "altered_label")
    log.add(
        "return_label_issued",
        back.dropped_at - 2 * DAY,
        SYSTEM,
        among=there & (back.dropped_at - 2 * DAY > life.door.delivered_at),
    )
    log.add(
        "return_dropped_off", back.dropped_at, CARRIER, among=dropped & (back.place != MAILBOX), place=life.buyer.region
    )
    log.add(
        "return_scan",
        back.scanned_at,
        CARRIER,
        among=dropped,
        place=life.buyer.region,
        weight=back.grams,
        measured=np.ones(len(life)),
    )
    zip_only = is_one_of(life.story, "altered_label")
    log.add(
        "return_delivered", back.received_at, CARRIER, among=arrived | zip_only, zip_match=np.ones(len(life)),
        address_match=np.where(life.order % 2 == 0, ~zip_only, -1),
    )  # fmt: skip
    graded = arrived & ~is_one_of(life.story, "mislaid", "receipt_denied", "refund_withheld")
    log.add("return_inspected", back.graded_at, PLATFORM, among=graded & back.to_warehouse)
    log.add("return_inspected", back.graded_at, SELLER, among=graded & ~back.to_warehouse)
    early = block.disputes.seen.claim.refunded
    log.add(
        "refund_issued", np.where(early > 0, back.scanned_at + HOUR, NULL_INSTANT), SYSTEM, among=there, cents=early
    )


def _outcome(log: Log, block: Block) -> None:
    files, handed = block.disputes.seen.files, block.disputes.handed
    row = files.names.index(("carrier_investigation", "carrier"))
    there = files.exists[row]
    closed = np.where(there, files.captured_at[row], NULL_INSTANT)
    shows = files.shows[row]
    code = np.where(shows > 0, CODES.index("confirmed"), CODES.index("not confirmed"))
    log.add(
        "carrier_trace_opened", np.where(there, block.disputes.seen.life.opened_at + 30 * HOUR, NULL_INSTANT), PLATFORM
    )
    log.add(
        "carrier_trace_closed", np.where(there, closed, NULL_INSTANT), CARRIER, known=handed.known_at[row], code=code
    )
    paid = block.remedy.refund
    log.add(
        "refund_issued",
        np.where((paid > 0) & (block.ruling.at < 2**62), block.ruling.at + 6 * HOUR, NULL_INSTANT),
        SYSTEM,
        cents=paid,
    )
