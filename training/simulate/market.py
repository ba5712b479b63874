"""What all blocks of a world share: its calendar, sellers, products, carriers' bad weeks and arbitrators."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import Instants
from training.simulate.arbitrators import Arbitrators, arbitrators
from training.simulate.calendar import Calendar, calendar
from training.simulate.columns import Flags, Floats, Ints, allot
from training.simulate.draws import Draws
from training.simulate.products import Products, products
from training.simulate.routes import CARRIERS, ORIGINS, BadWeeks, bad_weeks, lost_trailers
from training.simulate.sellers import Sellers, sellers
from training.simulate.world import World

SHARED: Final = 2**32 - 1
"""The number under which what blocks share draws its chance; no block has it."""


@dataclass(frozen=True, slots=True)
class Market:
    """One market for all blocks."""

    calendar: Calendar
    sellers: Sellers
    products: Products
    bad_weeks: BadWeeks
    lost_trailers: Flags  # (lanes, days)
    arbitrators: Arbitrators

    def seller_of_order(self, chance: np.random.Generator, placed: Instants) -> Ints:
        """Draw a seller for each order by size; one not yet in business is drawn anew among the older ones."""
        shop = self.sellers
        seller = chance.permutation(allot(chance, shop.weight, len(placed)))
        young = np.flatnonzero(shop.since_day[seller] > self.calendar.day(placed))
        older = np.flatnonzero(shop.since_day < 0)
        seller[young] = older[chance.permutation(allot(chance, shop.weight[older], len(young)))]
        return seller


def market(world: World, seed: int, cases: int) -> Market:
    """The market of a world; it has more sellers and arbitrators the more cases are wanted."""
    draws = Draws(seed, SHARED)
    cal = calendar(world)
    shop = sellers(world, cal, draws, max(world.fewest_sellers, round(cases / world.cases_per_seller)))
    return Market(
        calendar=cal,
        sellers=shop,
        products=products(world, cal, draws, shop),
        bad_weeks=bad_weeks(world, cal, draws),
        lost_trailers=lost_trailers(world, cal, draws, _traffic(shop)),
        arbitrators=arbitrators(world, cal, draws, max(12, round(cases / world.cases_per_arbitrator))),
    )


def _traffic(shop: Sellers) -> Floats:
    """(carriers, origins): how much sellers send from where with whom."""
    traffic = np.zeros((len(CARRIERS), len(ORIGINS)))
    np.add.at(traffic, (shop.carrier, shop.origin), shop.weight)
    return traffic
