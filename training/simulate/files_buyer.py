"""What buyers hold: photographs, unboxing and fault videos, receipts of a drop-off, statements, letters of experts."""

import numpy as np

from features.tables import DAY, HOUR
from training.simulate.claims import CONDITION, CONTENTS, PROMISED, RETURNED, Claims
from training.simulate.columns import Flags
from training.simulate.draws import Draws
from training.simulate.files import Offer, shown
from training.simulate.lives import Lives
from training.simulate.returning import MAILBOX
from training.simulate.stories import HONEST, is_one_of
from training.simulate.transit import NOWHERE


def files_of_buyers(life: Lives, claim: Claims, draws: Draws) -> dict[tuple[str, str], Offer]:
    """Every kind of file a buyer may hold."""
    chance = draws.of("files of buyers")
    n = len(life)
    honest, care = HONEST[life.story], life.buyer.careful
    lies = ~honest
    got = np.where(life.door.delivered, life.door.delivered_at, life.opened_at)
    soon = np.minimum(got + (chance.exponential(20.0, n) * HOUR).astype(np.int64), life.opened_at)

    def some(rate: np.ndarray | float) -> Flags:
        return np.asarray(chance.random(n) < rate)

    pieces = claim.says(*CONDITION, *PROMISED, *CONTENTS)
    true_fault = honest & ~is_one_of(life.story, "flaw_told", "doubted", "misused", "taken_in", "impatient")
    looks_like_it = true_fault | is_one_of(life.story, "flaw_told", "broken_by_buyer") | (lies & some(0.55))
    unsure = is_one_of(life.story, "expected_more", "doubted", "does_not_fit", "changed_mind")
    photo = shown(looks_like_it, np.where(unsure, 0.35, 0.85), 0.94, chance)
    before_sending = claim.says("return_rejected_condition") & life.sent_back
    as_it_was = shown(honest | some(0.3), 0.8, 0.95, chance)
    crushed = life.ways.crushed != NOWHERE
    opened = life.ways.opened != NOWHERE
    box = claim.says("damaged_item", "box_damaged_item_ok", "missing_item_parts", "empty_box")
    filmed = some(np.where(honest, 0.3 * care, 0.08))
    fault = claim.says("defective")
    returns = claim.says(*RETURNED)
    dropped = life.sent_back & ~is_one_of(life.story, "never_dropped")
    fake = is_one_of(life.story, "fake")
    absent = claim.says("inr_delivered_denied", "inr_misdelivered")
    return {
        ("item_photo", "buyer"): Offer(
            (pieces & some(0.45 + 0.5 * care)) | (before_sending & some(0.15 + 0.4 * care)),
            np.where(before_sending, as_it_was, photo),
            np.where(before_sending, life.back.dropped_at - HOUR, soon),
            lies & some(0.4),
        ),
        ("unboxing_video", "buyer"): Offer(
            claim.says(*CONTENTS, "damaged_item", "not_as_described") & filmed,
            shown(honest | some(0.6), 0.95, 0.96, chance),
            got + HOUR,
            lies,
        ),
        ("outer_box_photo", "buyer"): Offer(
            box & some(0.35 + 0.5 * care), shown(crushed | opened, 0.9, 0.93, chance), soon, lies & some(0.3)
        ),
        ("fault_video", "buyer"): Offer(
            fault & some(0.2 + 0.4 * care),
            shown(is_one_of(life.story, "faulty", "unpadded") | some(0.5), 0.9, 0.93, chance),
            soon,
            lies & some(0.2),
        ),
        ("expert_or_brand_letter", "buyer"): Offer(
            claim.says("counterfeit") & some(np.where(fake, 0.35, 0.06)),
            shown(fake | some(0.1), 1.0, 0.97, chance),
            life.opened_at,
            lies,
        ),
        ("listing_snapshot", "buyer"): Offer(
            claim.says(*PROMISED) & some(np.where(life.goods.spoken, 0.4, 0.12)),
            shown(is_one_of(life.story, "mislisted", "wrong_chart"), 0.9, 0.95, chance),
            life.sold.placed_at,
            lies & some(0.1),
        ),
        ("return_dropoff_receipt", "buyer"): Offer(
            returns & dropped & some(np.where(life.back.place == MAILBOX, 0.08, 0.7)),
            shown(dropped, 1.0, 1.0, chance),
            life.back.dropped_at,
            is_one_of(life.story, "altered_label"),
        ),
        ("police_report_or_affidavit", "buyer"): Offer(
            absent & some(np.where(honest, 0.55, 0.25)), shown(absent, 1.0, 1.0, chance), life.opened_at + DAY, lies
        ),
        ("serial_record", "buyer"): Offer(
            claim.says("return_wrong_or_empty") & life.goods.serial & some(0.3 * care),
            shown(honest, 0.9, 0.97, chance),
            life.back.dropped_at,
            lies & some(0.5),
        ),
    }
