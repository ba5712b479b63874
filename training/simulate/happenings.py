"""Which story each order's physical facts make, the gravest where several would do."""

import numpy as np

from features.tables import DAY, HOUR
from training.simulate.columns import Flags, Ints
from training.simulate.doorstep import Door
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.packing import (
    DECOY,
    EMPTY,
    LABEL_BY_BUYER,
    LABEL_BY_PLATFORM,
    LABEL_BY_SELLER,
    SHORT,
    WRONG,
    Packed,
)  # fmt: skip
from training.simulate.products import COPIED
from training.simulate.stories import STORY
from training.simulate.transit import FIRST_MILE, NOT_ATTEMPTED, NOWHERE, REFUSED, Carried
from training.simulate.world import World


def story_of_goods(world: World, market: Market, sold: Orders, packs: Packed, ways: Carried, draws: Draws) -> Ints:
    """What a buyer finds who opens the parcel, or all_well."""
    chance = draws.of("goods")
    n, goods = len(sold), market.products
    story = np.zeros(n, dtype=np.int64)

    def happened(name: str, rows: Flags) -> None:
        story[rows] = STORY[name]

    def some(rate: float) -> Flags:
        return np.asarray(chance.random(n, dtype=np.float32) < rate)

    crushed, hurt = ways.crushed != NOWHERE, ways.broke
    happened("box_only", crushed & ~hurt)
    happened("doubted", some(world.doubts) & (np.array(COPIED)[goods.category[sold.product]] > 0.5))
    happened("expected_more", some(world.hopes))
    happened("flaw_told", goods.flaw_told[sold.product])
    happened("wrong_chart", goods.wrong_chart[sold.product])
    heard = sold.channel <= 1  # what only a livestream or video said, only its viewers were told
    happened("mislisted", goods.mislisted[sold.product] & (heard | ~goods.spoken[sold.product]))
    happened("fake", goods.fake[sold.product])
    happened("faulty", packs.broken_piece)
    happened("misused", ~packs.broken_piece & goods.works[sold.product] & some(world.misuse))
    happened("broken_by_buyer", goods.fragile[sold.product] & some(world.dropped_by_buyer))
    happened("crushed", crushed & hurt & packs.padded)
    happened("unpadded", ~crushed & hurt)
    happened("crushed_unpadded", crushed & hurt & ~packs.padded)
    late = (ways.arrived_at > sold.promised_at) & goods.perishable[sold.product]
    happened("spoiled", late & (ways.delay_hours > 48) & ~packs.stale & some(0.6))
    happened("stale", packs.stale)
    happened("second_lost", ways.second_lost)
    happened("second_never", packs.second_never)
    happened("second_coming", sold.two_parcels & ~ways.second_lost & ~packs.second_never & some(0.5))
    happened("wrong_item", packs.content == WRONG)
    happened("short", packs.content == SHORT)
    happened("pilfered", ways.opened != NOWHERE)
    happened("empty_by_mistake", packs.content == EMPTY)
    return story


def story_of_the_way(world: World, goods: Ints, sold: Orders, packs: Packed, ways: Carried, door: Door) -> Ints:
    """What a buyer finds who waits for the parcel; the story of the goods where it came to the right door in time."""
    story = goods.copy()

    def happened(name: str, rows: Flags) -> None:
        story[rows] = STORY[name]

    lateness = np.where(door.delivered, door.delivered_at, ways.arrived_at) - sold.promised_at
    late = (lateness > 12 * HOUR) & ((goods == 0) | (lateness > 5 * DAY))
    held = packs.handed_at > sold.ship_by_at + 12 * HOUR
    slow = ways.delay_hours > 24
    happened("late_dispatch", late & held & ~slow)
    happened("late_carrier", late & ~held)
    happened("late_both", late & held & slow)
    happened("refused", ways.bounced == REFUSED)
    happened("not_attempted", ways.bounced == NOT_ATTEMPTED)
    happened("taken_in", door.taken_in)
    happened("stolen", door.stolen)
    happened("misdelivered", door.delivered & ways.strayed)
    happened("seller_mislabelled", packs.label == LABEL_BY_SELLER)
    happened("platform_mislabelled", packs.label == LABEL_BY_PLATFORM)
    happened("buyer_address", packs.label == LABEL_BY_BUYER)
    happened("decoy", packs.content == DECOY)
    happened("lost", ways.lost != NOWHERE)
    happened("lost_unscanned", ways.lost == FIRST_MILE)
    happened("lost_then_found", ways.found & (ways.lost != FIRST_MILE))
    happened("never_shipped", packs.never)
    return story
