"""History as features: each rate as a difference of log-odds from all cases' rate at the same instant.

A rate is shrunk towards the constant key's rate, never towards a number fitted on later data, and a count
enters only as a share of another count or as the weight its rate was given, so nothing grows with the calendar.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.catalog import Feature
from features.history import ALL, CASE_KEYS, MEASURES, History
from features.tables import Numbers, Tables
from features.vocabulary import LIABLE

REASON: Final = "R30"
CITABLE_KEYS: Final = ("sku", "category", "reason_category")
"""Keys whose past is not a party's own and may be told to a party; attributes are the same."""


def history_features(
    tables: Tables, attributes: tuple[str, ...], classes: tuple[str, ...], windows_days: tuple[int, ...]
) -> tuple[Feature, ...]:
    """The history features of every key that these tables have, for the classes a model is to tell apart.

    Of two classes one is enough: the other's log-odds are its negative.
    """
    keys = [key for key, columns in CASE_KEYS.items() if all(_holds(tables, column) for column in columns)]
    told = classes[1:] if len(classes) == 2 else classes
    return tuple(
        _feature(key, measure, days)
        for key in (*keys, *attributes)
        for days in (*windows_days, 0)
        for measure in (*told, "weight")
    )


def _holds(tables: Tables, column: str) -> bool:
    table, name = column.split(".")
    return tables.supplied(table, name) and len(tables.codes(table, name)[1]) > 0


def _feature(key: str, measure: str, days: int) -> Feature:
    said = key.removeprefix("attr_").replace("_", " ")
    since = f"in the last {days} days" if days else "so far"
    if measure == "weight":
        sentence = f"How many cases with the same {said} were ruled on {since}, as the weight given to their rate."
    else:
        sentence = f"How much oftener than in all cases the same {said} ended with '{measure}' {since}."
    attribute = key not in CASE_KEYS
    return Feature(
        name=f"history.{key}.{measure}.{f'{days}d' if days else 'all'}",
        family="history",
        kind="number",
        sentence=sentence,
        unit="share" if measure == "weight" else "log-odds",
        reads=(*((f"cases.{key}",) if attribute else CASE_KEYS[key]), "rulings.liable"),
        reason=REASON,
        subject=key,
        citable=attribute or key in CITABLE_KEYS,
        key=key,
        measure=measure,
        window_days=days,
    )


def history_values(
    history: History, tables: Tables, asks: Asks, features: tuple[Feature, ...], weight: float
) -> Numbers:
    """The values of these history features: (asks, features); NaN where the case lacks the key."""
    windows = (*history.windows_days, 0)
    party = [MEASURES.index(p) for p in LIABLE]
    everyone, _ = history.counts(tables, asks, ALL)
    values = np.full((len(asks), len(features)), np.nan)
    for key in dict.fromkeys(f.key for f in features):
        counts, given = history.counts(tables, asks, key)
        ruled = counts[:, :, party].sum(axis=2)
        for column, feature in enumerate(features):
            if feature.key == key:
                w = windows.index(feature.window_days)
                if feature.measure == "weight":
                    found = ruled[:, w] / (ruled[:, w] + weight)
                else:
                    m = MEASURES.index(feature.measure)
                    usual = _rate(everyone[:, w, m], everyone[:, w, party].sum(axis=1))
                    found = _log_odds((counts[:, w, m] + weight * usual) / (ruled[:, w] + weight)) - _log_odds(usual)
                values[:, column] = np.where(given, found, np.nan)
    return values


def _rate(count: NDArray[np.int64], of: NDArray[np.int64]) -> Numbers:
    return (count + 1.0) / (of + 2.0)


def _log_odds(rate: Numbers) -> Numbers:
    return np.log(rate) - np.log1p(-rate)
