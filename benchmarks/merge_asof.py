"""The peer of the history benchmark: pandas, cumulative sums by key, and ``merge_asof`` with all measures at once.

Written as somebody who knows pandas well would write it for these tables: integer keys, one merge at each window's
edge for all that is known at once, and frames of their own only for what is known late. It may take more for granted
than the project can: one ruling and one appeal per case, one version per order, and asks before the ruling.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from features.catalog import Feature
from features.keys import ALL, key_columns
from features.tables import DAY
from features.vocabulary import LIABLE

RULED = [*LIABLE, "merits", "default", "overturned", "final"]
MEASURES = [*RULED, "opened", "delivered"]
OF = {name: place for place, name in enumerate(MEASURES)}

Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]


class MergeAsof:
    """The history features of asks (rows of ``cases`` and instants), key by key."""

    def __init__(self, raw: dict[str, pa.Table], case: Integers, as_of: Integers) -> None:
        self._raw = raw
        self._order = np.argsort(as_of, kind="stable")
        self._case, self._as_of = case[self._order], as_of[self._order]
        self._opened = instants(raw["cases"], "opened_at")
        self._at_once, self._late = _facts(raw)
        self._usual: dict[int, Numbers] = {}

    def columns(self, features: tuple[Feature, ...], weight: float) -> Iterator[tuple[str, Numbers]]:
        """Each feature's name and values, in the order of the asks."""
        windows = sorted({0, *(f.window_days for f in features)})
        self._usual = self._counts(ALL, windows)
        for key in dict.fromkeys(f.key for f in features):
            own = self._counts(key, windows)
            lacking = _codes(self._raw, key)[self._case] < 0
            for feature in (f for f in features if f.key == key):
                found = self._value(feature, own, windows[1], weight)
                found[lacking] = np.nan
                values = np.empty(len(found))
                values[self._order] = found
                yield feature.name, values

    def _counts(self, key: str, windows: list[int]) -> dict[int, Numbers]:
        """What other cases of the same key add up to in each window: (measures, asks) in order of instants."""
        code = _codes(self._raw, key)
        at_once = _cumulated(self._at_once, code[self._at_once["case"]], "at")
        late = self._late[(self._late["kind"] == "") | (self._late["kind"] == key) | (key == ALL)]
        late_code = _late_codes(self._raw, key, code, late)
        asks = pd.DataFrame({"code": code[self._case], "as_of": self._as_of})
        entered = _before(asks, at_once) + _before(asks, _cumulated(late, late_code, "at"))
        opened = self._opened[self._case]
        found = {}
        for window in windows:
            counts = entered.copy()
            if window:
                leaves = np.maximum(late["since"] + window * DAY, late["at"])
                counts -= _before(asks.assign(as_of=self._as_of - window * DAY), at_once)
                counts -= _before(asks, _cumulated(late.assign(at=leaves), late_code, "at"))
            counts[OF["opened"]] -= (opened < self._as_of) & ((opened >= self._as_of - window * DAY) | (window == 0))
            found[window] = counts
        return found

    def _value(self, feature: Feature, own: dict[int, Numbers], shortest: int, weight: float) -> Numbers:
        days, measure = feature.window_days, feature.measure
        mine, usual = own[days], self._usual[days]
        if measure == "weight":
            return np.asarray(mine[OF["merits"]] / (mine[OF["merits"]] + weight))
        if measure == "recent":
            at = OF["opened"]
            return _relative(own[shortest][at], mine[at], self._usual[shortest][at], usual[at], weight)
        if measure == "claims":
            opened, delivered = OF["opened"], OF["delivered"]
            known = (mine[delivered] > 0) & (usual[opened] > 0)
            expected = np.where(known, mine[delivered], np.nan) * usual[opened] / np.maximum(usual[delivered], 1)
            return np.asarray(np.log((mine[opened] + weight) / (expected + weight)))
        part, whole = OF[measure], OF["merits" if measure in LIABLE else "final"]
        return _relative(mine[part], mine[whole], usual[part], usual[whole], weight)


def _relative(part: Numbers, whole: Numbers, usual_part: Numbers, usual_whole: Numbers, weight: float) -> Numbers:
    yes, no = usual_part + 1, usual_whole - usual_part + 1
    added = weight * yes / (yes + no)
    return np.asarray(np.log((part + added) / (whole - part + weight - added)) - np.log(yes / no))


