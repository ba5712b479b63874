"""Reading instants out of what a file holds: text, dates and timestamps become microseconds in UTC, or are refused.

A time without an offset is UTC. A date without a time is the start of its day, or its end where it says since
when something is known. Nothing is guessed: what is not ISO 8601, and placeholders such as the year 9999, are bad.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

EXPECTED: Final = "an instant such as 2026-03-31T14:00:00Z, of the years 1971 to 2099"

_EARLIEST, _LATEST = (int(np.datetime64(year, "us").astype(np.int64)) for year in ("1971", "2100"))
_DAY: Final = 86_400_000_000
_ISO: Final = (
    r"^(?P<y>\d{4})-(?P<mo>\d{2})-(?P<d>\d{2})"
    r"(?P<t>[Tt ](?P<h>\d{2}):(?P<mi>\d{2})(?::(?P<s>\d{2})(?:\.(?P<f>\d{1,9}))?)?"
    r" ?(?P<z>[Zz]|(?P<sg>[+-])(?P<zh>\d{2})(?::?(?P<zm>\d{2}))?)?)?$"
)


@dataclass(frozen=True, slots=True)
class Read:
    """Instants read from a column: ``values`` (rows,) int64 microseconds, meaningless where ``null`` or ``bad``.

    ``naive`` marks those without an offset, ``date`` those without a time.
    """

    values: NDArray[np.int64]
    null: NDArray[np.bool_]
    bad: NDArray[np.bool_]
    naive: NDArray[np.bool_]
    date: NDArray[np.bool_]


def read_instants(column: pa.Array, *, end_of_day: bool) -> Read:
    """The instants of a column of text, dates or timestamps; every value of another kind is bad."""
    null = _mask(pc.is_null(column))
    n, of = len(column), column.type
    nothing = np.zeros(n, dtype=bool)
    if pa.types.is_string(of):
        found = _from_text(column, end_of_day)
    elif pa.types.is_date(of):
        days = _filled(pc.cast(column, pa.date32()).view(pa.int32())).astype(np.int64)
        found = Read(_day(days, end_of_day), null, nothing, nothing, ~null)
    elif pa.types.is_timestamp(of):
        found = Read(_microseconds(column), null, nothing, np.full(n, of.tz is None) & ~null, nothing)
    else:
        return Read(np.zeros(n, dtype=np.int64), null, ~null, nothing, nothing)
    outside = (found.values < _EARLIEST) | (found.values >= _LATEST)
    bad = (found.bad | outside) & ~null
    return Read(found.values, null, bad, found.naive & ~bad & ~null, found.date & ~bad & ~null)


def _microseconds(column: pa.Array) -> NDArray[np.int64]:
    per_unit = {"s": (1_000_000, 1), "ms": (1_000, 1), "us": (1, 1), "ns": (1, 1_000)}
    times, parts = per_unit[column.type.unit]
    raw = _filled(column.view(pa.int64()))
    if times == parts:
        return raw
    limit = np.iinfo(np.int64).max // times
    return np.clip(raw, -limit, limit) * times // parts


def _from_text(column: pa.Array, end_of_day: bool) -> Read:
    encoded = column.dictionary_encode()
    words = encoded.dictionary if len(encoded.dictionary) else pa.array([""])
    parts = pc.extract_regex(words, _ISO)
    part = {name: _number(pc.struct_field(parts, name)) for name in ("y", "mo", "d", "h", "mi", "s", "zh", "zm")}
    month = ((part["y"] - 1970) * 12 + part["mo"] - 1).astype("datetime64[M]")
    day = month.astype("datetime64[D]") + (part["d"] - 1)
    days = day.astype(np.int64)
    zone = pc.fill_null(pc.struct_field(parts, "z"), "")
    east = np.where(_mask(pc.equal(pc.fill_null(pc.struct_field(parts, "sg"), ""), "-")), -1, 1)
    date = _mask(pc.equal(pc.fill_null(pc.struct_field(parts, "t"), ""), ""))
    seconds = (part["h"] * 60 + part["mi"]) * 60 + part["s"] - east * (part["zh"] * 60 + part["zm"]) * 60
    fraction = _number(pc.utf8_slice_codeunits(pc.utf8_rpad(_text(parts, "f"), 9, padding="0"), 0, 6))
    value = np.where(date, _day(days, end_of_day), days * _DAY + seconds * 1_000_000 + fraction)
    bad = (
        _mask(pc.is_null(parts)) | (part["mo"] < 1) | (part["mo"] > 12) | (day.astype("datetime64[M]") != month)
        | (part["h"] > 23) | (part["mi"] > 59) | (part["s"] > 59) | (part["zh"] > 14) | (part["zm"] > 59)
    )  # fmt: skip
    naive = ~date & _mask(pc.equal(zone, ""))
    place = _filled(encoded.indices).astype(np.int64)
    null = _mask(pc.is_null(column))
    return Read(value[place], null, bad[place], naive[place], date[place])


def _text(parts: pa.Array, name: str) -> pa.Array:
    return pc.fill_null(pc.struct_field(parts, name), "")


def _number(text: pa.Array) -> NDArray[np.int64]:
    """Digits as integers; nothing is 0."""
    given = pc.fill_null(text, "")
    return np.asarray(pc.cast(pc.if_else(pc.equal(given, ""), "0", given), pa.int64()).to_numpy(zero_copy_only=False))


def _day(days: NDArray[np.int64], end: bool) -> NDArray[np.int64]:
    return days * _DAY + (_DAY - 1 if end else 0)


def _filled(column: pa.Array) -> NDArray[np.int64]:
    return np.asarray(pc.fill_null(column, 0).to_numpy(zero_copy_only=False))


def _mask(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=bool)
