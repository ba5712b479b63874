"""The error floor: pairs of cases alike in everything that can be observed, whose truths differ.

A pair is made of a dispute whose file fits two stories about as well: its twin has the same file, the other story,
and another buyer. Nobody can tell them apart, so the best possible answer is right in half of them.
"""

from typing import Final

import numpy as np

from training.simulate.columns import Flags, Floats, Ints
from training.simulate.disputes import Disputes
from training.simulate.draws import Draws
from training.simulate.stories import STORIES, STORY, causes, fault
from training.simulate.world import World

OTHER_STORY: Final = {
    "stolen": "false_denial",
    "false_denial": "stolen",
    "taken_in": "false_denial",
    "unpadded": "broken_by_buyer",
    "broken_by_buyer": "unpadded",
    "short": "false_empty",
    "false_empty": "short",
    "pilfered": "short",
    "faulty": "misused",
    "misused": "faulty",
    "switched": "switch_invented",
    "switch_invented": "switched",
    "tote_swapped": "switched",
    "mislaid": "altered_label",
    "altered_label": "mislaid",
    "used_return": "rejected_wrongly",
    "rejected_wrongly": "used_return",
    "hurt_on_return": "used_return",
    "expected_more": "disguised_remorse",
    "disguised_remorse": "expected_more",
    "fake": "doubted",
    "doubted": "fake",
    "wrong_item": "false_fault",
}
_OTHER: Final = np.array([STORY.get(OTHER_STORY.get(s.name, ""), -1) for s in STORIES])


def twins_among(world: World, cases: int) -> int:
    """How many of so many cases have a twin added, so that pairs make up the world's share of all."""
    return int(cases * world.floor_share / (2 - world.floor_share))


def choose_twins(world: World, disputes: Disputes, count: int, draws: Draws) -> Ints:
    """The rows of disputes that get a twin: those whose file fits both stories best, among lone buyers."""
    chance = draws.of("floor")
    life, reading = disputes.seen.life, disputes.reading
    other = _OTHER[life.story]
    gap = _gap(life.liable, other_liable(life.story, life.packs.by_platform), reading)
    alone = _only_one(life.sold.buyer) & _only_one(life.buyer.address) & (life.buyer.kind < 3) & ~life.buyer.dormitory
    fits = np.where((other >= 0) & alone, np.maximum(gap, world.floor_gap) + 1e-3 * chance.random(len(life)), np.inf)
    return np.sort(np.argsort(fits)[: min(count, int(np.isfinite(fits).sum()))])


def _only_one(number: Ints) -> Flags:
    """Of each number whether no other case has it."""
    return np.asarray(np.bincount(number)[number] == 1)


def other_liable(story: Ints, by_platform: Flags) -> Ints:
    """Whose fault each case would be under its other story; a place in LIABLE."""
    return fault(*causes(np.maximum(_OTHER[story], 0), by_platform))


def other_story(story: Ints) -> Ints:
    """The other story of each case."""
    return _OTHER[story]


def _gap(liable: Ints, other: Ints, reading: Floats) -> Floats:
    rows = np.arange(len(reading))
    return np.where(liable == other, np.inf, np.abs(reading[rows, liable] - reading[rows, other]))


def floor_error(pairs: int, cases: int) -> float:
    """The share of all cases that even the best answer gets wrong because of the pairs."""
    return pairs / cases if cases else 0.0
