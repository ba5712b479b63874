"""Only those who lost appeal, within the window, more often with something new; what is new may turn the ruling."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from features.tables import DAY, NULL_INSTANT, Instants
from features.vocabulary import LIABLE
from training.simulate.answers import AUTO_RULE, DEFAULT, SETTLEMENT, WITHDRAWN
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.lives import Lives
from training.simulate.requests import SUPPLIED, Requests
from training.simulate.rulings import Rulings
from training.simulate.submission import Handed
from training.simulate.world import World

BUYER, SELLER = LIABLE.index("buyer"), LIABLE.index("seller")
WINDOW_DAYS: Final = 21


@dataclass(frozen=True, slots=True)
class Appeals(Columns):
    """One appeal per case at most; instants are NULL_INSTANT where there is none."""

    at: Instants
    decided_at: Instants
    new: Flags
    overturned: Flags
    liable_after: Ints


def appeals(
    world: World, life: Lives, ruling: Rulings, files: Files, handed: Handed, requests: Requests, entitled: Flags,
    floor: Flags, draws: Draws,
) -> tuple[Appeals, Handed]:  # fmt: skip
    """Who appeals, with what, and what comes of it; and what is on file after the appeals."""
    chance = draws.of("appeals")
    n = len(life)
    seller_lost = np.isin(ruling.liable, (SELLER, LIABLE.index("shared")))
    buyer_lost = ~entitled & ~seller_lost
    unseen = files.exists & (handed.known_at > ruling.at) & (requests.answer != SUPPLIED)
    mine = np.where((files.parties == 1)[:, None], seller_lost, (files.parties == 0)[:, None] & buyer_lost)
    new = unseen & mine & (files.serves > 0)
    has_new = new.any(axis=0)
    wrong = ruling.liable != life.liable
    odds = np.where(seller_lost, world.seller_appeals, np.where(buyer_lost, world.buyer_appeals, 0.0))
    odds = odds * np.where(has_new, 2.2, 0.7) * np.where(wrong, 2.0, 0.8)
    odds = odds * np.where(ruling.basis == DEFAULT, 1.8, 1.0)
    odds = np.where(np.isin(ruling.basis, (SETTLEMENT, WITHDRAWN, AUTO_RULE)) | floor, 0.0, odds)
    appealed = chance.random(n) < odds
    brings_new = appealed & has_new & (chance.random(n) < 0.85)
    at = ruling.at + (np.minimum(chance.gamma(1.6, 4.0, n), WINDOW_DAYS - 0.5) * DAY).astype(np.int64)
    decided = at + ((1 + chance.gamma(2.0, 2.0, n)) * DAY).astype(np.int64)
    turns = np.where(wrong, np.where(brings_new, world.overturns_new, world.overturns_old), world.overturns_right)
    turns = np.where((ruling.basis == DEFAULT) & wrong, np.maximum(turns, 0.6), turns)
    overturned = appealed & (chance.random(n) < turns)
    instead = np.where(seller_lost, BUYER, SELLER)
    after = np.where(wrong, life.liable, instead)
    at = at // 1_000_000 * 1_000_000
    told = Appeals(
        at=np.where(appealed, at, NULL_INSTANT),
        decided_at=np.where(appealed, decided // 1_000_000 * 1_000_000, NULL_INSTANT),
        new=brings_new,
        overturned=overturned,
        liable_after=np.where(overturned, after, ruling.liable),
    )
    return told, replace(handed, known_at=np.where(new & brings_new, at, handed.known_at))
