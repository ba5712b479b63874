"""What the buyer says and asks for: the reason that ships free or pays best, not always the one that is true."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import HOUR, NULL_INSTANT, Instants
from features.vocabulary import REASONS, REMEDIES, STAGES
from training.simulate.columns import Columns, Flags, Ints, pick_by_row
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.products import COPIED
from training.simulate.returning import AT_DROP_OFF, AT_FIRST_SCAN
from training.simulate.stories import HONEST, REASON_WEIGHTS, RETURN, is_one_of
from training.simulate.world import World

REASON: Final = {name: place for place, name in enumerate(REASONS)}
REMEDY: Final = {name: place for place, name in enumerate(REMEDIES)}
STAGE: Final = {name: place for place, name in enumerate(STAGES)}
NOT_RECEIVED: Final = (
    "not_shipped", "inr_lost_in_transit", "inr_delivered_denied", "inr_misdelivered", "delivery_failed_rts",
    "address_error",
)  # fmt: skip
CONDITION: Final = ("damaged_item", "box_damaged_item_ok", "defective", "expired_spoiled")
PROMISED: Final = ("not_as_described", "counterfeit", "fit_style", "wrong_item")
CONTENTS: Final = ("missing_item_parts", "empty_box", "partial_shipment", "wrong_item")
RETURNED: Final = ("return_rejected_condition", "return_wrong_or_empty", "return_not_received", "credit_not_processed")


@dataclass(frozen=True, slots=True)
class Claims(Columns):
    """The claims as opened; codes are places in the contract's lists."""

    reason: Ints
    by_seller: Flags  # the seller opened it, after a refund was paid
    stage: Ints
    remedy: Ints
    claimed: Ints
    refunded: Ints
    language: Ints
    changed_at: Instants  # when another reason was named; NULL_INSTANT where never

    def says(self, *reasons: str) -> Flags:
        """Of each claim whether its reason is one of those named."""
        return np.isin(self.reason, [REASON[name] for name in reasons])


def claims(world: World, life: Lives, draws: Draws) -> Claims:
    """What is claimed in each dispute."""
    chance = draws.of("claims")
    n = len(life)
    weights = REASON_WEIGHTS[life.story].copy()
    torn = is_one_of(life.story, "disguised_remorse") & life.goods.worn
    weights[torn, REASON["defective"]] *= 2.5  # "the zipper is broken" ships free
    copied = np.array(COPIED)[life.goods.category] > 0.5
    can_break = life.goods.breakable
    for named, can_be in (("defective", life.goods.works), ("counterfeit", copied), ("damaged_item", can_break)):
        weights[:, REASON["not_as_described"]] += weights[:, REASON[named]] * ~can_be
        weights[:, REASON[named]] *= can_be
    weights[:, REASON["late_delivery"]] *= 1 + (life.buyer.careful < 0.3)
    reason = pick_by_row(weights, chance)
    back = RETURN[life.story]
    paid_early = (
        back & np.isin(life.back.trigger, (AT_DROP_OFF, AT_FIRST_SCAN)) & (life.opened_at > life.back.scanned_at)
    )
    paid_early &= ~is_one_of(
        life.story, "refund_withheld", "refund_stuck", "never_dropped", "lost_on_return", "mislaid"
    )
    reason = np.where(paid_early & (reason == REASON["credit_not_processed"]), REASON["return_not_received"], reason)
    total = life.sold.total
    parts = np.isin(reason, [REASON[r] for r in ("missing_item_parts", "partial_shipment", "box_damaged_item_ok")])
    share = np.where(parts & (chance.random(n) < 0.7), chance.uniform(0.2, 0.7, n), 1.0)
    share = np.where(
        np.isin(reason, [REASON["late_delivery"]]) & (chance.random(n) < 0.6), chance.uniform(0.1, 0.4, n), share
    )
    second = is_one_of(life.story, "second_coming", "second_lost", "second_never")
    share = np.where(second, chance.uniform(0.2, 0.5, n), share)  # the first parcel is kept
    changes = chance.random(n) < world.reasons_changed * np.where(HONEST[life.story], 1, 4)
    later = (chance.uniform(1, 40, n) * HOUR).astype(np.int64)
    claimed = np.maximum(np.round(total * share).astype(np.int64), 1)
    return Claims(
        reason=reason,
        by_seller=paid_early,
        stage=np.where(paid_early, STAGE["after_refund"], np.where(back, STAGE["inspection"], STAGE["request"])),
        remedy=_remedy(life, reason, share, chance),
        claimed=claimed,
        refunded=np.where(paid_early, total, 0),
        language=np.where(paid_early, life.seller.language, life.buyer.language),
        changed_at=np.where(changes, life.opened_at + later // 1_000_000 * 1_000_000, NULL_INSTANT),
    )


def _remedy(life: Lives, reason: Ints, share: np.ndarray, chance: np.random.Generator) -> Ints:
    n = len(life)
    keeps = np.isin(reason, [REASON[r] for r in (*CONDITION, *PROMISED, "changed_mind")])
    sends_back = keeps & ~life.goods.perishable & (chance.random(n) < np.where(HONEST[life.story], 0.6, 0.3))
    remedy = np.where(sends_back, REMEDY["return_and_refund"], REMEDY["full_refund"])
    remedy = np.where(share < 1, REMEDY["partial_refund"], remedy)
    again = np.isin(reason, [REASON[r] for r in (*NOT_RECEIVED, *CONDITION, *CONTENTS)])
    remedy = np.where(again & (chance.random(n) < 0.08) & (share == 1), REMEDY["reshipment"], remedy)
    other_size = np.isin(reason, [REASON["fit_style"], REASON["wrong_item"]]) & (chance.random(n) < 0.25)
    return np.where(other_size, REMEDY["exchange"], remedy)
