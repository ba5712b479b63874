"""History as features: each rate as a difference of log-odds from all cases' rate at the same instant.

A rate is shrunk towards the constant key's rate, never towards a number fitted on later data, and a count
enters only as a share of another count or as the weight its rate was given, so nothing grows with the calendar.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from features.asks import Asks
from features.catalog import Feature
from features.counts import Asked, KeyCounts, Windows
from features.history import EVER, History
from features.keys import ALL, CASE_KEYS, key_columns
from features.outcomes import MEASURES
from features.tables import Numbers, Tables
from features.vocabulary import KEY_KINDS, LIABLE

REASON: Final = "R30"

BLOCK: Final = 1 << 10
"""Asks reckoned at a time."""

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


def history_columns(
    history: History, tables: Tables, asks: Asks, features: tuple[Feature, ...], weight: float
) -> Iterator[tuple[list[int], Numbers]]:
    """Key by key, positions among these features and their values (positions, asks).

    NaN where the case lacks the key, and throughout where the history was made without a column that they read.
    """
    asked = Asked(history, tables, asks)
    usual = _Usual(asked, weight)
    by_key: dict[str, dict[Name, int]] = {}
    untold = []
    for i, feature in enumerate(features):
        if history.has(feature.reads, key_columns(feature.key)):
            by_key.setdefault(feature.key, {})[feature.measure, feature.window_days] = i
        else:
            untold.append(i)
    if untold:
        yield untold, np.full((len(untold), len(asks)), np.nan)
    for key, places in by_key.items():
        counts = asked.of(key)
        found = _key_values(key, counts, usual, tuple(places))
        found[:, counts.lacking] = np.nan
        yield list(places.values()), found


Name = tuple[str, int]
"""A measure and its window in days."""


def _key_values(key: str, counts: KeyCounts, usual: "_Usual", wanted: tuple[Name, ...]) -> Numbers:
    """The measures wanted of one key: (measures, asks)."""
    found = np.empty((len(wanted), counts.asks))
    ruled = _Rulings.of(wanted)
    if ruled.windows:
        own = counts.rulings(ruled.windows, ruled.measures)
        found[list(ruled.rates)] = _relative(own[ruled.part], own[ruled.whole], usual.ruled(ruled), usual.weight)
        merits = own[ruled.merits]
        found[list(ruled.weights)] = merits / (merits + usual.weight)
    for i, (measure, days) in enumerate(wanted):
        if measure == "recent":
            part, whole = counts.opened((usual.short, days))
            found[i] = _relative(part, whole, usual.recent(days), usual.weight)
        elif measure == "claims":
            opened, delivered = counts.opened((days,)), counts.delivered(key, (days,))
            found[i] = _ratio(opened, delivered, *usual.claims(key, days), usual.weight)
    return found


Pairs = tuple[tuple[int, ...], tuple[int, ...]]
"""Rows and columns that belong together."""


class _Rulings(NamedTuple):
    """Which counts of rulings tell the measures wanted of a key.

    ``measures`` and ``windows`` are asked for; of these ``part`` and ``whole`` make the ``rates`` (positions among
    what is wanted), and ``merits`` makes the ``weights``.
    """

    measures: tuple[int, int]
    windows: Windows
    rates: tuple[int, ...]
    part: Pairs
    whole: Pairs
    weights: tuple[int, ...]
    merits: Pairs

    @classmethod
    @cache
    def of(cls, wanted: tuple[Name, ...]) -> Self:
        """The counts for these measures and windows."""
        rates = tuple(i for i, (measure, _) in enumerate(wanted) if measure in MEASURES)
        weights = tuple(i for i, (measure, _) in enumerate(wanted) if measure == "weight")
        part = [(wanted[i][0], wanted[i][1]) for i in rates]
        whole = [("merits" if measure in LIABLE else "final", days) for measure, days in part]
        merits = [("merits", wanted[i][1]) for i in weights]
        rows = [MEASURES.index(measure) for measure, _ in (*part, *whole, *merits)] or [0]
        windows = sorted({days for _, days in (*part, *merits)}, key=lambda days: (days == EVER, days))

        def pairs(names: list[Name]) -> Pairs:
            return (
                tuple(MEASURES.index(measure) - min(rows) for measure, _ in names),
                tuple(windows.index(days) for _, days in names),
            )

        span = (min(rows), max(rows) + 1)
        return cls(span, tuple(windows), rates, pairs(part), pairs(whole), weights, pairs(merits))


class _Share(NamedTuple):
    """A share that is usual at the instant of each ask: its log-odds, and what of the weight it adds to the part."""

    added: Numbers
    log_odds: Numbers

    @classmethod
    def of(cls, part: NDArray[np.integer], whole: NDArray[np.integer], weight: float) -> Self:
        """The share of a part in the whole, never quite none nor all."""
        yes, no = part + 1.0, whole - part + 1.0
        return cls(weight * yes / (yes + no), np.log(yes / no))


class _Usual:
    """What is usual in all cases at the instant of each ask: what a key's own past is compared with."""

    def __init__(self, asked: Asked, weight: float) -> None:
        self.weight = weight
        self.short = min(asked.history.windows_days, default=EVER)
        self._all = asked.of(ALL)
        self._shares: dict[_Rulings | int, _Share] = {}

    def ruled(self, wanted: _Rulings) -> _Share:
        """The shares of all cases' rulings."""
        if wanted not in self._shares:
            counts = self._all.rulings(wanted.windows, wanted.measures)
            self._shares[wanted] = _Share.of(counts[wanted.part], counts[wanted.whole], self.weight)
        return self._shares[wanted]

    def recent(self, days: int) -> _Share:
        """The share of all cases opened in a window that were opened in the shortest one."""
        if days not in self._shares:
            part, whole = self._all.opened((self.short, days))
            self._shares[days] = _Share.of(part, whole, self.weight)
        return self._shares[days]

    def claims(self, kind: str, days: int) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
        """All cases opened, and all that was delivered."""
        return self._all.opened((days,)), self._all.delivered(kind, (days,))


def _relative(part: NDArray[np.integer], whole: NDArray[np.integer], usual: _Share, weight: float) -> Numbers:
    """The log-odds of a share, shrunk towards the usual one as if ``weight`` usual cases were added, less the usual.

    Few asks are reckoned at a time, which keeps them in the cache.
    """
    found = np.empty(part.shape)
    for start in range(0, part.shape[-1], BLOCK):
        at = (..., slice(start, start + BLOCK))
        odds = (part[at] + usual.added[at]) / (whole[at] - part[at] + (weight - usual.added[at]))
        np.subtract(np.log(odds), usual.log_odds[at], out=found[at])
    return found


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
