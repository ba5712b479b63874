"""History as features: each rate as a difference of log-odds from all cases' rate at the same instant.

A rate is shrunk towards the constant key's rate, never towards a number fitted on later data, and a count
enters only as a share of another count or as the weight its rate was given, so nothing grows with the calendar.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.catalog import Feature
from features.history import EVER, Asked, History, KeyCounts
from features.keys import ALL, CASE_KEYS, key_columns
from features.outcomes import MEASURES
from features.tables import Numbers, Tables
from features.vocabulary import KEY_KINDS, LIABLE

REASON: Final = "R30"
CITABLE_KEYS: Final = ("sku", "category", "reason_category")
"""Keys whose past is not a party's own and may be told to a party; attributes are the same."""

SAID: Final = {
    "weight": "How many cases with the same {key} were ruled on {since}, as the weight given to their rates.",
    "default": "How much oftener than in all cases the same {key} was ruled on by default {since}.",
    "overturned": "How much oftener than in all cases rulings on the same {key} were overturned on appeal {since}.",
    "recent": "How much more than in all cases the disputes of the same {key} {since} were opened lately.",
    "claims": "How much oftener than usual the deliveries of the same {key} led to a dispute {since}.",
}
"""What each measure says; a party's rate is said in ``_sentence``."""


def history_features(
    tables: Tables, attributes: tuple[str, ...], classes: tuple[str, ...], windows_days: tuple[int, ...]
) -> tuple[Feature, ...]:
    """The history features of every key that these tables have, for the classes a model is to tell apart.

    Of two classes one is enough: the other's log-odds are its negative. What is rarer than fault is told in the
    longest finite window only, and only where the tables show it at all.
    """
    told = classes[1:] if len(classes) == 2 else classes
    longest = max(windows_days, default=EVER)
    rarer = [name for name, there in _rarer(tables, windows_days).items() if there]
    keys = [key for key, columns in CASE_KEYS.items() if all(_holds(tables, column) for column in columns)]
    found = []
    for key in (*keys, *attributes):
        found += [history_feature(key, m, days) for days in (*windows_days, EVER) for m in (*told, "weight")]
        found += [history_feature(key, m, longest) for m in rarer]
        found += [history_feature(key, "claims", longest)] * _counts_deliveries(tables, key)
    return tuple(found)


def _counts_deliveries(tables: Tables, key: str) -> bool:
    """Whether deliveries are known that the cases of this key can be set against."""
    return key in KEY_KINDS and key in tables.codes("volumes", "key_kind")[1]


def _rarer(tables: Tables, windows_days: tuple[int, ...]) -> dict[str, bool]:
    return {
        "default": "default" in tables.codes("rulings", "basis")[1],
        "overturned": bool((tables.numbers("appeals", "overturned") == 1).any()),
        "recent": len(windows_days) > 1,
    }


def _holds(tables: Tables, column: str) -> bool:
    return len(tables.codes(*column.split("."))[1]) > 0


def history_feature(key: str, measure: str, days: int) -> Feature:
    """The feature of one measure of one key's past; ``days`` is its window, EVER for all time."""
    attribute = key not in CASE_KEYS
    return Feature(
        name=f"history.{key}.{measure}.{f'{days}d' if days else 'all'}",
        family="history",
        kind="number",
        sentence=_sentence(key, measure, days),
        unit={"weight": "share", "claims": "log ratio"}.get(measure, "log-odds"),
        reads=(*key_columns(key), *_READS.get(measure, ("rulings.liable",))),
        reason=REASON,
        subject=key,
        citable=attribute or key in CITABLE_KEYS,
        key=key,
        measure=measure,
        window_days=days,
    )


_READS: Final = {
    "default": ("rulings.basis",),
    "overturned": ("rulings.ruled_at", "appeals.overturned"),
    "recent": ("cases.opened_at",),
    "claims": ("cases.opened_at", "volumes.delivered"),
}


def _sentence(key: str, measure: str, days: int) -> str:
    said = key.removeprefix("attr_").replace("_", " ")
    since = f"in the last {days} days" if days else "so far"
    if measure in SAID:
        return SAID[measure].format(key=said, since=since)
    return f"How much oftener than in all cases the same {said} ended with '{measure}' {since}."


