"""What a row-wise feature may look at: the rows of its ask's own case that were known by then.

This is the only door from a row-wise feature to the tables, so what is known later than ``as_of`` cannot be
seen by mistake. Hypothetical rows of an ask stand beside the real ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.contract import TABLES
from features.orders import order_rows
from features.own_rows import OwnRows
from features.tables import NULL_INSTANT, Instants, Numbers, Tables

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Words:
    """A text column by ask: (asks,) positions in ``values``, -1 where nothing is known."""

    codes: NDArray[np.int64]
    values: list[str]


class View:
    """The known facts of some asks, as columns with one value per ask.

    ``past`` is where other cases are found; without it they are found among the same tables.
    """

    def __init__(self, tables: Tables, asks: Asks, past: Tables | None = None) -> None:
        self.tables = tables
        self.past = past or tables
        self.asks = asks
        self._order = order_rows(tables, asks.case, asks.as_of)
        self._supposed = self._supposed_orders()
        self._rows: dict[str, OwnRows] = {}
        self._derived: dict[Any, Any] = {}

    def once(self, make: Callable[["View"], T]) -> T:
        """What ``make`` derives from this view, derived once."""
        if make not in self._derived:
            self._derived[make] = make(self)
        return self._derived[make]  # type: ignore[no-any-return]

    def rows(self, table: str) -> OwnRows:
        """The rows of a table that belong to the asks' own cases and were known by then."""
        if table not in self._rows:
            self._rows[table] = OwnRows(self.tables, self.asks, table)
        return self._rows[table]

    def _supposed_orders(self) -> tuple[NDArray[np.int64], Tables] | None:
        overlay = self.asks.overlays.get("orders")
        if overlay is None:
            return None
        return overlay.column("ask").to_numpy(), Tables({"orders": overlay.drop_columns(["ask"])})

    def case_numbers(self, column: str) -> Numbers:
        """A numeric column of the case, NaN where null."""
        return self._known(self.tables.numbers("cases", column)[self.asks.case], column)

    def case_instants(self, column: str) -> Instants:
        """An instant of the case, NULL_INSTANT where null or later than the ask."""
        instants = self.tables.instants("cases", column)[self.asks.case]
        return np.where(instants <= self.asks.as_of, instants, NULL_INSTANT)

    def case_words(self, column: str) -> Words:
        """A text column of the case."""
        return Words(*self.tables.codes_at("cases", column, self.asks.case))

    def _known(self, values: Numbers, column: str) -> Numbers:
        contract = TABLES["cases"].column(column)
        if contract is None or contract.known_from is None:
            return values
        return np.where(self.case_instants(contract.known_from) != NULL_INSTANT, values, np.nan)

    def order_numbers(self, column: str) -> Numbers:
        """A numeric column of the order line as then known, NaN where there is none."""
        values = np.append(self.tables.numbers("orders", column), np.nan)[self._order]
        if self._supposed is not None:
            ask, rows = self._supposed
            values[ask] = rows.numbers("orders", column)
        return values

    def order_instants(self, column: str) -> Instants:
        """An instant of the order line as then known; it may lie in the future, as a promise does."""
        values = np.append(self.tables.instants("orders", column), NULL_INSTANT)[self._order]
        if self._supposed is not None:
            ask, rows = self._supposed
            values[ask] = rows.instants("orders", column)
        return values

    def order_words(self, column: str) -> Words:
        """A text column of the order line as then known."""
        codes, values = self.tables.codes("orders", column)
        by_ask = np.append(codes, -1)[self._order]
        if self._supposed is None:
            return Words(by_ask, values)
        ask, rows = self._supposed
        supposed, more = rows.codes("orders", column)
        by_ask[ask] = np.where(supposed >= 0, supposed + len(values), -1)
        return Words(by_ask, values + more)
