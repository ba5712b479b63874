"""Which version of an order's line was known at an instant."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.tables import Instants, Tables, positions_in
from features.timeline import Timeline


class OrderLines:
    """The versions of each order line by the instant they became known.

    A case without a line means the order's only line; where the order has several, none is taken.
    """

    def __init__(self, tables: Tables) -> None:
        orders = pc.unique(tables.array("orders", "order_id"))
        line_codes, lines = tables.codes("orders", "line_id")
        width = len(lines) + 1
        group = positions_in(tables.array("orders", "order_id"), orders) * width + line_codes + 1
        self._timeline = Timeline(group, tables.clock("orders"))

        groups = np.unique(group)
        only = np.full(len(orders) + 1, -1, dtype=np.int64)
        only[groups // width] = groups
        only[:-1][np.bincount(groups // width, minlength=len(orders)) != 1] = -1

        order = positions_in(tables.array("cases", "order_id"), orders)
        line = positions_in(tables.array("cases", "line_id"), pa.array(lines, pa.string()))
        named = tables.codes("cases", "line_id")[0] >= 0
        exact = np.where((order >= 0) & (line >= 0), order * width + line + 1, -1)
        self._group = np.where(named & (width > 1), exact, only[order])

    def known_at(self, case: NDArray[np.int64], instant: Instants) -> NDArray[np.int64]:
        """For each case the row of ``orders`` known at the instant, -1 where there is none."""
        group = self._group[case]
        end = self._timeline.before(np.maximum(group, 0), instant, inclusive=True)
        there = (group >= 0) & (end > self._timeline.start(np.maximum(group, 0)))
        rows = np.append(self._timeline.order, -1)
        return np.where(there, rows[end - 1], -1)


def order_rows(tables: Tables, case: NDArray[np.int64], instant: Instants) -> NDArray[np.int64]:
    """For each case the row of ``orders`` known at the instant, -1 where there is none."""
    if not tables.supplied("orders"):
        return np.full(len(case), -1, dtype=np.int64)
    return tables.once(OrderLines).known_at(case, instant)
