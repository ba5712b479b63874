"""The table ``events`` of a block: the parcel's records, the steps of the case, and what followed the ruling."""

import numpy as np
import pyarrow as pa

from features.tables import HOUR, NEVER, NULL_INSTANT
from training.simulate.answers import OFFERS_PART, SETTLEMENT
from training.simulate.block import Block
from training.simulate.events_parcel import log_parcel, log_return, log_second_parcel
from training.simulate.later import log_later_return
from training.simulate.log import BUYER, CARRIER, CODE, OPERATOR, PLATFORM, SELLER, SYSTEM, Log
from training.simulate.rows import Ids


def events_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """Every event of every dispute and of its order."""
    log = Log(block.first_of_order)
    log_parcel(log, block)
    log_second_parcel(log, block)
    log_return(log, block)
    _log_steps(log, block)
    _log_inquiries(log, block)
    _log_payment(log, block)
    log_later_return(log, block.later)
    return log.table(ids, block.names.case, block.names.order, end)


def _log_steps(log: Log, block: Block) -> None:
    """What the parties and the desk did, from the claim to the close of evidence."""
    seen, desk, asked = block.disputes.seen, block.disputes.desk, block.disputes.requests
    answer, by_seller = seen.answer, seen.claim.by_seller
    opened = seen.life.opened_at
    log.add("claim_opened", opened, BUYER, among=~by_seller, cents=seen.claim.claimed)
    log.add("claim_opened", opened, SELLER, among=by_seller, cents=seen.claim.claimed)
    log.add("reason_changed", seen.claim.changed_at, BUYER)
    log.add("seller_notified", answer.notified_at, SYSTEM, among=~by_seller)
    code = np.where(answer.answer == OFFERS_PART, CODE["partial"], CODE["reject"])
    log.add("seller_responded", answer.answered_at, SELLER, among=~by_seller, code=code)
    offered = np.where(answer.offer > 0, answer.answered_at, NULL_INSTANT)
    log.add("offer_made", offered, SELLER, among=~by_seller, cents=answer.offer)
    log.add("seller_timed_out", answer.due_at, SYSTEM, among=(answer.answered_at == NULL_INSTANT) & ~by_seller)
    took = (answer.ends == SETTLEMENT) & (block.ruling.at < NEVER // 2)
    accepted = np.where(took, np.maximum(block.ruling.at - HOUR, answer.answered_at), NULL_INSTANT)
    log.add("offer_accepted", accepted, BUYER)
    log.add("escalated", answer.escalated_at, BUYER, among=~by_seller)
    log.add("escalated", answer.escalated_at, SELLER, among=by_seller)
    for row in range(len(asked.asked_at)):
        log.add("evidence_requested", asked.asked_at[row], OPERATOR)
        silent = (asked.answered_at[row] == NULL_INSTANT) | (asked.answered_at[row] > asked.due_at[row])
        log.add("evidence_overdue", asked.due_at[row], SYSTEM, among=silent & (asked.due_at[row] < block.ruling.at))
    log.add("chargeback_opened", desk.chargeback_at, BUYER, cents=seen.claim.claimed)
    won = np.where(desk.chargeback_won, CODE["won"], CODE["lost"])
    log.add("chargeback_closed", desk.chargeback_closed_at, SYSTEM, code=won)


def _log_inquiries(log: Log, block: Block) -> None:
    """The carrier is asked, and answers days later, sometimes after the ruling."""
    seen, handed = block.disputes.seen, block.disputes.handed
    row = seen.files.names.index(("carrier_investigation", "carrier"))
    there = seen.files.exists[row]
    opened = np.where(there, seen.life.opened_at + 30 * HOUR, NULL_INSTANT)
    closed = np.where(there, seen.files.captured_at[row], NULL_INSTANT)
    denied = np.where(seen.claim.says("damaged_item"), CODE["denied: packing"], CODE["not confirmed"])
    code = np.where(seen.files.shows[row] > 0, CODE["confirmed"], denied)
    log.add("carrier_trace_opened", opened, PLATFORM)
    log.add("carrier_trace_closed", closed, CARRIER, known=handed.known_at[row], code=code)


def _log_payment(log: Log, block: Block) -> None:
    log.add("refund_issued", block.refunded_at, SYSTEM, cents=block.remedy.refund)
