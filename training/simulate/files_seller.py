"""What sellers hold: labels, manifests, packing photos and videos, scales, invoices, serial numbers, return photos.

A large seller films and weighs every parcel; a small honest one often has nothing to show.
"""

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT
from training.simulate.claims import CONTENTS, NOT_RECEIVED, RETURNED, Claims
from training.simulate.columns import Flags
from training.simulate.draws import Draws
from training.simulate.files import Offer, shown
from training.simulate.lives import Lives
from training.simulate.packing import EMPTY, LABEL_BY_SELLER, RIGHT, SHORT, WRONG
from training.simulate.stories import is_one_of
from training.simulate.traces import Traces


def files_of_sellers(life: Lives, claim: Claims, trace: Traces, draws: Draws) -> dict[tuple[str, str], Offer]:
    """Every kind of file a seller may hold."""
    chance = draws.of("files of sellers")
    n, packs, shop = len(life), life.packs, life.seller
    own = ~packs.by_platform
    packed_at = packs.handed_at - 5 * HOUR

    def some(rate: np.ndarray | float) -> Flags:
        return np.asarray(chance.random(n) < rate)

    shipped = own & ~packs.never
    wrong_inside = np.isin(packs.content, (WRONG, SHORT, EMPTY)) | is_one_of(life.story, "stale", "second_never")
    badly = claim.says("damaged_item", "defective") & ~packs.padded
    shows_fault = (claim.says(*CONTENTS, "expired_spoiled") & wrong_inside) | badly
    seen = claim.says(*CONTENTS, "damaged_item", "defective", "expired_spoiled", "not_as_described")
    filmed = seen & shipped & some(shop.filming)
    template = some(np.where(shop.size == 2, 0.06, 0.16))  # the same stock picture for every parcel
    absent = claim.says(*NOT_RECEIVED, "late_delivery")
    on_time = packs.handed_at <= life.sold.ship_by_at
    fake = is_one_of(life.story, "fake")
    returned = claim.says("return_rejected_condition", "return_wrong_or_empty") & ~life.back.to_warehouse
    other = is_one_of(life.story, "switched", "tote_swapped", "pilfered_return")
    used = is_one_of(life.story, "used_return", "hurt_on_return")
    invented = is_one_of(life.story, "switch_invented", "rejected_wrongly")
    opening = returned & some(np.where(invented, 0.15, 0.15 + 0.6 * shop.filming))
    paid = is_one_of(life.story, "refund_stuck")
    full = packs.content == RIGHT
    edited = trace.listing_changed_at != NULL_INSTANT
    return {
        ("shipping_label_image", "seller"): Offer(
            absent & shipped & some(0.75),
            shown(packs.label == LABEL_BY_SELLER, 0.9, 0.98, chance),
            packed_at,
            some(0.0),
        ),
        ("handover_receipt", "seller"): Offer(
            absent & shipped & some(np.where(shop.size > 0, 0.65, 0.35)),
            shown(~on_time, 1.0, 0.97, chance),
            packs.handed_at,
            some(0.0),
        ),
        ("packing_photo", "seller"): Offer(
            seen & shipped & some(0.4 + 0.3 * (shop.size > 0)),
            shown(shows_fault & ~template, 0.75, 0.9, chance),
            packed_at,
            template,
        ),
        ("packing_video", "seller"): Offer(filmed, shown(shows_fault, 0.95, 0.97, chance), packed_at, some(0.01)),
        ("pack_weight_record", "seller"): Offer(
            claim.says(*CONTENTS) & shipped & some(shop.weighing),
            shown(~full, 1.0, np.where(full, 0.97, 0.9), chance),
            packed_at,
            some(0.0),
        ),
        ("invoice_authorisation", "seller"): Offer(
            claim.says("counterfeit") & some(np.where(fake, 0.25, 0.7)),
            shown(np.zeros(n, dtype=bool), 0.95, 1.0, chance),
            life.sold.placed_at - 60 * DAY,
            fake,
        ),
        ("listing_snapshot", "seller"): Offer(
            claim.says("not_as_described", "fit_style") & some(0.45),
            shown(np.zeros(n, dtype=bool), 0.9, 0.95, chance),
            np.where(edited, trace.listing_changed_at, life.sold.placed_at - DAY),
            edited,
        ),
        ("fault_video", "seller"): Offer(  # the test record of the piece, or signs of misuse on its photo
            claim.says("defective") & some(0.1 + 0.2 * shop.size),
            shown(is_one_of(life.story, "faulty", "unpadded"), 0.7, 0.9, chance),
            packed_at,
            some(0.0),
        ),
        ("serial_record", "seller"): Offer(
            (returned | claim.says("counterfeit", "defective")) & life.goods.serial & some(0.35 + 0.2 * shop.size),
            shown(~other & ~invented, 0.95, 0.97, chance),
            packed_at,
            invented,
        ),
        ("item_photo", "seller"): Offer(
            returned & some(0.75),
            shown(~(other | used), np.where(invented, 0.5, 0.85), np.where(invented, 0.4, 0.93), chance),
            life.back.graded_at,
            invented,
        ),
        ("unboxing_video", "seller"): Offer(
            opening,
            shown(~(other | used), 0.95, np.where(invented, 0.25, 0.97), chance),
            life.back.received_at,
            invented,
        ),
        ("refund_or_replacement_proof", "seller"): Offer(
            claim.says(*RETURNED, "not_fulfilled_replacement") & (paid | some(0.06)),
            shown(np.zeros(n, dtype=bool), 0.9, 1.0, chance),
            life.opened_at - DAY,
            ~paid,
        ),
    }
