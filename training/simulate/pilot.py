"""Two pilot blocks that are never written: arbitrators gain experience on one, their insight is tuned on the other."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from training.simulate.answers import MERITS
from training.simulate.disputes import Opening, at_the_desk, decided_on, found_in, opening
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.population import populate
from training.simulate.reading import Experience
from training.simulate.rulings import believed, insight_for, sees_through, weighed
from training.simulate.world import World

PILOTS: Final = (2**32 - 2, 2**32 - 3)
"""The block numbers of the pilots."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What arbitrators bring to a case: experience, and as much insight as makes them err as often as set."""

    experience: Experience
    insight: float


def practise(world: World, market: Market, seed: int) -> Practice:
    """Let the arbitrators of a world learn on its pilot blocks."""
    first, second = (_opened(world, market, Draws(seed, block)) for block in PILOTS)
    known = found_in(first, first.handed, first.requests).at(
        np.maximum(first.desk.taken_at, decided_on(first, first.desk))
    )
    experience = Experience.gather(first.claim.reason, first.life.liable, known)
    return Practice(experience, _insight(world, market, second, experience, Draws(seed, PILOTS[1])))


def _opened(world: World, market: Market, draws: Draws) -> Opening:
    return opening(world, market, populate(world, market, draws).disputed, draws)


def _insight(world: World, market: Market, seen: Opening, experience: Experience, draws: Draws) -> float:
    life = seen.life
    disputes = at_the_desk(world, market, seen, experience, draws)
    merits = seen.answer.ends == MERITS
    sees = sees_through(world, market, life, disputes.desk, np.zeros(len(life), dtype=bool))
    weight = weighed(world, market, life, disputes.desk, disputes.reading, draws).take(merits)
    truth = believed(world, market, life, disputes.desk)[merits]
    return insight_for(world, weight, truth, sees[merits], life.liable[merits])
