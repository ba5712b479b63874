"""A ruling as a plan: which steps, whose, by when, after what, and what happens where one is not done in time."""

from dataclasses import dataclass, fields
from typing import Final, Literal

from features.vocabulary import Codes
from models.lines import Line
from models.steps import STEPS, TRIGGER, TRIGGERED_BY, StepKind
from models.terms import Clocks

UNITS: Final = {field.name: field.metadata["unit"] for field in fields(Clocks)}


@dataclass(frozen=True, slots=True)
class Due:
    """By when a step must be done: so many hours or days from the last of the instants named.

    Attributes
    ----------
    since
        Codes of steps, or one of ruled, first_scan (of the parcel claimed for), label_issued, and missed: when the step
        that this one stands in for was not done.
    """

    within: int
    unit: Literal["hours", "days"]
    since: Codes


@dataclass(frozen=True, slots=True)
class Step:
    """One step of one plan.

    Attributes
    ----------
    due
        None where it takes as long as it takes.
    needs
        Codes of earlier steps of this plan, done or replaced by their fallback.
    fallback, lapse
        The step that takes its place, or what ends, where it is not done in time.
    stands_in
        It is there only to take the place of another.
    """

    code: str
    owner: str
    due: Due | None
    needs: Codes
    fallback: str | None
    lapse: str | None
    stands_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a plan follows from.

    Attributes
    ----------
    lines
        What the ruling pays; see ``Lines.of``.
    actions
        What is ordered beside the remedy.
    returned
        The item must come back.
    refund_at
        What of a return sets the refund or the replacement off; one of REFUND_TRIGGERS.
    done
        Codes of steps that were done before the ruling, and are not asked for again.
    """

    remedy: str
    lines: tuple[Line, ...]
    actions: Codes = ()
    returned: bool = False
    refund_at: str = "inspected"
    done: Codes = ()


def plan(course: Course, clocks: Clocks) -> tuple[Step, ...]:
    """The steps of a ruling in order: what a step needs stands before it."""
    true = _true_of(course)
    kept = [kind for kind in STEPS if kind.when and true.issuperset(kind.when) and kind.code not in course.done]
    codes = {kind.code for kind in kept} | {kind.fallback for kind in kept if kind.fallback}
    trigger = TRIGGERED_BY[course.refund_at]
    return tuple(_step(kind, clocks, codes, trigger) for kind in STEPS if kind.code in codes)


def _step(kind: StepKind, clocks: Clocks, codes: set[str], trigger: str) -> Step:
    after = (trigger if need == TRIGGER else need for need in kind.needs)
    needs = tuple(need for need in after if need in codes)
    return Step(
        code=kind.code,
        owner=kind.owner,
        due=_due(kind, clocks, needs),
        needs=needs,
        fallback=kind.fallback,
        lapse=kind.lapse,
        stands_in=not kind.when,
    )


def _due(kind: StepKind, clocks: Clocks, needs: Codes) -> Due | None:
    if not kind.clock:
        return None
    since = (needs or ("ruled",)) if kind.since == "needs" else (kind.since,)
    return Due(getattr(clocks, kind.clock), UNITS[kind.clock], since)


def _true_of(course: Course) -> set[str]:
    """What is true of a ruling, in the words of the steps' ``when``."""
    codes = {line.code for line in course.lines}
    if "L00" in codes:
        return {"paused"}
    refunded = [line for line in course.lines if line.code < "L10" or line.code in ("L42", "L43")]
    pays = sum(line.cents if line.payee == "buyer" else -line.cents for line in refunded)
    found = {
        "ruled": True,
        "refund": pays > 0,
        "return": course.returned,
        "kept": not course.returned,
        "replacement": course.remedy in ("exchange", "reshipment"),
        "buyer_pays_first": bool(codes & {"L22", "L40", "L41"}),
        "settlement": bool(codes & {"L10", "L11", "L14", "L15", "L16", "L17", "L21", "L44"}),
        "platform_claims": "L12" in codes,
        "seller_claims": "L13" in codes,
    }
    return {word for word, holds in found.items() if holds} | set(course.actions)
