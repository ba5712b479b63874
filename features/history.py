"""What each key's past says by the time it became known: sorted arrays and integer prefix sums.

An entry is one thing that became known about another case: it was opened, it was ruled on, its ruling was
corrected on appeal, or a day's deliveries were counted. Each key has its entries in the order they became
known and, for each window, the same entries in the order they leave it; a window's count is the difference of
two prefix sums. A case never counts in its own history, and nothing known at or after ``as_of`` counts at all.
"""

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.asks import Asks
from features.orders import order_rows
from features.tables import DAY, NEVER, NULL_INSTANT, Instants, Tables, positions_in
from features.timeline import Timeline
from features.vocabulary import LIABLE

MEASURES: Final = ("opened", *LIABLE, "default", "overturned")
"""What is counted: cases opened, merits rulings against each party, defaults, overturned rulings."""

ALL: Final = "all"
"""The constant key: every case has it, and its rates are what others are compared with."""

CASE_KEYS: Final = {
    "buyer": ("cases.buyer_id",),
    "seller": ("cases.seller_id",),
    "pair": ("cases.buyer_id", "cases.seller_id"),
    "lane": ("orders.carrier", "orders.lane"),
    "service": ("orders.carrier", "orders.service"),
    "sku": ("orders.sku",),
    "category": ("orders.category",),
    "reason_category": ("cases.reason", "orders.category"),
    "address": ("cases.address_id",),
    "device": ("cases.device_id",),
    "payment": ("cases.payment_id",),
}
"""The keys of the contract by the columns that make them; every text ``attr_*`` column is one more."""


class History:
    """Counts of other cases' past per key, over windows, as known before any instant.

    Parameters
    ----------
    tables
        All cases with their rulings, appeals and volumes.
    keys
        Names of keys: those of CASE_KEYS, ALL, or an ``attr_*`` column.
    windows_days
        Lengths of the windows; all time is always the last one.
    """

    def __init__(self, tables: Tables, keys: tuple[str, ...], windows_days: tuple[int, ...]) -> None:
        self.tables = tables
        self.windows_days = windows_days
        self._entries = _entries(tables, windows_days)
        self._by_case = Timeline(self._entries.case, self._entries.at)
        self._keys = {key: _KeyPast(tables, key, self._entries) for key in {ALL, *keys}}

    def counts(self, tables: Tables, asks: Asks, key: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """The counts for each ask's key: (asks, windows + 1, measures), and whether the ask has that key.

        ``tables`` holds the asked cases; they may be other tables than the history was made of.
        """
        past = self._keys[key]
        code, given = past.codes(tables, asks)
        found = past.counts(code, asks.as_of)
        self._leave_out_own(tables, asks, past, code, found)
        return found, given

    def _leave_out_own(
        self, tables: Tables, asks: Asks, past: "_KeyPast", code: NDArray[np.int64], found: NDArray[np.int64]
    ) -> None:
        same = tables is self.tables
        own = asks.case if same else positions_in(tables.case_ids, self.tables.case_ids)[asks.case]
        case = np.maximum(own, 0)
        start, end = self._by_case.start(case), self._by_case.before(case, asks.as_of)
        end = np.where(own >= 0, end, start)
        entries = self._entries
        for step in range(int((end - start).max(initial=0))):
            asked = np.flatnonzero(start + step < end)
            entry = self._by_case.order[(start + step)[asked]]
            mine = past.entry_code[entry] == code[asked]
            asked, entry = asked[mine], entry[mine]
            inside = entries.exits[entry] >= asks.as_of[asked, None]
            found[asked] -= inside[:, :, None] * entries.counts[entry][:, None, :]


class _Entries:
    """What became known: whose case, when, when it leaves each window, and what it counts for."""

    def __init__(
        self, case: NDArray[np.int64], at: Instants, exits: NDArray[np.int64], counts: NDArray[np.int64]
    ) -> None:
        self.case, self.at, self.exits, self.counts = case, at, exits, counts


class _KeyPast:
    """The entries of one key's values, sorted, with prefix sums."""

    def __init__(self, tables: Tables, key: str, entries: _Entries) -> None:
        self._columns = CASE_KEYS.get(key, () if key == ALL else (f"cases.{key}",))
        self._values = [tables.codes(*column.split("."))[1] for column in self._columns]
        raw = self._raw(tables, entries.case, entries.at)
        self._known = np.unique(raw[raw >= 0])
        self.entry_code = self._place(raw)
        kept = np.flatnonzero(self.entry_code >= 0)
        code = self.entry_code[kept]
        self._in = Timeline(code, entries.at[kept])
        self._in_sums = _prefix_sums(entries.counts[kept][self._in.order])
        self._out = [Timeline(code, exits[kept]) for exits in entries.exits.T[:-1]]
        self._out_sums = [_prefix_sums(entries.counts[kept][out.order]) for out in self._out]

    def _raw(self, tables: Tables, case: NDArray[np.int64], instant: Instants) -> NDArray[np.int64]:
        raw = np.zeros(len(case), dtype=np.int64)
        for name, values in zip(self._columns, self._values, strict=True):
            table, column = name.split(".")
            codes, own = tables.codes(table, column)
            if own is not values:
                codes = np.append(positions_in(pa.array(own, pa.string()), pa.array(values, pa.string())), -1)[codes]
                codes = np.where(codes < 0, -1, codes)
            rows = case if table == "cases" else order_rows(tables, case, instant)
            by_ask = np.append(codes, -1)[rows]
            raw = np.where((raw >= 0) & (by_ask >= 0), raw * max(len(values), 1) + by_ask, -1)
        return raw

    def _place(self, raw: NDArray[np.int64]) -> NDArray[np.int64]:
        if not len(self._known):
            return np.full(len(raw), -1, dtype=np.int64)
        place = np.minimum(np.searchsorted(self._known, raw), len(self._known) - 1)
        return np.where(self._known[place] == raw, place, -1)

    def codes(self, tables: Tables, asks: Asks) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Each ask's value of this key as a code, -1 where it was never seen, and whether it has one."""
        given = np.ones(len(asks), dtype=bool)
        for name in self._columns:
            table, column = name.split(".")
            rows = asks.case if table == "cases" else order_rows(tables, asks.case, asks.as_of)
            given &= np.append(tables.codes(table, column)[0], -1)[rows] >= 0
        return self._place(self._raw(tables, asks.case, asks.as_of)), given

    def counts(self, code: NDArray[np.int64], as_of: Instants) -> NDArray[np.int64]:
        """The counts for each (code, instant): (asks, windows + 1, measures)."""
        safe = np.maximum(code, 0)
        start = self._in.start(safe)
        entered = self._in_sums[np.where(code >= 0, self._in.before(safe, as_of), start)]
        since = self._in_sums[start]
        windows = []
        for out, sums in zip(self._out, self._out_sums, strict=True):
            begin = out.start(safe)
            left = sums[np.where(code >= 0, out.before(safe, as_of), begin)] - sums[begin]
            windows.append(entered - since - left)
        windows.append(entered - since)
        return np.stack(windows, axis=1)


def _prefix_sums(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros((1, counts.shape[1]), np.int64), np.cumsum(counts, axis=0)])


