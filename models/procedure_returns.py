"""The procedure for returns after a sale: how a return runs from the request to the money, part by part."""

from collections.abc import Callable, Iterator
from typing import Final

from models.blocks import PARTS
from models.clauses import Clause
from models.course import USUAL_TRIGGER
from models.phrases import phrases
from models.printed import Printed, item_with_reasons, reads, reference
from models.steps import LAPSES, STEPS, TRIGGER, StepKind

TITLES: Final = {
    "windows": "Windows: until when what may be asked for",
    "labels": "The label",
    "drop_off": "Handing in and the way back",
    "inspection": "Inspection and grading",
    "refund": "What sets the refund off",
    "cost": "Who bears what",
    "returnless": "When the item stays where it is",
    "replacement": "Exchange and second sending",
    "clocks": "All clocks, and what stands in where one is missed",
}
_STEPS: Final = {
    "labels": ("S20", "S21", "S56"),
    "drop_off": ("S22", "S23", "S24", "S25"),
    "inspection": ("S26", "S27", "S57"),
    "refund": ("S40", "S42", "S00", "S01"),
    "cost": ("S43", "S44", "S45"),
    "returnless": ("S28",),
    "replacement": ("S10", "S11", "S30", "S41", "S31"),
}
"""The steps of a plan that belong to each part."""

_BACK: Final = frozenset({"return_issued", "return_dropped_off", "return_scanned", "return_item_scanned"})
_RETURN_REASONS: Final = frozenset({"return_rejected_condition", "return_wrong_or_empty", "return_not_received"})
_REMORSE: Final = frozenset({"fit_style", "changed_mind"})
_CLOCKS: Final = frozenset({"days_after_delivery", "seller_timed_out", "hours_open"})
_SINCE: Final = {
    "ruled": "the ruling", "first_scan": "the first scan of the parcel", "label_issued": "the issue of the label",
    "missed": "the day on which that was missed",
}  # fmt: skip

Belongs = Callable[[Clause], bool]

_BELONGS: Final[dict[str, Belongs]] = {
    "windows": lambda c: bool(reads(c) & _CLOCKS or (_is_for(c, _REMORSE) and "category" in reads(c)))
    and "days_late" not in reads(c)
    and not c.finds.senior,
    "labels": lambda c: bool({"label_payer", "label_shares", "drop_off_within_days"} & set(c.finds.says))
    or "void_label" in c.finds.actions,
    "drop_off": lambda c: bool(reads(c) & _BACK) and "drop_off_within_days" not in c.finds.says,
    "inspection": lambda c: "deduct_share" in c.finds.says
    or (_is_for(c, _RETURN_REASONS) and not reads(c) & (_BACK | {"return_received"})),
    "refund": lambda c: bool(reads(c) & {"refund_issued", "refunded_cents", "chargeback_open"})
    and "not_fulfilled_replacement" not in c.covers.reasons,
    "cost": lambda c: ("cost_bearer" in c.finds.says and _is_for(c, _REMORSE))
    or bool({"cover_max_cents", "uncovered_by"} & set(c.finds.says)),
    "returnless": lambda c: "return" in c.finds.says,
    "replacement": lambda c: "first_scan_within_hours" in c.finds.says
    or "not_fulfilled_replacement" in c.covers.reasons,
}  # fmt: skip
"""Which clauses belong to a part, by what they read and find, whatever the policy."""


def _is_for(clause: Clause, reasons: frozenset[str]) -> bool:
    return bool(set(clause.covers.reasons) & reasons)


