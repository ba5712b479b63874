"""How the seller answers a claim, or does not, and what follows before the platform is asked."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from training.simulate.claims import Claims
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.sellers import away_until
from training.simulate.sight import plain
from training.simulate.stories import HONEST, is_one_of
from training.simulate.traces import Traces
from training.simulate.world import World

MERITS, DEFAULT, AUTO_RULE, SETTLEMENT, WITHDRAWN = range(5)
"""How the case will end, in the order of the contract's bases."""
NO_ANSWER, REJECTS, OFFERS_PART, AGREES = range(4)
REVIEW_DAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Answers(Columns):
    """The seller's answer and what it led to; nobody is asked where the desk rules at sight."""

    at_sight: Flags
    notified_at: Instants
    due_at: Instants
    answered_at: Instants  # NULL_INSTANT where silent
    answer: Ints
    offer: Ints  # cents
    away: Flags
    ends: Ints
    settled_at: Instants  # when an early end came; NULL_INSTANT where it went on
    escalated_at: Instants  # NULL_INSTANT where nobody asked the platform


def answers(world: World, market: Market, life: Lives, claim: Claims, trace: Traces, draws: Draws) -> Answers:
    """What the seller does about each claim."""
    chance = draws.of("answers")
    n, cal, opened = len(life), market.calendar, life.opened_at
    notified = opened + (chance.exponential(0.3, n) * HOUR).astype(np.int64) + 60_000_000
    due = cal.rolled(notified + REVIEW_DAYS * DAY)
    back_at = away_until(market.sellers, life.sold.seller, notified, cal)
    away = back_at > due
    guilty = life.cause == 1
    foreign = (claim.language != life.seller.language) & (life.seller.size == 0)
    answers_at_all = chance.random(n) < life.seller.answering * np.where(guilty, 0.92, 1.0) * np.where(
        foreign, 0.85, 1.0
    )
    silent = (away | ~answers_at_all) & ~claim.by_seller
    hours = chance.lognormal(np.log(14), 0.8, n)
    answered = np.minimum(notified + (hours * HOUR).astype(np.int64), due - HOUR)
    answer = np.where(chance.random(n) < 0.25 + 0.2 * life.seller.generous, OFFERS_PART, REJECTS)
    answer = np.where(silent, NO_ANSWER, answer)
    answer = np.where(claim.by_seller, REJECTS, answer)  # whoever opens a case has said its part
    answered = np.where(claim.by_seller, opened + 60_000_000, answered)

    ends = np.full(n, MERITS)
    takes = (answer == OFFERS_PART) & (chance.random(n) < world.offers_taken * (0.5 + life.buyer.patient))
    ends[takes] = SETTLEMENT
    gives_up = np.where(is_one_of(life.story, "taken_in", "impatient", "second_coming"), 0.3, 0.02)
    gives_up = np.where(~HONEST[life.story], world.liars_withdraw, gives_up)
    ends[(chance.random(n) < gives_up) & (answer != NO_ANSWER)] = WITHDRAWN
    ends[silent & (chance.random(n) < world.silence_defaults)] = DEFAULT
    small = (claim.claimed <= world.auto_rule_cents) & ~claim.by_seller
    ends[small & (ends == MERITS) & (chance.random(n) < world.auto_rules)] = AUTO_RULE

    closes = np.where(silent, due, answered) + (chance.exponential(14.0, n) * HOUR).astype(np.int64) + HOUR
    early = (ends != MERITS) & (chance.random(n) < 0.7)
    at_sight = (ends == MERITS) & plain(life, claim, trace) & (chance.random(n) < world.rules_at_sight)
    heard = ~at_sight
    asks_after = chance.gamma(1.5, 20.0, n) * (0.6 + life.buyer.patient)
    escalated = np.where(silent, due, answered) + (asks_after * HOUR).astype(np.int64) + HOUR
    escalated = np.where(
        claim.by_seller, opened + (chance.exponential(5.0, n) * HOUR).astype(np.int64) + HOUR, escalated
    )
    return Answers(
        at_sight=at_sight,
        notified_at=_where(heard, notified),
        due_at=_where(heard, due),
        answered_at=_where(heard & ~silent, answered),
        answer=np.where(heard, answer, NO_ANSWER),
        offer=np.where(
            heard & (answer == OFFERS_PART), np.round(claim.claimed * chance.uniform(0.15, 0.55, n)).astype(np.int64), 0
        ),
        away=away & ~claim.by_seller & heard,
        ends=ends,
        settled_at=_where(early, closes),
        escalated_at=_where(~early & heard, escalated),
    )


def _where(there: Flags, at: Instants) -> Instants:
    return np.where(there, at // 1_000_000 * 1_000_000, NULL_INSTANT)
