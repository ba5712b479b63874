"""What buyers do whose parcel came well: keep it, send it back, say something false, or call remorse by another name.

Dishonesty has its interest: a false denial pays most where a thief is known to be about, a free label is had by
naming a defect, and few buyers make most of the false claims.
"""

import numpy as np

from training.simulate.calendar import switched_on
from training.simulate.columns import Flags, Ints
from training.simulate.district import OPPORTUNIST, RING, District
from training.simulate.doorstep import Door
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.stories import STORY
from training.simulate.world import World


def motives(
    world: World, market: Market, people: District, sold: Orders, door: Door, story: Ints, draws: Draws
) -> tuple[Ints, Flags]:
    """The stories with the buyers' own part, and who sends the goods back in the ordinary way."""
    chance = draws.of("motives")
    n, buyers = len(sold), people.buyers
    told = story.copy()
    free = np.flatnonzero((story == STORY["all_well"]) & door.at_right_door)
    kind = buyers.kind[sold.buyer[free]]
    on = switched_on(world, "drift", sold.placed_at[free])
    lies = np.array((world.honest_lies, world.opportunist_lies, world.abuser_lies, world.ring_lies))[kind]
    lies = lies * np.where(on, world.drift_strength, 1.0)
    lies = lies * np.where(door.thief_in_street[free] & (kind >= OPPORTUNIST), world.thief_as_cover, 1.0)
    lies = np.where((kind == RING) & ~switched_on(world, "ring", sold.placed_at[free]), world.honest_lies, lies)
    lying = chance.random(len(free)) < lies
    covered = np.where(door.signed[free], 0.15, np.where(door.thief_in_street[free], 4.0, 1.0))
    choices = np.stack(
        [covered * 0.42, np.full(len(free), 0.24), np.full(len(free), 0.3), np.full(len(free), 0.04)], axis=1
    )
    steps = np.cumsum(choices, axis=1)
    which = (chance.random(len(free))[:, None] * steps[:, -1:] > steps).sum(axis=1)
    names = ("false_denial", "false_empty", "false_fault", "false_fake")
    codes = np.array([STORY[name] for name in names])
    told[free[lying]] = codes[which[lying]]

    idle = free[~lying]
    worn = market.products.worn[sold.product[idle]]
    sorry = chance.random(len(idle)) < world.remorse * np.where(worn, 2.0, 0.7)
    idle, worn = idle[sorry], worn[sorry]
    fits = worn & (chance.random(len(idle)) < 0.7)
    pays = ~market.sellers.free_returns[sold.seller[idle]]
    kind = buyers.kind[sold.buyer[idle]]
    disguises = np.array(world.disguises)[kind] * np.where(pays, 1.0, 0.15)
    disguised = chance.random(len(idle)) < disguises
    told[idle] = np.where(fits, STORY["does_not_fit"], STORY["changed_mind"])
    told[idle[disguised]] = STORY["disguised_remorse"]
    sent_back = np.zeros(n, dtype=bool)
    may_return = ~market.products.perishable[sold.product[idle]]
    sent_back[idle] = ~disguised & may_return & (chance.random(len(idle)) < world.remorse_returned)

    rare = chance.random(n)
    well = (told == STORY["all_well"]) & door.at_right_door
    told[well & (rare < world.taken_accounts)] = STORY["account_taken"]
    told[well & (rare > 1 - world.family_orders)] = STORY["family_order"]
    waits = (told == STORY["all_well"]) & (chance.random(n) < world.impatience)
    told[waits] = STORY["impatient"]
    promised = (told == STORY["faulty"]) & (chance.random(n) < world.replacements_forgotten)
    told[promised] = STORY["replacement_unsent"]
    return told, sent_back
