"""Why one class leads another: an account in calibrated log-odds that adds up, or no answer at all.

start + reasons told + rest = the calibrated log-odds between the two leading classes, for every ask.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from features.build import Fitted
from models.contributions import TOLERANCE
from models.head import Head
from models.reasons import Grouping, Positions, Reason, parameters
from models.trees import Numbers

DECIMALS: Final = 6
"""Reasons are ordered by the numbers people see, so that a difference nobody sees never swaps two of them."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Calibrated log-odds of some asks in parts: ``log_odds`` = ``start`` + sum of ``contributions``.

    Attributes
    ----------
    known, values
        (asks, catalog) what was known, (asks, features) what the head saw of it.
    log_odds, start, contributions, grouped
        (asks, classes), (classes,), (asks, classes, features), (asks, classes, groups).
    """

    known: Numbers
    values: Numbers
    log_odds: Numbers
    start: Numbers
    contributions: Numbers
    grouped: Numbers

    @classmethod
    def of(cls, head: Head, grouping: Grouping, values: Numbers, *, threads: int) -> Self:
        """The parts of a head's answers to feature values (asks, catalog)."""
        seen = head.seen(values)
        found = head.contributor.explain(seen, threads=threads).by_class()
        contributions = head.calibration.slope * found.contributions
        return cls(
            known=values,
            values=seen,
            log_odds=head.calibration.log_odds(found.log_odds),
            start=head.calibration.log_odds(found.base),
            contributions=contributions,
            grouped=grouping.sums(contributions),
        )

    def leading_two(self) -> tuple[Positions, Positions]:
        """The most probable class of each ask and the runner-up: (asks,) each; ties in the head's order."""
        order = np.argsort(-self.log_odds, axis=1, kind="stable")
        return order[:, 0], order[:, 1]


@dataclass(frozen=True, slots=True)
class Account:
    """The reasons of some asks, strongest first, as columns.

    Attributes
    ----------
    contrast, start, rest
        (asks,) calibrated log-odds of the leading class against the runner-up, what they are before any
        feature is looked at, and the sum of the reasons not told: start + told + rest = contrast.
    group, log_odds
        (asks, told) each reason's group and its share of the contrast.
    feature, value, weight
        (asks, told) the feature that did most in the group, among the grouping's, its value, and for a history
        rate the weight it was given.
    by_class
        (asks, told, classes) how far the reason speaks for each class, compared with the mean of all.
    """

    contrast: Numbers
    start: Numbers
    rest: Numbers
    group: Positions
    log_odds: Numbers
    feature: Positions
    value: Numbers
    weight: Numbers
    by_class: Numbers

    @classmethod
    def of(cls, parts: Parts, grouping: Grouping, *, top: int) -> Self:
        """Why the most probable class leads the runner-up, with the ``top`` strongest reasons.

        Raises
        ------
        ArithmeticError
            When the account does not add up: never an explanation that is not the model's.
        """
        leading, runner_up = parts.leading_two()
        row = np.arange(len(leading))
        grouped = parts.grouped[row, leading] - parts.grouped[row, runner_up]
        by_feature = parts.contributions[row, leading] - parts.contributions[row, runner_up]
        contrast = parts.log_odds[row, leading] - parts.log_odds[row, runner_up]
        start = parts.start[leading] - parts.start[runner_up]
        _require_sum(start + grouped.sum(axis=1), contrast)
        told = _strongest(grouped, top)
        log_odds = np.take_along_axis(grouped, told, axis=1)
        feature = _leading_feature(by_feature, grouping.group, told)
        known = np.concatenate([parts.known, np.full((len(leading), 1), np.nan)], axis=1)
        by_class = np.take_along_axis(parts.grouped, told[:, None, :], axis=2)
        return cls(
            contrast=contrast,
            start=start,
            rest=contrast - start - log_odds.sum(axis=1),
            group=told,
            log_odds=log_odds,
            feature=feature,
            value=np.take_along_axis(parts.values, feature, axis=1),
            weight=np.take_along_axis(known, grouping.weight[feature], axis=1),
            by_class=(by_class - by_class.mean(axis=1, keepdims=True)).transpose(0, 2, 1),
        )

    @classmethod
    def none(cls, asks: int) -> Self:
        """No account, for asks that no head answered."""
        unknown, nothing = np.full(asks, np.nan), np.zeros((asks, 0))
        places = np.zeros((asks, 0), dtype=np.int64)
        return cls(unknown, unknown, unknown, places, nothing, places, nothing, nothing, np.zeros((asks, 0, 0)))

    def reasons(self, ask: int, grouping: Grouping, fitted: Fitted) -> tuple[Reason, ...]:
        """The reasons told for one ask; those that moved nothing are left out."""
        found = []
        for place in np.flatnonzero(np.round(self.log_odds[ask], DECIMALS) != 0.0):
            code, subject, citable = grouping.keys[self.group[ask, place]]
            feature = grouping.features[self.feature[ask, place]]
            found.append(
                Reason(
                    code=code,
                    subject=subject,
                    citable=citable,
                    feature=feature.name,
                    log_odds=float(self.log_odds[ask, place]),
                    by_class=tuple(self.by_class[ask, place].tolist()),
                    params=parameters(feature, float(self.value[ask, place]), float(self.weight[ask, place]), fitted),
                )
            )
        return tuple(found)


def _require_sum(found: Numbers, contrast: Numbers) -> None:
    if not bool((np.abs(found - contrast) <= TOLERANCE * np.maximum(1.0, np.abs(contrast))).all()):
        raise ArithmeticError("reasons do not add up to the answer they explain; no answer is given")


def _strongest(log_odds: Numbers, top: int) -> Positions:
    """The strongest groups of each ask, (asks, top), from (asks, groups); ties in the groups' order."""
    seen = -np.abs(np.round(log_odds, DECIMALS))
    return np.argsort(seen, axis=1, kind="stable")[:, :top]


def _leading_feature(contributions: Numbers, group: Positions, told: Positions) -> Positions:
    """For each group told the feature that did most in the group's own direction: (asks, told)."""
    found = np.empty(told.shape, dtype=np.int64)
    for place in range(told.shape[1]):
        inside = group[None, :] == told[:, place, None]
        own = np.where(inside, contributions, 0.0)
        direction = np.where(own.sum(axis=1, keepdims=True) < 0.0, -1.0, 1.0)
        found[:, place] = np.argmax(np.where(inside, np.round(own * direction, DECIMALS), -np.inf), axis=1)
    return found
