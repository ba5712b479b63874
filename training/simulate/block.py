"""One finished block: its disputes with their twins, decided, numbered in the order in which they were opened."""

from dataclasses import dataclass, replace

import numpy as np

from features.tables import HOUR, NEVER, NULL_INSTANT, Instants
from training.simulate.appeals import Appeals, appeals
from training.simulate.columns import Flags, Ints
from training.simulate.disputes import Disputes, at_the_desk, closed, opening
from training.simulate.draws import Draws
from training.simulate.floor import choose_twins, other_story, twins_among
from training.simulate.later import LaterReturns, later_returns
from training.simulate.market import Market
from training.simulate.pilot import Practice
from training.simulate.population import Population, populate
from training.simulate.remedies import RETURN, Remedies, entitled, remedies
from training.simulate.rulings import Rulings, believed, rule, sees_through, weighed, with_chance, with_insight
from training.simulate.stories import causes
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Names:
    """Numbers that become ids: of cases, orders, buyers, addresses, devices and means of payment."""

    case: Ints
    order: Ints
    buyer: Ints
    address: Ints
    device: Ints
    payment: Ints


@dataclass(frozen=True, slots=True)
class Block:
    """A block of the world, everything about its cases in the order of their opening."""

    population: Population
    orders_used: int  # of the population's, when the last block is cut short
    disputes: Disputes
    ruling: Rulings
    remedy: Remedies
    appeal: Appeals
    later: LaterReturns
    pair: Ints  # number of the floor pair, -1 without
    twin: Flags
    names: Names

    @property
    def refunded_at(self) -> Instants:
        """When each refund is paid: at once, or when what is to be sent back has arrived; else NULL_INSTANT."""
        ruled = np.where((self.remedy.refund > 0) & (self.ruling.at < NEVER // 2), self.ruling.at, NULL_INSTANT)
        back = np.where(self.later.received_at == NULL_INSTANT, NULL_INSTANT, self.later.received_at + 2 * HOUR)
        at_once = np.where(ruled == NULL_INSTANT, NULL_INSTANT, ruled + 6 * HOUR)
        return np.where((self.remedy.remedy == RETURN) & (ruled != NULL_INSTANT), back, at_once)

    @property
    def first_of_order(self) -> Flags:
        """Of each case whether it is the first one of its order."""
        first = np.zeros(len(self.pair), dtype=bool)
        first[np.unique(self.names.order, return_index=True)[1]] = True
        return first


def simulate_block(world: World, market: Market, practice: Practice, seed: int, number: int, most: int) -> Block:
    """Simulate a block and keep at most so many cases of it, cutting its orders short after the last one."""
    draws = Draws(seed, number)
    people = populate(world, market, draws)
    life = people.disputed
    single = _without_twins(world, len(life), most)
    used = len(people.sold) if single == len(life) else int(life.order[single])
    twins = min(most - single, twins_among(world, single)) if single == len(life) else most - single
    disputes = at_the_desk(
        world, market, opening(world, market, life.take(slice(0, single)), draws), practice.experience, draws
    )
    disputes, pair, twin = _with_twins(world, disputes, twins, draws)
    order = np.argsort(disputes.seen.life.opened_at, kind="stable")
    disputes, pair, twin = disputes.take(order), pair[order], twin[order]
    return _decided(world, market, practice, people, used, disputes, pair, twin, _names(number, disputes, twin), draws)


def _without_twins(world: World, there: int, most: int) -> int:
    """How many disputes to keep so that they and their twins are at most so many."""
    if there + twins_among(world, there) <= most:
        return there
    kept = int(most * (1 - world.floor_share / 2))
    while kept + 1 + twins_among(world, kept + 1) <= most:
        kept += 1
    return min(kept, there)


def _with_twins(world: World, disputes: Disputes, count: int, draws: Draws) -> tuple[Disputes, Ints, Flags]:
    n = len(disputes.seen.life)
    source = choose_twins(world, disputes, count, draws)
    rows = np.concatenate([np.arange(n), source])
    twin = np.arange(len(rows)) >= n
    pair = np.full(len(rows), -1)
    pair[n:] = np.arange(len(source))
    pair[source] = np.arange(len(source))
    both = disputes.take(rows)
    life = both.seen.life
    story = np.where(twin, other_story(life.story), life.story)
    first, second = causes(story, life.packs.by_platform)
    life = replace(life, story=story, cause=first, second_cause=second)
    return replace(both, seen=replace(both.seen, life=life)), pair, twin


def _names(number: int, disputes: Disputes, twin: Flags) -> Names:
    life = disputes.seen.life
    n, base = len(life), number * 100_000
    nth = np.cumsum(twin)

    def named(own: Ints) -> Ints:
        return np.asarray(base + np.where(twin, 60_000 + nth, own))

    return Names(
        case=base + np.arange(n),
        order=number * 10_000_000 + np.where(twin, 9_000_000 + nth, life.order),
        buyer=named(life.sold.buyer),
        address=named(life.buyer.address),
        device=named(life.buyer.device),
        payment=named(life.buyer.payment),
    )


def _decided(
    world: World, market: Market, practice: Practice, people: Population, used: int, disputes: Disputes, pair: Ints,
    twin: Flags, names: Names, draws: Draws,
) -> Block:  # fmt: skip
    life, desk, seen = disputes.seen.life, disputes.desk, disputes.seen
    paired = pair >= 0
    weight = weighed(world, market, life, desk, disputes.reading, draws)
    sees = sees_through(world, market, life, desk, paired) * practice.insight
    score = with_chance(weight, with_insight(weight.score, believed(world, market, life, desk), sees), draws)
    ruling = rule(world, life, seen.answer, desk, score, weight.saw_proposal, disputes.reading, draws)
    disputes = closed(disputes, ruling.at)
    seen = disputes.seen
    remedy = remedies(life, seen.claim, seen.answer, desk, ruling, draws)
    appeal, handed = appeals(
        world,
        life,
        ruling,
        seen.files,
        disputes.handed,
        disputes.requests,
        entitled(life, ruling.liable),
        paired,
        draws,
    )
    disputes = replace(disputes, handed=handed)
    later = later_returns(life, ruling, remedy, draws)
    return Block(people, used, disputes, ruling, remedy, appeal, later, pair, twin, names)
