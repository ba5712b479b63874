"""What the models alone think and why, for one case or a backlog: the same path, column by column.

Where the answer rests on what may not be told to a party, nobody is named. Policy has no part in this.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from features.build import FeatureTable, Fitted
from features.vocabulary import LIABLE
from models.account import Account, Parts
from models.bundle import ENOUGH, LIABILITY, SUFFICIENCY, Bundle, BundleMismatch
from models.calibration import softmax
from models.head import Head
from models.reasons import Grouping, Reason
from models.trees import Numbers

ABSTENTIONS: Final = {
    "A01": "no model for this question has been trained",
    "A02": "no party reaches the confidence at which the model may name one",
    "A03": "without what may not be told to a party, another party would lead",
}
"""Why nobody is named."""

NOBODY: Final = -1

UNSURE: Final = -1

Columns = TypeVar("Columns", "Answers", "Enough", Account)
_Told = TypeVar("_Told", "Answers", "Enough")

BLOCK: Final = 1024
"""Asks explained at a time: contributions by class and feature are never held for more than these."""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to some asks, as columns; a party is its position in LIABLE, NOBODY where there is none.

    Attributes
    ----------
    probability, citable_probability
        (asks, 6) in LIABLE order, NaN for classes that were not trained; with all contributions, and without
        those that may not be told to a party.
    leading, runner_up, citable_leading
        (asks,) the two most probable parties, and the most probable one without what may not be told.
    liable, abstained
        (asks,) the party named, or NOBODY and the code in ABSTENTIONS that says why; "" where one is named.
    confidence
        (asks,) the largest calibrated probability.
    """

    probability: Numbers
    citable_probability: Numbers
    leading: NDArray[np.int64]
    runner_up: NDArray[np.int64]
    citable_leading: NDArray[np.int64]
    liable: NDArray[np.int64]
    abstained: NDArray[np.str_]
    confidence: Numbers

    @classmethod
    def none(cls, asks: int) -> Self:
        """No answers, for asks that no head answered."""
        unknown = np.full((asks, len(LIABLE)), np.nan)
        nobody = np.full(asks, NOBODY)
        return cls(
            unknown, unknown, nobody, nobody, nobody, nobody, np.full(asks, "A01"), np.full(asks, np.nan)
        )  # fmt: skip

    @classmethod
    def of(cls, head: Head, parts: Parts, citable: NDArray[np.bool_]) -> Self:
        """A head's answers, with the groups that may be cited: (groups,)."""
        places = np.array([LIABLE.index(name) for name in head.classes])
        p = softmax(parts.log_odds)
        told = softmax(parts.log_odds - parts.grouped[:, :, ~citable].sum(axis=2))
        leading, runner_up = parts.leading_two()
        citable_leading = np.argmax(told, axis=1)
        confidence = p.max(axis=1)
        abstained = np.where(citable_leading != leading, "A03", "")
        abstained = np.where(confidence < head.act_above, "A02", abstained)
        return cls(
            probability=_in_order(p, places),
            citable_probability=_in_order(told, places),
            leading=places[leading],
            runner_up=places[runner_up],
            citable_leading=places[citable_leading],
            liable=np.where(abstained == "", places[leading], NOBODY),
            abstained=abstained,
            confidence=confidence,
        )


@dataclass(frozen=True, slots=True)
class Enough:
    """Whether what is known is enough to rule on, as columns.

    Attributes
    ----------
    probability
        (asks,) that it is, NaN where no head answers.
    told
        (asks,) 1 or 0 where the head is sure enough to say so, UNSURE elsewhere.
    """

    probability: Numbers
    told: NDArray[np.int64]

    @classmethod
    def of(cls, head: Head, parts: Parts, citable: NDArray[np.bool_]) -> Self:
        """A head's answers; whatever led to them counts, since no party is told of it."""
        p = softmax(parts.log_odds)
        told = np.where(p.max(axis=1) < head.act_above, UNSURE, p.argmax(axis=1))
        return cls(p[:, ENOUGH.index("sufficient")], told)

    @classmethod
    def none(cls, asks: int) -> Self:
        """No answers, for asks that no head answered."""
        return cls(np.full(asks, np.nan), np.full(asks, UNSURE))


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """Whether what is known is enough, with the account of each answer; see Enough and Account for the columns."""

    enough: Enough
    account: Account
    grouping: Grouping
    fitted: Fitted

    def reasons(self, ask: int) -> tuple[Reason, ...]:
        """The reasons told for one ask, strongest first."""
        return self.account.reasons(ask, self.grouping, self.fitted)


