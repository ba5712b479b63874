"""The platform's desk: when an arbitrator takes a case, what is asked for and what comes back, when evidence closes."""

from dataclasses import dataclass, replace

import numpy as np

from features.tables import DAY, HOUR, NEVER, NULL_INSTANT, Instants
from training.simulate.answers import MERITS, Answers
from training.simulate.calendar import Calendar, switched_on
from training.simulate.claims import Claims
from training.simulate.columns import Columns, Flags, Floats, Ints
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.reading import margin
from training.simulate.required import required
from training.simulate.sellers import away_until
from training.simulate.stories import HONEST
from training.simulate.submission import Handed
from training.simulate.world import World

SUPPLIED, REFUSED, UNAVAILABLE, SILENT = range(4)
"""How a request is answered, in the contract's order."""
NOT_ASKED = -1


@dataclass(frozen=True, slots=True)
class Desk(Columns):
    """Who decides each case and by when; instants are NULL_INSTANT where a thing does not come to pass."""

    arbitrator: Ints
    load: Floats
    taken_at: Instants
    clear: Flags  # ruled on as it came
    closed_at: Instants
    chargeback_at: Instants  # the buyer went to the bank as well; the case waits for its end
    chargeback_closed_at: Instants
    chargeback_won: Flags

    @property
    def free_at(self) -> Instants:
        """When a ruling may be made: evidence is closed, and so is a chargeback."""
        return np.maximum(self.closed_at, self.chargeback_closed_at)


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by file kind and case, as ``Files`` has them; NULL_INSTANT and NOT_ASKED where none was made."""

    asked_at: Instants
    due_at: Instants
    answered_at: Instants
    answer: Ints


def take(world: World, market: Market, life: Lives, answer: Answers, draws: Draws) -> Desk:
    """Give each case on its merits to an arbitrator; busy ones take it later."""
    chance = draws.of("desk")
    n, people = len(life), market.arbitrators
    who = chance.integers(0, len(people), n)
    start = np.where(answer.escalated_at == NULL_INSTANT, life.opened_at, answer.escalated_at)
    day = market.calendar.day(start)
    spell = np.abs(day - people.busy_from[who]) < 21
    load = people.load[who] * np.where(spell, 1.6, 1.0) * np.where(market.calendar.peak[day], 1.4, 1.0)
    taken = start + ((0.5 + chance.exponential(7.0, n)) * load * HOUR).astype(np.int64)
    none, no = np.full(n, NULL_INSTANT), np.zeros(n, dtype=bool)
    return Desk(who, load, taken // 1_000_000 * 1_000_000, no, none, none, none, no)


def ask(
    world: World, market: Market, life: Lives, claim: Claims, answer: Answers, files: Files, handed: Handed,
    desk: Desk, reading: Floats, draws: Draws,
) -> tuple[Desk, Requests, Handed]:  # fmt: skip
    """Ask for what is missing where the case is not clear as it came, and wait for the answers."""
    chance = draws.of("requests")
    shape = files.exists.shape
    thorough = market.arbitrators.thorough[desk.arbitrator]
    merits = (answer.ends == MERITS) & (answer.escalated_at != NULL_INSTANT)
    sure = margin(reading) + chance.normal(0, 0.4, len(life)) > world.clear_margin
    missing = required(files.names, claim.reason) & (handed.known_at > desk.taken_at)
    missing &= merits & ~sure & answerable(files.names, life)
    asked = missing & (chance.random(shape) < 0.45 + 0.5 * thorough / np.maximum(desk.load, 0.7) ** 0.5)
    clear = merits & sure & ~asked.any(axis=0)
    requests = _answers(world, market, life, files, desk, asked, chance)

    supplied = requests.answer == SUPPLIED
    handed = replace(handed, known_at=np.where(supplied, requests.answered_at, handed.known_at))
    waits = asked.any(axis=0)
    full_time = market.calendar.rolled(desk.taken_at + world.evidence_days * DAY)
    last = np.where(asked & (requests.answered_at != NULL_INSTANT), requests.answered_at, NULL_INSTANT).max(axis=0)
    complete = ~(asked & (requests.answered_at == NULL_INSTANT)).any(axis=0) & waits
    early = np.maximum(last + HOUR, desk.taken_at + 2 * HOUR)
    closed = np.where(complete & (early < full_time) & (chance.random(len(life)) < 0.6), early, full_time)
    closed = np.where(merits & ~clear, closed // 1_000_000 * 1_000_000, NULL_INSTANT)
    return _with_chargebacks(world, life, claim, replace(desk, clear=clear, closed_at=closed), chance), requests, handed


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


def answerable(names: tuple[tuple[str, str], ...], life: Lives) -> Flags:
    """(files, cases): what a party could have at all; a seller who did not pack cannot show how it was packed."""
    of_packing = ("packing_photo", "packing_video", "pack_weight_record", "shipping_label_image", "handover_receipt")
    of_return = ("item_photo", "unboxing_video")
    able = np.ones((len(names), len(life)), dtype=bool)
    for row, (kind, party) in enumerate(names):
        if party == "seller":
            able[row] = ~life.packs.by_platform if kind in of_packing else able[row]
            able[row] = ~life.back.to_warehouse if kind in of_return else able[row]
    return able


def _answers(
    world: World, market: Market, life: Lives, files: Files, desk: Desk, asked: Flags, chance: np.random.Generator
) -> Requests:
    shape = asked.shape
    buyer = (files.parties == 0)[:, None]
    honest = np.where(buyer, HONEST[life.story], ~life.seller.crooked)
    gives = np.where(files.serves >= 0, 0.93, np.where(honest, world.honest_hand_in, 0.04))
    back_at = away_until(market.sellers, life.sold.seller, desk.taken_at, market.calendar)
    away = (back_at > desk.taken_at + 3 * DAY) & ~buyer
    awake = chance.random(shape) < np.where(
        buyer, world.buyer_answers * (0.75 + 0.5 * life.buyer.careful), life.seller.answering
    )
    awake &= ~away
    supplied = asked & awake & files.exists & (chance.random(shape) < gives)
    refused = asked & awake & ~supplied & files.exists
    answer = np.full(shape, NOT_ASKED)
    answer[asked] = SILENT
    answer[asked & awake & ~files.exists] = UNAVAILABLE
    answer[refused] = np.where(chance.random(shape)[refused] < 0.5, REFUSED, SILENT)
    answer[supplied] = SUPPLIED
    asked_at = desk.taken_at + (chance.uniform(0, 0.3, shape) * HOUR).astype(np.int64)
    hours = np.minimum(chance.lognormal(np.log(16), 0.9, shape), 71.0 + 60.0 * (chance.random(shape) < 0.06))
    answered = asked_at + (hours * HOUR).astype(np.int64)
    spoken = asked & (answer != SILENT)
    return Requests(
        asked_at=np.where(asked, asked_at // 1_000_000 * 1_000_000, NULL_INSTANT),
        due_at=np.where(asked, _due(market.calendar, asked_at, world.evidence_days), NULL_INSTANT),
        answered_at=np.where(spoken, answered // 1_000_000 * 1_000_000, NULL_INSTANT),
        answer=answer,
    )


def _due(cal: Calendar, asked: Instants, days: int) -> Instants:
    return cal.rolled(asked.ravel() + days * DAY).reshape(asked.shape) // 1_000_000 * 1_000_000


def everything(files: Files) -> Instants:
    """Every file that exists, as if it were on file."""
    return np.where(files.exists, NULL_INSTANT, NEVER)
