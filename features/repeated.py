"""Which rows have the key of an earlier one: exactly, and quickly where there are millions and hardly any has."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features import duck

MANY: Final = 200_000
"""From so many rows on only those whose keys have the same hash are held against each other."""

Places = NDArray[np.int64]


def repeated(key: Sequence[pa.Array], rows: Places) -> Places:
    """Those of these rows, in ascending order, that have the key of an earlier one of them; null is a value as others.

    Parameters
    ----------
    key
        The columns of the key, a value for each row of the table.
    """
    suspects = rows if len(rows) < MANY else rows[_share_a_hash(key, rows)]
    code = np.zeros(len(suspects), dtype=np.int64)
    for column in key:
        values = column.take(pa.array(suspects))
        values = values.dictionary_decode() if pa.types.is_dictionary(values.type) else values
        encoded = values.dictionary_encode(null_encoding="encode")
        place = pc.cast(encoded.indices, pa.int64()).to_numpy(zero_copy_only=False)
        code = np.unique(code * (len(encoded.dictionary) + 1) + place, return_inverse=True)[1]
    again = np.ones(len(suspects), dtype=bool)
    again[np.unique(code, return_index=True)[1]] = False
    return suspects[again]


def _share_a_hash(key: Sequence[pa.Array], rows: Places) -> NDArray[np.bool_]:
    """Which of these rows have a key whose hash is also another one's."""
    names = [f"key {place}" for place in range(len(key))]
    columns = ", ".join(map(duck.name, names))
    with duck.connect() as database:
        database.register("rows", pa.table(dict(zip(names, key, strict=True))))
        query = f"SELECT hash({columns}) AS h FROM rows"  # noqa: S608 - of names made here
        found = database.execute(query).fetchnumpy()["h"][rows]
    order = np.sort(found)
    twice = order[1:][order[1:] == order[:-1]]
    return np.isin(found, twice) if len(twice) else np.zeros(len(rows), dtype=bool)
