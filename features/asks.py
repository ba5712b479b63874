"""An ask is one question to the model: this case, as known at this instant, at this moment of its life.

Asks are held as columns, so that a million of them cost three arrays.
"""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.tables import NULL_INSTANT, Instants, Tables
from features.vocabulary import MOMENTS

MOMENT_COLUMNS = ("opened_at", "escalated_at", "evidence_closed_at")


@dataclass(frozen=True, slots=True)
class Asks:
    """Many asks: rows of ``cases``, the instants asked about, and the moments (positions in MOMENTS).

    ``overlays`` holds hypothetical rows, a table of the contract each, with one more column ``ask`` (int64)
    that says for which ask the row is to be supposed. Only row-wise features see them.
    """

    case: NDArray[np.int64]
    as_of: Instants
    moment: NDArray[np.int8]
    overlays: dict[str, pa.Table] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.case)

    def take(self, rows: NDArray[np.int64] | slice) -> Self:
        """A slice or selection of these asks, in the order given; overlays follow their asks."""
        positions = np.arange(len(self), dtype=np.int64)[rows]
        order = np.argsort(positions, kind="stable")
        ranked = positions[order]
        moved = {}
        for name, table in self.overlays.items():
            old = table.column("ask").to_numpy()
            first = np.searchsorted(ranked, old, "left")
            times = np.searchsorted(ranked, old, "right") - first
            row = np.repeat(np.arange(len(old)), times)
            offset = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
            new = order[np.repeat(first, times) + offset]
            place = table.column_names.index("ask")
            moved[name] = table.take(pa.array(row)).set_column(place, "ask", pa.array(new))
        return type(self)(self.case[rows], self.as_of[rows], self.moment[rows], moved)


def moment_instants(tables: Tables) -> NDArray[np.int64]:
    """When each case reached each moment: (cases, 3) microseconds, NULL_INSTANT where it has not."""
    return np.stack([tables.instants("cases", name) for name in MOMENT_COLUMNS], axis=1)


def asks_at_moments(tables: Tables, before: Instants) -> Asks:
    """One ask per case and moment reached before ``before`` (cases,), case by case in the order of life."""
    reached = moment_instants(tables)
    there = (reached != NULL_INSTANT) & (reached < before[:, None])
    case, moment = np.nonzero(there)
    return Asks(case.astype(np.int64), reached[case, moment], moment.astype(np.int8))


def asks_as_of(tables: Tables, case: NDArray[np.int64], as_of: Instants) -> Asks:
    """One ask per case at a given instant; its moment is the latest one reached by then.

    Raises
    ------
    ValueError
        When a case was not open yet: then there is nothing to ask about.
    """
    reached = moment_instants(tables)[case]
    there = (reached != NULL_INSTANT) & (reached <= as_of[:, None])
    if not there[:, 0].all():
        raise ValueError("a case cannot be asked about before it was opened")
    latest = np.where(there, reached, NULL_INSTANT)
    moment = (len(MOMENTS) - 1) - np.argmax(latest[:, ::-1], axis=1)
    return Asks(case.astype(np.int64), as_of.astype(np.int64), moment.astype(np.int8))
