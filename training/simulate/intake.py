"""What is asked for as soon as a claim is opened, unless it is ruled on at sight.

Buyers are asked for what is required of them and was not handed in with the claim; sellers, with the notice of it,
for what is required of them.
"""

from dataclasses import replace

import numpy as np

from features.tables import HOUR
from training.simulate.answers import NO_ANSWER, Answers
from training.simulate.claims import Claims
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.requests import NOT_ASKED, SUPPLIED, Requests, answerable, answered, answering, due_in
from training.simulate.required import missing
from training.simulate.submission import Handed
from training.simulate.world import World


def asked_at_intake(
    world: World, market: Market, life: Lives, claim: Claims, answer: Answers, files: Files, handed: Handed,
    draws: Draws,
) -> tuple[Requests, Handed]:  # fmt: skip
    """The first requests of a case, and what is on file once they are answered or not."""
    chance = draws.of("intake")
    buyer, seller = (files.parties == 0)[:, None], (files.parties == 1)[:, None]
    there = np.where(seller, False, handed.known_at <= life.opened_at)
    wanted = missing(files.names, claim.reason, claim.stage, there, answerable(files.names, life))
    takes_part = (chance.random(len(life)) < world.intake_asks) & ~answer.at_sight & ~claim.by_seller
    asked = wanted & (buyer | seller) & takes_part
    asked_at = np.where(buyer, life.opened_at + HOUR // 12, answer.notified_at)
    due = np.where(buyer, due_in(market, asked_at, world.intake_days), answer.due_at)
    at_work = np.where(seller, np.where(answer.answer == NO_ANSWER, 0.06, 0.93), answering(world, files, life))
    requests = with_volunteered(answered(world, market, life, files, asked, asked_at, due, at_work, chance), handed)
    return requests, with_supplied(handed, requests)


def with_supplied(handed: Handed, requests: Requests) -> Handed:
    """What is on file with what was supplied on request."""
    supplied = requests.answer == SUPPLIED
    return replace(handed, known_at=np.where(supplied, requests.answered_at, handed.known_at))


def with_volunteered(requests: Requests, handed: Handed) -> Requests:
    """The requests, answered by what was coming anyway where it comes in time."""
    comes = (requests.asked_at < handed.known_at) & (handed.known_at <= requests.due_at)
    comes &= requests.answer != NOT_ASKED
    return replace(
        requests,
        answer=np.where(comes, SUPPLIED, requests.answer),
        answered_at=np.where(comes, handed.known_at, requests.answered_at),
    )
