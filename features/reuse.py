"""Files that were also handed in for other cases, as known before an instant.

Catalogue images, packing templates and carriers' own pictures are everybody's, and never count as used again.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.across import text_codes
from features.own_rows import Flags
from features.tables import NEVER, NULL_INSTANT, Instants, Tables
from features.view import View

HASHES: Final = ("evidence.sha256", "evidence.phash")
"""The columns that other cases' past is asked for."""


class Uses:
    """For each hash of a column when it was first handed in, for which case, and when first for another one."""

    def __init__(self, past: Tables, column: str) -> None:
        code, hashes = past.codes("evidence", column)
        case, since = past.codes("evidence", "case_id")[0], past.clock("evidence")
        counts = (code >= 0) & (past.numbers("evidence", "catalogue_image") != 1) & (since != NULL_INSTANT)
        code, case, since = code[counts], case[counts], since[counts]
        self._first = np.full(len(hashes) + 1, NEVER)
        np.minimum.at(self._first, code, since)
        self._case = np.full(len(hashes) + 1, NEVER)
        first = since == self._first[code]
        np.minimum.at(self._case, code[first], case[first])
        self._other = np.full(len(hashes) + 1, NEVER)
        other = case != self._case[code]
        np.minimum.at(self._other, code[other], since[other])

    def first_of_others(self, code: NDArray[np.int64], case: NDArray[np.int64]) -> Instants:
        """When each hash was first handed in for another case than this, NEVER where it was not."""
        return np.where(self._case[code] == case, self._other[code], self._first[code])


def files_used_elsewhere(view: View) -> Flags:
    """Which items of evidence are files handed in for another case before the instant asked about."""
    return _used_elsewhere(view, "sha256", view.past.once(_files))


def images_used_elsewhere(view: View) -> Flags:
    """Which items of evidence look like an image handed in for another case before the instant asked about."""
    return _used_elsewhere(view, "phash", view.past.once(_images))


def _used_elsewhere(view: View, column: str, uses: Uses) -> Flags:
    rows, past = view.rows("evidence"), view.past
    code, values = rows.words(column)
    known = np.flatnonzero((code >= 0) & (rows.numbers("catalogue_image") != 1))
    found = np.zeros(len(code), dtype=bool)
    there = text_codes(past, f"evidence.{column}", code[known], values)
    known, there = known[there >= 0], there[there >= 0]
    ids = view.tables.case_ids.take(view.asks.case[rows.ask[known]]).to_pylist()
    case = text_codes(past, "evidence.case_id", np.arange(len(ids)), ids)
    found[known] = uses.first_of_others(there, case) < rows.as_of[known]
    return found


def _files(past: Tables) -> Uses:
    return Uses(past, "sha256")


def _images(past: Tables) -> Uses:
    return Uses(past, "phash")
