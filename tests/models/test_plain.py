"""What is read is exactly what was asked for, or an error that does not repeat it."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import plain


@dataclass(frozen=True)
class Sample:
    name: str
    kind: Literal["a", "b"]
    sizes: tuple[float, ...] = ()
    limit: float | None = None


FLOATS = st.floats(allow_nan=False, allow_infinity=False)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | FLOATS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
)


@given(JSON)
@settings(max_examples=50, deadline=None)
def test_what_is_written_canonically_is_read_as_it_was(data: Any) -> None:
    assert plain.dumps(plain.loads(plain.dumps(data))) == plain.dumps(data)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":2}', b'{"a": 1}', b"[NaN]", b"[Infinity]", b"[1e999]", b"[01]", b"[1.0e0]",
        b'["\xc3\xa9"]', b"\xef\xbb\xbf[]", b"[" * 100_000, b"", b"[1]\n", b"9" * 20, b"9" * 6_000, b'["\\u0041"]',
    ],
)  # fmt: skip
def test_anything_but_canonical_json_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        plain.loads(raw)


def test_nan_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        plain.dumps([float("nan")])


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x"}, {"name": 5, "kind": "a"}, {"name": "x", "kind": "secret"}, {"name": "x", "kind": "a", "more": 1},
        {"name": "x", "kind": "a", "sizes": [True]}, {"name": "x", "kind": "a", "sizes": "12"},
        {"name": "x", "kind": "a", "limit": "secret"}, ["x", "a"], "secret", None,
    ],
)  # fmt: skip
def test_a_part_that_is_not_as_expected_is_refused_by_place_and_never_shown(data: Any) -> None:
    with pytest.raises(ValueError, match="sample") as found:
        plain.read(Sample, data, "sample")
    assert "secret" not in str(found.value)


def test_a_part_that_is_as_expected_is_read() -> None:
    data = {"name": "x", "kind": "b", "sizes": [1, 2.5], "limit": None}
    assert plain.read(Sample, data) == Sample("x", "b", (1.0, 2.5), None)
    assert plain.read(dict[str, tuple[str, ...]], {"a": ["b"]}) == {"a": ("b",)}
