"""The whole life of an order that became a dispute: everything physical about it, side by side."""

from dataclasses import dataclass

import numpy as np

from features.tables import Instants
from training.simulate.calendar import switched_on
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.district import Buyers, District
from training.simulate.doorstep import Door
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.packing import Packed
from training.simulate.products import Products
from training.simulate.returning import Backs
from training.simulate.sellers import Sellers
from training.simulate.stories import causes, fault, is_one_of
from training.simulate.transit import Carried
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Lives(Columns):
    """Disputed orders, one row each. ``back`` is meaningless where ``sent_back`` is false."""

    order: Ints  # row in the block
    sold: Orders
    packs: Packed
    ways: Carried
    door: Door
    sent_back: Flags
    back: Backs
    buyer: Buyers
    seller: Sellers
    goods: Products
    story: Ints
    looks: Ints  # the story whose traces it left: of a twin in a floor pair its source's, else its own
    cause: Ints
    second_cause: Ints
    opened_at: Instants
    packing_clause: Flags  # opened under the clause that puts padding before everything

    @property
    def liable(self) -> Ints:
        """Whose fault it is on the merits, places in LIABLE, from who held what where it happened."""
        return self.liable_under(~self.packing_clause)

    def liable_under(self, old_policy: Flags) -> Ints:
        """The same, under the older policy where that is said."""
        return fault(*self.causes_under(old_policy))

    def causes_under(self, old_policy: Flags) -> tuple[Ints, Ints]:
        """Where the causes lay; a crushed box without padding was shared fault under the older policy only."""
        alone = is_one_of(self.story, "crushed_unpadded") & ~old_policy
        return np.where(alone, self.second_cause, self.cause), np.where(alone, -1, self.second_cause)


def lives(
    world: World, market: Market, people: District, sold: Orders, packs: Packed, ways: Carried, door: Door,
    backs: Backs, story: Ints, rows: Ints, opened_at: Instants,
) -> Lives:  # fmt: skip
    """The lives of these orders, told as these stories."""
    place = np.full(len(sold), -1, dtype=np.int64)
    place[backs.order] = np.arange(len(backs))
    back = place[rows]
    few, packs = sold.take(rows), packs.take(rows)
    first, second = causes(story, packs.by_platform)
    return Lives(
        order=rows,
        sold=few,
        packs=packs,
        ways=ways.take(rows),
        door=door.take(rows),
        sent_back=back >= 0,
        back=backs.take(np.maximum(back, 0)),
        buyer=people.buyers.take(few.buyer),
        seller=market.sellers.take(few.seller),
        goods=market.products.take(few.product),
        story=story,
        looks=story,
        cause=first,
        second_cause=second,
        opened_at=opened_at,
        packing_clause=switched_on(world, "padding_clause", opened_at),
    )