def _entries(tables: Tables, windows_days: tuple[int, ...]) -> _Entries:
    opened = tables.instants("cases", "opened_at")
    parts = [(np.arange(len(opened)), opened, opened, _one(len(opened), "opened"))]
    if tables.supplied("rulings"):
        parts += _ruling_entries(tables)
    case, at, since, counts = (np.concatenate(column) for column in zip(*parts, strict=True))
    exits = [np.maximum(since + days * DAY, at) for days in windows_days]
    return _Entries(case, at, np.stack([*exits, np.full(len(at), NEVER)], axis=1), counts)


def _one(n: int, measure: str) -> NDArray[np.int64]:
    counts = np.zeros((n, len(MEASURES)), dtype=np.int64)
    counts[:, MEASURES.index(measure)] = 1
    return counts


_Part = tuple[NDArray[np.int64], Instants, Instants, NDArray[np.int64]]


def _ruling_entries(tables: Tables) -> list[_Part]:
    """Final rulings as they became known, each taking back the one it replaces; then corrections on appeal."""
    case = tables.case_rows("rulings")
    at = tables.instants("rulings", "ruled_at")
    final = np.flatnonzero((case >= 0) & (np.nan_to_num(tables.numbers("rulings", "provisional")) == 0))
    order = final[np.lexsort((at[final], case[final]))]
    case, at = case[order], at[order]
    merits = _matches(tables, "rulings", "basis", "merits", absent=True)[order]
    counts = _liable_counts(tables, "rulings", "liable")[order] * merits[:, None]
    counts[_matches(tables, "rulings", "basis", "default")[order], MEASURES.index("default")] = 1
    parts = [(case, at, at, counts)]
    replaced = np.flatnonzero(case[1:] == case[:-1])
    parts.append((case[replaced], at[replaced + 1], at[replaced], -counts[replaced]))
    if tables.supplied("appeals"):
        parts.append(_appeal_entries(tables, case, at, counts))
    return parts


def _appeal_entries(tables: Tables, case: NDArray[np.int64], at: Instants, counts: NDArray[np.int64]) -> _Part:
    appealed = tables.case_rows("appeals")
    decided = tables.instants("appeals", "decided_at")
    turned = np.nan_to_num(tables.numbers("appeals", "overturned")) == 1
    rows = np.flatnonzero((appealed >= 0) & (decided != NULL_INSTANT) & turned)
    rulings = Timeline(case, at)
    end = rulings.before(appealed[rows], decided[rows], inclusive=True)
    there = end > rulings.start(appealed[rows])
    rows, ruling = rows[there], rulings.order[end[there] - 1]
    change = _liable_counts(tables, "appeals", "liable_after")[rows] - counts[ruling]
    change[:, MEASURES.index("default")] = 0
    change[:, MEASURES.index("overturned")] = 1
    return appealed[rows], decided[rows], at[ruling], change


def _matches(tables: Tables, table: str, column: str, word: str, *, absent: bool = False) -> NDArray[np.bool_]:
    equal = pc.equal(tables.array(table, column), pa.scalar(word, pa.string()))
    return pc.fill_null(equal, absent).to_numpy(zero_copy_only=False)


def _liable_counts(tables: Tables, table: str, column: str) -> NDArray[np.int64]:
    codes, values = tables.codes(table, column)
    place = np.array([MEASURES.index(v) if v in LIABLE else -1 for v in values] + [-1])[codes]
    counts = np.zeros((len(codes), len(MEASURES)), dtype=np.int64)
    there = np.flatnonzero(place >= 0)
    counts[there, place[there]] = 1
    return counts
