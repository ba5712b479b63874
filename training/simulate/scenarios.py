"""Twelve scenarios that must be recognisable in a world, and how each is found in what physically happened."""

import numpy as np

from features.tables import DAY, NULL_INSTANT
from training.simulate.answers import DEFAULT
from training.simulate.block import Block
from training.simulate.calendar import near_lunar_new_year
from training.simulate.claims import REASON
from training.simulate.columns import Flags
from training.simulate.district import RING
from training.simulate.lives import Lives
from training.simulate.returning import AT_FIRST_SCAN
from training.simulate.stories import is_one_of


def scenarios(block: Block) -> dict[str, Flags]:
    """Of each tag which cases belong to it."""
    seen = block.disputes.seen
    life, door = seen.life, seen.life.door

    def told(*names: str) -> Flags:
        return is_one_of(life.story, *names)

    zipper = seen.claim.reason == REASON["defective"]
    bad_hub = life.ways.bad_hub & told("late_carrier", "late_both", "lost", "lost_then_found")
    other_bin = life.packs.from_wrong_bin & told("wrong_item")
    return {
        "porch_thief_and_liar": _around_a_spree(life) & door.photo & ~door.signed,
        "right_zip_wrong_door": told("seller_mislabelled", "misdelivered", "decoy"),
        "hub_bad_week": bad_hub,
        "lost_trailer": life.ways.with_trailer & told("lost", "lost_then_found"),
        "return_next_door": told("altered_label", "mislaid"),
        "swapped_serial": told("switched") & life.goods.serial & (life.back.trigger <= AT_FIRST_SCAN),
        "worn_dress": told("disguised_remorse") & life.goods.worn & zipper,
        "crushed_box": told("crushed"),
        "tote_or_bin_swap": told("tote_swapped") | other_bin,
        "edited_listing": told("mislisted") & life.goods.spoken & (seen.trace.listing_changed_at != NULL_INSTANT),
        "second_parcel_due": told("second_coming") | (told("second_lost", "second_never") & ~block.first_of_order),
        "swollen_power_bank": seen.said.injured,
        "ring_beside_dormitory": (life.buyer.kind == RING) | life.buyer.dormitory,
        "lunar_new_year_defaults": life.seller.away_lunar
        & near_lunar_new_year(life.opened_at)
        & (block.ruling.basis == DEFAULT),
    }


def _around_a_spree(life: Lives) -> Flags:
    """The robbed of one street within a few days, at least two, and those there who only say that they were."""
    door = life.door
    robbed, lying = is_one_of(life.story, "stolen"), is_one_of(life.story, "false_denial")
    rows = np.flatnonzero(door.thief_in_street & (robbed | lying))
    rows = rows[np.lexsort((door.delivered_at[rows], life.buyer.street[rows]))]
    street, at = life.buyer.street[rows], door.delivered_at[rows]
    apart = np.append(True, (street[1:] != street[:-1]) | (at[1:] - at[:-1] > 3 * DAY))[: len(rows)]
    spree = np.cumsum(apart)
    enough = np.bincount(spree, weights=robbed[rows], minlength=1)[spree] >= 2
    found = np.zeros(len(life), dtype=bool)
    found[rows[enough]] = True
    return found
