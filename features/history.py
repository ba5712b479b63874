"""What each key's past says by the time it became known: sorted arrays and integer prefix sums.

Each key has its facts in the order they became known and, where facts may be known late, for each window the
same facts in the order they leave it: a window's count is the difference of two prefix sums. Where facts are
known at once they leave a window in the order they entered it, so one array tells both. A case never counts in
its own history, and nothing known at or after ``as_of`` counts at all.
"""

from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.keys import ALL, CASE_KEYS, LACKS, Key, Subjects
from features.outcomes import Facts, deliveries, openings, rulings
from features.tables import DAY, Instants, Tables
from features.timeline import WORD, Clock, Ranked
from features.vocabulary import KEY_KINDS

EVER: Final = 0
"""The window of all time, in days."""

ASKS_BITS: Final = 20
"""A batch holds at most 2 ** 20 asks."""

Places = NDArray[np.int64]


class History:
    """Counts of other cases' past per key, over windows, as known before any instant.

    Parameters
    ----------
    tables
        All cases with their rulings, appeals and volumes.
    keys
        Names of keys: those of CASE_KEYS, or ``attr_*`` columns; the constant key is always there.
    windows_days
        Lengths of the windows; all time is always one more.
    """

    def __init__(self, tables: Tables, keys: tuple[str, ...], windows_days: tuple[int, ...]) -> None:
        self.tables = tables
        self.windows_days = windows_days
        made, corrected = rulings(tables)
        self.streams = {
            name: Stream(facts, windows_days)
            for name, facts in (("opened", openings(tables)), ("ruled", made), ("corrected", corrected))
        }
        self.subjects = {name: Subjects(tables, s.facts.of, s.facts.since) for name, s in self.streams.items()}
        self.own = {name: Ranked(s.facts.of, s.entries) for name, s in self.streams.items()}
        self.first_known = np.full(tables.count("cases"), np.iinfo(np.int64).max)
        for stream in self.streams.values():
            np.minimum.at(self.first_known, stream.facts.of, stream.facts.at)
        room = WORD - max(ASKS_BITS, *(s.entries.bits for s in self.streams.values()))
        self._keys: dict[str, KeyPast] = {}
        for name in dict.fromkeys((ALL, *keys)):
            self._keys[name] = KeyPast(Key(tables, name, tuple(self.subjects.values()), room))
            self._add_cases(self._keys[name])
            if name in KEY_KINDS:
                self._add_deliveries(name)

    def _add_cases(self, past: "KeyPast") -> None:
        for name, subjects in self.subjects.items():
            past.add(name, self.streams[name], past.key.codes(subjects))

    def _add_deliveries(self, key: str) -> None:
        name = f"delivered {key}"
        facts = deliveries(self.tables, key, self.tables.places(*CASE_KEYS[key][0].split(".")))
        self.streams[name] = Stream(facts, self.windows_days)
        self._keys[key].add(name, self.streams[name], facts.of)
        self._keys[ALL].add(name, self.streams[name], np.zeros(len(facts), dtype=np.int64))

    def asked(self, tables: Tables, asks: Asks) -> "Asked":
        """A batch of asks about cases of ``tables``, which may be others than the history was made of."""
        return Asked(self, tables, asks)

    def past(self, key: str) -> "KeyPast":
        """What is kept of one key."""
        return self._keys[key]


class Stream:
    """Facts of one kind by when they entered and, where some are known late, by when they leave each window."""

    def __init__(self, facts: Facts, windows_days: tuple[int, ...]) -> None:
        self.facts = facts
        self.entries = Clock(facts.at)
        late = not np.array_equal(facts.at, facts.since)
        self.exits = {days: Clock(self.leaves(days)) for days in windows_days} if late else {}

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """All the orders in which these facts are kept."""
        return (self.entries, *self.exits.values())

    def leaves(self, days: int) -> Instants:
        """The last instant at which each fact is in a window; one corrected too late never is."""
        return np.maximum(self.facts.since + days * DAY, self.facts.at)


class _Sums:
    """What a key's facts add up to, in one order of them."""

    def __init__(self, code: NDArray[np.int64], facts: Facts, clock: Clock) -> None:
        self.ranked = Ranked(code, clock)
        counts = facts.counts[clock.order[self.ranked.places()]]
        kind = np.int32 if counts.dtype == np.int8 else np.int64
        self._sums = np.zeros((len(counts) + 1, counts.shape[1]), dtype=kind)
        np.cumsum(counts, axis=0, out=self._sums[1:])

    def before(self, code: NDArray[np.int64], place: Places | int) -> NDArray[np.integer]:
        """The sum of all that comes before each (code, place); these are sorted."""
        return np.take(self._sums, self.ranked.find_sorted(code, place), axis=0)