def history_values(
    history: History, tables: Tables, asks: Asks, features: tuple[Feature, ...], weight: float
) -> Numbers:
    """The values of these history features: (asks, features).

    NaN where the case lacks the key, and throughout where the history was made without a column that they read.
    """
    asked = history.asked(tables, asks)
    usual = _Usual(asked, weight)
    values = np.full((len(asks), len(features)), np.nan)
    told = [i for i, f in enumerate(features) if _has_past(history.tables, f)]
    for key in dict.fromkeys(features[i].key for i in told):
        counts = asked.of(key)
        columns = [i for i in told if features[i].key == key]
        for place, found in _key_values(counts, usual, [features[i] for i in columns]):
            values[:, [columns[p] for p in place]] = np.where(counts.given[:, None], found, np.nan)
    return values


def _has_past(tables: Tables, feature: Feature) -> bool:
    """Whether these tables have the columns that the feature reads, and its key as text."""
    return all(tables.supplied(*c.split(".")) for c in feature.reads) and all(
        tables.is_text(*c.split(".")) for c in key_columns(feature.key)
    )


class _Usual:
    """What is usual in all cases at the instant of each ask: what a key's own past is compared with."""

    def __init__(self, asked: Asked, weight: float) -> None:
        self.weight = weight
        self.windows_days = asked.history.windows_days
        self._all = asked.of(ALL)
        self._rulings: dict[int, NDArray[np.integer]] = {}
        self._opened: dict[int, NDArray[np.integer]] = {}

    def rulings(self, days: int) -> NDArray[np.integer]:
        if days not in self._rulings:
            self._rulings[days] = self._all.rulings(days)
        return self._rulings[days]

    def opened(self, days: int) -> NDArray[np.integer]:
        if days not in self._opened:
            self._opened[days] = self._all.opened(days)
        return self._opened[days]

    def delivered(self, kind: str, days: int) -> NDArray[np.integer]:
        return self._all.delivered(kind, days)


def _key_values(counts: KeyCounts, usual: _Usual, features: list[Feature]) -> Iterator[tuple[list[int], Numbers]]:
    """Positions among the features of one key, and their values (asks, positions)."""
    for days in dict.fromkeys(f.window_days for f in features):
        place = [i for i, f in enumerate(features) if f.window_days == days and f.measure in MEASURES]
        weighed = [i for i, f in enumerate(features) if f.window_days == days and f.measure == "weight"]
        if not place and not weighed:
            continue
        part = [MEASURES.index(features[i].measure) for i in place]
        whole = [MEASURES.index("merits" if features[i].measure in LIABLE else "final") for i in place]
        own, all_cases = counts.rulings(days), usual.rulings(days)
        yield place, _relative(own[:, part], own[:, whole], all_cases[:, part], all_cases[:, whole], usual.weight)
        ruled = own[:, [MEASURES.index("merits")] * len(weighed)]
        yield weighed, ruled / (ruled + usual.weight)
    for i, feature in enumerate(features):
        if feature.measure == "recent":
            short, long = min(usual.windows_days), feature.window_days
            found = _relative(
                counts.opened(short), counts.opened(long), usual.opened(short), usual.opened(long), usual.weight
            )
            yield [i], found[:, None]
        elif feature.measure == "claims":
            days, kind = feature.window_days, feature.key
            found = _ratio(
                counts.opened(days), counts.delivered(kind, days),
                usual.opened(days), usual.delivered(kind, days), usual.weight,
            )  # fmt: skip
            yield [i], found[:, None]


def _relative(
    part: NDArray[np.integer],
    whole: NDArray[np.integer],
    usual_part: NDArray[np.integer],
    usual_whole: NDArray[np.integer],
    weight: float,
) -> Numbers:
    """The log-odds of a share, shrunk towards the usual one as if ``weight`` usual cases were added, less the usual."""
    yes, no = usual_part + 1.0, usual_whole - usual_part + 1.0
    added = weight * yes / (yes + no)
    return np.asarray(np.log((part + added) / (whole - part + (weight - added))) - np.log(yes / no))


def _ratio(
    opened: NDArray[np.integer],
    delivered: NDArray[np.integer],
    usual_opened: NDArray[np.integer],
    usual_delivered: NDArray[np.integer],
    weight: float,
) -> Numbers:
    """The log of cases over the cases usual for so many deliveries, as if ``weight`` usual cases were added to both.

    NaN where no delivery of the key is known: then there is no rate.
    """
    known = (delivered > 0) & (usual_opened > 0)
    expected = np.where(known, delivered, np.nan) * (usual_opened / np.maximum(usual_delivered, 1))
    return np.asarray(np.log((opened + weight) / (expected + weight)))
