"""What was put into the parcel, how, under which label, and when it left the packer's hands."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, HOUR, Instants
from training.simulate.calendar import switched_on
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.sellers import away_until
from training.simulate.world import World

RIGHT, WRONG, SHORT, EMPTY, DECOY = range(5)
LABEL_RIGHT, LABEL_BY_SELLER, LABEL_BY_PLATFORM, LABEL_BY_BUYER = range(4)
DECOY_GRAMS: Final = 28


@dataclass(frozen=True, slots=True)
class Packed(Columns):
    """What was packed, one row per order; the packer is the platform where it fulfils, else the seller."""

    by_platform: Flags
    content: Ints
    from_wrong_bin: Flags
    padded: Flags
    broken_piece: Flags  # the piece had a fault when it was packed
    stale: Flags
    label: Ints
    never: Flags  # never handed over
    second_never: Flags  # of two parcels the second was never handed over
    expected_grams: Ints
    grams: Ints
    handed_at: Instants


def packed(world: World, market: Market, sold: Orders, draws: Draws) -> Packed:
    """What left the packers' hands, and when."""
    chance = draws.of("packing")
    n, shop, goods = len(sold), market.sellers, market.products
    by_platform = sold.fulfilment == 2
    careless = np.where(by_platform, world.warehouse_care, shop.careless[sold.seller])

    def happens(rate: float) -> Flags:
        return np.asarray(chance.random(n, dtype=np.float32) < rate * careless)

    content = np.zeros(n, dtype=np.int64)
    content[happens(world.wrong_item)] = WRONG
    content[happens(world.short_item)] = SHORT
    content[happens(world.empty_by_mistake)] = EMPTY
    days_in = market.calendar.day(sold.placed_at) - goods.bin_from[sold.product]
    in_bin = (goods.bin_from[sold.product] >= 0) & (days_in >= 0) & (days_in < 2) & by_platform
    from_wrong_bin = in_bin & switched_on(world, "wrong_bin", sold.placed_at) & (chance.random(n) < 0.8)
    content[from_wrong_bin] = WRONG
    may_cheat = shop.crooked[sold.seller] & ~by_platform & switched_on(world, "decoy", sold.placed_at)
    content[may_cheat & (chance.random(n) < world.decoys)] = DECOY

    label = np.zeros(n, dtype=np.int64)
    own_label = sold.fulfilment == 1
    label[chance.random(n) < world.buyer_address_errors] = LABEL_BY_BUYER
    label[chance.random(n) < world.platform_address_errors] = LABEL_BY_PLATFORM
    label[happens(world.label_errors) & own_label] = LABEL_BY_SELLER

    handling = chance.gamma(2.0, world.handling_days / 2, n) * np.where(by_platform, 0.45, shop.slow[sold.seller])
    late = happens(world.forgotten_days_share)
    handling = handling + np.where(late, chance.exponential(3.0, n), 0.0)
    leaves = away_until(shop, sold.seller, sold.placed_at, market.calendar)
    starts = np.where(by_platform, sold.placed_at, leaves)
    expected = goods.grams[sold.product] * sold.quantity + world.box_grams
    share = np.array([1.0, 0.0, 0.0, 0.0, 0.0])[content]
    share = np.where(content == WRONG, np.clip(chance.normal(1.0, 0.18, n), 0.4, 1.7), share)
    share = np.where(content == SHORT, 1 - chance.uniform(0.15, 0.6, n), share)
    inside = np.round((expected - world.box_grams) * share)
    grams = np.where(content == DECOY, DECOY_GRAMS, world.box_grams + inside)
    poor = np.where(by_platform, 0.05, shop.poor_packing[sold.seller])
    learnt = switched_on(world, "padding_clause", sold.placed_at - 30 * DAY)
    poor = poor * np.where(learnt, world.padding_after_clause, 1.0)
    return Packed(
        by_platform=by_platform,
        content=content,
        from_wrong_bin=from_wrong_bin,
        padded=chance.random(n) >= poor,
        broken_piece=chance.random(n) < goods.defects[sold.product],
        stale=goods.perishable[sold.product] & happens(world.stale_goods),
        label=label,
        never=happens(world.never_shipped) & ~by_platform,
        second_never=sold.two_parcels & happens(world.second_forgotten),
        expected_grams=expected,
        grams=grams.astype(np.int64),
        handed_at=starts + (handling * DAY).astype(np.int64) + 2 * HOUR,
    )
