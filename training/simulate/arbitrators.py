"""Arbitrators, who differ in skill and lean, read some languages better, tire under load and learn new policy late."""

from dataclasses import dataclass

import numpy as np

from training.simulate.calendar import Calendar
from training.simulate.columns import Columns, Flags, Floats, Ints, choose
from training.simulate.draws import Draws
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Arbitrators(Columns):
    """Arbitrators by number."""

    skill: Floats  # multiplies what is read, divides the noise
    lean: Floats  # towards buyers if positive, towards sellers if negative, in log-odds
    thorough: Floats  # asks for what is missing
    lag_days: Ints  # until a new policy is applied
    reads: Ints  # a second language read as well as English
    load: Floats  # busy spells, multiplies the hours and the items skipped
    busy_from: Ints
    sees_proposals: Flags


def arbitrators(world: World, cal: Calendar, draws: Draws, n: int) -> Arbitrators:
    """(n,) arbitrators."""
    chance = draws.of("arbitrators")
    return Arbitrators(
        skill=np.exp(chance.normal(0, world.skill_spread, n)),
        lean=chance.normal(0, world.lean_spread, n),
        thorough=chance.beta(3, 2, n),
        lag_days=chance.integers(0, world.policy_lag_days + 1, n),
        reads=choose(chance, (0.0, 0.45, 0.55), n),
        load=np.exp(chance.normal(0, 0.25, n)),
        busy_from=chance.integers(0, cal.days, n),
        sees_proposals=chance.random(n) < world.proposal_readers,
    )
