"""What the carriers recorded of each parcel, and when it reached the platform: scans, weights, positions, photos.

Records are not the truth: weights are often copied from the label, positions are missing, scans of a failing hub are
uploaded days late, and a parcel left at another door in the same ZIP code reads "delivered".
"""

from dataclasses import dataclass

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from training.simulate.calendar import Calendar, switched_on
from training.simulate.columns import Columns, Flags, Floats, Ints
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.packing import DECOY, LABEL_RIGHT
from training.simulate.stories import is_one_of
from training.simulate.transit import CAME, FIRST_MILE, HUB, NOT_ATTEMPTED, NOWHERE, REFUSED, VAN
from training.simulate.world import World

ABSENT = NULL_INSTANT


@dataclass(frozen=True, slots=True)
class Traces(Columns):
    """The carriers' records, one row per case; an instant is ABSENT where a thing was not recorded."""

    label_at: Instants
    first_scan_at: Instants
    hub_in_at: Instants
    hub_out_at: Instants
    out_at: Instants
    attempted_at: Instants
    delivered_at: Instants
    sent_back_at: Instants
    damage_noted_at: Instants
    lost_declared_at: Instants
    found_at: Instants
    upload_lag: Ints  # microseconds between a scan and its arrival here
    grams_first: Floats  # NaN where never weighed there
    grams_hub: Floats
    measured_first: Flags
    measured_hub: Flags
    distance_m: Floats  # NaN without a position
    address_match: Floats  # 1, 0, or NaN where nobody can say
    signed: Flags
    photo: Flags
    listing_changed_at: Instants  # after the order
    address_changed_at: Instants