def returns(printed: Printed) -> Iterator[str]:
    """The parts of the procedure, each with its steps, its clauses and what people wrote for it."""
    for number, part in enumerate(PARTS["returns"], start=1):
        yield from ("", f"## {number}. {TITLES[part]}", "")
        yield from _INTRODUCED[part](printed) if part in _INTRODUCED else ()
        steps = [kind for kind in STEPS if kind.code in _STEPS.get(part, ())]
        yield from (f"- {step_said(kind, printed)}" for kind in steps)
        found = [clause for clause in printed.clauses if part in _BELONGS and _BELONGS[part](clause)]
        if found:
            yield from ("", "Clauses, the first asked first:", "") if steps else ("Clauses, the first asked first:", "")
            yield from (f"{i}. {item_with_reasons(printed, clause)}" for i, clause in enumerate(found, start=1))
        yield from printed.blocks("returns", part)


def step_said(kind: StepKind, printed: Printed) -> str:
    """A step: who does what, within how long, and what happens where it is not done."""
    within = f", within {printed.day.parameter(kind.clock)}{_since(kind)}" if _timed(kind, printed) else ""
    return f"**{kind.owner.capitalize()}**: {kind.sentence}{within}.{_else(kind)}"


def _refund(printed: Printed) -> Iterator[str]:
    clause = next((clause for clause in printed.clauses if "refund_at" in clause.finds.says), None)
    usual = f"A return sets the refund off {phrases().value(USUAL_TRIGGER)}"
    yield f"{usual}, unless {reference(clause.id)} says otherwise." if clause else f"{usual}."
    yield ""


def _inspection(_: Printed) -> Iterator[str]:
    yield (
        "What the inspection finds is deducted from the price where nobody, or the buyer, is at fault. Nothing is "
        "deducted where the seller, the carrier or the platform is."
    )
    yield ""


def _cost(printed: Printed) -> Iterator[str]:
    def number(name: str) -> str:
        return printed.day.parameter(name) if name in printed.day.values else "not set"

    yield from (
        "The buyer gets back the price of the units concerned, the tax collected on it, and the shipping where another "
        "than the buyer is at fault; deductions, and what was refunded before, are set against it. Whoever bears the "
        "cost bears that. As far as the seller bears it, the platform's voucher is taken back, and the fee for the "
        "sale and a creator's commission are given back.",
        "",
        f"- Of a fee given back the platform keeps {number('refund_admin_share')}.",
        f"- A label for a return costs {number('return_label_cents')}, one for a replacement "
        f"{number('replacement_label_cents')}.",
    )


def _timed(kind: StepKind, printed: Printed) -> bool:
    return kind.clock in printed.day.values


def _since(kind: StepKind) -> str:
    if kind.since != "needs":
        return f" of {_SINCE[kind.since]}"
    needs = [_NAMED[need] for need in kind.needs if need in _NAMED]
    return f" of {' and '.join(needs)}" if needs else " of the ruling"


_NAMED: Final = {
    TRIGGER: "what sets the refund off", "S10": "the word on the stock", "S20": "the label", "S22": "the handing in",
    "S24": "the arrival", "S26": "the grading", "S00": "the bank's closing it", "S40": "the refund",
    "S51": "the notice",
}  # fmt: skip


def _else(kind: StepKind) -> str:
    stand_in = next((other for other in STEPS if other.code == kind.fallback), None)
    if stand_in is not None:
        return f" If not, it is for the {stand_in.owner} to {stand_in.sentence}."
    return f" If not, {LAPSES[kind.lapse]}." if kind.lapse else ""


def _clocks(printed: Printed) -> Iterator[str]:
    yield "| who | does what | within | counted from | if not done |"
    yield "|---|---|---|---|---|"
    for kind in STEPS:
        if _timed(kind, printed):
            since, otherwise = _since(kind).removeprefix(" of "), _else(kind).removeprefix(" If not, ").rstrip(".")
            within = printed.day.parameter(kind.clock)
            yield f"| {kind.owner} | {kind.sentence} | {within} | {since} | {otherwise} |"
    yield ""


_INTRODUCED: Final[dict[str, Callable[[Printed], Iterator[str]]]] = {
    "refund": _refund,
    "inspection": _inspection,
    "cost": _cost,
    "clocks": _clocks,
}
