"""What each key's past says by the time it became known: sorted arrays and integer prefix sums.

Each key has its facts in the order they became known and, where facts may be known late, for each window the
same facts in the order they leave it: a window's count is the difference of two prefix sums. Where facts are
known at once they leave a window in the order they entered it, so one array tells both. A case never counts in
its own history, and nothing known at or after ``as_of`` counts at all.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.keys import ALL, CASE_KEYS, Key, Subjects, key_columns
from features.outcomes import Facts, deliveries, openings, rulings
from features.tables import DAY, Instants, Tables
from features.timeline import WORD, Clock, Ranked
from features.vocabulary import KEY_KINDS

EVER: Final = 0
"""The window of all time, in days."""

Places = NDArray[np.int64]
Span = tuple[int, int]
"""The first of MEASURES asked for, and the one after the last."""


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
        room = WORD - max(s.entries.bits for s in self.streams.values())
        self._has: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}
        self._keys: dict[str, KeyPast] = {}
        for name in dict.fromkeys((ALL, *keys)):
            self._keys[name] = KeyPast(Key(tables, key_columns(name), tuple(self.subjects.values()), room))
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

    def has(self, reads: tuple[str, ...], texts: tuple[str, ...]) -> bool:
        """Whether the history was made with all these columns, and with the latter as text."""
        if (reads, texts) not in self._has:
            self._has[reads, texts] = all(self.tables.supplied(*c.split(".")) for c in reads) and all(
                self.tables.is_text(*c.split(".")) for c in texts
            )
        return self._has[reads, texts]

    def past(self, key: str) -> "KeyPast":
        """What is kept of one key."""
        return self._keys[key]


class Stream:
    """Facts of one kind by when they entered and, where some are known late, by when they leave each window.

    ``counts`` (measures, facts) says what each counts for.
    """

    def __init__(self, facts: Facts, windows_days: tuple[int, ...]) -> None:
        self.facts = facts
        self.counts = np.ascontiguousarray(facts.counts.T)
        self.entries = Clock(facts.at)
        late = not np.array_equal(facts.at, facts.since)
        self.exits = {days: Clock(self.leaves(days)) for days in windows_days} if late else {}

    def leaves(self, days: int, facts: Places | slice = slice(None)) -> Instants:
        """The last instant at which facts are in a window; one corrected too late never is."""
        return np.maximum(self.facts.since[facts] + days * DAY, self.facts.at[facts])


class Sums:
    """What a key's facts add up to, in one order of them: (measures, facts + 1)."""

    def __init__(self, code: NDArray[np.int64], stream: Stream, clock: Clock) -> None:
        self.ranked = Ranked(code, clock)
        counts = np.take(stream.counts, clock.order[self.ranked.places()], axis=1)
        kind = np.int32 if counts.dtype == np.int8 else np.int64
        self._sums = np.zeros((len(counts), counts.shape[1] + 1), dtype=kind)
        np.cumsum(counts, axis=1, dtype=kind, out=self._sums[:, 1:])

    def at(self, position: Places, measures: Span) -> NDArray[np.integer]:
        """What all facts before each position add up to: (measures, positions)."""
        return np.asarray(self._sums[slice(*measures)].take(position, axis=1))


class KeyPast:
    """One key's facts of every kind, by value of the key."""

    def __init__(self, key: Key) -> None:
        self.key = key
        self.sums: dict[str, dict[int, Sums]] = {}

    def add(self, name: str, stream: Stream, code: NDArray[np.int64]) -> None:
        """Keep a stream of facts by this key's codes, in all its orders."""
        exits = {days: Sums(code, stream, clock) for days, clock in stream.exits.items()}
        self.sums[name] = {EVER: Sums(code, stream, stream.entries), **exits}
