"""What arbitrators decide: they weigh what is on file, each in their own way, and err as often as the world says.

A ruling is the party that weighs most: the reading of what the arbitrator did not skip, a lean, the pull of a
proposal seen, insight into what no table holds (a person looks at the pictures), and chance. Only insight is tuned,
so that the set share of rulings on the merits is wrong; where the evidence misleads, so do the rulings.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, HOUR, NEVER, NULL_INSTANT, Instants
from features.vocabulary import LIABLE
from training.simulate.answers import MERITS, WITHDRAWN, Answers
from training.simulate.calendar import switched_on
from training.simulate.columns import Columns, Flags, Floats, Ints
from training.simulate.desk import Desk
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.reading import margin
from training.simulate.world import World

UNDETERMINED: Final = len(LIABLE)
LEAN: Final = np.array([-1.0, 1.0, 0.3, 0.3, 0.0, -0.5])
"""How a lean to the buyer moves each party's odds of being found at fault."""


@dataclass(frozen=True, slots=True)
class Rulings(Columns):
    """One final ruling per case; ``at`` is NULL_INSTANT where none will come. ``first_at`` is a provisional one's."""

    at: Instants
    liable: Ints
    basis: Ints
    sufficient: Ints  # 1, 0, or -1 where nothing was said
    saw_proposal: Flags
    first_at: Instants
    first_liable: Ints


@dataclass(frozen=True, slots=True)
class Weighed(Columns):
    """How each arbitrator weighs a case before insight and chance: (cases, parties), and the scale of that chance."""

    score: Floats
    scale: Floats
    saw_proposal: Flags


def weighed(world: World, market: Market, life: Lives, desk: Desk, reading: Floats, draws: Draws) -> Weighed:
    """How each arbitrator weighs a reading, and whether a proposal was seen."""
    chance = draws.of("weighing")
    people, who, n = market.arbitrators, desk.arbitrator, len(life)
    score = world.reading_weight * people.skill[who][:, None] * reading
    score += people.lean[who][:, None] * LEAN
    started = switched_on(world, "proposals", desk.taken_at)
    saw = started & people.sees_proposals[who] & (chance.random(n) < world.proposals_seen)
    proposal = np.argmax(reading + chance.gumbel(0, 0.8, reading.shape), axis=1)
    score[np.flatnonzero(saw), proposal[saw]] += world.deference
    return Weighed(score, world.ruling_noise / people.skill[who], saw)


def believed(world: World, market: Market, life: Lives, desk: Desk) -> Ints:
    """Whose fault each case is under the policy its arbitrator applies, which may be the last one."""
    lag = market.arbitrators.lag_days[desk.arbitrator] * DAY
    return life.liable_under(~switched_on(world, "padding_clause", life.opened_at - lag))


def insight_for(world: World, weight: Weighed, truth: Ints, sees: Floats, liable: Ints) -> float:
    """How much insight makes the set share of these rulings wrong, found by halving; chance counts as expected."""
    alike = world.floor_share  # of those, half are wrong whatever is done
    aim = max(world.arbitrator_error - alike / 2, 0.0) / (1 - alike)
    low, high = 0.0, 40.0
    for _ in range(40):
        middle = (low + high) / 2
        score = with_insight(weight.score, truth, sees * middle) / weight.scale[:, None]
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        right = odds[np.arange(len(odds)), liable] / odds.sum(axis=1)
        low, high = (middle, high) if 1 - right.mean() > aim else (low, middle)
    return (low + high) / 2


def with_insight(score: Floats, truth: Ints, amount: Floats) -> Floats:
    """The weights with insight added to what an arbitrator believes to be true."""
    seen = score.copy()
    seen[np.arange(len(score)), truth] += amount
    return seen


def with_chance(weight: Weighed, score: Floats, draws: Draws) -> Floats:
    """The weights with chance added, smaller for the skilled."""
    return np.asarray(score + draws.of("chance").gumbel(0, 1, score.shape) * weight.scale[:, None])


def sees_through(world: World, market: Market, life: Lives, desk: Desk, floor: Flags) -> Floats:
    """How much of the insight each arbitrator has: less in a language not read, none where two cases look the same."""
    language = life.buyer.language
    read = (language == 0) | (language == market.arbitrators.reads[desk.arbitrator])
    return np.where(floor, 0.0, np.where(read, 1.0, world.unread_language) / desk.load**0.5)


def rule(
    world: World, life: Lives, answer: Answers, desk: Desk, score: Floats, saw: Flags, reading: Floats, draws: Draws
) -> Rulings:
    """The rulings, on the merits and otherwise, and when each is made."""
    chance = draws.of("rulings")
    n = len(life)
    merits = (answer.ends == MERITS) & (desk.clear | (desk.closed_at != NULL_INSTANT))
    sure = margin(reading) + chance.normal(0, 0.6, n)
    doubtful = merits & ~desk.clear & (sure < world.doubt_margin)
    provisional = doubtful & (chance.random(n) < world.provisional_share)
    hours = chance.lognormal(np.log(world.ruling_hours), 0.8, n) * desk.load
    start = np.where(desk.clear, desk.taken_at, desk.free_at)
    first = start + (np.where(desk.clear, 0.2 * hours, hours) * HOUR).astype(np.int64) + 600_000_000
    final = np.where(provisional, first + (chance.uniform(2, 7, n) * DAY).astype(np.int64), first)
    liable = np.argmax(score, axis=1)
    noisy = np.argmax(score + chance.gumbel(0, 1.2, score.shape), axis=1)
    nobody = doubtful & ~provisional & (chance.random(n) < world.undetermined_share)
    liable = np.where(nobody, UNDETERMINED, liable)
    insufficient = nobody | (doubtful & (chance.random(n) < world.says_insufficient))

    by_rule = answer.settled_at != NULL_INSTANT
    late_rule = (answer.ends != MERITS) & ~by_rule
    other = np.where(answer.ends == WITHDRAWN, LIABLE.index("none"), LIABLE.index("seller"))
    after = answer.escalated_at + (chance.gamma(2.0, 20.0, n) * HOUR).astype(np.int64)
    at = np.where(merits, final, np.where(by_rule, answer.settled_at, np.where(late_rule, after, NEVER)))
    said = np.where(chance.random(n) < 0.85, 1 - insufficient.astype(np.int64), np.where(insufficient, 0, -1))
    return Rulings(
        at=at // 1_000_000 * 1_000_000,
        liable=np.where(merits, liable, other),
        basis=answer.ends,
        sufficient=np.where(merits, said, -1),
        saw_proposal=saw & merits,
        first_at=np.where(provisional, first // 1_000_000 * 1_000_000, NULL_INSTANT),
        first_liable=noisy,
    )
