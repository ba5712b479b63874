"""What befell each parcel between the packer's hands and a door, and in whose custody it then was."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, HOUR, Instants
from training.simulate.calendar import switched_on
from training.simulate.columns import Columns, Flags, Floats, Ints, choose
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.packing import LABEL_RIGHT, Packed
from training.simulate.routes import ABROAD, LOSS_BY_CARRIER, TRANSIT_BY_CARRIER
from training.simulate.world import World

NOWHERE, FIRST_MILE, HUB, LINEHAUL, VAN = range(5)
"""Legs of the carrier's custody; NOWHERE where the thing did not happen."""
CAME, REFUSED, NOT_ATTEMPTED = range(3)
LEG_SHARES: Final = (0.12, 0.43, 0.2, 0.25)


@dataclass(frozen=True, slots=True)
class Carried(Columns):
    """What happened on the way, one row per order; the legs say where."""

    bad_hub: Flags  # it met a failing hub: it waits, and its scans are uploaded days late
    lost: Ints
    with_trailer: Flags  # ... among all that a lane carried in those days
    found: Flags  # declared lost, then turned up
    crushed: Ints  # the box was crushed
    broke: Flags  # ... and what is in it broke
    opened: Ints  # somebody took something out
    took_all: Flags
    strayed: Flags  # left at another door by the driver
    second_lost: Flags
    bounced: Ints  # sent back undelivered
    distance_m: Floats  # from the door on the order to the door it reached
    delay_hours: Floats  # what the carrier added to its usual time
    arrived_at: Instants


def carried(world: World, market: Market, sold: Orders, packs: Packed, draws: Draws) -> Carried:
    """The carriers' part of every order's story."""
    chance = draws.of("transit")
    n, goods = len(sold), market.products
    usual = 0.9 + chance.gamma(3.0, (world.transit_days - 0.9) / 3, n)
    usual = usual * np.array(TRANSIT_BY_CARRIER)[sold.carrier]
    usual = usual * np.where(sold.express, 0.55, 1.0) + np.where(sold.origin == ABROAD, chance.gamma(9, 0.85, n), 0.0)
    meets = market.calendar.day(packs.handed_at + (usual * 0.5 * DAY).astype(np.int64))
    bad_hub = market.bad_weeks.at(sold.carrier, sold.origin, meets)
    bad_hub |= market.bad_weeks.at(sold.carrier, sold.destination, meets)
    bad_hub &= switched_on(world, "bad_weeks", packs.handed_at)
    rush = np.where(market.calendar.peak[meets], world.peak_trouble, 1.0)
    delay = np.where(chance.random(n) < world.carrier_late * rush, chance.exponential(world.late_tail_days, n), 0.0)
    delay = delay + np.where(bad_hub, chance.normal(5.0, 1.2, n).clip(2), 0.0)

    risk = world.lost * np.array(LOSS_BY_CARRIER)[sold.carrier] * rush * np.where(bad_hub, world.bad_hub_losses, 1.0)
    lost = np.where(chance.random(n) < risk, 1 + choose(chance, LEG_SHARES, n), NOWHERE)
    trailer = market.lost_trailers[sold.lane, meets] & switched_on(world, "lost_trailers", packs.handed_at)
    trailer &= chance.random(n) < world.trailer_takes
    lost = np.where(trailer, LINEHAUL, lost)
    found = (lost > 0) & (chance.random(n) < np.where(bad_hub, 0.5, world.lost_then_found))
    crushed = np.where(chance.random(n) < world.crushed_boxes * rush, 1 + choose(chance, LEG_SHARES, n), NOWHERE)
    fragile = goods.fragile[sold.product]
    breaks = np.where(packs.padded, world.breaks_padded, world.breaks_unpadded) * np.where(
        fragile, 1.0, 0.08 * goods.breakable[sold.product]
    )
    shaken = np.where(packs.padded, 0.0, world.breaks_without_crush) * fragile
    broke = chance.random(n) < np.where(crushed > 0, breaks, shaken)
    opened = np.where(chance.random(n) < world.pilfered, 1 + choose(chance, LEG_SHARES, n), NOWHERE)
    strayed = (chance.random(n) < world.misdelivered) & (packs.label == LABEL_RIGHT)
    distance = np.where(strayed, 90 + chance.gamma(1.5, 180, n), np.abs(chance.normal(0, 9, n)))
    distance = np.where(packs.label != LABEL_RIGHT, 60 + chance.gamma(2.0, 90, n), distance)
    bounced = np.where(chance.random(n) < world.refused_or_absent, REFUSED, CAME)
    bounced = np.where(chance.random(n) < world.never_attempted, NOT_ATTEMPTED, bounced)
    return Carried(
        bad_hub=bad_hub,
        lost=lost,
        with_trailer=trailer,
        found=found,
        crushed=crushed,
        broke=broke,
        opened=opened,
        took_all=chance.random(n) < 0.3,
        strayed=strayed,
        second_lost=sold.two_parcels & (chance.random(n) < world.lost * 2),
        bounced=np.where(lost > 0, CAME, bounced),
        distance_m=distance,
        delay_hours=delay * 24,
        arrived_at=packs.handed_at + ((usual + delay) * DAY).astype(np.int64) + 3 * HOUR,
    )
