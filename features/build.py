"""From tables and asks to the feature matrix: the only path, for training, backlog and live answers alike.

First the cross-case columns by key (what other cases' past says), then the row-wise ones, which look at the
ask's own case alone and may be computed for any slice of asks.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np

from features.asks import Asks
from features.attributes import attribute_feature, attribute_features, attribute_values
from features.catalog import Catalog, Feature
from features.claim import CLAIM
from features.delivery import DELIVERY
from features.evidence import EVIDENCE
from features.history import History
from features.history_features import history_columns, history_feature, history_features
from features.incidents import INCIDENTS
from features.links import LINKS
from features.returns import RETURNS
from features.said import SAID
from features.tables import Numbers, Tables
from features.text import TextBlock, text_feature, text_features, text_scores
from features.unknown import Causes
from features.view import View, Words

OTHER: Final = "__other__"
"""The category that stands for every value too rare to learn from, or never seen."""

FEW: Final = 50
"""A category needs this many training cases; contract §3."""

SLICE: Final = 1 << 16
"""Asks built at a time: a million need little more memory than their own matrix."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """All that building features needs from training: plain data, stored in the bundle.

    ``categories`` lists for each category feature the values kept, in the order of their codes.
    ``history_weight`` is how many rulings the constant key's rate counts for when a rate is shrunk towards it.
    ``texts`` are the weights behind text scores, block of time by block of time.
    """

    catalog: Catalog
    categories: dict[str, tuple[str, ...]]
    windows_days: tuple[int, ...]
    history_weight: float
    texts: tuple[TextBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class FeatureTable:
    """The features of some asks: ``values`` (asks, features) float64, NaN where not known.

    ``tables`` and ``past`` are what they were built from: the asked cases, and what their history was made of.
    """

    catalog: Catalog
    asks: Asks
    values: Numbers
    tables: Tables
    past: Tables

    def unknown(self, ask: int) -> list[tuple[Feature, str]]:
        """The features that are null for an ask, each with the code in UNKNOWN that says why."""
        case, as_of = int(self.asks.case[ask]), int(self.asks.as_of[ask])
        null = np.flatnonzero(np.isnan(self.values[ask]))
        features = [self.catalog.features[i] for i in null]
        causes = Causes(self.tables, self.past, case=case, as_of=as_of)
        return [(feature, causes.of(feature)) for feature in features]


LISTED: Final = (*CLAIM, *DELIVERY, *EVIDENCE, *RETURNS, *LINKS, *INCIDENTS, *SAID)
"""The features that are functions, in the model's order."""

_ROW_WISE = {feature.name: compute for feature, compute in LISTED}


def resolve_catalog(
    tables: Tables, classes: tuple[str, ...], windows_days: tuple[int, ...], leave_out: tuple[str, ...] = ()
) -> Catalog:
    """The catalog for these tables: the listed features, attributes, scores of texts, and history of the keys."""
    listed = tuple(feature for feature, _ in LISTED)
    own = attribute_features(tables, leave_out)
    texts = text_features(tables, classes)
    past = history_features(tables, tuple(f.name for f in own if f.kind == "category"), classes, windows_days)
    return Catalog(tuple(f for f in (*listed, *own, *texts, *past) if f.name not in leave_out))


def fit_categories(tables: Tables, asks: Asks, catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """For each category feature the values that at least FEW of the asks' cases have, in stable order."""
    view = View(tables, asks)
    first = np.unique(asks.case, return_index=True)[1]
    kept = {}
    for feature in catalog:
        if feature.kind == "category":
            words = _words(view, feature)
            codes = words.codes[first]
            count = Counter(codes[codes >= 0].tolist())
            kept[feature.name] = tuple(sorted(words.values[c] for c, n in count.items() if n >= FEW))
    return kept


def build(tables: Tables, asks: Asks, fitted: Fitted, *, history: History | None = None) -> FeatureTable:
    """The feature matrix of these asks, columns in catalog order.

    Parameters
    ----------
    tables
        The rows of the asked cases and, unless ``history`` is given, of all others too.
    history
        What the other cases' past says, when it was prepared before: for slices, and for live answers.
    """
    past = tuple(f for f in fitted.catalog if f.family == "history")
    known = history or History(tables, tuple(dict.fromkeys(f.key for f in past)), fitted.windows_days)
    values = np.empty((len(asks), len(fitted.catalog)), dtype=np.float64)
    for start in range(0, len(asks), SLICE):
        part = slice(start, start + SLICE)
        _fill(values[part], tables, asks.take(part) if len(asks) > SLICE else asks, fitted, known)
    return FeatureTable(fitted.catalog, asks, values, tables, known.tables)


def not_buildable(catalog: Catalog) -> tuple[str, ...]:
    """The features of a stored catalog that this code would build otherwise, or not at all, by name."""
    return tuple(feature.name for feature in catalog if feature != _as_built_here(feature))


def _as_built_here(feature: Feature) -> Feature | None:
    if feature.family == "attributes":
        return attribute_feature(feature.name, text=feature.kind == "category")
    if feature.family == "text":
        return text_feature(feature.subject, feature.measure)
    if feature.family == "history":
        return history_feature(feature.key, feature.measure, feature.window_days)
    return next((listed for listed, _ in LISTED if listed.name == feature.name), None)


def _fill(values: Numbers, tables: Tables, asks: Asks, fitted: Fitted, history: History) -> None:
    """Write the features of some asks into their rows of the matrix."""
    catalog = fitted.catalog
    past = [i for i, f in enumerate(catalog) if f.family == "history"]
    of = tuple(catalog.features[i] for i in past)
    for place, found in history_columns(history, tables, asks, of, fitted.history_weight):
        _write(values, [past[p] for p in place], found)
    view = View(tables, asks, history.tables)
    texts = [i for i, f in enumerate(catalog) if f.family == "text"]
    if texts:
        _write(values, texts, text_scores(view, tuple(catalog.features[i] for i in texts), fitted.texts))
    for i, feature in enumerate(catalog):
        if feature.family not in ("history", "text"):
            own = _row_wise(view, feature)
            values[:, i] = _coded(own, fitted.categories[feature.name]) if isinstance(own, Words) else own


def _write(values: Numbers, columns: list[int], found: Numbers) -> None:
    """Write values (columns, asks) into their columns; where these stand together, that is quicker."""
    first, last = columns[0], columns[-1] + 1
    values[:, slice(first, last) if columns == list(range(first, last)) else columns] = found.T


def _row_wise(view: View, feature: Feature) -> Numbers | Words:
    if feature.family == "attributes":
        return attribute_values(view, feature)
    return _ROW_WISE[feature.name](view)


def _words(view: View, feature: Feature) -> Words:
    found = _row_wise(view, feature)
    if isinstance(found, Words):
        return found
    raise TypeError(f"{feature.name} is listed as a category but computes numbers")


def _coded(words: Words, kept: tuple[str, ...]) -> Numbers:
    place = {value: float(i) for i, value in enumerate(kept)}
    codes = np.array([place.get(value, float(len(kept))) for value in words.values] + [np.nan])
    return codes[words.codes]
