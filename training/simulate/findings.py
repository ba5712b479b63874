"""What an arbitrator can find in a file: each finding is there or not, and known since some instant.

Findings come from records, hand-ins and messages, never from the truth.
"""

from dataclasses import dataclass

import numpy as np

from features.tables import DAY, HOUR, NEVER, NULL_INSTANT, Instants
from training.simulate.answers import NO_ANSWER, OFFERS_PART, Answers
from training.simulate.claims import RETURNED, Claims
from training.simulate.columns import Flags
from training.simulate.files import CONTRADICTS, SUPPORTS, Files
from training.simulate.lives import Lives
from training.simulate.requests import Requests
from training.simulate.returning import NOTHING, ORIGINAL, OTHER_ITEM
from training.simulate.stories import is_one_of
from training.simulate.submission import Handed
from training.simulate.talk import Talk
from training.simulate.traces import Traces


@dataclass(frozen=True, slots=True)
class Findings:
    """All findings by case: row f is ``names[f]``; ``known_at`` is NEVER where it is not there."""

    names: tuple[str, ...]
    known_at: Instants

    def at(self, instant: Instants) -> Flags:
        """(findings, cases): which are known by an instant of each case."""
        return self.known_at <= instant


def findings(
    life: Lives, claim: Claims, answer: Answers, trace: Traces, files: Files, handed: Handed, requests: Requests,
    talk: Talk,
) -> Findings:  # fmt: skip
    """Everything to be found in each file."""
    found = _in_records(life, claim, answer, trace) | _in_returns(life, claim) | _in_messages(talk)
    found |= _in_silence(files, requests)
    for row, (kind, party) in enumerate(files.names):
        at = np.where(handed.admissible[row], handed.known_at[row], NEVER)
        found[f"{party} {kind} agrees"] = np.where(files.shows[row] == SUPPORTS, at, NEVER)
        found[f"{party} {kind} contradicts"] = np.where(files.shows[row] == CONTRADICTS, at, NEVER)
    return Findings(tuple(found), np.stack(list(found.values())))


def _in_records(life: Lives, claim: Claims, answer: Answers, trace: Traces) -> dict[str, Instants]:
    opened, sold = life.opened_at, life.sold
    scanned, delivered = trace.first_scan_at + trace.upload_lag, trace.delivered_at + trace.upload_lag
    has_scan, has_delivery = trace.first_scan_at != NULL_INSTANT, trace.delivered_at != NULL_INSTANT
    expected = life.packs.expected_grams
    low_first, low_hub = trace.grams_first < 0.82 * expected, trace.grams_hub < 0.82 * expected
    full_first = trace.measured_first & ~low_first
    hub_at = trace.hub_in_at + trace.upload_lag
    anyway = np.full(len(opened), NULL_INSTANT)

    def known(there: Flags, at: Instants) -> Instants:
        return np.where(there, at, NEVER)

    return {
        "no acceptance scan": known(~has_scan, opened),
        "accepted late": known(has_scan & (trace.first_scan_at > sold.ship_by_at + 14 * HOUR), scanned),
        "accepted in time": known(has_scan & (trace.first_scan_at <= sold.ship_by_at + 14 * HOUR), scanned),
        "delivered": known(has_delivery, delivered),
        "delivered in time": known(has_delivery & (trace.delivered_at <= sold.promised_at), delivered),
        "no delivery": known(~has_delivery, opened),
        "claimed before the promise": known(opened < sold.promised_at, opened),
        "near the door": known(trace.distance_m <= 45, delivered),
        "far from the door": known(trace.distance_m > 80, delivered),
        "door matches": known(trace.address_match == 1, delivered),
        "door differs": known(trace.address_match == 0, delivered),
        "signed": known(trace.signed, delivered),
        "photographed": known(trace.photo, delivered),
        "attempted": known(trace.attempted_at != NULL_INSTANT, trace.attempted_at),
        "sent back": known(trace.sent_back_at != NULL_INSTANT, trace.sent_back_at),
        "lost declared": known(trace.lost_declared_at != NULL_INSTANT, trace.lost_declared_at),
        "found": known(trace.found_at != NULL_INSTANT, trace.found_at),
        "damage noted": known(trace.damage_noted_at != NULL_INSTANT, trace.damage_noted_at + trace.upload_lag),
        "light when accepted": known(low_first, scanned),
        "full when accepted": known(full_first, scanned),
        "light at the hub": known(low_hub & full_first, hub_at),
        "full at the hub": known(trace.measured_hub & ~low_hub, hub_at),
        "platform packed": known(life.packs.by_platform, anyway),
        "seller's own label": known(sold.fulfilment == 1, anyway),
        "fragile": known(life.goods.fragile, anyway),
        "two parcels": known(sold.two_parcels, anyway),
        "second parcel unscanned": known(sold.two_parcels & life.packs.second_never, opened),
        "second parcel lost": known(life.ways.second_lost, sold.promised_at + 6 * DAY),
        "dear": known(sold.paid > 10_000, anyway),
        "livestream": known(sold.channel == 0, anyway),
        "listing edited": known(trace.listing_changed_at != NULL_INSTANT, trace.listing_changed_at),
        "address changed": known(trace.address_changed_at != NULL_INSTANT, trace.address_changed_at),
        "late claim": known(has_delivery & (opened - trace.delivered_at > 7 * DAY), opened),
        "seller silent": known((answer.answer == NO_ANSWER) & ~answer.at_sight, answer.due_at),
        "seller offers": known(answer.answer == OFFERS_PART, answer.answered_at),
        "sends it back": known(claim.remedy == 1, opened),
    }


def _in_returns(life: Lives, claim: Claims) -> dict[str, Instants]:
    back, there = life.back, life.sent_back & claim.says(*RETURNED)
    dropped = there & ~is_one_of(life.story, "never_dropped")
    lost = is_one_of(life.story, "lost_on_return", "never_dropped")
    arrived = dropped & ~lost & ~is_one_of(life.story, "mislaid", "receipt_denied")
    graded = arrived & ~is_one_of(life.story, "altered_label", "refund_withheld")

    def known(rows: Flags, at: Instants) -> Instants:
        return np.where(rows, at, NEVER)

    return {
        "return never scanned": known(there & ~dropped, life.opened_at),
        "return item scanned": known(dropped & back.item_scanned, back.dropped_at),
        "return scanned": known(dropped, back.scanned_at),
        "return arrived": known(arrived, back.received_at),
        "return graded original": known(graded & (back.grade == ORIGINAL), back.graded_at),
        "return graded other": known(graded & (back.grade == OTHER_ITEM), back.graded_at),
        "return graded empty": known(graded & (back.grade == NOTHING), back.graded_at),
        "return graded damaged": known(graded & np.isin(back.grade, (1, 2)), back.graded_at),
        "return to warehouse": known(there & back.to_warehouse, life.opened_at),
        "platform's return label": known(there & (back.owner == 0), life.opened_at),
        "return light": known(dropped & (back.grams < 0.6 * life.packs.expected_grams), back.scanned_at),
    }


def _in_silence(files: Files, requests: Requests) -> dict[str, Instants]:
    """Who held back what was asked for, since it was due."""
    due = np.where(requests.held_back(), requests.due_at, NEVER)
    return {
        f"{name} holds back": due[files.parties == place].min(axis=0) for name, place in (("buyer", 0), ("seller", 1))
    }


def _in_messages(talk: Talk) -> dict[str, Instants]:
    return {
        "buyer admits": np.where(talk.buyer_admits, talk.buyer_admits_at, NEVER),
        "seller admits": np.where(talk.seller_admits, talk.seller_admits_at, NEVER),
    }