def traces(world: World, cal: Calendar, life: Lives, draws: Draws) -> Traces:
    """The records of every disputed parcel."""
    chance = draws.of("traces")
    n, packs, ways, door = len(life), life.packs, life.ways, life.door
    handed = packs.handed_at
    moved = ~packs.never & (ways.lost != FIRST_MILE)
    bulk = (life.sold.fulfilment != 1) & (chance.random(n) < 0.12)  # pick-ups in bulk get no acceptance scan
    first_scan = handed + (chance.gamma(2.0, 3.0, n) * HOUR).astype(np.int64)
    end = np.where(door.delivered, door.delivered_at, ways.arrived_at)
    span = np.maximum(end - first_scan, 10 * HOUR)
    hub_in = first_scan + (span * 0.3).astype(np.int64)
    hub_out = hub_in + (span * chance.uniform(0.1, 0.45, n)).astype(np.int64)
    out = end - (chance.uniform(1.5, 7, n) * HOUR).astype(np.int64)
    hub_out = np.minimum(hub_out, out - HOUR)
    hub_in = np.minimum(hub_in, hub_out - HOUR // 2)
    first_scan = np.minimum(first_scan, hub_in - HOUR // 2)
    at_hub = moved & (chance.random(n) < 0.95)
    past_hub = at_hub & ((ways.lost == NOWHERE) | (ways.lost > HUB))
    at_van = moved & ((ways.lost == NOWHERE) | (ways.lost == VAN))
    lost_at = np.maximum(life.sold.promised_at, hub_in) + (chance.uniform(3, 12, n) * DAY).astype(np.int64)
    found_at = np.maximum(lost_at - 3 * DAY, life.opened_at) + (chance.uniform(0.3, 13, n) * DAY).astype(np.int64)
    declared = moved & (ways.lost != NOWHERE) & (chance.random(n) < 0.75) & (~ways.found | (lost_at < found_at))
    late_scans = ways.bad_hub | (chance.random(n) < 0.02)
    lag = np.where(late_scans, chance.uniform(3, 6.5, n) * DAY, chance.exponential(0.7, n) * HOUR)

    first, m_first = _weighed(world, packs.grams, packs.expected_grams, moved & ~bulk, chance)
    after = np.where((ways.opened != NOWHERE) & (ways.opened <= HUB), _left(life), packs.grams)
    hub, m_hub = _weighed(world, after, packs.expected_grams, past_hub, chance)
    has_geo = door.geo & door.delivered
    at_its_door = ~ways.strayed & (packs.label == LABEL_RIGHT) & (packs.content != DECOY)
    far = np.where(packs.content == DECOY, 150 + chance.gamma(2, 150, n), ways.distance_m)
    says_match = np.where(chance.random(n) < 0.96, at_its_door, ~at_its_door)

    def when(there: Flags, at: Instants) -> Instants:
        return np.where(there, at // 1_000_000 * 1_000_000, ABSENT)

    return Traces(
        label_at=when(np.ones(n, dtype=bool), np.minimum(handed - 2 * HOUR, life.sold.placed_at + 20 * HOUR)),
        first_scan_at=when(moved & ~bulk, first_scan),
        hub_in_at=when(at_hub, hub_in),
        hub_out_at=when(past_hub, hub_out),
        out_at=when(at_van & (ways.bounced != NOT_ATTEMPTED), out),
        attempted_at=when(moved & (ways.bounced == REFUSED), out + 4 * HOUR),
        delivered_at=when(door.delivered, door.delivered_at),
        sent_back_at=when(moved & (ways.bounced != CAME), end + DAY),
        damage_noted_at=when(
            moved & (ways.crushed != NOWHERE) & ways.broke & (chance.random(n) < world.damage_noted), hub_out
        ),
        lost_declared_at=when(declared, lost_at),
        found_at=when(moved & ways.found, found_at),
        upload_lag=lag.astype(np.int64),
        grams_first=first,
        grams_hub=hub,
        measured_first=m_first,
        measured_hub=m_hub,
        distance_m=np.where(has_geo, np.round(far + np.abs(chance.normal(0, 6, n)), 0), np.nan),
        address_match=np.where(has_geo & (chance.random(n) < 0.7), says_match, np.nan),
        signed=door.signed & door.delivered,
        photo=door.photo & door.delivered,
        listing_changed_at=_listing_changed(world, cal, life, chance),
        address_changed_at=_address_changed(life, chance),
    )


def _listing_changed(world: World, cal: Calendar, life: Lives, chance: np.random.Generator) -> Instants:
    """Listings change now and then, and some sellers correct theirs as soon as a buyer complains of it."""
    n = len(life)
    planned = cal.start + life.goods.edited_on * DAY + 10 * HOUR
    after = (life.goods.edited_on >= 0) & (planned > life.sold.placed_at) & (planned < life.opened_at)
    caught = is_one_of(life.story, "mislisted", "wrong_chart") & (chance.random(n) < world.listings_corrected)
    caught &= switched_on(world, "listing_edits", life.opened_at)
    quick = life.opened_at + (chance.uniform(0.5, 20, n) * HOUR).astype(np.int64)
    at = np.where(caught, quick, np.where(after, planned, ABSENT))
    return np.where(at == ABSENT, ABSENT, at // 1_000_000 * 1_000_000)


def _address_changed(life: Lives, chance: np.random.Generator) -> Instants:
    """The address on the order was changed: by somebody who took over the account, or by a buyer who mistyped it."""
    n = len(life)
    taken = is_one_of(life.story, "account_taken") & (chance.random(n) < 0.65)
    mistyped = is_one_of(life.story, "buyer_address") & (chance.random(n) < 0.35)
    other = chance.random(n) < 0.008
    late = life.packs.handed_at + (chance.uniform(1, 30, n) * HOUR).astype(np.int64)
    at = np.where(mistyped, late, life.sold.placed_at + (chance.uniform(0.1, 3, n) * HOUR).astype(np.int64))
    return np.where(taken | mistyped | other, at // 1_000_000 * 1_000_000, ABSENT)


def _left(life: Lives) -> Ints:
    """The weight that is left after somebody opened the parcel on the way."""
    return np.where(life.ways.took_all, life.packs.grams // 8 + 60, (life.packs.grams * 0.62).astype(np.int64))


def _weighed(
    world: World, grams: Ints, declared: Ints, there: Flags, chance: np.random.Generator
) -> tuple[Floats, Flags]:
    """What a scale read, or what was copied from the label; NaN where nobody weighed."""
    n = len(grams)
    read = grams * (1 + chance.normal(0, world.weight_noise, n)) + chance.normal(0, 20, n)
    copied = chance.random(n) < world.weight_copied
    some = there & (chance.random(n) >= world.weight_missing**0.5)  # two scales on the way
    return np.where(some, np.round(np.where(copied, declared, np.maximum(read, 5))), np.nan), some & ~copied
