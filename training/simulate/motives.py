"""What buyers do whose parcel came well: keep it, send it back, say something false, or call remorse by another name.

Dishonesty has its interest: a false denial pays most where a thief is known to be about, a free label is had by
naming a defect, and few buyers make most of the false claims.
"""

from typing import Final

import numpy as np

from training.simulate.calendar import switched_on
from training.simulate.columns import Flags, Ints, pick_by_row
from training.simulate.district import OPPORTUNIST, RING, District
from training.simulate.doorstep import Door
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.stories import STORY
from training.simulate.world import World

LIES: Final = ("false_denial", "false_empty", "false_fault", "false_fake")
USUAL: Final = (0.42, 0.24, 0.3, 0.04)
"""How often each lie is chosen where nothing speaks for or against a denial. ASSUMED"""
NO_DENIAL: Final = 0.15
"""How much rarer a denial is of a parcel that was signed for. ASSUMED"""


def motives(
    world: World, market: Market, people: District, sold: Orders, door: Door, story: Ints, draws: Draws
) -> tuple[Ints, Flags]:
    """The stories with the buyers' own part, and who sends the goods back in the ordinary way."""
    chance = draws.of("motives")
    told = story.copy()
    kind = people.buyers.kind[sold.buyer]
    free = np.flatnonzero((story == STORY["all_well"]) & door.at_right_door)
    lying, lie = _lies(world, sold.take(free), door.take(free), kind[free], chance)
    told[free[lying]] = lie[lying]
    idle = free[~lying]
    regrets, disguised = _regrets(world, market, sold.take(idle), kind[idle], chance)
    fits_ill = market.products.worn[sold.product[idle]] & (chance.random(len(idle)) < 0.7)
    told[idle] = np.where(regrets, np.where(fits_ill, STORY["does_not_fit"], STORY["changed_mind"]), told[idle])
    told[idle[disguised]] = STORY["disguised_remorse"]
    sent_back = np.zeros(len(sold), dtype=bool)
    may_return = regrets & ~disguised & ~market.products.perishable[sold.product[idle]]
    sent_back[idle] = may_return & (chance.random(len(idle)) < world.remorse_returned)
    _the_rest(world, told, door, chance)
    return told, sent_back


def _lies(world: World, sold: Orders, door: Door, kind: Ints, chance: np.random.Generator) -> tuple[Flags, Ints]:
    """Who says something false about a parcel that came well, and what."""
    rate = np.array((world.honest_lies, world.opportunist_lies, world.abuser_lies, world.ring_lies))[kind]
    rate = rate * np.where(switched_on(world, "drift", sold.placed_at), world.drift_strength, 1.0)
    rate = rate * np.where(door.thief_in_street & (kind >= OPPORTUNIST), world.thief_as_cover, 1.0)
    rate = np.where((kind == RING) & ~switched_on(world, "ring", sold.placed_at), world.honest_lies, rate)
    lying = chance.random(len(sold)) < rate
    weights = np.tile(USUAL, (len(sold), 1))
    weights[:, 0] *= np.where(door.signed, NO_DENIAL, np.where(door.thief_in_street, 4.0, 1.0))
    return lying, np.array([STORY[name] for name in LIES])[pick_by_row(weights, chance)]


def _regrets(
    world: World, market: Market, sold: Orders, kind: Ints, chance: np.random.Generator
) -> tuple[Flags, Flags]:
    """Who no longer wants what came well, and who of them gives a reason that ships free."""
    worn = market.products.worn[sold.product]
    regrets = chance.random(len(sold)) < world.remorse * np.where(worn, 2.0, 0.7)
    pays = ~market.sellers.free_returns[sold.seller]
    disguises = np.array(world.disguises)[kind] * np.where(pays, 1.0, 0.15)
    return regrets, regrets & (chance.random(len(sold)) < disguises)


def _the_rest(world: World, told: Ints, door: Door, chance: np.random.Generator) -> None:
    """Orders that were never the buyer's, buyers who cannot wait, and replacements that are promised and forgotten."""
    n, well = len(told), STORY["all_well"]
    rare = chance.random(n)
    came = (told == well) & door.at_right_door
    told[came & (rare < world.taken_accounts)] = STORY["account_taken"]
    told[came & (rare > 1 - world.family_orders)] = STORY["family_order"]
    told[(told == well) & (chance.random(n) < world.impatience)] = STORY["impatient"]
    told[(told == STORY["faulty"]) & (chance.random(n) < world.replacements_forgotten)] = STORY["replacement_unsent"]
