"""The platform's desk: when an arbitrator takes a case, what is asked for and what comes back, when evidence closes.

Each request has its deadline. Evidence closes when the last one has passed or all have answered; an arbitrator who
then finds it wanting may ask once more, and the ruling waits for that too.
"""

from dataclasses import dataclass, replace

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from training.simulate.answers import MERITS, Answers
from training.simulate.calendar import switched_on
from training.simulate.claims import Claims
from training.simulate.columns import Columns, Flags, Floats, Ints
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.intake import with_supplied, with_volunteered
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.reading import margin
from training.simulate.requests import NOT_ASKED, Requests, answerable, answered, answering, due_in
from training.simulate.required import missing
from training.simulate.submission import Handed
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Desk(Columns):
    """Who decides each case and by when; instants are NULL_INSTANT where a thing does not come to pass."""

    arbitrator: Ints
    load: Floats
    taken_at: Instants
    clear: Flags  # ruled on as it came
    closed_at: Instants
    heard_at: Instants  # when the last answer was waited for: after the close where more was asked for then
    chargeback_at: Instants  # the buyer went to the bank as well; the case waits for its end
    chargeback_closed_at: Instants
    chargeback_won: Flags

    @property
    def free_at(self) -> Instants:
        """When a ruling may be made: evidence is closed, what was asked for then is in, a chargeback has ended."""
        return np.maximum(self.heard_at, self.chargeback_closed_at)


def take(world: World, market: Market, life: Lives, answer: Answers, requests: Requests, draws: Draws) -> Desk:
    """Give each case on its merits to an arbitrator; busy ones take it later, what is plain is taken at once.

    Nobody takes a case while something asked for at intake may still come in time.
    """
    chance = draws.of("desk")
    n, people = len(life), market.arbitrators
    who = chance.integers(0, len(people), n)
    start = np.where(answer.escalated_at == NULL_INSTANT, life.opened_at, answer.escalated_at)
    day = market.calendar.day(start)
    spell = np.abs(day - people.busy_from[who]) < 21
    load = people.load[who] * np.where(spell, 1.6, 1.0) * np.where(market.calendar.peak[day], 1.4, 1.0)
    wait = (0.5 + chance.exponential(7.0, n)) * np.where(answer.at_sight, 0.1, load)
    taken = np.maximum(start + (wait * HOUR).astype(np.int64), requests.ended_at() + HOUR // 4)
    none, no = np.full(n, NULL_INSTANT), np.zeros(n, dtype=bool)
    return Desk(who, load, taken // 1_000_000 * 1_000_000, no, none, none, none, none, no)


def ask(
    world: World, market: Market, life: Lives, claim: Claims, answer: Answers, files: Files, handed: Handed,
    requests: Requests, desk: Desk, reading: Floats, draws: Draws,
) -> tuple[Desk, Requests, Handed]:  # fmt: skip
    """Ask for what is missing where the case is not clear as it came, and wait for the answers."""
    chance = draws.of("requests")
    merits = answer.ends == MERITS
    sure = margin(reading) + chance.normal(0, 0.4, len(life)) > world.clear_margin
    open_at = merits & ~answer.at_sight & ~sure
    eager = 0.45 + 0.5 * market.arbitrators.thorough[desk.arbitrator] / np.maximum(desk.load, 0.7) ** 0.5
    asked = _wanting(claim, files, handed, requests, life, desk.taken_at) & open_at
    asked &= chance.random(asked.shape) < eager
    asked_at = desk.taken_at + (chance.uniform(0, 0.3, asked.shape) * HOUR).astype(np.int64)
    told = _asked(world, market, life, files, handed, asked, asked_at, world.evidence_days, chance)
    requests, handed = requests.and_then(told), with_supplied(handed, told)
    ends = np.maximum(requests.ended_at(), desk.taken_at + HOUR)
    closed = ends + ((0.3 + chance.exponential(world.closing_hours, len(life))) * HOUR).astype(np.int64)
    closed = np.where(open_at, closed // 1_000_000 * 1_000_000, NULL_INSTANT)
    desk = replace(desk, clear=merits & ~open_at, closed_at=closed, heard_at=closed)
    return _with_chargebacks(world, life, claim, desk, chance), requests, handed


def ask_again(
    world: World, market: Market, life: Lives, claim: Claims, files: Files, handed: Handed, requests: Requests,
    desk: Desk, reading: Floats, draws: Draws,
) -> tuple[Desk, Requests, Handed]:  # fmt: skip
    """Ask once more where the evidence is found wanting after it was closed, for what was not asked for before."""
    chance = draws.of("further requests")
    n = len(life)
    doubtful = margin(reading) + chance.normal(0, 0.6, n) < world.doubt_margin
    doubtful &= desk.closed_at != NULL_INSTANT
    eager = world.asks_again * (0.5 + market.arbitrators.thorough[desk.arbitrator])
    asked = _wanting(claim, files, handed, requests, life, desk.closed_at) & doubtful & (chance.random(n) < eager)
    read_at = desk.closed_at + ((1 + chance.exponential(12.0, n)) * HOUR).astype(np.int64)
    asked_at = read_at + (chance.uniform(0, 0.3, asked.shape) * HOUR).astype(np.int64)
    told = _asked(world, market, life, files, handed, asked, asked_at, world.further_days, chance)
    heard = np.where(asked.any(axis=0), told.ended_at() + HOUR, desk.heard_at)
    return replace(desk, heard_at=heard), requests.and_then(told), with_supplied(handed, told)


def _wanting(claim: Claims, files: Files, handed: Handed, requests: Requests, life: Lives, at: Instants) -> Flags:
    """(files, cases): what is required, not on file at an instant of each case, and not asked for yet."""
    may_ask = answerable(files.names, life) & (requests.answer == NOT_ASKED)
    return missing(files.names, claim.reason, claim.stage, handed.known_at <= at, may_ask)


def _asked(
    world: World, market: Market, life: Lives, files: Files, handed: Handed, asked: Flags, asked_at: Instants,
    days: float, chance: np.random.Generator,
) -> Requests:  # fmt: skip
    due, at_work = due_in(market, asked_at, days), answering(world, files, life)
    return with_volunteered(answered(world, market, life, files, asked, asked_at, due, at_work, chance), handed)


def _with_chargebacks(world: World, life: Lives, claim: Claims, desk: Desk, chance: np.random.Generator) -> Desk:
    """Some impatient buyers go to their bank in mid-case."""
    n = len(life)
    goes = chance.random(n) < world.chargebacks * 2 * (1.5 - life.buyer.patient)
    goes &= (claim.refunded == 0) & (desk.closed_at != NULL_INSTANT) & switched_on(world, "chargebacks", desk.taken_at)
    at = desk.taken_at + (chance.uniform(0.1, 2.5, n) * DAY).astype(np.int64)
    ends = at + (chance.uniform(9, 40, n) * DAY).astype(np.int64)
    return replace(
        desk,
        chargeback_at=np.where(goes, at // 1_000_000 * 1_000_000, NULL_INSTANT),
        chargeback_closed_at=np.where(goes, ends // 1_000_000 * 1_000_000, NULL_INSTANT),
        chargeback_won=goes & (chance.random(n) < 0.45),
    )
