"""What a policy is made of: dated clauses, dated parameters, and what a clause finds when it applies."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from features.vocabulary import REMEDIES
from models.clause_tree import Node, Scalar, Type
from models.remedy import ACTIONS

EFFECTS: Final = ("decides", "limits", "informs")
QUESTIONS: Final = ("entitled", "fault", "cost_bearer")
"""What a clause may decide: is the buyer entitled, whose fault is it, and who bears the cost."""

DAYS: Final = ("opened_at", "placed_at", "escalated_at")
"""The days of a case by which a policy may choose its version."""

CHOICES: Final = (*REMEDIES, *ACTIONS)
"""What a clause may rule out or allow."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A parameter that stands where a number might."""

    name: str


Amount = float | Reference
Shares = tuple[tuple[str, Amount], ...]
"""How much falls to each of some parties."""
Setting = bool | float | str | Reference | Shares


@dataclass(frozen=True, slots=True)
class Demand:
    """Evidence that a clause asks a party for: any one of these kinds, within so many hours where it says so."""

    party: str
    any_of: tuple[str, ...]
    within_hours: Amount | None


@dataclass(frozen=True, slots=True)
class Covers:
    """The reasons, stages and fulfilments that a clause is for; an empty list means all."""

    reasons: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    fulfilments: tuple[str, ...] = ()

    def lists(self) -> Mapping[str, tuple[str, ...]]:
        """Each fact that coverage looks at, with the words that are covered."""
        found = {"reason": self.reasons, "stage": self.stages, "fulfilment": self.fulfilments}
        return {fact: words for fact, words in found.items() if words}


@dataclass(frozen=True, slots=True)
class Finds:
    """What a clause finds where it applies.

    ``says`` holds what has one answer, by key: the questions it decides, and what `models.remedy` lists.
    ``only`` and ``never`` are remedies and actions, ``actions`` those that are ordered.
    """

    says: Mapping[str, Setting]
    not_fault: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    evidence: tuple[Demand, ...] = ()
    senior: bool = False

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that stand in it."""
        shares = [share for setting in self.says.values() if isinstance(setting, tuple) for _, share in setting]
        settings = (*self.says.values(), *shares, *(demand.within_hours for demand in self.evidence))
        return tuple(dict.fromkeys(setting.name for setting in settings if isinstance(setting, Reference)))

    @property
    def ruled_out(self) -> tuple[str, ...]:
        """The remedies and actions that may not be chosen: those named, or all but the only ones."""
        return self.never or tuple(choice for choice in CHOICES if self.only and choice not in self.only)


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as it was in force from one day to another.

    ``written`` is the condition as its author wrote it; ``condition`` is the tree that is evaluated, in which the
    clause's coverage and its condition must both hold. ``source`` is empty where the clause is assumed.
    """

    id: str
    title: str
    announced_at: datetime.date
    in_force_from: datetime.date
    withdrawn_at: datetime.date | None
    text: str
    source: str
    covers: Covers
    written: str
    condition: Node
    effect: Literal["decides", "limits", "informs"]
    priority: int
    finds: Finds
    file: str
    line: int

    @property
    def ever(self) -> bool:
        """Whether it was in force on any day: a rule may be withdrawn before its first."""
        return self.withdrawn_at is None or self.withdrawn_at > self.in_force_from

    def in_force(self, day: datetime.date) -> bool:
        """Whether it is in force on a day."""
        return self.in_force_from <= day and (self.withdrawn_at is None or day < self.withdrawn_at)


@dataclass(frozen=True, slots=True)
class Value:
    """What a parameter is from one day on: one value, or the members of its list."""

    starts: datetime.date
    values: tuple[Scalar, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number or a word that clauses read, as it was from day to day."""

    name: str
    unit: str
    type: Type
    many: bool
    values: tuple[Value, ...]
    file: str
    line: int

    def on(self, day: datetime.date) -> Value | None:
        """What it is on a day; None before its first."""
        return next((value for value in reversed(self.values) if value.starts <= day), None)
