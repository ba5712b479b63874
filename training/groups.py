"""Cases that must stay on one side of every split, because one of them all but tells the other's answer.

Cases of one order, exact duplicates of one another, and cases that share an image are one group; cases of one
buyer or one seller never are, or nothing would be left to learn from a history.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from features.tables import Tables

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def groups(tables: Tables) -> NDArray[np.int64]:
    """The group of each case, (cases,) integers from 0."""
    n = tables.count("cases")
    links = [_by_order(tables), _by_equal_rows(tables)]
    if tables.supplied("evidence"):
        links += [_by_image(tables, "sha256"), _by_image(tables, "phash")]
    case, token, width = [], [], n
    for cases, tokens in links:
        case.append(cases)
        token.append(tokens + width)
        width += int(tokens.max(initial=-1)) + 1
    rows, columns = np.concatenate(case), np.concatenate(token)
    graph = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(width, width))
    found = connected_components(graph, directed=False)[1]
    return np.asarray(found[:n], dtype=np.int64)


def sharing_a_group(group: NDArray[np.int64], members: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Of each case whether its group has one of ``members`` (rows of cases) in it."""
    return np.isin(group, group[members])


def _by_order(tables: Tables) -> Pairs:
    codes, _ = tables.codes("cases", "order_id")
    rows = np.flatnonzero(codes >= 0)
    return rows, codes[rows]


def _by_equal_rows(tables: Tables) -> Pairs:
    """Cases that are equal in every supplied column but their id; two nulls are equal here."""
    code = np.zeros(tables.count("cases"), dtype=np.int64)
    for name in sorted(set(tables["cases"].column_names) - {"case_id"}):
        encoded = pc.dictionary_encode(tables.array("cases", name), null_encoding="encode")
        column = pc.cast(encoded.indices, pa.int64()).to_numpy(zero_copy_only=False)
        code = np.unique(code * (len(encoded.dictionary) + 1) + column, return_inverse=True)[1]
    return np.arange(len(code)), code


def _by_image(tables: Tables, column: str) -> Pairs:
    """Cases with one image in their evidence; a catalogue image is everybody's and links nobody."""
    case = tables.case_rows("evidence")
    codes, _ = tables.codes("evidence", column)
    own = np.nan_to_num(tables.numbers("evidence", "catalogue_image")) == 0
    rows = np.flatnonzero((case >= 0) & (codes >= 0) & own)
    return case[rows], codes[rows]
