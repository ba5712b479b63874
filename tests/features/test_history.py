"""History counts exactly what was known of other cases: checked against plain Python that looks at every fact."""

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from features import history
from features.asks import Asks, asks_as_of
from features.build import FeatureTable, Fitted, build
from features.history import History
from features.keys import ALL, CASE_KEYS
from features.tables import DAY, Tables
from features.vocabulary import LIABLE

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Fit = Callable[[Rows], tuple[Tables, Fitted]]
EveryAsk = Callable[[Tables], Asks]
InWorlds = Callable[..., None]

WEIGHT = 2.0


def instant(microseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(microseconds))


class Oracle:
    """The past of a key as a person would count it, fact by fact."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.counted: dict[tuple[str, str, str, datetime, int], int] = {}
        self.stood: dict[tuple[str, datetime], tuple[datetime, set[str]] | None] = {}

    def order(self, case: Row, then: datetime) -> Row:
        known = [
            (o["known_at"] or o["placed_at"], i, o)
            for i, o in enumerate(self.rows.get("orders", []))
            if case["order_id"] is not None and o["order_id"] == case["order_id"]
        ]
        known = [k for k in known if k[0] <= then]
        if case["line_id"] is None:
            fitting = known if len({o["line_id"] for _, _, o in known}) == 1 else []
        else:
            fitting = [k for k in known if k[2]["line_id"] == case["line_id"]]
            fitting = fitting or [k for k in known if k[2]["line_id"] is None]
        return max(fitting, key=lambda k: k[:2])[2] if fitting else {}

    def value(self, key: str, case: Row, then: datetime) -> tuple[Any, ...] | None:
        if key == ALL:
            return ()
        found = []
        for name in CASE_KEYS.get(key, (f"cases.{key}",)):
            table, column = name.split(".")
            found.append((case if table == "cases" else self.order(case, then)).get(column))
        return None if None in found else tuple(found)

    def standing(self, case: Row, then: datetime) -> tuple[datetime, set[str]] | None:
        at = (case["case_id"], then)
        if at not in self.stood:
            self.stood[at] = self.ruled(case, then)
        return self.stood[at]

    def ruled(self, case: Row, then: datetime) -> tuple[datetime, set[str]] | None:
        made = [r for r in self.rows.get("rulings", []) if r["case_id"] == case["case_id"] and not r["provisional"]]
        made = [r for r in made if r["ruled_at"] < then]
        if not made:
            return None
        last = max(made, key=lambda r: r["ruled_at"])
        counts = {"final"} | ({"default"} if last["basis"] == "default" else set())
        liable = last["liable"] if last["basis"] in (None, "merits") else None
        turned = [
            a
            for a in self.rows.get("appeals", [])
            if a["case_id"] == case["case_id"] and a["overturned"] and a["decided_at"] is not None
            and last["ruled_at"] <= a["decided_at"] < then
        ]  # fmt: skip
        if turned:
            counts.add("overturned")
            liable = max(turned, key=lambda a: a["decided_at"])["liable_after"]
        return last["ruled_at"], counts | ({liable, "merits"} if liable in LIABLE else set())

    def count(self, measure: str, key: str, asked: Row, then: datetime, days: int) -> int:
        at = (measure, key, asked["case_id"], then, days)
        if at not in self.counted:
            self.counted[at] = self.look(measure, key, asked, then, days)
        return self.counted[at]

    def look(self, measure: str, key: str, asked: Row, then: datetime, days: int) -> int:
        mine = self.value(key, asked, then)
        since = then - timedelta(days=days) if days else datetime.min.replace(tzinfo=UTC)
        total = 0
        for case in self.rows["cases"]:
            if case["case_id"] == asked["case_id"] or mine is None:
                continue
            if measure == "opened":
                there = since <= case["opened_at"] < then and self.value(key, case, case["opened_at"]) == mine
            else:
                found = self.standing(case, then)
                there = found is not None and measure in found[1] and found[0] >= since
                there = there and self.value(key, case, found[0]) == mine
            total += there
        return total

    def delivered(self, kind: str, key: str | None, then: datetime, days: int) -> int:
        since = then - timedelta(days=days) if days else datetime.min.replace(tzinfo=UTC)
        return sum(
            v["delivered"]
            for v in self.rows.get("volumes", [])
            if v["key_kind"] == kind and key in (None, v["key"])
            and (v["known_at"] or v["day"]) < then and v["day"] >= since
        )  # fmt: skip

    def feature(self, key: str, measure: str, asked: Row, then: datetime, days: int) -> float:
        """What a history feature must be, by its definition."""
        mine = self.value(key, asked, then)
        needed = {"recent": (), "claims": ("volumes",), "overturned": ("rulings", "appeals")}
        if mine is None or any(table not in self.rows for table in needed.get(measure, ("rulings",))):
            return math.nan

        def relative(part: list[int], whole: list[int]) -> float:
            usual = (part[1] + 1) / (whole[1] + 2)
            rate = (part[0] + WEIGHT * usual) / (whole[0] + WEIGHT)
            return math.log(rate / (1 - rate)) - math.log(usual / (1 - usual))

        def both(counted: str, days: int) -> list[int]:
            return [self.count(counted, k, asked, then, days) for k in (key, ALL)]

        if measure == "weight":
            ruled = self.count("merits", key, asked, then, days)
            return ruled / (ruled + WEIGHT)
        if measure == "recent":
            return relative(both("opened", 1), both("opened", days))
        if measure == "claims":
            opened, all_opened = both("opened", days)
            delivered, all_delivered = (self.delivered(key, k, then, days) for k in (mine[0], None))
            if not delivered or not all_opened:
                return math.nan
            return math.log((opened + WEIGHT) / (delivered * all_opened / all_delivered + WEIGHT))
        return relative(both(measure, days), both("merits" if measure in LIABLE else "final", days))


def agree(found: FeatureTable, row: int, oracle: Oracle, asked: Row) -> None:
    """The history features of one ask are what the oracle counts."""
    past = [(i, f) for i, f in enumerate(found.catalog) if f.family == "history"]
    then = instant(found.asks.as_of[row])
    said = [oracle.feature(f.key, f.measure, asked, then, f.window_days) for _, f in past]
    np.testing.assert_allclose(found.values[row, [i for i, _ in past]], said, rtol=1e-12, atol=1e-12)


def test_history_equals_counting_by_hand(in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        found = build(tables, asks, fitted)
        for row in rng.sample(range(len(asks)), 2):
            agree(found, row, Oracle(rows), rows["cases"][asks.case[row]])

    in_worlds(claim, many=2000)


def test_history_equals_counting_by_hand_where_pairs_of_values_are_too_many_for_a_word(
    in_worlds: InWorlds, fit_world: Fit, every_ask: EveryAsk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        asks = every_ask(tables)
        monkeypatch.setattr(history, "WORD", 4)
        found = build(tables, asks, fitted)
        row = rng.randrange(len(asks))
        agree(found, row, Oracle(rows), rows["cases"][asks.case[row]])

    in_worlds(claim, many=200)


def test_a_live_case_is_counted_against_a_history_made_of_other_tables(
    in_worlds: InWorlds, fit_world: Fit, tables_of: Callable[[Rows], Tables], every_ask: EveryAsk
) -> None:
    """The case may be in the history already, be altogether new, or have values that the history does not show."""

    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        known = History(tables, tuple(dict.fromkeys(f.key for f in fitted.catalog if f.key)), fitted.windows_days)
        asked = dict(rng.choice(rows["cases"]))
        if rng.random() < 0.5:
            asked |= {"case_id": "new", "seller_id": rng.choice((asked["seller_id"], "never seen"))}
        live = {"cases": [asked], "orders": [o for o in rows.get("orders", []) if o["order_id"] == asked["order_id"]]}
        theirs = tables_of(live if "orders" in rows else {"cases": [asked]})
        asks = every_ask(theirs)
        found = build(theirs, asks, fitted, history=known)
        agree(found, rng.randrange(len(asks)), Oracle(rows), asked)

    in_worlds(claim, many=500)


@pytest.mark.slow
@pytest.mark.parametrize("in_worlds", ["many"], indirect=True)
def test_every_key_measure_and_window_takes_values_that_differ(in_worlds: InWorlds, fit_world: Fit) -> None:
    """What the oracle agrees on is not nothing."""
    seen: dict[tuple[str, str, int], set[float]] = {}

    def claim(rows: Rows, rng: random.Random) -> None:
        tables, fitted = fit_world(rows)
        case = np.arange(len(rows["cases"]))
        latest = tables.instants("cases", "opened_at").max() + rng.randint(0, 8) * DAY // 2
        found = build(tables, asks_as_of(tables, case, np.full(len(case), latest)), fitted)
        for feature, values in zip(found.catalog, found.values.T, strict=True):
            if feature.family == "history":
                known = values[~np.isnan(values)].round(9)
                seen.setdefault((feature.key, feature.measure, feature.window_days), set()).update(known)

    in_worlds(claim, many=200)
    assert {key for key, _, _ in seen} == {*CASE_KEYS, "attr_kind"}
    assert {measure for _, measure, _ in seen} == {*LIABLE, "weight", "default", "overturned", "recent", "claims"}
    assert not [name for name, values in seen.items() if len(values) < 2]
