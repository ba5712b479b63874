"""The way back: who bought the label, where it was dropped, who scanned what, what arrived, how it was graded.

Most returns go well. A few are used, switched, never dropped, mailed to another door, swapped in a tote, lost,
mislaid, misgraded, or met by a seller who does not pay.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, HOUR, Instants
from training.simulate.calendar import switched_on
from training.simulate.columns import Columns, Flags, Ints, choose
from training.simulate.district import District
from training.simulate.doorstep import Door
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.routes import WAREHOUSES
from training.simulate.stories import STORY
from training.simulate.world import World

BAR, COUNTER, MAILBOX = range(3)
BARS_PER_REGION: Final = 3
ORIGINAL, MINOR, SEVERE, OTHER_ITEM, NOTHING = range(5)
AT_DROP_OFF, AT_FIRST_SCAN, ON_RECEIPT, ON_INSPECTION = range(4)


@dataclass(frozen=True, slots=True)
class Backs(Columns):
    """Returns, one row each; ``order`` is the row of its order, ``story`` what went wrong, 0 for nothing."""

    order: Ints
    owner: Ints  # of the label, a place in LABEL_OWNERS
    place: Ints
    bar: Ints
    trigger: Ints
    dropped_at: Instants
    item_scanned: Flags
    scanned_at: Instants
    to_warehouse: Flags
    node: Ints
    received_at: Instants
    graded_at: Instants
    grade: Ints
    grams: Ints  # of what is in the parcel that arrives
    partner: Ints  # the return it changed places with, -1 without
    story: Ints


def returning(
    world: World, market: Market, people: District, sold: Orders, door: Door, rows: Ints, grams: Ints, draws: Draws
) -> Backs:
    """The returns of these orders."""
    chance = draws.of("returns")
    n, shop = len(rows), market.sellers
    seller, kind = sold.seller[rows], people.buyers.kind[sold.buyer[rows]]
    place = choose(chance, world.drop_off_mix, n)
    dropped = door.delivered_at[rows] + ((1 + chance.gamma(2.0, 3.0, n)) * DAY).astype(np.int64)
    bar = people.buyers.region[sold.buyer[rows]] * BARS_PER_REGION + chance.integers(0, BARS_PER_REGION, n)
    to_warehouse = (sold.fulfilment[rows] == 2) | (chance.random(n) < world.returns_to_warehouse)
    scanned = dropped + (np.array([0.05, 0.4, 1.3])[place] * chance.gamma(2.0, 0.5, n) * DAY).astype(np.int64)
    received = scanned + (chance.gamma(4.0, world.return_transit_days / 4, n) * DAY).astype(np.int64) + 12 * HOUR
    graded = received + (chance.exponential(np.where(to_warehouse, 3.0, 1.2)) * DAY).astype(np.int64) + HOUR

    story = np.zeros(n, dtype=np.int64)

    def some(rate: float | np.ndarray, name: str, among: Flags | None = None) -> None:
        hit = chance.random(n) < rate
        story[hit if among is None else hit & among] = STORY[name]

    crooked = shop.crooked[seller] & ~to_warehouse
    own = ~to_warehouse
    some(world.refund_stuck, "refund_stuck")
    some(world.refund_withheld * shop.careless[seller], "refund_withheld", own)
    some(np.where(crooked, world.crooked_on_returns, world.sellers_wrong_on_returns), "receipt_denied", own)
    some(np.where(crooked, world.crooked_on_returns, world.sellers_wrong_on_returns), "switch_invented", own)
    some(np.where(crooked, world.crooked_on_returns, 4 * world.sellers_wrong_on_returns), "rejected_wrongly", own)
    some(world.misgraded, "misgraded", to_warehouse)
    some(world.mislaid, "mislaid", to_warehouse)
    some(world.hurt_on_return, "hurt_on_return", market.products.fragile[sold.product[rows]])
    some(world.pilfered * 2, "pilfered_return")
    some(world.lost_on_return, "lost_on_return")
    some(np.array(world.never_dropped)[kind], "never_dropped")
    some(np.array(world.used_returns)[kind] * (1 + market.products.worn[sold.product[rows]]), "used_return")
    dear = np.where(market.products.serial[sold.product[rows]], world.switched_electronics, 1.0)
    some(np.array(world.switched_returns)[kind] * dear, "switched")
    some(np.array(world.altered_labels)[kind], "altered_label", switched_on(world, "altered_label", dropped))
    partner = _totes(world, bar, place, dropped, story, chance)

    clean_scan = (place == BAR) & (chance.random(n) < world.item_scans)
    expected = grams[rows]
    return Backs(
        order=rows,
        owner=_label_owner(world, market, sold, rows, chance),
        place=place,
        bar=bar,
        trigger=np.where(clean_scan, choose(chance, (5, 2, 1, 2), n), choose(chance, (0, 3, 3, 4), n)),
        dropped_at=dropped,
        item_scanned=clean_scan & (story != STORY["altered_label"]),
        scanned_at=scanned,
        to_warehouse=to_warehouse,
        node=np.array(WAREHOUSES)[chance.integers(0, len(WAREHOUSES), n)],
        received_at=received,
        graded_at=graded,
        grade=_grade(story, chance),
        grams=_arriving(story, expected, chance),
        partner=partner,
        story=story,
    )


def _label_owner(world: World, market: Market, sold: Orders, rows: Ints, chance: np.random.Generator) -> Ints:
    free = market.sellers.free_returns[sold.seller[rows]]
    platform = chance.random(len(rows)) < world.platform_return_labels
    return np.where(platform, 0, np.where(free, 1, 2))


def _totes(world: World, bar: Ints, place: Ints, dropped: Instants, story: Ints, chance: np.random.Generator) -> Ints:
    """Pairs of returns dropped at one bar on one day that change places; writes their story."""
    partner = np.full(len(bar), -1, dtype=np.int64)
    loose = np.flatnonzero((place == BAR) & (story == 0) & switched_on(world, "tote_swap", dropped))
    key = bar[loose] * 100_000 + dropped[loose] // DAY % 100_000
    order = loose[np.argsort(key, kind="stable")]
    same = np.sort(key)
    pairs = np.flatnonzero((same[1:] == same[:-1]) & (chance.random(max(len(same) - 1, 0)) < world.tote_swaps))
    pairs = pairs[np.append(True, np.diff(pairs) > 1)] if len(pairs) else pairs
    first, second = order[pairs], order[pairs + 1]
    partner[first], partner[second] = second, first
    story[first] = story[second] = STORY["tote_swapped"]
    return partner


def _grade(story: Ints, chance: np.random.Generator) -> Ints:
    """What the inspection writes down, which is not always what was sent."""
    n = len(story)
    grade = np.where(chance.random(n) < 0.06, MINOR, ORIGINAL)
    hurt = np.where(chance.random(n) < 0.5, MINOR, SEVERE)
    for name in ("used_return", "hurt_on_return", "rejected_wrongly", "misgraded"):
        grade = np.where(story == STORY[name], hurt, grade)
    for name in ("switched", "tote_swapped", "switch_invented"):
        grade = np.where(story == STORY[name], OTHER_ITEM, grade)
    empty = (story == STORY["pilfered_return"]) | ((story == STORY["switched"]) & (chance.random(n) < 0.25))
    return np.where(empty, NOTHING, grade)


def _arriving(story: Ints, expected: Ints, chance: np.random.Generator) -> Ints:
    """The weight of what arrives: another thing weighs otherwise, an envelope next to nothing."""
    other = np.round(expected * np.clip(chance.normal(0.75, 0.3, len(story)), 0.15, 1.6)).astype(np.int64)
    grams = np.where((story == STORY["switched"]) | (story == STORY["tote_swapped"]), other, expected)
    grams = np.where(story == STORY["pilfered_return"], expected // 6 + 20, grams)
    return np.where(story == STORY["altered_label"], 28, grams)
