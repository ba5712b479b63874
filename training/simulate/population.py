"""One block of the order population, from its buyers to the orders that become disputes."""

from dataclasses import dataclass

import numpy as np

from training.simulate.columns import Ints
from training.simulate.district import District, district
from training.simulate.doorstep import Door, at_the_door
from training.simulate.draws import Draws
from training.simulate.happenings import story_of_goods, story_of_the_way
from training.simulate.lives import Lives, lives
from training.simulate.market import Market
from training.simulate.motives import motives
from training.simulate.orders import Orders, orders
from training.simulate.packing import Packed, packed
from training.simulate.returning import Backs, returning
from training.simulate.selection import Selected, select, with_earlier_claims
from training.simulate.transit import Carried, carried
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Population:
    """All orders of a block, what became of each, and the lives of those that are disputed."""

    people: District
    sold: Orders
    packs: Packed
    ways: Carried
    door: Door
    backs: Backs
    story: Ints
    selected: Selected
    disputed: Lives


def populate(world: World, market: Market, draws: Draws) -> Population:
    """Simulate a block of orders and select the disputes."""
    people = district(world, market.calendar, draws)
    sold = orders(world, market, people.buyers, draws)
    packs = packed(world, market, sold, draws)
    ways = carried(world, market, sold, packs, draws)
    door = at_the_door(world, market, people, sold, packs, ways, draws)
    goods = story_of_goods(world, market, sold, packs, ways, draws)
    found = story_of_the_way(world, goods, sold, packs, ways, door)
    story, sent_back = motives(world, market, people, sold, door, found, draws)
    backs = returning(world, market, people, sold, door, np.flatnonzero(sent_back), packs.grams, draws)
    gone_wrong = backs.story > 0
    story[backs.order[gone_wrong]] = backs.story[gone_wrong]
    chosen = select(world, market, people, sold, ways, door, backs, story, draws)
    rows, told, opened = with_earlier_claims(world, market, sold, door, chosen, story, draws)
    disputed = lives(world, market, people, sold, packs, ways, door, backs, told, rows, opened)
    return Population(people, sold, packs, ways, door, backs, story, chosen, disputed)
