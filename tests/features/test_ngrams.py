"""A text's buckets are its own: not its neighbours', not its length's, and not those of how it is spelt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features import ngrams
from features.ngrams import BUCKETS, Grams, grams

TEXTS = st.lists(st.text(max_size=12), max_size=8)


def buckets(found: Grams, text: int) -> list[int]:
    return found.bucket[found.start[text] : found.start[text + 1]].tolist()


@given(TEXTS)
def test_a_text_has_the_buckets_that_it_has_alone(texts: list[str]) -> None:
    together = grams(texts)
    assert len(together) == len(texts)
    assert [buckets(together, i) for i in range(len(texts))] == [buckets(grams([text]), 0) for text in texts]


@given(TEXTS)
def test_texts_hashed_in_parts_have_the_same_buckets(texts: list[str]) -> None:
    whole = grams(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ngrams, "ROOM", 5)
        parts = grams(texts)
    np.testing.assert_array_equal(parts.start, whole.start)
    np.testing.assert_array_equal(parts.bucket, whole.bucket)


@given(TEXTS, TEXTS)
def test_buckets_are_joined_and_taken_as_their_texts_are(texts: list[str], more: list[str]) -> None:
    order = np.arange(len(texts) + len(more))[::-1]
    found = grams(texts).followed_by(grams(more)).take(order)
    expected = grams([(texts + more)[i] for i in order])
    np.testing.assert_array_equal(found.start, expected.start)
    np.testing.assert_array_equal(found.bucket, expected.bucket)


@given(TEXTS)
def test_each_bucket_counts_once_and_sums_are_exact(texts: list[str]) -> None:
    weights = np.random.default_rng(5).integers(-127, 128, (2, BUCKETS)).astype(np.int8)
    found = grams(texts)
    assert all(len(set(buckets(found, i))) == len(buckets(found, i)) for i in range(len(texts)))
    expected = [[sum(int(kind[b]) for b in buckets(found, i)) for i in range(len(texts))] for kind in weights]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ngrams, "AT_ONCE", 3)
        assert found.sums(weights).tolist() == expected


def test_a_text_has_a_bucket_for_each_run_of_three_and_of_four_characters_with_its_edges() -> None:
    assert [len(buckets(grams([text]), 0)) for text in ("", "a", "ab", "abc")] == [0, 1, 3, 5]


@pytest.mark.parametrize(("one", "other"), [("REFUND", "refund"), ("Ｒｅｆｕｎｄ", "refund"), ("No 471", "no 809")])
def test_case_width_and_digits_do_not_count(one: str, other: str) -> None:
    assert buckets(grams([one]), 0) == buckets(grams([other]), 0)


def test_the_order_of_characters_counts() -> None:
    assert buckets(grams(["lost"]), 0) != buckets(grams(["slot"]), 0)
