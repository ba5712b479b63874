"""What a statement of reasons is made from: plain data about one proposal or one ruling, with what each part rests on.

It holds all that an arbitrator may see; `serving/told.py` says what of it a party is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from features.fact import Fact
from models.clause_tree import Scalar
from models.lines import Line
from models.plan import Step
from models.reasons import Reason
from serving.sentence import Anchors

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """The answer to one question, None where it is open, and what it rests on."""

    value: T | None
    rests_on: Anchors


@dataclass(frozen=True, slots=True)
class Known:
    """A fact as it was read, None where it was not known, and the rows it was read from, where these have ids."""

    fact: Fact
    value: Scalar | None
    rests_on: Anchors = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """A clause that applies: what it says, what it finds, and the facts it read."""

    clause: str
    title: str
    text: str
    entitled: bool | None = None
    fault: str | None = None
    cost_bearer: str | None = None
    not_fault: tuple[str, ...] = ()
    returns: str | None = None
    ruled_out: tuple[str, ...] = ()
    read: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """A reason of the model, and the rows it was read from."""

    reason: Reason
    rests_on: Anchors


@dataclass(frozen=True, slots=True)
class Awaited:
    """A fact that a clause waits for, and who can supply it."""

    clause: str
    fact: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A step of the plan, and what says how long it may take."""

    step: Step
    rests_on: Anchors


@dataclass(frozen=True, slots=True)
class Appeal:
    """How long a party may appeal: so many days from the ruling on."""

    days: int
    rests_on: Anchors


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What only arbitrators see: the model's probabilities, why it names nobody, and where it and policy disagree."""

    probability: Mapping[str, float]
    silent: str = ""
    conflict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Everything that a statement of reasons may say about one case.

    Attributes
    ----------
    as_of, ruled_at
        Instants in microseconds from 1970; ``ruled_at`` is None for what is only proposed.
    policy, bundle
        The versions on record; ``bundle`` is empty where no model took part.
    reads
        The facts that each clause reads which is named anywhere in it.
    by_model
        The party liable was named by the model, so its reasons are reasons of the outcome.
    """

    case_id: str
    as_of: int
    ruled_at: int | None
    policy: str
    bundle: str
    currency: str
    entitled: Answered[bool]
    fault: Answered[str]
    cost_bearer: Answered[str]
    remedy: Answered[str]
    grounds: tuple[Ground, ...]
    awaited: tuple[Awaited, ...]
    reads: Mapping[str, tuple[str, ...]]
    by_model: bool
    reasons: tuple[Weighed, ...]
    lines: tuple[Line, ...]
    steps: tuple[Planned, ...]
    appeal: Appeal
    advice: Advice | None
