"""Which files are handed in, when, and in what state: parties show what serves them and are slow with the rest.

``known_at`` is NEVER for a file that nobody handed in unasked; the desk may still ask for it (``requests.py``).
"""

from dataclasses import dataclass

import numpy as np

from features.tables import DAY, HOUR, NEVER, NULL_INSTANT, Instants
from training.simulate.answers import NO_ANSWER, Answers
from training.simulate.calendar import switched_on
from training.simulate.columns import Flags, Floats
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.lives import Lives
from training.simulate.stories import HONEST
from training.simulate.traces import Traces
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Handed:
    """The state of every file by kind and case, as ``Files`` has them: since when on file, and what a check reads."""

    known_at: Instants
    linked: Flags
    legible: Flags
    continuous: Flags
    stock: Flags  # a listing's or template's picture
    catalogue: Flags  # ... and recognised as such
    synthetic: Floats
    reused: Flags

    @property
    def admissible(self) -> Flags:
        """What an arbitrator may rest on: linked to the parcel, legible, no stock picture, not made by a machine."""
        return self.linked & self.legible & ~self.catalogue & (self.synthetic < 0.8)


def handed_in(world: World, life: Lives, files: Files, answer: Answers, trace: Traces, draws: Draws) -> Handed:
    """Who hands in what without being asked, and the state of every file that exists."""
    chance = draws.of("submission")
    shape = files.exists.shape
    buyer, seller = files.parties == 0, files.parties == 1
    serves = files.serves
    honest = HONEST[life.story]
    by_buyer = np.where(serves > 0, 0.55 + 0.4 * life.buyer.careful, np.where(serves == 0, 0.4, honest * 0.12))
    by_seller = np.where(
        serves > 0, world.attaches, np.where(serves == 0, 0.3, np.where(life.seller.crooked, 0.0, 0.1))
    )
    volunteers = np.where(buyer[:, None], by_buyer, np.where(seller[:, None], by_seller, 1.0))
    given = files.exists & (chance.random(shape) < volunteers)
    given[seller] &= answer.answer != NO_ANSWER
    kinds_late = np.array([kind in ("police_report_or_affidavit", "expert_or_brand_letter") for kind, _ in files.names])
    given[kinds_late] &= chance.random(shape)[kinds_late] < 0.3

    at = np.empty(shape, dtype=np.int64)
    at[:] = life.opened_at
    slow = chance.random(shape) < 0.25
    later = (chance.exponential(9.0, shape) * HOUR).astype(np.int64) * slow
    at[buyer] += later[buyer]
    answered = np.where(answer.answered_at == NULL_INSTANT, life.opened_at, answer.answered_at)
    at[seller] = answered + later[seller] // 3
    for row, (kind, party) in enumerate(files.names):
        if party == "carrier" and kind != "carrier_investigation":
            at[row] = np.maximum(files.captured_at[row] + trace.upload_lag, life.sold.placed_at)
        elif kind in ("carrier_investigation", "return_inspection"):
            at[row] = files.captured_at[row]
        elif party == "platform":
            at[row] = life.opened_at
    at = np.maximum(at, files.captured_at) // 1_000_000 * 1_000_000
    staged = files.made_up
    again = switched_on(world, "reused_images", life.opened_at)
    stock = _stock(world, files, chance)
    machine = staged & files.images & ~stock & (chance.random(shape) < _machine_share(world, life))
    return Handed(
        known_at=np.where(given, at, NEVER),
        linked=chance.random(shape) < np.where(staged, 0.55, np.array([0.88, 0.9, 0.99, 0.99])[files.parties][:, None]),
        legible=chance.random(shape) < np.where(buyer[:, None], 0.9, 0.96),
        continuous=chance.random(shape) < np.where(staged, 0.15, 0.75),
        stock=stock,
        catalogue=stock & (chance.random(shape) < world.stock_recognised),
        synthetic=np.where(machine, chance.beta(5, 2.5, shape), chance.beta(1.2, 14, shape)).round(3),
        reused=staged
        & files.images
        & buyer[:, None]
        & ~machine
        & ~stock
        & (chance.random(shape) < world.reused_images)
        & again,
    )


def _stock(world: World, files: Files, chance: np.random.Generator) -> Flags:
    """(files, cases): sellers' pictures that stand for every parcel, and listings' own that buyers send for a photo."""
    packed = np.array([kind == "packing_photo" for kind, _ in files.names])[:, None]
    of_piece = np.array([name == ("item_photo", "buyer") for name in files.names])[:, None]
    copied = of_piece & (chance.random(files.exists.shape) < world.listing_pictures)
    return np.asarray((files.made_up & packed) | copied)


def _machine_share(world: World, life: Lives) -> Floats:
    """Pictures made by machines become commoner every year."""
    years = (life.opened_at - life.opened_at.min()) / (365 * DAY)
    on = switched_on(world, "synthetic_images", life.opened_at)
    drift = np.where(switched_on(world, "drift", life.opened_at), world.drift_strength, 1.0)
    return np.where(on, np.clip(world.synthetic_images * (1 + years) * drift, 0, 0.9), 0.0)


def everything(files: Files) -> Instants:
    """Every file that exists, as if it were on file."""
    return np.where(files.exists, NULL_INSTANT, NEVER)
