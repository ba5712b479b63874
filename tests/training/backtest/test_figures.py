"""What a backtest counts adds up, and its intervals draw whole sellers."""

from dataclasses import replace

import numpy as np
import pyarrow as pa

from features.asks import Asks, asks_as_of
from features.tables import DAY, Tables
from models.lines import ACCOUNTS
from models.policy import Policy
from training.backtest.backtest import Backtest, prepare
from training.backtest.cohorts import NOT_KNOWN, TENURES, cohorts
from training.backtest.flips import DECIDED, KINDS, changes, flips
from training.backtest.intervals import bounds, drawn, units
from training.backtest.outcomes import UNKNOWN
from training.backtest.settled import Span
from training.backtest.tally import PLACE, counted

MOVED = [PLACE[f"moved {account}"] for account in ACCOUNTS]


def test_money_moved_nets_to_nothing_in_every_case_and_cohort(tried: Backtest) -> None:
    of = counted(tried.before, tried.after)
    assert (of[:, MOVED] != 0).any()
    assert (of[:, MOVED].sum(axis=1) == 0).all()
    assert all((part.totals[:, MOVED].sum(axis=1) == 0).all() for part in tried.tallies)


def test_cohorts_add_up_to_all_cases(tried: Backtest) -> None:
    whole, *parts = tried.tallies
    assert np.array_equal(whole.totals[0], counted(tried.before, tried.after).sum(axis=0))
    assert [part.title for part in parts] == ["reason", "seller size", "buyer tenure"]
    for part in parts:
        assert np.array_equal(part.totals.sum(axis=0), whole.totals[0])


def test_a_policy_against_itself_flips_and_moves_nothing(market: Tables, house: Policy) -> None:
    found = prepare(market, (house, house), Span()).run(threads=1)
    assert found.changes == ()
    assert not counted(found.before, found.after)[:, [PLACE["flipped"], *MOVED]].any()


def test_what_only_one_policy_answers_is_no_flip(tried: Backtest) -> None:
    before, after = tried.before, tried.after
    open_ = np.full_like(before.fault, UNKNOWN)
    none = np.zeros_like(before.decided)
    silent = replace(after, fault=open_, entitled=open_, remedy=open_, decided=none, priced=none)
    assert not flips(before, silent).any()
    assert {change.kind for change in changes(before, silent)} == {DECIDED}


def test_changes_add_up_to_the_flips_of_their_kind_and_name_a_case_of_it(tried: Backtest) -> None:
    differs = flips(tried.before, tried.after)
    for place, kind in enumerate(KINDS):
        of_kind = [change for change in tried.changes if change.kind == kind]
        assert sum(change.cases for change in of_kind) == differs[:, place].sum()
        assert all(differs[change.example, place] for change in of_kind)


def asks_of(sellers: list[str | None]) -> tuple[Tables, Asks]:
    n = len(sellers)
    cases = pa.table({"case_id": [str(i) for i in range(n)], "seller_id": pa.array(sellers, pa.string())})
    return Tables({"cases": cases}), Asks(np.arange(n), np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int8))


def width(sellers: list[str | None], flipped: list[int]) -> float:
    of = units(*asks_of(sellers))
    sums = np.zeros((of.groups, 1), dtype=np.int64)
    np.add.at(sums[:, 0], of.group, flipped)
    low, high = bounds(drawn(sums))[:, 0]
    return float(high - low)


def test_cases_of_one_seller_that_flip_together_make_the_figure_less_sure() -> None:
    flipped = [1] * 100 + [0] * 300
    own_seller_each: list[str | None] = [f"s{i}" for i in range(400)]
    four_sellers: list[str | None] = [f"s{i // 100}" for i in range(400)]
    assert width(four_sellers, flipped) > 3 * width(own_seller_each, flipped)


def test_a_case_without_a_seller_is_drawn_alone() -> None:
    found = units(*asks_of(["s", "s", None, None]))
    assert (found.unit, found.units) == ("seller", 3)
    assert found.group[0] == found.group[1] != found.group[2] != found.group[3]


def test_an_interval_is_the_same_each_time_and_holds_its_figure(tried: Backtest) -> None:
    sums = tried.tallies[0].sums[:, 0]
    low, high = bounds(drawn(sums))
    assert np.array_equal(bounds(drawn(sums)), [low, high])
    total = sums.sum(axis=0)
    assert ((low <= total) & (total <= high)).all()


def test_without_deliveries_and_sellers_nothing_is_known_of_size(tried: Backtest) -> None:
    tables = Tables({name: tried.tables[name] for name in tried.tables.names if name != "volumes"})
    size, tenure = cohorts(tables, tried.asks, volumes=tables)[1:]
    assert {size.names[place] for place in size.place} == {NOT_KNOWN}
    assert {tenure.names[place] for place in tenure.place} <= set(TENURES)


def test_a_seller_is_as_large_as_what_was_known_of_the_last_90_days() -> None:
    cases = pa.table({"case_id": ["c"], "opened_at": at(100), "seller_id": ["s"], "buyer_id": ["b"]})
    for rows, size in (
        ([(50, 500)], 1),
        ([(50, 499)], 0),
        ([(5, 5_000), (50, 499)], 0),  # delivered too long ago
        ([(50, 499), (101, 5_000)], 0),  # counted too late
        ([(20, 1_000), (50, 1_000)], 2),
    ):
        assert places(cases, rows, "seller")[0] == size


def test_a_buyer_is_known_since_the_first_delivery_or_claim() -> None:
    cases = pa.table(
        {"case_id": ["c", "d"], "opened_at": at(400, 401), "seller_id": ["s", "s"], "buyer_id": ["b", "b"]}
    )
    for rows, tenure in (([], 0), ([(350, 1)], 0), ([(300, 1)], 1), ([(20, 1), (350, 1)], 2), ([(402, 1)], 0)):
        assert places(cases, rows, "buyer")[1] == tenure


def at(*days: int) -> pa.Array:
    return pa.array([day * DAY for day in days], pa.int64()).cast(pa.timestamp("us", tz="UTC"))


def places(cases: pa.Table, delivered: list[tuple[int, int]], kind: str) -> tuple[int, int]:
    """In which size and tenure the first case is, a day after it was opened."""
    days = [day for day, _ in delivered]
    columns = {
        "key_kind": pa.array([kind] * len(days), pa.string()), "key": pa.array([kind[0]] * len(days), pa.string()),
        "day": at(*days), "known_at": at(*days), "delivered": pa.array([n for _, n in delivered], pa.int64()),
    }  # fmt: skip
    tables = Tables({"cases": cases, "volumes": pa.table(columns)})
    asks = asks_as_of(tables, np.zeros(1, dtype=np.int64), tables.instants("cases", "opened_at")[:1] + DAY // 2)
    _, size, tenure = cohorts(tables, asks, volumes=tables)
    return int(size.place[0]), int(tenure.place[0])
