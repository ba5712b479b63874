"""Turning what a file holds into the contract's types, value by value, and saying what could not be turned.

A value that does not fit becomes null here and is marked bad; ``check.py`` then drops its row. Empty text and the
number NaN are nothing, and so null.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from features.contract import Type
from features.instants import EXPECTED, read_instants
from features.tables import ARROW

EXACT: Final = 2.0**53
"""Up to here a float is a whole number exactly."""

ASCII: Final = 127

EXPECTED_OF: Final[dict[Type, str]] = {
    Type.TEXT: "text",
    Type.CODE: "text",
    Type.INSTANT: EXPECTED,
    Type.KNOWN: EXPECTED,
    Type.CENTS: "a whole number of cents, 0 or more",
    Type.COUNT: "a whole number, 0 or more",
    Type.NUMBER: "a finite number",
    Type.FLAG: "true or false",
}
"""What a value of each type must be, said to the one who hands it over."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A column in the contract's type; ``bad`` (rows,) marks what did not fit and is null now.

    ``counted`` says how many values were understood in a way worth telling: ``cast``, ``naive``, ``date``, ``blank``.
    """

    values: pa.Array
    bad: NDArray[np.bool_]
    counted: dict[str, int] = field(default_factory=dict)


def convert(column: pa.Array, to: Type) -> Converted:
    """The column in the contract's type."""
    nulls = column.null_count
    column = plain(column)
    blank = column.null_count - nulls
    if pa.types.is_null(column.type):
        return Converted(pa.nulls(len(column), ARROW[to]), np.zeros(len(column), dtype=bool))
    found = _CONVERSIONS[to](column, to)
    implicit = not _is_of_type(column.type, to)
    cast = len(column) - column.null_count - int(found.bad.sum()) if implicit else 0
    return Converted(found.values, found.bad, {**found.counted, "cast": cast, "blank": blank})


def convert_open(column: pa.Array) -> Converted:
    """A team's own column: text stays text, everything that is a number becomes one."""
    column = plain(column)
    if pa.types.is_null(column.type) or pa.types.is_string(column.type):
        return Converted(column, np.zeros(len(column), dtype=bool))
    if pa.types.is_boolean(column.type):
        column = pc.cast(column, pa.int8())
    return _numbers(column, Type.NUMBER)


def numbers_where_all_are(column: pa.Array) -> pa.Array:
    """A column of text as numbers, if each value is one and none is written with a leading zero, as codes are."""
    column = plain(column)
    coded = mask(pc.fill_null(pc.match_substring_regex(column, r"^[+-]?0\d"), False)).any()
    found = _numbers(column, Type.NUMBER)
    return column if coded or found.bad.any() or column.null_count == len(column) else found.values


def is_open(of: pa.DataType) -> bool:
    """Whether a team's own column may be of that type: text, a number, true or false."""
    plain_type = of.value_type if pa.types.is_dictionary(of) else of
    kinds = (pa.types.is_null, _is_text, pa.types.is_boolean, _is_number)
    return any(kind(plain_type) for kind in kinds)


def plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """One array without dictionary, its text as plain strings; blank text and NaN are null."""
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if _is_text(column.type):
        column = column if pa.types.is_string(column.type) else pc.cast(column, pa.string())
        return _without(column, blank) if (blank := _blank(column)).any() else column
    if pa.types.is_floating(column.type):
        column = column if pa.types.is_float64(column.type) else pc.cast(column, pa.float64())
        return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)
    return column


