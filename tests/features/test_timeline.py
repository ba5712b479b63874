"""Facts in order of time and by key: every answer equals looking at each fact."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from features.timeline import FEW, Clock, Ranked, Timeline, search

SMALL = st.integers(-3, 12)
FACTS = st.lists(st.tuples(st.integers(-1, 3), SMALL), max_size=12)


@given(FACTS, st.integers(0, 3), SMALL, st.booleans())
def test_a_keys_facts_before_an_instant_are_those_that_looking_at_each_finds(
    facts: list[tuple[int, int]], key: int, instant: int, inclusive: bool
) -> None:
    keys, instants = (np.array([fact[i] for fact in facts], dtype=np.int64) for i in (0, 1))
    line = Timeline(keys, instants)
    wanted, then = np.array([key]), np.array([instant])
    found = line.order[line.start(wanted)[0] : line.before(wanted, then, inclusive=inclusive)[0]]
    there = [i for i, (k, t) in enumerate(facts) if k == key and (t < instant or (inclusive and t == instant))]
    assert found.tolist() == sorted(there, key=lambda i: (facts[i][1], i))


@given(FACTS, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 12)), max_size=8))
def test_how_many_come_before_a_place_is_the_same_for_sorted_and_unsorted_pairs(
    facts: list[tuple[int, int]], pairs: list[tuple[int, int]]
) -> None:
    codes, instants = (np.array([fact[i] for fact in facts], dtype=np.int64) for i in (0, 1))
    clock = Clock(instants)
    ranked = Ranked(codes, clock)
    place_of = np.empty(len(facts), dtype=np.int64)
    place_of[clock.order] = np.arange(len(facts))
    pairs = sorted((code, min(place, len(facts))) for code, place in pairs)
    code, place = (np.array([pair[i] for pair in pairs], dtype=np.int64) for i in (0, 1))
    counted = [sum(c >= 0 and (c, p) < pair for c, p in zip(codes, place_of, strict=True)) for pair in pairs]
    assert ranked.find_sorted(code, place).tolist() == counted
    turn = np.argsort(place, kind="stable")
    assert ranked.find(code[turn], place[turn]).tolist() == np.array(counted, dtype=np.int64)[turn].tolist()


def test_many_searches_find_what_few_find() -> None:
    rng = np.random.default_rng(1)
    among, wanted = np.sort(rng.integers(0, 500, 400)), rng.integers(-5, 505, 3 * FEW)
    for side in ("left", "right"):
        few = np.concatenate([search(among, wanted[i : i + FEW], side) for i in range(0, len(wanted), FEW)])
        assert np.array_equal(search(among, wanted, side), few)
