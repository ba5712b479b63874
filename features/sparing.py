"""Tables too long to hold each column again as NumPy: of rows told of a case only those asked for are converted.

Many asks in slices are answered as from any other tables; single asks one after the other would take longer.
"""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.tables import Instants, Numbers, Tables

Rows = NDArray[np.int64]


class SparingTables(Tables):
    """The same tables, of which some rows of a column are taken before they are converted."""

    def numbers_at(self, table: str, column: str, rows: Rows) -> Numbers:
        """The numbers of these rows of a column."""
        return self._some(table, column, rows).numbers(table, column)

    def instants_at(self, table: str, column: str, rows: Rows) -> Instants:
        """The instants of these rows of a column."""
        return self._some(table, column, rows).instants(table, column)

    def codes_at(self, table: str, column: str, rows: Rows) -> tuple[Rows, list[str]]:
        """The texts of these rows of a column, as positions in a list of values; of all rows where held."""
        if (table, column) in self._texts:
            return super().codes_at(table, column, rows)
        return self._some(table, column, rows).codes(table, column)

    def clock(self, table: str) -> Instants:
        """Since when each row of a table is known; not kept."""
        return Tables({table: self[table]}).clock(table)

    def _some(self, table: str, column: str, rows: Rows) -> Tables:
        if not self.supplied(table, column):
            return Tables({table: pa.table({"": pa.nulls(len(rows))})})
        return Tables({table: pa.table({column: self.array(table, column).take(pa.array(rows))})})