def _blank(column: pa.Array) -> NDArray[np.bool_]:
    """Which texts hold nothing but space; only those that begin like it, or beyond ASCII, are looked at whole."""
    _, where, content = column.buffers()
    found = np.zeros(len(column), dtype=bool)
    if where is None:
        return found
    ends = np.frombuffer(where, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    letters = np.frombuffer(content or b" ", dtype=np.uint8)
    first = letters[np.minimum(ends[:-1], len(letters) - 1)]
    rows = np.flatnonzero((ends[:-1] == ends[1:]) | (first <= ord(" ")) | (first > ASCII))
    if column.null_count:
        rows = rows[mask(pc.is_valid(column))[rows]]
    found[rows] = mask(pc.equal(pc.utf8_trim_whitespace(column.take(pa.array(rows))), ""))
    return found


def _is_of_type(of: pa.DataType, to: Type) -> bool:
    if to in (Type.INSTANT, Type.KNOWN):
        return bool(pa.types.is_timestamp(of))
    if to in (Type.CENTS, Type.COUNT):
        return bool(pa.types.is_integer(of))
    return bool(_is_number(of)) if to is Type.NUMBER else bool(of == ARROW[to])


def _is_text(of: pa.DataType) -> bool:
    return bool(pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_string_view(of))


def _is_number(of: pa.DataType) -> bool:
    return bool(pa.types.is_integer(of) or pa.types.is_floating(of) or pa.types.is_decimal(of))


def _texts(column: pa.Array, to: Type) -> Converted:
    of = column.type
    if pa.types.is_string(of):
        return Converted(column, np.zeros(len(column), dtype=bool))
    if pa.types.is_floating(of):
        whole = pc.and_(pc.equal(pc.round(column), column), pc.less(pc.abs(column), EXACT))
        bad = mask(pc.fill_null(pc.invert(whole), False))
        return Converted(pc.cast(pc.cast(_without(column, bad), pa.int64()), pa.string()), bad)
    if pa.types.is_integer(of) or pa.types.is_decimal(of):
        return Converted(pc.cast(column, pa.string()), np.zeros(len(column), dtype=bool))
    return _all_bad(column, to)


def _instants(column: pa.Array, to: Type) -> Converted:
    found = read_instants(column, end_of_day=to is Type.KNOWN)
    values = pa.array(found.values, pa.int64(), mask=found.null | found.bad).view(ARROW[to])
    counted = {"naive": int(found.naive.sum()), "date": int(found.date.sum())}
    return Converted(values, found.bad, counted)


def _whole(column: pa.Array, to: Type) -> Converted:
    of = column.type
    if pa.types.is_string(of):
        column, wrong = _matching(column, r"^[+-]?\d{1,18}$")
        column = pc.cast(column, pa.int64())
    elif pa.types.is_floating(of) or pa.types.is_decimal(of):
        numbers = pc.cast(column, pa.float64(), safe=False)
        whole = pc.and_(pc.equal(pc.round(numbers), numbers), pc.less(pc.abs(numbers), EXACT))
        wrong = mask(pc.fill_null(pc.invert(whole), False))
        column = pc.cast(_without(numbers, wrong), pa.int64())
    elif pa.types.is_integer(of):
        wrong = np.zeros(len(column), dtype=bool)
        if pa.types.is_uint64(of):
            wrong = mask(pc.fill_null(pc.greater(column, pa.scalar(2**62, pa.uint64())), False))
        column = pc.cast(_without(column, wrong), pa.int64())
    else:
        return _all_bad(column, to)
    negative = mask(pc.fill_null(pc.less(column, 0), False))
    return Converted(_without(column, negative), wrong | negative)


def _numbers(column: pa.Array, to: Type) -> Converted:
    wrong = np.zeros(len(column), dtype=bool)
    if pa.types.is_string(column.type):
        column, wrong = _matching(column, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$")
    elif not _is_number(column.type):
        return _all_bad(column, to)
    numbers = pc.cast(column, pa.float64(), safe=False)
    endless = mask(pc.fill_null(pc.invert(pc.is_finite(numbers)), False))
    return Converted(_without(numbers, endless), wrong | endless)


def _flags(column: pa.Array, to: Type) -> Converted:
    of = column.type
    if pa.types.is_boolean(of):
        return Converted(column, np.zeros(len(column), dtype=bool))
    if pa.types.is_string(of):
        given = pc.utf8_lower(column)
        yes, no = (pc.is_in(given, pa.array(words)) for words in (("true", "t", "1"), ("false", "f", "0")))
    elif pa.types.is_integer(of) or pa.types.is_floating(of):
        yes, no = pc.equal(column, 1), pc.equal(column, 0)
    else:
        return _all_bad(column, to)
    bad = mask(pc.fill_null(pc.invert(pc.or_(yes, no)), False)) & mask(pc.is_valid(column))
    return Converted(_without(pc.if_else(pc.is_valid(column), yes, None), bad), bad)


def _matching(column: pa.Array, pattern: str) -> tuple[pa.Array, NDArray[np.bool_]]:
    wrong = mask(pc.fill_null(pc.invert(pc.match_substring_regex(column, pattern)), False))
    return _without(column, wrong), wrong


def _all_bad(column: pa.Array, to: Type) -> Converted:
    return Converted(pa.nulls(len(column), ARROW[to]), mask(pc.is_valid(column)))


def _without(column: pa.Array, bad: NDArray[np.bool_]) -> pa.Array:
    return pc.if_else(pa.array(bad), pa.scalar(None, column.type), column)


def mask(column: pa.Array) -> NDArray[np.bool_]:
    """A column of true and false as NumPy."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)


_CONVERSIONS: Final = {
    Type.TEXT: _texts,
    Type.CODE: _texts,
    Type.INSTANT: _instants,
    Type.KNOWN: _instants,
    Type.CENTS: _whole,
    Type.COUNT: _whole,
    Type.NUMBER: _numbers,
    Type.FLAG: _flags,
}
