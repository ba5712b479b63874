"""What happened at the door: left or handed over, signed, photographed, stolen, or taken in by somebody at home."""

from dataclasses import dataclass

import numpy as np

from features.tables import HOUR, Instants
from training.simulate.calendar import switched_on
from training.simulate.columns import Columns, Flags
from training.simulate.district import District
from training.simulate.draws import Draws
from training.simulate.market import Market
from training.simulate.orders import Orders
from training.simulate.packing import LABEL_RIGHT, Packed
from training.simulate.routes import local_day_starts
from training.simulate.transit import CAME, Carried
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Door(Columns):
    """The last metres, one row per order."""

    delivered: Flags  # it reached some door
    at_right_door: Flags
    delivered_at: Instants
    signed: Flags
    photo: Flags
    geo: Flags
    unattended: Flags
    thief_in_street: Flags
    stolen: Flags
    taken_in: Flags  # by somebody of the household, without the buyer knowing


def at_the_door(
    world: World, market: Market, people: District, sold: Orders, packs: Packed, ways: Carried, draws: Draws
) -> Door:
    """The last metres of every order."""
    chance = draws.of("doorstep")
    n = len(sold)
    day = local_day_starts(ways.arrived_at, sold.destination)
    delivered_at = day + ((9 + 10 * chance.beta(2.2, 1.8, n)) * HOUR).astype(np.int64)
    night = ways.arrived_at > day + 21 * HOUR  # what reaches the last depot at night goes out in the morning
    delivered_at = np.where(night, delivered_at + 18 * HOUR, np.maximum(delivered_at, ways.arrived_at))
    delivered = ~packs.never & (ways.lost == 0) & (ways.bounced == CAME)
    signed = chance.random(n) < np.where(sold.paid >= world.signature_from_cents, 0.9, world.signed_share)
    unattended = ~signed & (chance.random(n) < world.left_unattended)
    thief = people.thief[people.buyers.street[sold.buyer], market.calendar.day(delivered_at)]
    right = delivered & ~ways.strayed & (packs.label == LABEL_RIGHT)
    drifted = switched_on(world, "drift", delivered_at)
    steals = np.where(thief, world.spree_takes, world.single_thefts) * np.where(drifted, world.drift_strength, 1.0)
    stolen = right & unattended & (chance.random(n) < steals)
    return Door(
        delivered=delivered,
        at_right_door=right,
        delivered_at=delivered_at,
        signed=signed,
        photo=~signed & (chance.random(n) < world.photo_share / (1 - world.signed_share)),
        geo=chance.random(n) < world.geo_share,
        unattended=unattended,
        thief_in_street=thief,
        stolen=stolen,
        taken_in=right & ~stolen & ~signed & (chance.random(n) < world.taken_in_share),
    )
