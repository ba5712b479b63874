"""Plain data: canonical JSON out, strict JSON in, and only into the types that are expected.

Canonical: keys sorted, no spaces, ASCII, no NaN. Strict: no key twice, no number beyond float64, nothing that
was not asked for. Whatever is wrong is a ValueError that names the place, never the value.
"""

import json
import math
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any, Final, Literal, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")


def dumps(data: object) -> bytes:
    """Canonical JSON."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode("ascii")


def loads(raw: bytes) -> Any:
    """Strictly read JSON that is canonical, byte for byte."""
    try:
        data = json.loads(
            raw.decode("ascii"),
            object_pairs_hook=_unique,
            parse_int=_whole,
            parse_float=_finite,
            parse_constant=_no_constant,
        )
        again = dumps(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if again != raw:
        raise ValueError("it is not canonical JSON")
    return data


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({key for key, _ in pairs}) < len(pairs):
        raise ValueError("a key stands there twice")
    return dict(pairs)


def _whole(text: str) -> int:
    if len(text.removeprefix("-")) <= 19:
        return int(text)
    raise ValueError("a number is too large")


def _finite(text: str) -> float:
    if math.isfinite(number := float(text)):
        return number
    raise ValueError("a number is too large")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


_NUMBERS: Final[dict[object, set[type]]] = {
    tuple[float, ...]: {int, float},
    tuple[float | None, ...]: {int, float, type(None)},
}
"""Rows of numbers are read at once: a bundle has thousands."""

_hints = cache(get_type_hints)


def read(kind: type[T], data: Any, place: str = "it") -> T:
    """``data`` as ``kind``: a frozen dataclass, a tuple, a dict with text keys, or a plain value."""
    return _read(kind, data, place)  # type: ignore[no-any-return]


def _read(kind: Any, data: Any, place: str) -> Any:
    origin, inner = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        return _read_fields(kind, data, place)
    if kind in _NUMBERS and isinstance(data, list) and {*map(type, data)} <= _NUMBERS[kind]:
        return tuple(None if number is None else float(number) for number in data)
    if origin is tuple and isinstance(data, list):
        return tuple(_read(inner[0], item, f"{place}[{i}]") for i, item in enumerate(data))
    if origin in (dict, Mapping) and isinstance(data, dict):
        return {key: _read(inner[1], item, f"{place}.{key}") for key, item in data.items()}
    if origin is types.UnionType:
        return None if data is None else _read(inner[0], data, place)
    if origin is Literal and data in inner:
        return data
    if kind is Any:
        return data
    if kind is float and type(data) is int:
        return float(data)
    if isinstance(kind, type) and type(data) is kind:
        return data
    raise ValueError(f"{place} is not what is expected there")


def _read_fields(kind: Any, data: Any, place: str) -> Any:
    hints = _hints(kind)
    known = {f.name: f for f in fields(kind)}
    if not isinstance(data, dict) or not data.keys() <= known.keys():
        raise ValueError(f"{place} has a part that is not known")
    missing = [n for n, f in known.items() if n not in data and f.default is MISSING]
    if missing:
        raise ValueError(f"{place} lacks {missing[0]}")
    return kind(**{name: _read(hints[name], item, f"{place}.{name}") for name, item in data.items()})
