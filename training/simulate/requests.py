"""Requests for evidence, and how they are answered: in time, late, with a refusal, with "there is none", or not.

Nothing is silent by chance alone. Dishonest parties hold back what would show it and say nothing of what they never
had; honest ones are slow, away from work, or have nothing to show and say so.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.files import Files
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.sellers import away_until
from training.simulate.stories import HONEST
from training.simulate.world import World

SUPPLIED, REFUSED, UNAVAILABLE, SILENT = range(4)
"""How a request is answered, in the contract's order."""
NOT_ASKED: Final = -1
GRACE_HOURS: Final = 30
"""So long after a deadline people still answer. ASSUMED"""


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by file kind and case, as ``Files`` has them; NULL_INSTANT and NOT_ASKED where none was made."""

    asked_at: Instants
    due_at: Instants
    answered_at: Instants
    answer: Ints

    @classmethod
    def none(cls, shape: tuple[int, ...]) -> Self:
        """No requests at all."""
        never = np.full(shape, NULL_INSTANT)
        return cls(never, never, never, np.full(shape, NOT_ASKED))

    def and_then(self, later: Self) -> Self:
        """These requests and later ones, which ask for nothing that was asked for before."""
        new = later.answer != NOT_ASKED
        return type(self)(*(np.where(new, getattr(later, n), getattr(self, n)) for n in type(self).__slots__))

    def until(self, ruled_at: Instants) -> Self:
        """The same without answers after the ruling: nobody answers once a case is closed."""
        late = self.answered_at > ruled_at
        return type(self)(
            self.asked_at,
            self.due_at,
            np.where(late, NULL_INSTANT, self.answered_at),
            np.where(late, SILENT, self.answer),
        )

    def ended_at(self) -> Instants:
        """(cases,) when the last of the requests was answered or its deadline passed; NULL_INSTANT without any."""
        answered = self.answered_at != NULL_INSTANT
        return np.asarray(np.where(answered, np.minimum(self.answered_at, self.due_at), self.due_at).max(axis=0))

    def held_back(self) -> Flags:
        """(files, cases): what was asked for and not given when it was due, though nobody said that there is none."""
        in_time = (self.answered_at != NULL_INSTANT) & (self.answered_at <= self.due_at)
        return np.asarray((self.answer != NOT_ASKED) & ~(in_time & np.isin(self.answer, (SUPPLIED, UNAVAILABLE))))


def answered(
    world: World, market: Market, life: Lives, files: Files, asked: Flags, asked_at: Instants, due_at: Instants,
    at_work: Floats, chance: np.random.Generator,
) -> Requests:  # fmt: skip
    """The requests where ``asked``, with the answers of parties who answer at all with the chance ``at_work``."""
    shape = asked.shape
    honest = _honest(files, life)
    slow = chance.random(shape) < np.where(honest, world.answers_late, 0.4 * world.answers_late)
    hours = chance.lognormal(np.log(14), 0.8, shape)
    in_time = np.minimum(asked_at + (hours * HOUR).astype(np.int64), due_at - HOUR // 2)
    after = due_at + (np.minimum(chance.exponential(7.0, shape), GRACE_HOURS) * HOUR).astype(np.int64) + HOUR // 4
    back = np.where((files.parties == 1)[:, None], _back(market, life, asked_at), asked_at)
    at = np.maximum(np.where(slow, after, np.maximum(in_time, asked_at + HOUR // 4)), back)
    at = np.where(files.exists, np.maximum(at, files.captured_at), at)
    awake = asked & (chance.random(shape) < at_work) & (at < due_at + GRACE_HOURS * HOUR + HOUR)
    gives = np.where(files.serves >= 0, 0.93, np.where(honest, world.honest_hand_in, 0.04))
    there = files.exists | (_can_be_made(files, life) & honest & (chance.random(shape) < world.makes_on_request))
    answer = _said(there, honest, chance.random(shape) < gives, chance)
    answer = np.where(asked, np.where(awake, answer, SILENT), NOT_ASKED)
    spoken = asked & (answer != SILENT)
    return Requests(
        asked_at=np.where(asked, asked_at // 1_000_000 * 1_000_000, NULL_INSTANT),
        due_at=np.where(asked, due_at // 1_000_000 * 1_000_000, NULL_INSTANT),
        answered_at=np.where(spoken, at // 1_000_000 * 1_000_000, NULL_INSTANT),
        answer=answer,
    )


def _said(there: Flags, honest: Flags, given: Flags, chance: np.random.Generator) -> Ints:
    """What those say who answer: (files, cases)."""
    luck = chance.random(there.shape)
    without = np.where(luck < np.where(honest, 0.95, 0.5), UNAVAILABLE, SILENT)
    keeping = np.where(luck < np.where(honest, 0.6, 0.3), REFUSED, np.where(honest | (luck < 0.8), SILENT, UNAVAILABLE))
    return np.where(there, np.where(given, SUPPLIED, keeping), without)


def _can_be_made(files: Files, life: Lives) -> Flags:
    """(files, cases): what can still be photographed, printed or written when it is asked for."""
    kinds = ("item_photo", "outer_box_photo", "fault_video", "police_report_or_affidavit")
    of_buyer = np.array([party == "buyer" and kind in kinds for kind, party in files.names])
    label = np.array([name == ("shipping_label_image", "seller") for name in files.names])
    return np.asarray(of_buyer[:, None] | (label[:, None] & ~life.packs.never & ~life.packs.by_platform))


def _honest(files: Files, life: Lives) -> Flags:
    """(files, cases): of each file whether the party that would have it is honest in this case."""
    seller, buyer = (files.parties == 1)[:, None], (files.parties == 0)[:, None]
    return np.asarray(np.where(buyer, HONEST[life.story], np.where(seller, ~life.seller.crooked, True)))


def _back(market: Market, life: Lives, asked_at: Instants) -> Instants:
    """(files, cases): when each seller is back at work."""
    back = away_until(market.sellers, life.sold.seller, asked_at.max(axis=0), market.calendar)
    return np.where(back > asked_at.max(axis=0), back + 5 * HOUR, asked_at)


def due_in(market: Market, asked_at: Instants, days: float) -> Instants:
    """Deadlines so many days later, rolled where they fall on a day off."""
    due = market.calendar.rolled(asked_at.ravel() + round(days * DAY))
    return np.asarray(due).reshape(asked_at.shape) // 1_000_000 * 1_000_000


def answering(world: World, files: Files, life: Lives) -> Floats:
    """(files, cases): how likely each party answers at all: careful buyers, attentive sellers, most carriers."""
    seller, buyer = (files.parties == 1)[:, None], (files.parties == 0)[:, None]
    of_buyer = np.clip(world.buyer_answers * (0.95 + 0.4 * life.buyer.careful), 0, 0.99)
    of_buyer = np.where(HONEST[life.story], of_buyer, 0.9 * of_buyer)
    return np.where(buyer, of_buyer, np.where(seller, life.seller.answering, 0.9))


def answerable(names: tuple[tuple[str, str], ...], life: Lives) -> Flags:
    """(files, cases): what a party could have at all: who did not pack cannot show how, few goods bear a number."""
    of_packing = ("packing_photo", "packing_video", "pack_weight_record", "shipping_label_image", "handover_receipt")
    of_return = ("item_photo", "unboxing_video")
    able = np.ones((len(names), len(life)), dtype=bool)
    for row, (kind, party) in enumerate(names):
        if kind == "serial_record":
            able[row] = life.goods.serial
        if party == "platform":  # the desk looks into the platform's own records itself
            able[row] = False
        if party == "seller":
            able[row] = ~life.packs.by_platform if kind in of_packing else able[row]
            able[row] = ~life.back.to_warehouse if kind in of_return else able[row]
    return able