def _before(asks: pd.DataFrame, cumulated: pd.DataFrame) -> Numbers:
    """The sums reached strictly before each ask: (measures, asks)."""
    merged = pd.merge_asof(asks, cumulated, left_on="as_of", right_on="at", by="code", allow_exact_matches=False)
    return np.asarray(np.nan_to_num(merged[MEASURES].to_numpy().T, copy=False))


def _cumulated(facts: pd.DataFrame, code: Integers, by: str) -> pd.DataFrame:
    """The facts of keys in order of time, with what each key's add up to so far."""
    order = np.argsort(facts[by].to_numpy(), kind="stable")
    order = order[code[order] >= 0]
    keyed = facts.iloc[order]
    sums = keyed.groupby(code[order], sort=False)[MEASURES].cumsum()
    return sums.assign(code=code[order], at=keyed[by].to_numpy())


def _facts(raw: dict[str, pa.Table]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is known at once, and what is known late: one row per fact, one column per measure."""
    place = pd.Index(raw["cases"].column("case_id").to_pandas())
    opened = pd.DataFrame({"case": np.arange(len(place)), "at": instants(raw["cases"], "opened_at"), "opened": 1})
    rulings = raw["rulings"].to_pandas()
    merits = rulings["basis"] == "merits"
    ruled = pd.DataFrame({name: (rulings["liable"] == name) & merits for name in LIABLE})
    ruled = ruled.assign(merits=merits, default=rulings["basis"] == "default", final=1).astype(np.int32)
    ruled["case"], ruled["at"] = place.get_indexer(rulings["case_id"]), instants(raw["rulings"], "ruled_at")

    turned = np.flatnonzero(raw["appeals"].column("overturned").to_numpy())
    appeals = raw["appeals"].take(pa.array(turned))
    after = appeals.column("liable_after").to_pandas()
    corrected = pd.DataFrame({name: (after == name).astype(np.int32) for name in LIABLE})
    corrected = corrected.assign(
        merits=1, overturned=1, final=1, case=place.get_indexer(appeals.column("case_id").to_pandas())
    )
    corrected["at"] = instants(appeals, "decided_at")
    before = ruled.set_index("case")
    corrected = corrected[corrected["case"].isin(before.index)].reset_index(drop=True)
    before = before.loc[corrected["case"]].reset_index()
    corrected = corrected.assign(since=before["at"], kind="")
    corrected[[*LIABLE, "merits", "final"]] -= before[[*LIABLE, "merits", "final"]]

    volumes = raw["volumes"]
    delivered = volumes.select(["key", "delivered"]).to_pandas().assign(kind=volumes.column("key_kind").to_pandas())
    delivered["at"], delivered["since"] = instants(volumes, "known_at"), instants(volumes, "day")
    return _filled([ruled, opened]), _filled([corrected, delivered])


def _filled(parts: list[pd.DataFrame]) -> pd.DataFrame:
    facts = pd.concat(parts, ignore_index=True)
    for name in MEASURES:
        facts[name] = facts[name].fillna(0).astype(np.int32) if name in facts else np.int32(0)
    return facts


def _late_codes(raw: dict[str, pa.Table], key: str, code: Integers, late: pd.DataFrame) -> Integers:
    of_case = (late["kind"] == "").to_numpy()
    found = np.zeros(len(late), dtype=np.int64)
    found[of_case] = code[late["case"][of_case].astype(np.int64)]
    if key != ALL and not of_case.all():
        known = pd.Series(code, index=raw["cases"].column(key_columns(key)[0].split(".")[1]).to_pandas())
        found[~of_case] = known[~known.index.duplicated()].reindex(late["key"][~of_case]).fillna(-1).astype(np.int64)
    return found


def _codes(raw: dict[str, pa.Table], key: str) -> Integers:
    """The code of each case's value of a key, -1 where it has none."""
    code = np.zeros(raw["cases"].num_rows, dtype=np.int64)
    for name in key_columns(key):
        table, column = name.split(".")
        found, distinct = pd.factorize(raw[table].column(column).to_pandas())
        if table == "orders":
            orders = pd.Index(raw["orders"].column("order_id").to_pandas())
            found = np.append(found, -1)[orders.get_indexer(raw["cases"].column("order_id").to_pandas())]
        code = np.where((code < 0) | (found < 0), -1, code * len(distinct) + found)
    return code


def instants(table: pa.Table, column: str) -> Integers:
    """A column of instants in microseconds."""
    return np.asarray(table.column(column).cast(pa.int64()).to_numpy())
