"""Rows with the key of an earlier one are found the same way whether there are few or millions."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import repeated as module
from features.repeated import repeated

KEYS = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.integers(0, 2)), max_size=30)


def brute(keys: list[tuple[str | None, int]], rows: list[int]) -> list[int]:
    return [row for place, row in enumerate(rows) if keys[row] in [keys[earlier] for earlier in rows[:place]]]


@pytest.mark.parametrize("many", [0, 10**9])
@given(keys=KEYS, seed=st.integers(0, 10**6))
def test_repeated_keys_are_those_that_somebody_reading_row_by_row_would_find(
    many: int, keys: list[tuple[str | None, int]], seed: int
) -> None:
    rows = np.flatnonzero(np.random.default_rng(seed).random(len(keys)) < 0.8)
    words, numbers = (list(column) for column in zip(*keys, strict=True)) if keys else ([], [])
    key = [pa.array(words, pa.string()), pa.array(numbers, pa.int64())]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MANY", many)
        assert repeated(key, rows).tolist() == brute(keys, rows.tolist())


def test_words_as_places_in_a_dictionary_are_the_same_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 0)
    words = pa.array(["b", "a", "b", "c", "a"]).dictionary_encode()
    assert repeated([words], np.arange(5)).tolist() == [2, 4]
