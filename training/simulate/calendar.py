"""Days: how busy each is, which are holidays, when a mechanism of the world was switched on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.tables import DAY, HOUR, Instants
from training.simulate.columns import Flags, Floats, Ints, allot
from training.simulate.world import World

LUNAR_NEW_YEAR: Final = tuple(
    date.fromisoformat(d)
    for d in (
        "2022-02-01", "2023-01-22", "2024-02-10", "2025-01-29", "2026-02-17", "2027-02-06", "2028-01-26", "2029-02-13",
        "2030-02-03", "2031-01-23",
    )
)  # fmt: skip
FEDERAL: Final = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
"""Holidays with a fixed date; Thanksgiving is found by its weekday."""
MARGIN_DAYS: Final = 120
"""Days kept beyond the world's last one, for what is promised or due after it."""


def at_midnight(day: date) -> int:
    """The start of a day, microseconds UTC."""
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000_000)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a world, from its first to some beyond its last.

    ``busy`` (days,) is how many orders a day draws relative to the mean; ``peak`` whether it lies in the season
    before Christmas; ``next_open`` the first day from it on that is neither weekend nor holiday.
    """

    start: int
    end: int
    busy: Floats
    peak: Flags
    next_open: Ints

    def day(self, at: Instants) -> Ints:
        """The position of each instant's day; instants outside are moved to the nearest."""
        return np.clip((at - self.start) // DAY, 0, len(self.busy) - 1)

    @property
    def days(self) -> int:
        """How many days the world has."""
        return (self.end - self.start) // DAY

    def rolled(self, due: Instants) -> Instants:
        """Deadlines that fall on a day off move to the next open day."""
        day = self.day(due)
        return due + (self.next_open[day] - day) * DAY

    def instants_of_orders(self, chance: np.random.Generator, n: int) -> Instants:
        """(n,) instants at which orders are placed, busy days drawing more, evenings most."""
        day = chance.permutation(allot(chance, self.busy[: self.days], n))
        hour = np.clip(chance.normal(19.0, 4.5, n) % 24 + 5, 0, 28.99)  # US evenings, told in UTC
        return np.asarray(self.start + day * DAY + (hour * HOUR).astype(np.int64) % DAY) // 1_000_000 * 1_000_000


def calendar(world: World) -> Calendar:
    """The calendar of a world."""
    last = date.fromisoformat(world.last_day)
    first = last - timedelta(days=world.days - 1)
    days = [first + timedelta(days=i) for i in range(world.days + MARGIN_DAYS)]
    peak = np.array([(d.month, d.day) >= (11, 20) and (d.month, d.day) <= (12, 24) for d in days])
    weekday = np.array([d.weekday() for d in days])
    growth = (1 + world.growth) ** (np.arange(len(days)) / 365)
    busy = growth * np.where(peak, world.peak_orders, 1.0) * np.where(weekday >= 5, world.weekend_orders, 1.0)
    shut = (weekday >= 5) | np.array([_federal(d) for d in days])
    places = np.arange(len(days))
    following = np.minimum.accumulate(np.where(shut, len(days) - 1, places)[::-1])[::-1]
    start = at_midnight(first)
    return Calendar(start, start + world.days * DAY, busy, peak, following)


def _federal(day: date) -> bool:
    thanksgiving = day.month == 11 and day.weekday() == 3 and 22 <= day.day <= 28
    return thanksgiving or (day.month, day.day) in FEDERAL


def lunar_new_years(cal: Calendar) -> list[int]:
    """The positions of the Lunar New Year days that lie in or near the world."""
    days = [(at_midnight(d) - cal.start) // DAY for d in LUNAR_NEW_YEAR]
    return [d for d in days if -30 <= d < len(cal.busy)]


def switched_on(world: World, mechanism: str, at: Instants) -> NDArray[np.bool_]:
    """Of each instant whether a mechanism of the world works by then."""
    from_day = world.starts[mechanism]
    if from_day == "never":
        return np.zeros(len(at), dtype=bool)
    return np.asarray(at >= at_midnight(date.fromisoformat(from_day))) if from_day else np.ones(len(at), dtype=bool)


def near_lunar_new_year(at: Instants) -> Flags:
    """Of each instant whether sellers who keep Lunar New Year are away, or about to leave."""
    days = np.array([at_midnight(d) for d in LUNAR_NEW_YEAR])
    return np.asarray(((at[:, None] > days - 7 * DAY) & (at[:, None] < days + 11 * DAY)).any(axis=1))