@dataclass(frozen=True, slots=True)
class Opinions:
    """Who is liable, with the account of each answer, and whether what is known is enough to say so."""

    answers: Answers
    account: Account
    grouping: Grouping
    fitted: Fitted
    sufficiency: Sufficiency

    def __len__(self) -> int:
        return len(self.answers.liable)

    def reasons(self, ask: int) -> tuple[Reason, ...]:
        """The reasons told for who is liable in one ask, strongest first."""
        return self.account.reasons(ask, self.grouping, self.fitted)


def opinions(bundle: Bundle, features: FeatureTable, *, top: int = 5, threads: int = 1) -> Opinions:
    """Who is probably liable in each ask, or nobody, and the ``top`` strongest reasons.

    Raises
    ------
    BundleMismatch
        When the features were built for another catalog than the bundle's.
    """
    if features.catalog is not bundle.fitted.catalog and features.catalog != bundle.fitted.catalog:
        raise BundleMismatch("the features were built for another catalog than this bundle's; build them with its own")
    return opinions_from_values(bundle, features.values, top=top, threads=threads)


def opinions_from_values(bundle: Bundle, values: Numbers, *, top: int = 5, threads: int = 1) -> Opinions:
    """The same from stored feature values (asks, features) in the order of the bundle's own catalog.

    No feature is built, so this answers alike under any later code. Numbers are exact; they are rounded where
    people read them.
    """
    if values.ndim != 2 or values.shape[1] != len(bundle.fitted.catalog):
        raise BundleMismatch(f"this bundle reads {len(bundle.fitted.catalog)} values for each ask; other values came")
    asked = _Asked(bundle, values, top, threads)
    sufficiency = Sufficiency(*_told(asked, SUFFICIENCY, Enough), bundle.fitted)
    return Opinions(*_told(asked, LIABILITY, Answers), bundle.fitted, sufficiency)


@dataclass(frozen=True, slots=True)
class _Asked:
    bundle: Bundle
    values: Numbers
    top: int
    threads: int


def _told(asked: _Asked, name: str, kind: "type[_Told]") -> "tuple[_Told, Account, Grouping]":
    """What the head of that name answers, of a kind of columns; nothing known where there is no such head."""
    head = asked.bundle.heads.get(name)
    if head is None:
        return kind.none(len(asked.values)), Account.none(len(asked.values)), Grouping((), ())
    grouping = asked.bundle.groupings[name]
    blocks = [
        (kind.of(head, parts, grouping.citable), Account.of(parts, grouping, top=asked.top))
        for parts in _parts(head, grouping, asked.values, asked.threads)
    ]
    answers, accounts = zip(*blocks, strict=True)
    return _joined(answers), _joined(accounts), grouping


def _parts(head: Head, grouping: Grouping, values: Numbers, threads: int) -> Iterator[Parts]:
    """A head's answers in parts, block by block, so that contributions are never held for all."""
    for start in range(0, max(len(values), 1), BLOCK):
        yield Parts.of(head, grouping, values[start : start + BLOCK], threads=threads)


def _in_order(probability: Numbers, places: NDArray[np.int64]) -> Numbers:
    found = np.full((len(probability), len(LIABLE)), np.nan)
    found[:, places] = probability
    return found


def _joined(blocks: tuple[Columns, ...]) -> Columns:
    if len(blocks) == 1:
        return blocks[0]
    columns = [np.concatenate([getattr(block, field.name) for block in blocks]) for field in fields(blocks[0])]
    return type(blocks[0])(*columns)
