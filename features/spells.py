"""How many other people were seen with the same thing lately: each counts once, however often they came.

Whoever came with a thing is around for so many days from then on. Stays of one person that touch are one, so that the
people around are those who have come less those who have gone: two searches, and no list of people for any ask.
"""

from typing import NamedTuple

import numpy as np

from features.pairs import Codes, Pairs
from features.tables import NEVER, Instants
from features.timeline import Timeline


class Selves(NamedTuple):
    """Who each ask is about: the buyer that its case names, and another one whom the past names for the same case."""

    named: Codes
    recorded: Codes

    def of(self, ask: Codes) -> "Selves":
        """The same for some of the asks, or for what belongs to them."""
        return Selves(self.named[ask], self.recorded[ask])


class Spells:
    """When which people were around which thing.

    Parameters
    ----------
    thing, person
        (visits,) codes; a visit without either tells nothing.
    at
        (visits,) when each became known.
    stay
        For how long each is around, microseconds.
    """

    def __init__(self, thing: Codes, person: Codes, at: Instants, stay: int) -> None:
        told = (thing >= 0) & (person >= 0)
        thing, person, at = thing[told], person[told], at[told]
        self._sole = _sole_person(thing, person)
        self._pairs = Pairs(thing, person)
        pair = self._pairs.codes
        order = np.lexsort((at, pair))
        thing, pair, at = thing[order], pair[order], at[order]
        apart = np.append(True, (pair[1:] != pair[:-1]) | (at[1:] > at[:-1] + stay))
        comes, goes = apart[: len(at)], np.append(apart[1:], True)[: len(at)]
        self._of_thing = _Around(thing[comes], at[comes], thing[goes], at[goes] + stay)
        self._of_pair = _Around(pair[comes], at[comes], pair[goes], at[goes] + stay)

    def others(self, thing: Codes, selves: Selves, instant: Instants) -> Codes:
        """How many people were around each thing before the instant, without those whom the ask is about: (asks,)."""
        found = np.zeros(len(thing), dtype=np.int64)
        sole = self._sole[np.clip(thing, 0, len(self._sole) - 1)]
        rest = np.flatnonzero((thing >= 0) & (sole != selves.named))
        if not len(rest):
            return found
        thing, instant = thing[rest], instant[rest]
        found[rest] = self._of_thing.count(thing, instant)
        for person in selves.of(rest):
            found[rest] -= self._of_pair.count(self._pairs.of(thing, person), instant)
        return found


class _Around:
    """How many stays of a key had begun and not ended before an instant."""

    def __init__(self, came_to: Codes, came: Instants, gone_from: Codes, gone: Instants) -> None:
        self._came, self._gone = Timeline(came_to, came), Timeline(gone_from, gone)

    def count(self, key: Codes, instant: Instants) -> Codes:
        found = np.zeros(len(key), dtype=np.int64)
        there = np.flatnonzero(key >= 0)
        if not len(there):
            return found
        key, instant = key[there], instant[there]
        came = self._came.before(key, instant) - self._came.start(key)
        found[there] = came - (self._gone.before(key, instant) - self._gone.start(key))
        return found


def _sole_person(thing: Codes, person: Codes) -> Codes:
    """For each thing the one person who ever came with it, -1 where there were more, or none as in the last entry."""
    things = int(thing.max(initial=-1)) + 2
    least, most = np.full(things, NEVER), np.full(things, -1)
    np.minimum.at(least, thing, person)
    np.maximum.at(most, thing, person)
    return np.where(least == most, most, -1)
