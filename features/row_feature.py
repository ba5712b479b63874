"""How a function over a View becomes a feature: its name, its first docstring line, and the columns it reads."""

from collections.abc import Callable
from functools import wraps
from typing import Literal

import numpy as np

from features.catalog import Feature
from features.own_rows import supplied
from features.tables import HOUR, NULL_INSTANT, Instants, Numbers
from features.view import View, Words

Compute = Callable[[View], Numbers | Words]
RowFeature = tuple[Feature, Compute]


def row_feature(
    compute: Compute, *, family: str, unit: str, reads: tuple[str, ...], reason: str, citable: bool = True
) -> RowFeature:
    """List a function as a feature; a unit of ``category`` makes it one."""
    kind: Literal["number", "category"] = "category" if unit == "category" else "number"
    name = compute.__name__
    sentence = (compute.__doc__ or "").splitlines()[0]
    return Feature(name, family, kind, sentence, unit, reads, reason, citable=citable), compute


def needs_all(listed: RowFeature) -> RowFeature:
    """The same feature, null throughout where a column that it reads was not supplied."""
    feature, compute = listed

    @wraps(compute)
    def only_if_supplied(view: View) -> Numbers | Words:
        if all(supplied(view.tables, column) for column in feature.reads):
            return compute(view)
        n = len(view.asks)
        return Words(np.full(n, -1), []) if feature.kind == "category" else np.full(n, np.nan)

    return feature, only_if_supplied


def hours_between(later: Instants, earlier: Instants) -> Numbers:
    """Hours from the earlier instant to the later one, NaN where one is null; negative where they are swapped."""
    known = (later != NULL_INSTANT) & (earlier != NULL_INSTANT)
    return np.where(known, (later - np.where(known, earlier, later)) / HOUR, np.nan)


def share_of(part: Numbers, whole: Numbers) -> Numbers:
    """The part as a share of the whole, NaN where there is no whole."""
    return np.asarray(np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0))
