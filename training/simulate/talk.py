"""Who says what to whom and when: the intents of all messages, before anybody puts them into words."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import HOUR, NULL_INSTANT, Instants
from training.simulate.answers import NO_ANSWER, OFFERS_PART, Answers
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.stories import HONEST, is_one_of
from training.simulate.world import World

INTENTS: Final = (
    "buyer_waits", "buyer_admits", "buyer_insists", "buyer_sarcastic", "buyer_threatens", "buyer_injured",
    "buyer_off_topic", "buyer_thanks", "seller_denies", "seller_admits", "seller_apologises", "seller_promises",
    "seller_offers", "seller_asks", "seller_off_topic", "seller_away",
)  # fmt: skip
INTENT: Final = {name: place for place, name in enumerate(INTENTS)}


@dataclass(frozen=True, slots=True)
class Talk(Columns):
    """What each case's messages give away, and since when."""

    buyer_admits: Flags
    buyer_admits_at: Instants
    seller_admits: Flags
    seller_admits_at: Instants
    injured: Flags


@dataclass(frozen=True, slots=True)
class Messages(Columns):
    """Messages, one row each."""

    case: Ints
    by_seller: Flags
    sent_at: Instants
    intent: Ints
    language: Ints


def talk(world: World, life: Lives, answer: Answers, draws: Draws) -> tuple[Talk, Messages]:
    """All messages of all cases."""
    chance = draws.of("talk")
    n, opened = len(life), life.opened_at
    spoke = answer.answer != NO_ANSWER
    answered = np.where(spoke, answer.answered_at, answer.due_at)
    at_fault = (life.cause == 1) & ~life.seller.crooked
    seller_admits = spoke & at_fault & (chance.random(n) < world.seller_admissions)
    own_fault = is_one_of(
        life.story, "taken_in", "broken_by_buyer", "misused", "buyer_address", "family_order", "flaw_told"
    )
    buyer_admits = chance.random(n) < np.where(own_fault, world.buyer_admissions, np.where(HONEST[life.story], 0, 0.02))
    buyer_at = opened + (chance.gamma(2.0, 14.0, n) * HOUR).astype(np.int64)
    seller_at = np.where(spoke, answered + (chance.exponential(0.2, n) * HOUR).astype(np.int64), NULL_INSTANT)
    injured = life.goods.battery & is_one_of(life.story, "faulty") & (chance.random(n) < world.injuries)

    rows: list[Messages] = []

    def say(intent: str, who: Flags, at: Instants) -> None:
        case = np.flatnonzero(who & ~answer.at_sight)  # what is ruled on at sight is not talked about
        seller = intent.startswith("seller")
        language = life.seller.language[case] if seller else life.buyer.language[case]
        if seller:  # many write in English to English-speaking buyers
            language = np.where((language == 1) & (chance.random(len(case)) < 0.55), 0, language)
        rows.append(
            Messages(case, np.full(len(case), seller), _seconds(at[case]), np.full(len(case), INTENT[intent]), language)
        )

    def later(mean_hours: float) -> Ints:
        return np.asarray((chance.exponential(mean_hours, n) * HOUR).astype(np.int64)) + 120_000_000

    say("buyer_admits", buyer_admits, buyer_at)
    say("buyer_injured", injured, opened + HOUR)
    say("buyer_waits", chance.random(n) < 0.3, opened + later(12))
    say("buyer_off_topic", chance.random(n) < 0.07, opened + later(30))
    say("seller_admits", seller_admits, seller_at)
    say("seller_offers", answer.answer == OFFERS_PART, answered + later(0.3))
    refuses = spoke & ~seller_admits
    say("seller_denies", refuses & (chance.random(n) < 0.7), answered + later(0.2))
    say("seller_apologises", spoke & (chance.random(n) < 0.25), answered + later(0.1))
    say("seller_promises", spoke & (chance.random(n) < 0.15), answered + later(0.5))
    say("seller_asks", spoke & (chance.random(n) < 0.2), answered + later(1))
    say("seller_off_topic", spoke & (chance.random(n) < 0.06), answered + later(20))
    say("seller_away", answer.away & (chance.random(n) < 0.5), opened + later(0.1))
    insists = chance.random(n) < np.where(buyer_admits, 0.2, 0.45)
    say("buyer_insists", spoke & insists, answered + later(8))
    say("buyer_sarcastic", spoke & (chance.random(n) < 0.13), answered + later(10))
    say("buyer_threatens", chance.random(n) < 0.08, answered + later(20))
    say("buyer_thanks", spoke & (chance.random(n) < 0.05), answered + later(15))
    told = Talk(
        buyer_admits & ~answer.at_sight, _seconds(buyer_at), seller_admits, _seconds(seller_at),
        injured & ~answer.at_sight,
    )  # fmt: skip
    return told, Messages(*(np.concatenate([getattr(m, name) for m in rows]) for name in Messages.__slots__))


def _seconds(at: Instants) -> Instants:
    return at // 1_000_000 * 1_000_000
