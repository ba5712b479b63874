"""Where parcels go and who carries them: regions, hubs, carriers, warehouses, and the weeks in which a hub fails."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, Instants
from training.simulate.calendar import Calendar
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.draws import Draws
from training.simulate.world import World

REGIONS: Final = ("CA", "WA", "AZ", "CO", "TX", "IL", "OH", "GA", "FL", "NC", "PA", "NY")
HOURS_BEHIND_UTC: Final = (8, 8, 7, 7, 6, 6, 5, 5, 5, 5, 5, 5)
TAX_RATE: Final = (0.0875, 0.09, 0.083, 0.077, 0.0825, 0.0885, 0.072, 0.073, 0.07, 0.069, 0.063, 0.086)
ABROAD: Final = len(REGIONS)
ORIGINS: Final = (*REGIONS, "CN")
WAREHOUSES: Final = (0, 4, 10)
"""The regions in which the platform stores and ships."""

CARRIERS: Final = ("northline", "postal", "uniparcel", "lastmile")
SERVICES: Final = ("ground", "express")
LOSS_BY_CARRIER: Final = (0.8, 1.1, 0.8, 1.7)
TRANSIT_BY_CARRIER: Final = (2.08 / 2.56, 2.55 / 2.56, 2.22 / 2.56, 1.05)
"""Transit time relative to the mean; the first three after Q1 2024 figures [O3], the last ASSUMED."""


LANES: Final = tuple(f"{c}:{o}>{d}" for c in CARRIERS for o in ORIGINS for d in REGIONS)


@dataclass(frozen=True, slots=True)
class BadWeeks:
    """Weeks in which a carrier's hub in a region fails: parcels wait, scans are uploaded days late."""

    bad: Flags  # (carriers, regions, days)

    def at(self, carrier: Ints, region: Ints, day: Ints) -> Flags:
        """Of each parcel whether it met a failing hub there on that day."""
        return self.bad[carrier, np.minimum(region, ABROAD - 1), day] & (region < ABROAD)


def bad_weeks(world: World, cal: Calendar, draws: Draws) -> BadWeeks:
    """Which hubs fail when: some single hubs, and now and then a carrier everywhere."""
    chance = draws.of("bad weeks")
    bad = np.zeros((len(CARRIERS), len(REGIONS), len(cal.busy)), dtype=bool)
    for _ in range(round(world.bad_weeks_per_year * world.days / 365)):
        first = int(chance.integers(30, max(31, cal.days - 10)))
        bad[chance.integers(len(CARRIERS)), chance.integers(len(REGIONS)), first : first + 7] = True
    for _ in range(round(world.carrier_weeks_per_year * world.days / 365)):
        first = int(chance.integers(30, max(31, cal.days - 10)))
        bad[chance.integers(len(CARRIERS)), :, first : first + 5] = True
    return BadWeeks(bad)


TRAILER_DAYS: Final = 4
"""So many days' parcels wait for one trailer. ASSUMED"""


def lost_trailers(world: World, cal: Calendar, draws: Draws, traffic: Floats) -> Flags:
    """(lanes, days): on which lanes a trailer was lost with nearly all that it carried; traffic (carriers, origins)."""
    chance = draws.of("lost trailers")
    count = round(world.trailers_per_year * world.days / 365)
    lost = np.zeros((len(LANES), len(cal.busy)), dtype=bool)
    weight = traffic.ravel() / traffic.sum()
    route = chance.choice(len(weight), count, p=weight)
    lane = route * len(REGIONS) + chance.integers(len(REGIONS), size=count)
    first = chance.integers(20, max(21, cal.days - 10), count)
    for day in range(TRAILER_DAYS):
        lost[lane, first + day] = True
    return lost


def lane_code(carrier: Ints, origin: Ints, destination: Ints) -> Ints:
    """A number for each route of a carrier."""
    return np.asarray((carrier * len(ORIGINS) + origin) * len(REGIONS) + destination)


def local_day_starts(at: Instants, region: Ints) -> Instants:
    """The start of the local day of each instant, in UTC."""
    offset = np.array(HOURS_BEHIND_UTC)[region] * 3_600_000_000
    return np.asarray((at - offset) // DAY * DAY + offset)
