"""A pilot block that is never written: arbitrators gain their experience on it, and their insight is tuned there."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import NULL_INSTANT
from training.simulate.answers import MERITS
from training.simulate.disputes import Opening, at_the_desk, decided_on, found_in, opening
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.population import populate
from training.simulate.reading import Experience
from training.simulate.rulings import believed, insight_for, sees_through, weighed
from training.simulate.world import World

PILOT: Final = 2**32 - 2
"""The block number of the pilot."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What arbitrators bring to a case: experience, and as much insight as makes them err as often as set."""

    experience: Experience
    insight: float


def practise(world: World, market: Market, seed: int) -> Practice:
    """Let the arbitrators of a world learn on its pilot block."""
    draws = Draws(seed, PILOT)
    whole = populate(world, market, draws).disputed
    learn, tune = whole.take(slice(0, 2 * len(whole) // 3)), whole.take(slice(2 * len(whole) // 3, len(whole)))
    seen = opening(world, market, learn, draws)
    known = found_in(seen, seen.handed).at(np.maximum(seen.desk.taken_at, decided_on(seen, seen.desk)))
    experience = Experience.gather(seen.claim.reason, learn.liable, known)
    return Practice(experience, _insight(world, market, opening(world, market, tune, draws), experience, draws))


def _insight(world: World, market: Market, seen: Opening, experience: Experience, draws: Draws) -> float:
    """The insight that makes the rulings on other cases than those experience was gathered on err as set."""
    life = seen.life
    disputes = at_the_desk(world, market, seen, experience, draws)
    score, _ = weighed(world, market, life, disputes.desk, disputes.reading, draws)
    nobody_alike = np.zeros(len(life), dtype=bool)
    sees = sees_through(world, market, life, disputes.desk, nobody_alike)
    truth = believed(world, market, life, disputes.desk)
    merits = (seen.answer.ends == MERITS) & (seen.answer.escalated_at != NULL_INSTANT)
    return insight_for(world, score[merits], truth[merits], sees[merits], life.liable[merits])
