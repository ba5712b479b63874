"""Which orders become disputes: those whose buyers complain, whom the seller does not satisfy, and who insist."""

from dataclasses import dataclass

import numpy as np

from features.tables import DAY, Instants
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.district import District
from training.simulate.doorstep import Door
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.returning import Backs
from training.simulate.sellers import away_until
from training.simulate.stories import CLOCK, CLOCKS, NAMES, STORY, is_one_of
from training.simulate.transit import Carried
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Selected:
    """Rows of orders that become disputes, when each is opened, and who only asked."""

    rows: Ints
    opened_at: Instants
    asked: Flags  # of all orders: whose buyers ask for anything at all


def select(
    world: World, market: Market, people: District, sold: Orders, ways: Carried, door: Door, backs: Backs, story: Ints,
    draws: Draws,
) -> Selected:  # fmt: skip
    """Draw the disputes out of all orders of a block."""
    chance = draws.of("selection")
    contested = np.array([world.contested[name] for name in NAMES])
    odds = contested[story] * _insistence(world, market, people, sold)
    odds = odds * np.where(door.thief_in_street & is_one_of(story, "stolen"), world.spree_disputes, 1.0)
    odds = odds * np.where(ways.with_trailer, world.trailer_disputes, 1.0)
    drawn = chance.random(len(sold))
    rows = np.flatnonzero(drawn < odds * world.away_disputes)
    opened = _opened(world, market, sold.take(rows), door.take(rows), backs, rows, story[rows], chance)
    away = away_until(market.sellers, sold.seller[rows], opened, market.calendar) > opened
    insists = drawn[rows] < odds[rows] * np.where(away, world.away_disputes, 1.0)
    kept = insists & (opened < market.calendar.end) & (opened > sold.placed_at[rows])
    asks = chance.random(len(sold)) < np.array([world.asked[name] for name in NAMES])[story]
    return Selected(rows[kept], opened[kept], asks)


def _insistence(world: World, market: Market, people: District, sold: Orders) -> Floats:
    """Patient buyers insist less, dear goods are fought over more, generous sellers settle."""
    patience = people.buyers.patient[sold.buyer]
    dear = np.clip(sold.paid / world.price_median_cents, 0.2, 20) ** world.value_exponent
    generous = market.sellers.generous[sold.seller]
    return np.asarray((1.5 - patience) * dear * (1.5 - generous))


def _opened(
    world: World, market: Market, sold: Orders, door: Door, backs: Backs, rows: Ints, story: Ints,
    chance: np.random.Generator,
) -> Instants:  # fmt: skip
    """When each claim is opened: after a delivery, a date that passed, some use, or a return that went wrong."""
    n = len(rows)
    delivered = np.where(door.delivered, door.delivered_at, sold.promised_at)
    place = np.zeros(int(backs.order.max(initial=0)) + 1, dtype=np.int64)
    place[backs.order] = np.arange(len(backs))
    back = backs.take(place[np.minimum(rows, len(place) - 1)])
    unseen = is_one_of(story, "never_dropped", "lost_on_return", "mislaid", "altered_label", "receipt_denied")
    returned = np.where(unseen, back.dropped_at + 10 * DAY, back.graded_at)
    weeks_later = np.where(chance.random(n) < world.late_claims, chance.gamma(2.5, 9.0, n), 0.0)
    starts = {
        "delivered": delivered + _days(chance.lognormal(0.1, 0.9, n)),
        "ship_by": sold.ship_by_at + _days(0.5 + chance.gamma(2.0, 1.2, n)),
        "promise": sold.promised_at + _days(0.4 + chance.exponential(2.2, n) + weeks_later),
        "before_promise": np.maximum(sold.promised_at - _days(chance.uniform(0.3, 3, n)), sold.placed_at + DAY),
        "used": delivered + _days(0.5 + chance.gamma(2.0, 4.0, n)),
        "returned": returned + _days(0.2 + chance.exponential(2.0, n)),
    }
    return np.choose(CLOCK[story], [starts[c] for c in CLOCKS]) // 1_000_000 * 1_000_000


def with_earlier_claims(
    world: World, market: Market, sold: Orders, door: Door, chosen: Selected, story: Ints, draws: Draws
) -> tuple[Ints, Ints, Instants]:
    """Some who miss a second parcel had claimed before it was due: their orders come twice, with another story."""
    chance = draws.of("earlier claims")
    told = story[chosen.rows]
    may = is_one_of(told, "second_lost", "second_never") & (chance.random(len(told)) < world.second_claims)
    row = chosen.rows[may]
    opened = (door.delivered_at[row] + _days(chance.uniform(0.1, 1.5, len(row)))) // 1_000_000 * 1_000_000
    early = door.delivered[row] & (opened < sold.promised_at[row]) & (opened < chosen.opened_at[may])
    rows = np.concatenate([chosen.rows, row[early]])
    stories = np.concatenate([told, np.full(int(early.sum()), STORY["second_coming"])])
    instants = np.concatenate([chosen.opened_at, opened[early]])
    order = np.argsort(rows, kind="stable")
    return rows[order], stories[order], instants[order]


def _days(days: Floats) -> Ints:
    return (days * DAY).astype(np.int64)
