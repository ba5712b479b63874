"""Which version of an order's line was known at an instant."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.tables import NEVER, Instants, Tables, positions_in
from features.timeline import WORD, Clock, Ranked, search


class OrderLines:
    """The versions of each order line by the instant they became known.

    A case that names no line means the order's only line; once two are known, none is taken. A row that names
    no line stands for whichever line is asked about, unless that line has rows of its own.
    """

    def __init__(self, tables: Tables) -> None:
        orders = pc.unique(tables.array("orders", "order_id"))
        codes, lines = tables.codes("orders", "line_id")
        order, line = positions_in(tables.array("orders", "order_id"), orders), codes + 1
        self._lines = len(lines) + 1
        self._clock = Clock(tables.clock("orders"))
        self._pairs: NDArray[np.int64] | None = None
        if (len(orders) * self._lines).bit_length() + self._clock.bits > WORD:
            self._pairs = np.unique(order * self._lines + line)
        self._by_order = _Versions(order, self._clock)
        self._by_line = _Versions(self._line_code(order, line), self._clock)

        by_time = self._clock.order
        first = np.full(len(orders), -1)
        first[order[by_time[::-1]]] = line[by_time[::-1]]
        self._second_line_at = np.full(len(orders) + 1, NEVER)
        more = line != first[order]
        np.minimum.at(self._second_line_at, order[more], tables.clock("orders")[more])

        self._order_of = positions_in(tables.array("cases", "order_id"), orders)
        named = tables.codes("cases", "line_id")[0] >= 0
        of_case = positions_in(tables.array("cases", "line_id"), pa.array(lines, pa.string()))
        self._line_of = np.where(named, of_case + 1, -1)

    def known_at(self, case: NDArray[np.int64], instant: Instants) -> NDArray[np.int64]:
        """For each case the row of ``orders`` known at the instant, -1 where there is none."""
        order, line = self._order_of[case], self._line_of[case]
        place = self._clock.before(instant, inclusive=True)
        found = np.full(len(case), -1)

        open_line = np.flatnonzero((order >= 0) & (line < 0) & (self._second_line_at[order] > instant))
        found[open_line] = self._by_order.latest(order[open_line], place[open_line])
        for wanted in (line, np.zeros_like(line)):
            rest = np.flatnonzero((order >= 0) & (line >= 0) & (found < 0))
            found[rest] = self._by_line.latest(self._line_code(order[rest], wanted[rest]), place[rest])
        return found

    def _line_code(self, order: NDArray[np.int64], line: NDArray[np.int64]) -> NDArray[np.int64]:
        """One number for an order's line; where there are too many to sort with their places, the pairs are ranked."""
        code = order * self._lines + line
        if self._pairs is None:
            return code
        rank = np.minimum(search(self._pairs, code), len(self._pairs) - 1)
        return np.where(self._pairs[rank] == code, rank, -1)


class _Versions:
    """Rows of ``orders`` by what they are versions of."""

    def __init__(self, key: NDArray[np.int64], clock: Clock) -> None:
        self._ranked = Ranked(key, clock)
        self._rows = clock.order[self._ranked.places()]
        self._keys = key[self._rows]

    def latest(self, key: NDArray[np.int64], place: NDArray[np.int64]) -> NDArray[np.int64]:
        """For each key its last row before that place in time, -1 where there is none."""
        last = self._ranked.find(key, place) - 1
        there = last >= 0
        there[there] = self._keys[last[there]] == key[there]
        return np.where(there, self._rows[last], -1) if len(self._rows) else np.full(len(key), -1)


def order_rows(tables: Tables, case: NDArray[np.int64], instant: Instants) -> NDArray[np.int64]:
    """For each case the row of ``orders`` known at the instant, -1 where there is none."""
    if not tables.supplied("orders"):
        return np.full(len(case), -1, dtype=np.int64)
    return tables.once(OrderLines).known_at(case, instant)
