"""The peers on PROCON: CatBoost with raw supplier ids, and LightGBM with a history made by hand in pandas.

Each learns from the cases ruled on before the cut. The number of trees is found by stopping early on the latest fifth
of these, by models that learnt from what was known before it; then all of them are learnt from.
"""

from collections.abc import Iterator
from typing import Any, Final, Protocol

import lightgbm as lgb
import numpy as np
import pandas as pd
from catboost import CatBoostClassifier, Pool
from numpy.typing import NDArray

from features.tables import Tables

KEYS: Final = ("seller_id", "attr_industry", "attr_subject", "attr_supplier_kind", "attr_state", "attr_region")
PATIENCE: Final = 50
"""Rounds without a gain after which no more trees are grown."""
THREADS: Final = 2

Numbers = NDArray[np.float64]


class Peer(Protocol):
    """A model that is asked what we are asked."""

    name: str

    def answer(self, until: int, asked: NDArray[np.int64], leave_out: tuple[str, ...], seed: int) -> Numbers:
        """The probability of "seller" for each case asked, learnt from what was known before ``until``."""


def _complaints(tables: Tables) -> pd.DataFrame:
    cases = tables["cases"].select(["case_id", "opened_at", *KEYS]).to_pandas()
    found: pd.DataFrame = cases.merge(tables["rulings"].to_pandas(), on="case_id", how="left")
    found["seller"] = (found["liable"] == "seller").astype(np.int64)
    for name in ("opened_at", "ruled_at"):
        found[name] = found[name].dt.tz_localize(None)
    return found


def _held_out(known: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was ruled on before the latest fifth was opened, and that fifth."""
    origin = known["opened_at"].quantile(0.8)
    return known[known["ruled_at"] < origin], known[known["opened_at"] >= origin]


class CatBoostPeer:
    """CatBoost with raw supplier ids as a category, beside the other columns."""

    name = "CatBoost, raw supplier ids"

    def __init__(self, tables: Tables) -> None:
        self._complaints = _complaints(tables)
        self._chosen: dict[tuple[int, tuple[str, ...]], dict[str, Any]] = {}

    def answer(self, until: int, asked: NDArray[np.int64], leave_out: tuple[str, ...], seed: int) -> Numbers:
        """See Peer."""
        columns = [name for name in KEYS if name not in leave_out]
        known = self._complaints[self._complaints["ruled_at"] < pd.Timestamp(until, unit="us")].sort_values("ruled_at")
        if (until, leave_out) not in self._chosen:
            self._chosen[until, leave_out] = _choose(known, columns)
        model = _cat_boost(seed=seed, **self._chosen[until, leave_out]).fit(_pool(known, columns))
        return np.asarray(model.predict_proba(_pool(self._complaints.iloc[asked], columns))[:, 1])


def _choose(known: pd.DataFrame, columns: list[str]) -> dict[str, Any]:
    """How many trees, and whether its own category statistics go by time: what loses least on the latest fifth."""
    learn, ask = (_pool(part, columns) for part in _held_out(known))
    tried = []
    for by_time in (False, True):
        model = _cat_boost(seed=1, by_time=by_time, rounds=1000, early_stopping_rounds=PATIENCE)
        model.fit(learn, eval_set=ask)
        loss = model.get_best_score()["validation"]["Logloss"]
        tried.append((loss, {"by_time": by_time, "rounds": model.get_best_iteration() + 1}))
    return min(tried, key=lambda found: found[0])[1]


def _cat_boost(*, seed: int, by_time: bool, rounds: int, **more: Any) -> CatBoostClassifier:
    return CatBoostClassifier(
        iterations=rounds, learning_rate=0.05, depth=6, has_time=by_time, random_seed=seed,
        thread_count=THREADS, verbose=0, allow_writing_files=False, **more,
    )  # fmt: skip


def _pool(complaints: pd.DataFrame, columns: list[str]) -> Pool:
    return Pool(complaints[columns].fillna("none").astype(str), complaints["seller"], cat_features=columns)


class LightGbmPeer:
    """LightGBM with categories, and for each of them and for suppliers how often "seller" was ruled before."""

    name = "LightGBM, history by hand"

    def __init__(self, tables: Tables) -> None:
        self._complaints = _complaints(tables)
        self._features = _by_hand(self._complaints)

    def answer(self, until: int, asked: NDArray[np.int64], leave_out: tuple[str, ...], seed: int) -> Numbers:
        """See Peer."""
        columns = [c for c in self._features if not str(c).startswith(leave_out)]
        X, y = self._features[columns], self._complaints["seller"]
        known = self._complaints[self._complaints["ruled_at"] < pd.Timestamp(until, unit="us")]
        learn, ask = _held_out(known)
        settings = {
            "objective": "binary", "learning_rate": 0.03, "num_leaves": 31, "min_data_in_leaf": 50, "lambda_l2": 5.0,
            "feature_fraction": 0.7, "bagging_fraction": 0.8, "bagging_freq": 1, "cat_smooth": 50, "cat_l2": 20,
            "seed": seed, "num_threads": THREADS, "verbose": -1,
        }  # fmt: skip
        data = lgb.Dataset(X.loc[learn.index], y[learn.index])
        later = lgb.Dataset(X.loc[ask.index], y[ask.index], reference=data)
        stop = lgb.early_stopping(PATIENCE, verbose=False)
        rounds = lgb.train(settings, data, 1000, valid_sets=[later], callbacks=[stop]).best_iteration
        model = lgb.train(settings, lgb.Dataset(X.loc[known.index], y[known.index]), rounds)
        return np.asarray(model.predict(X.iloc[asked]))


def _by_hand(complaints: pd.DataFrame) -> pd.DataFrame:
    """The columns as categories, and of each key's past rulings how many there were, and how many said "seller"."""
    found = {name: complaints[name].astype("category") for name in KEYS if name != "seller_id"}
    for name in KEYS:
        for label, column in _past(complaints, name):
            found[f"{name}_{label}"] = column
    return pd.DataFrame(found)


def _past(complaints: pd.DataFrame, key: str) -> Iterator[tuple[str, pd.Series]]:
    ruled = complaints.dropna(subset=["ruled_at", key]).sort_values("ruled_at")
    sums = ruled.groupby(key)["seller"].agg(["cumcount", "cumsum"])
    ruled = pd.DataFrame({"at": ruled["ruled_at"], key: ruled[key], "n": sums["cumcount"] + 1, "yes": sums["cumsum"]})
    asks = complaints[["opened_at", key]].sort_values("opened_at").dropna()

    def before(days: float) -> pd.DataFrame:
        at = asks.assign(at=asks["opened_at"] - pd.Timedelta(days=days))
        merged = pd.merge_asof(at, ruled, on="at", by=key, allow_exact_matches=False)
        return merged.set_index(asks.index)[["n", "yes"]].fillna(0).reindex(complaints.index)

    now = before(0)
    for label, then in (("ever", now * 0), ("90d", before(90)), ("365d", before(365))):
        count, yes = now["n"] - then["n"], now["yes"] - then["yes"]
        yield f"n_{label}", count
        yield f"rate_{label}", (yes + 10.0) / (count + 20.0)
