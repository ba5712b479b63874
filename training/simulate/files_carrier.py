"""What carriers and the platform put on file: photos of doors, signatures, traces, listings as sold, inspections."""

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT
from training.simulate.claims import NOT_RECEIVED, RETURNED, Claims
from training.simulate.columns import Flags
from training.simulate.draws import Draws
from training.simulate.files import CONTRADICTS, SUPPORTS, UNCLEAR, Offer, shown
from training.simulate.lives import Lives
from training.simulate.packing import DECOY, LABEL_BY_BUYER, LABEL_BY_PLATFORM
from training.simulate.returning import ORIGINAL
from training.simulate.stories import is_one_of
from training.simulate.traces import Traces
from training.simulate.world import World


def files_of_carriers(
    world: World, life: Lives, claim: Claims, trace: Traces, draws: Draws
) -> dict[tuple[str, str], Offer]:
    """Every kind of file a carrier or the platform may put on file."""
    chance = draws.of("files of carriers")
    n = len(life)
    nobody = np.zeros(n, dtype=bool)

    def some(rate: np.ndarray | float) -> Flags:
        return np.asarray(chance.random(n) < rate)

    absent = claim.says(*NOT_RECEIVED)
    elsewhere = life.ways.strayed | is_one_of(
        life.story, "seller_mislabelled", "platform_mislabelled", "buyer_address", "decoy"
    )
    lost = is_one_of(
        life.story, "lost", "lost_unscanned", "lost_then_found", "not_attempted", "pilfered", "misdelivered"
    )
    traced = claim.says(*NOT_RECEIVED, "missing_item_parts", "empty_box") & (life.sold.fulfilment != 1)
    traced &= some(world.carrier_traces) & (life.packs.content != DECOY)
    broken = claim.says("damaged_item") & some(world.carrier_claims)
    denied = some(np.where(life.packs.padded, *world.carrier_denials))
    noted = claim.says("damaged_item", "box_damaged_item_ok") & (trace.damage_noted_at != NULL_INSTANT)
    noted_on_return = is_one_of(life.story, "hurt_on_return") & some(0.4)
    verdict_at = life.opened_at + (chance.gamma(3.0, 2.3, n) * DAY).astype(np.int64) + 30 * HOUR
    listed = is_one_of(life.story, "mislisted", "wrong_chart") & ~life.goods.spoken
    graded = claim.says(*RETURNED) & life.back.to_warehouse & (life.back.graded_at < life.opened_at)
    graded &= ~is_one_of(life.story, "never_dropped", "lost_on_return", "mislaid", "altered_label")
    return {
        ("delivery_photo", "carrier"): Offer(
            absent & trace.photo,
            shown(elsewhere, np.where(elsewhere, 0.6, 0.85), 0.95, chance),
            trace.delivered_at,
            nobody,
        ),
        ("delivery_geo", "carrier"): Offer(  # what its position tells stands among the events already
            absent & ~np.isnan(trace.distance_m), np.full(n, UNCLEAR), trace.delivered_at, nobody
        ),
        ("carrier_tracking_log", "carrier"): Offer(
            absent & (trace.first_scan_at != NULL_INSTANT) & some(0.85),
            np.full(n, UNCLEAR),
            trace.first_scan_at,
            nobody,
        ),
        ("signature_pod", "carrier"): Offer(
            absent & trace.signed,
            shown(elsewhere, np.where(elsewhere, 0.5, 0.8), 0.95, chance),
            trace.delivered_at,
            nobody,
        ),
        ("carrier_investigation", "carrier"): Offer(
            traced | broken,
            np.where(broken, np.where(denied, CONTRADICTS, SUPPORTS), shown(lost, 0.75, 0.93, chance)),
            verdict_at,
            nobody,
        ),
        ("carrier_damage_report", "carrier"): Offer(
            noted | noted_on_return,
            shown(np.ones(n, dtype=bool), 1.0, 1.0, chance),
            np.where(noted_on_return, life.back.received_at, np.maximum(trace.damage_noted_at, life.sold.placed_at)),
            nobody,
        ),
        ("listing_snapshot", "platform"): Offer(
            claim.says("not_as_described", "fit_style") & some(0.8),
            shown(listed, 0.85, 0.95, chance),
            life.sold.placed_at,
            nobody,
        ),
        ("address_history", "platform"): Offer(
            claim.says("address_error", "inr_misdelivered", "inr_delivered_denied") & some(0.6),
            shown(
                life.packs.label == LABEL_BY_PLATFORM,
                np.where(life.packs.label == LABEL_BY_BUYER, 1.0, 0.8),
                0.97,
                chance,
            ),
            life.sold.placed_at,
            nobody,
        ),
        ("return_inspection", "platform"): Offer(
            graded, shown(life.back.grade == ORIGINAL, 0.97, 1.0, chance), life.back.graded_at, nobody
        ),
    }