class KeyPast:
    """One key's facts of every kind, by value of the key."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.sums: dict[str, dict[int, _Sums]] = {}

    def add(self, name: str, stream: Stream, code: NDArray[np.int64]) -> None:
        """Keep a stream of facts by this key's codes, in all its orders."""
        exits = {days: _Sums(code, stream.facts, clock) for days, clock in stream.exits.items()}
        self.sums[name] = {EVER: _Sums(code, stream.facts, stream.entries), **exits}


class Asked:
    """A batch of asks, sorted by time once for all keys."""

    def __init__(self, history: History, tables: Tables, asks: Asks) -> None:
        self.history = history
        self.subjects = Subjects(tables, asks.case, asks.as_of)
        self.order = np.argsort(asks.as_of, kind="stable")
        self._sorted = asks.as_of[self.order]
        self._places: dict[tuple[int, int], Places] = {}
        self._own: dict[str, list[tuple[Places, Places]]] = {}

    def of(self, key: str) -> "KeyCounts":
        """The past of each ask's own value of a key."""
        return KeyCounts(self, self.history.past(key))

    def places(self, clock: Clock, days: int = 0) -> Places:
        """Where each ask, in order of time and ``days`` earlier, stands among the facts."""
        key = (id(clock), days)
        if key not in self._places:
            self._places[key] = np.searchsorted(clock.instants, self._sorted - days * DAY)
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


class KeyCounts:
    """The counts of one key for a batch of asks; ``given`` (asks,) says which asks have the key at all."""

    def __init__(self, asked: Asked, past: KeyPast) -> None:
        self._asked = asked
        self._past = past
        self._codes = past.key.codes(asked.subjects)
        self.given = self._codes != LACKS
        packed = np.sort((self._codes[asked.order] << ASKS_BITS) | np.arange(len(self._codes)))
        self._rank = packed & ((1 << ASKS_BITS) - 1)
        self._sorted = packed >> ASKS_BITS
        self._unsorted = np.empty_like(packed)
        self._unsorted[asked.order[self._rank]] = np.arange(len(packed))
        self._entered: dict[str, NDArray[np.integer]] = {}

    def opened(self, days: int) -> NDArray[np.integer]:
        """Other cases opened in a window: (asks,)."""
        return self._of_others("opened", days)[:, 0]

    def rulings(self, days: int) -> NDArray[np.integer]:
        """What the standing rulings in a window count for: (asks, MEASURES)."""
        return self._of_others("ruled", days) + self._of_others("corrected", days)

    def delivered(self, kind: str, days: int) -> NDArray[np.integer]:
        """Orders delivered in a window: (asks,)."""
        return self._in_window(f"delivered {kind}", days)[:, 0]

    def _in_window(self, name: str, days: int) -> NDArray[np.integer]:
        stream, sums = self._asked.history.streams[name], self._past.sums[name]
        entries = sums[EVER]
        if name not in self._entered:
            self._entered[name] = entries.before(self._sorted, self._asked.places(stream.entries)[self._rank])
        if days == EVER:
            left = entries.before(self._sorted, 0)
        elif stream.exits:
            left = sums[days].before(self._sorted, self._asked.places(stream.exits[days])[self._rank])
        else:
            left = entries.before(self._sorted, self._asked.places(stream.entries, days)[self._rank])
        return np.take(self._entered[name] - left, self._unsorted, axis=0)

    def _of_others(self, name: str, days: int) -> NDArray[np.integer]:
        found = self._in_window(name, days)
        subjects, facts = self._asked.subjects, self._asked.history.streams[name].facts
        for ask, fact in self._asked.own(name):
            then = Subjects(self._asked.history.tables, facts.of[fact], facts.since[fact])
            mine = (self._codes[ask] >= 0) & (self._past.key.codes(then) == self._codes[ask])
            if days != EVER:
                leaves = np.maximum(facts.since[fact] + days * DAY, facts.at[fact])
                mine &= leaves >= subjects.instant[ask]
            found[ask[mine]] -= facts.counts[fact[mine]]
        return found
