"""The buyers of one block of the world: where they live, how honest and how careful they are.

A block has streets of every region. In it live a dormitory of honest students who share one address and, next door,
a ring whose accounts share two addresses, their devices and their means of payment.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY
from training.simulate.calendar import Calendar, switched_on
from training.simulate.columns import Columns, Flags, Floats, Ints, choose
from training.simulate.draws import Draws
from training.simulate.routes import REGIONS
from training.simulate.world import World

HONEST, OPPORTUNIST, ABUSIVE, RING = range(4)
KINDS: Final = ("honest", "opportunist", "abusive", "ring")


@dataclass(frozen=True, slots=True)
class Buyers(Columns):
    """The buyers of a block by number."""

    weight: Floats
    region: Ints
    street: Ints
    address: Ints
    kind: Ints
    dormitory: Flags
    language: Ints
    careful: Floats  # photographs, keeps boxes, answers
    patient: Floats
    device: Ints
    payment: Ints


@dataclass(frozen=True, slots=True)
class District:
    """The buyers of a block, and on which days a thief works which street."""

    buyers: Buyers
    thief: Flags  # (streets, days)


def district(world: World, cal: Calendar, draws: Draws) -> District:
    """The people of a block."""
    chance = draws.of("district")
    n = round(world.block_orders / world.orders_per_buyer)
    homes = max(10, round(n / world.buyers_per_address))
    streets = max(len(REGIONS), homes // world.homes_per_street)
    reach = np.cumsum(chance.pareto(1.5, streets) + 0.3)
    street_of_home = np.sort(np.searchsorted(reach / reach[-1], chance.random(homes)))
    address = chance.integers(0, homes, n)
    device, payment = _at_home(world.family_devices, address, chance), _at_home(world.family_payments, address, chance)
    kind = choose(chance, (1 - world.opportunists - world.abusers, world.opportunists, world.abusers), n)
    dormitory = np.zeros(n, dtype=bool)
    careful = chance.beta(2.2, 1.8, n)
    weight = chance.gamma(world.buyer_activity, 1.0, n) + 0.02

    ring, dorm = world.ring_accounts, world.dormitory_buyers
    for first in range(0, world.rings_per_block * (ring + dorm), ring + dorm):
        members, students = slice(first, first + ring), slice(first + ring, first + ring + dorm)
        home = int(chance.integers(0, homes - 3))
        street_of_home[home : home + 3] = street_of_home[home]
        address[members] = home + np.arange(ring) % 2
        address[students] = home + 2
        device[members] = first + np.arange(ring) % 3
        payment[members] = first + np.arange(ring) % 2
        kind[members], kind[students], dormitory[students] = RING, HONEST, True
        weight[members] = 2.5
        careful[members] = 0.8
    street = street_of_home[address]
    return District(
        Buyers(
            weight=weight,
            region=street % len(REGIONS),
            street=street,
            address=address,
            kind=kind,
            dormitory=dormitory,
            language=choose(chance, world.buyer_languages, n),
            careful=careful,
            patient=chance.beta(2.0, 2.0, n),
            device=device,
            payment=payment,
        ),
        _thief(world, cal, draws, streets),
    )


def _at_home(share: float, address: Ints, chance: np.random.Generator) -> Ints:
    """(n,) things of one's own, or with this chance that of the first who lives at the same address."""
    first, place = np.unique(address, return_index=True, return_inverse=True)[1:]
    return np.where(chance.random(len(address)) < share, first[place], np.arange(len(address)))


def _thief(world: World, cal: Calendar, draws: Draws, streets: int) -> Flags:
    """Sprees of a few days in a street, often as many as the world's share of thefts asks for."""
    chance = draws.of("thief")
    days = len(cal.busy)
    sprees = chance.poisson(world.sprees_per_street_year * streets * world.days / 365)
    thief = np.zeros((streets, days), dtype=bool)
    street, first = chance.integers(0, streets, sprees), chance.integers(0, days, sprees)
    on = switched_on(world, "porch_thief", cal.start + first * DAY)
    for later in range(3):
        thief[street[on], np.minimum(first[on] + later, days - 1)] = True
    return thief
