"""What is logged of a parcel on its way to the buyer, and of a return on its way back."""

from typing import Any

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from training.simulate.block import Block
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.log import BUYER, CARRIER, CODE, PLATFORM, SELLER, SYSTEM, Log
from training.simulate.returning import MAILBOX
from training.simulate.stories import RETURN, is_one_of


def log_parcel(log: Log, block: Block) -> None:
    """The order and the carriers' scans, known when they were uploaded."""
    life, trace = block.disputes.seen.life, block.disputes.seen.trace
    sold, n = life.sold, len(life)

    def scan(kind: str, at: Instants, place: Ints, **payload: Any) -> None:
        log.add(kind, at, CARRIER, known=at + trace.upload_lag, of_order=True, place=place, **payload)

    log.add("order_placed", sold.placed_at, BUYER, of_order=True, cents=sold.total)
    log.add("order_paid", sold.placed_at + 30_000_000, SYSTEM, of_order=True, cents=sold.total)
    log.add("listing_changed", trace.listing_changed_at, SELLER, of_order=True)
    log.add("address_changed", trace.address_changed_at, BUYER, of_order=True)
    declared = life.packs.expected_grams
    log.add("label_created", trace.label_at, SELLER, of_order=True, weight=declared, measured=np.zeros(n))
    first, hub = _measured(trace.grams_first, trace.measured_first), _measured(trace.grams_hub, trace.measured_hub)
    scan("first_scan", trace.first_scan_at, sold.origin, weight=trace.grams_first, measured=first)
    scan("hub_in", trace.hub_in_at, sold.origin, weight=trace.grams_hub, measured=hub)
    scan("hub_out", trace.hub_out_at, sold.destination)
    scan("exception", trace.damage_noted_at, sold.destination, code=np.full(n, CODE["damaged"]))
    scan("out_for_delivery", trace.out_at, sold.destination)
    scan("delivery_attempted", trace.attempted_at, sold.destination)
    scan("return_to_sender", trace.sent_back_at, sold.destination)
    other_zip = is_one_of(life.looks, "buyer_address") & (life.order % 3 == 0)
    match = np.where(np.isnan(trace.address_match), -1, np.nan_to_num(trace.address_match))
    scan(
        "delivered", trace.delivered_at, sold.destination, distance=trace.distance_m, zip_match=~other_zip,
        address_match=match, signed=trace.signed, photo=trace.photo,
    )  # fmt: skip
    scan("lost_declared", trace.lost_declared_at, sold.destination)
    stale = np.where(
        (trace.delivered_at == NULL_INSTANT) & (trace.first_scan_at != NULL_INSTANT), trace.first_scan_at + 30 * DAY,
        NULL_INSTANT,
    )  # fmt: skip
    log.add("tracking_expired", np.where(trace.found_at == NULL_INSTANT, stale, NULL_INSTANT), SYSTEM, of_order=True)
    scan("found", trace.found_at, sold.destination)
    after = np.where(trace.found_at == NULL_INSTANT, NULL_INSTANT, trace.found_at + DAY)
    scan("delivered", after, sold.destination, zip_match=np.ones(n), signed=np.zeros(n), photo=np.zeros(n))


def log_second_parcel(log: Log, block: Block) -> None:
    """The second of two parcels, where there was one: its label, its first scan, its end."""
    life, trace = block.disputes.seen.life, block.disputes.seen.trace
    two, n = life.sold.two_parcels, len(life)
    code = np.full(n, CODE["second parcel"])
    shipped = two & ~life.packs.second_never & ~life.packs.never
    handed = life.packs.handed_at + 14 * HOUR
    arrives = np.maximum(life.sold.promised_at - 6 * HOUR, handed + 30 * HOUR)
    log.add("label_created", trace.label_at + 60_000_000, SELLER, among=two, of_order=True, code=code)
    log.add("first_scan", handed, CARRIER, among=shipped, of_order=True, code=code, place=life.sold.origin)
    there = shipped & ~life.ways.second_lost & (life.ways.lost == 0)
    log.add("delivered", arrives, CARRIER, among=there, of_order=True, code=code, place=life.sold.destination)
    lost = shipped & life.ways.second_lost
    log.add("lost_declared", life.sold.promised_at + 6 * DAY, CARRIER, among=lost, of_order=True, code=code)


def _measured(grams: Floats, measured: Flags) -> Ints:
    return np.where(np.isnan(grams), -1, measured.astype(np.int64))


def log_return(log: Log, block: Block) -> None:
    """The way back of a return that the dispute is about."""
    life = block.disputes.seen.life
    back, there, n = life.back, life.sent_back & RETURN[life.looks], len(life)
    dropped = there & ~is_one_of(life.looks, "never_dropped")
    next_door = is_one_of(life.looks, "altered_label")
    arrived = dropped & ~is_one_of(life.looks, "lost_on_return")
    issued = np.maximum(back.dropped_at - 2 * DAY, life.door.delivered_at + HOUR)
    log.add("return_label_issued", issued, SYSTEM, among=there)
    at_counter = dropped & (back.place != MAILBOX)
    log.add("return_dropped_off", back.dropped_at, CARRIER, among=at_counter, place=life.buyer.region)
    log.add(
        "return_scan", back.scanned_at, CARRIER, among=dropped, place=life.buyer.region, weight=back.grams,
        measured=np.ones(n),
    )  # fmt: skip
    known_door = np.where(life.order % 2 == 0, ~next_door, -1)
    log.add(
        "return_delivered", back.received_at, CARRIER, among=arrived, zip_match=np.ones(n), address_match=known_door
    )
    inspected = arrived & ~next_door & ~is_one_of(life.looks, "mislaid", "receipt_denied", "refund_withheld")
    log.add("return_inspected", back.graded_at, PLATFORM, among=inspected & back.to_warehouse)
    log.add("return_inspected", back.graded_at, SELLER, among=inspected & ~back.to_warehouse)
    early = block.disputes.seen.claim.refunded
    paid = np.where(early > 0, back.scanned_at + HOUR, NULL_INSTANT)
    log.add("refund_issued", paid, SYSTEM, among=there, cents=early)
