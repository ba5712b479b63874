"""Counting a key's past for many asks at once: sorted by time once for all keys, and by value once for each key.

A case never counts in its own history, and nothing known at or after ``as_of`` counts at all.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.history import EVER, History, KeyPast, Places, Span
from features.keys import LACKS, Subjects
from features.tables import DAY, Tables
from features.timeline import Clock, by_code

Windows = tuple[int, ...]
"""Lengths of windows in days; EVER comes last."""


class Asked:
    """A batch of asks, sorted by time, about cases of ``tables``: those the history was made of, or others."""

    def __init__(self, history: History, tables: Tables, asks: Asks) -> None:
        self.history = history
        self.subjects = Subjects(tables, asks.case, asks.as_of)
        self.order = np.argsort(asks.as_of, kind="stable")
        self._sorted = asks.as_of[self.order]
        self._places: dict[tuple[int, Windows], Places] = {}
        self._own: dict[str, list[tuple[Places, Places]]] = {}

    def of(self, key: str) -> "KeyCounts":
        """The past of each ask's own value of a key."""
        return KeyCounts(self, self.history.past(key))

    def places(self, clock: Clock, windows: Windows = (EVER,)) -> Places:
        """Where each ask, in order of time and each window earlier, stands among the facts: (windows, asks)."""
        key = (id(clock), windows)
        if key not in self._places:
            back = np.array(windows)[:, None] * DAY
            self._places[key] = np.searchsorted(clock.instants, self._sorted - back)
        return self._places[key]

    @cached_property
    def _own_cases(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The asks before which something of their own case was known, and the rows of those cases."""
        tables, ours = self.subjects.tables, self.history.tables
        case = self.subjects.case
        if tables is not ours:
            places = ours.places("cases", "case_id")
            case = np.array([places.get(i, -1) for i in tables.case_ids.take(case).to_pylist()], dtype=np.int64)
        known = np.flatnonzero(case >= 0)
        known = known[self.history.first_known[case[known]] < self.subjects.instant[known]]
        return known, case[known]

    def own(self, name: str) -> list[tuple[Places, Places]]:
        """Pairs of an ask and a fact of its own case before it; each ask is named once in each list of pairs."""
        if name not in self._own:
            ask, case = self._own_cases
            stream, ranked = self.history.streams[name], self.history.own[name]
            start = ranked.find(case, 0)
            end = ranked.find(case, stream.entries.before(self.subjects.instant[ask]))
            pairs = []
            for step in range(int((end - start).max(initial=0))):
                more = np.flatnonzero(start + step < end)
                pairs.append((ask[more], stream.entries.order[ranked.places((start + step)[more])]))
            self._own[name] = pairs
        return self._own[name]


class _Met(NamedTuple):
    """The asks of a key before which a fact of some kind was known, by code and time.

    ``place`` is an ask's own among all asks in order of time; ``first`` and ``entered`` are the positions of its
    code's first fact and after its last known one; ``back`` (all asks) leads from each ask to its place among
    these, or to the one after the last.
    """

    code: NDArray[np.int64]
    place: Places
    first: Places
    entered: Places
    back: Places


class KeyCounts:
    """The counts of one key for a batch of asks; ``lacking`` are the asks that do not have the key at all."""

    def __init__(self, asked: Asked, past: KeyPast) -> None:
        self._asked = asked
        self._past = past
        self._codes = past.key.codes(asked.subjects)
        self.asks = len(self._codes)
        self.lacking = np.flatnonzero(self._codes == LACKS)
        by_time = self._codes[asked.order]
        self._place = by_code(by_time)
        self._sorted = by_time[self._place]
        self._met: dict[str, _Met] = {}
        self._mine: dict[str, list[tuple[Places, Places]]] = {}

    def opened(self, windows: Windows) -> NDArray[np.integer]:
        """Other cases opened in each window: (windows, asks)."""
        return np.asarray(self._of_others("opened", windows, (0, 1))[0])

    def rulings(self, windows: Windows, measures: Span) -> NDArray[np.integer]:
        """What the standing rulings in each window count for: (measures, windows, asks)."""
        found = self._of_others("ruled", windows, measures)
        if len(self._asks_met("corrected").code):
            found += self._of_others("corrected", windows, measures)
        return found

    def delivered(self, kind: str, windows: Windows) -> NDArray[np.integer]:
        """Orders delivered in each window: (windows, asks)."""
        return np.asarray(self._in_windows(f"delivered {kind}", windows, (0, 1))[0])

    def _in_windows(self, name: str, windows: Windows, measures: Span) -> NDArray[np.integer]:
        met = self._asks_met(name)
        entered = self._past.sums[name][EVER].at(met.entered, measures)
        if not len(met.code):
            return np.zeros((len(entered), len(windows), self.asks), dtype=entered.dtype)
        moved = np.zeros((len(entered), len(windows), len(met.code) + 1), dtype=entered.dtype)
        np.subtract(entered[:, None], self._left(name, windows, measures), out=moved[..., :-1])
        return np.asarray(moved.take(met.back, axis=2))

    def _left(self, name: str, windows: Windows, measures: Span) -> NDArray[np.integer]:
        """What had left each window before each of the asks met; of all time, what comes before the key's first."""
        stream, sums, met = self._asked.history.streams[name], self._past.sums[name], self._asks_met(name)
        finite = windows[:-1] if windows[-1] == EVER else windows
        last = [met.first[None]] * (len(windows) - len(finite))
        if not stream.exits:
            place = self._asked.places(stream.entries, finite)[:, met.place]
            return sums[EVER].at(np.concatenate([sums[EVER].ranked.find_sorted(met.code, place), *last]), measures)
        left = []
        for days in finite:
            place = self._asked.places(stream.exits[days])[:, met.place]
            left.append(sums[days].at(sums[days].ranked.find_sorted(met.code, place), measures))
        return np.concatenate([*left, *(sums[EVER].at(first, measures) for first in last)], axis=1)

    def _asks_met(self, name: str) -> _Met:
        if name not in self._met:
            ranked = self._past.sums[name][EVER].ranked
            known = self._asked.places(self._asked.history.streams[name].entries)[0, self._place]
            position = ranked.find_sorted(self._sorted, known)
            there, first = ranked.met(self._sorted, position)
            place = self._place[there]
            back = np.full(self.asks, len(there))
            back[self._asked.order[place]] = np.arange(len(there))
            self._met[name] = _Met(self._sorted[there], place, first, position[there], back)
        return self._met[name]

    def _of_others(self, name: str, windows: Windows, measures: Span) -> NDArray[np.integer]:
        found = self._in_windows(name, windows, measures)
        stream = self._asked.history.streams[name]
        for ask, fact in self._own(name):
            for place, days in enumerate(windows):
                inside = (stream.leaves(days, fact) >= self._asked.subjects.instant[ask]) | (days == EVER)
                for count, of in zip(found, stream.counts[slice(*measures)], strict=True):
                    count[place, ask[inside]] -= of[fact[inside]]
        return found

    def _own(self, name: str) -> list[tuple[Places, Places]]:
        """Pairs of an ask and a fact of its own case that its key counts."""
        if name not in self._mine:
            tables, facts = self._asked.history.tables, self._asked.history.streams[name].facts
            self._mine[name] = []
            for ask, fact in self._asked.own(name):
                then = Subjects(tables, facts.of[fact], facts.since[fact])
                mine = (self._codes[ask] >= 0) & (self._past.key.codes(then) == self._codes[ask])
                self._mine[name].append((ask[mine], fact[mine]))
        return self._mine[name]
