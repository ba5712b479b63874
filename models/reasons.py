"""A reason is a code with parameters: what it is about, how far it moved the answer, and what a sentence needs.

Words come from a message catalog where people read them, never from here. Features of one (reason, subject)
are told together; those that may be cited to a party never share a group with those that may not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.build import OTHER, Fitted
from features.catalog import Feature
from models.trees import Numbers

Parameter = str | float | int | None
Positions = NDArray[np.int64]

NONE: Final = -1
"""The position of a feature that there is not."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for an answer.

    ``log_odds`` is its share of the contrast, the leading class against the runner-up. ``by_class`` says for
    each class of the head how far the reason speaks for it, compared with the mean of all classes. ``feature``
    is the one in the group that did most. A reason that is not ``citable`` is never given to a party.
    """

    code: str
    subject: str
    citable: bool
    feature: str
    log_odds: float
    by_class: tuple[float, ...]
    params: Mapping[str, Parameter]


@dataclass(frozen=True)
class Grouping:
    """Which of a head's features are told together, in the order of code, subject and citability.

    ``catalog`` holds all features that are known of an ask, those the head does not look at among them.
    """

    features: tuple[Feature, ...]
    catalog: tuple[Feature, ...]

    @cached_property
    def keys(self) -> tuple[tuple[str, str, bool], ...]:
        """The groups: (code, subject, citable)."""
        return tuple(sorted({_key(f) for f in self.features}))

    @cached_property
    def citable(self) -> NDArray[np.bool_]:
        """Whether each group may be cited: (groups,)."""
        return np.array([citable for _, _, citable in self.keys], dtype=bool)

    @cached_property
    def group(self) -> Positions:
        """The group of each feature: (features,)."""
        place = {key: i for i, key in enumerate(self.keys)}
        return np.array([place[_key(f)] for f in self.features], dtype=np.int64)

    @cached_property
    def weight(self) -> Positions:
        """For each history feature where in the catalog its rate's weight is, NONE where it is not: (features,)."""
        place = {(f.key, f.window_days): i for i, f in enumerate(self.catalog) if f.measure == "weight"}
        return np.array([place.get((f.key, f.window_days), NONE) for f in self.features], dtype=np.int64)

    @cached_property
    def _sorted(self) -> tuple[Positions, Positions]:
        order = np.argsort(self.group, kind="stable")
        return order, np.searchsorted(self.group[order], np.arange(len(self.keys)))

    def sums(self, contributions: Numbers) -> Numbers:
        """Contributions (..., features) added up by group: (..., groups)."""
        order, starts = self._sorted
        return np.asarray(np.add.reduceat(contributions[..., order], starts, axis=-1))


def _key(feature: Feature) -> tuple[str, str, bool]:
    return feature.reason, feature.subject, feature.citable


def parameters(feature: Feature, value: float, weight: float, fitted: Fitted) -> dict[str, Parameter]:
    """What a sentence about this value of this feature needs; what is not known is None.

    A history rate is a difference from all cases' rate in logarithms, told as a ratio (of odds, but for disputes
    per delivery), with the number of ``rulings`` it rests on, which follows from the ``weight`` it was given.
    """
    known = bool(np.isfinite(value))
    if feature.kind == "category":
        return {"value": (*fitted.categories[feature.name], OTHER)[int(value)] if known else None}
    if feature.family != "history":
        return {"value": value if known else None, "unit": feature.unit}
    past: dict[str, Parameter] = {
        "key": feature.key,
        "measure": feature.measure,
        "window_days": feature.window_days,
        "rulings": round(fitted.history_weight * weight / (1.0 - weight)) if weight < 1.0 else None,
    }
    if feature.measure == "weight":
        return past
    told_as = "odds_ratio" if feature.unit == "log-odds" else "ratio"
    return past | {told_as: float(np.exp(value)) if known else None}
