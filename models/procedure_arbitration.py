"""The procedure for arbitration: the steps common to every case, then a page or two for each reason."""

from collections.abc import Callable, Iterator
from typing import Final

from features.required import required_evidence
from features.vocabulary import REASONS
from models.blocks import PARTS
from models.clauses import Clause
from models.condition_said import listed
from models.finds_said import who
from models.phrases import phrases
from models.printed import Printed, anchor, item_with_reasons, reads
from models.procedure_reason import TITLES, common, reason_page, stages_said
from models.remedy_choice import KEPT, ORDER

_START: Final = frozenset({"hazard_mentioned", "injury_mentioned", "chargeback_open", "refunded_cents",
                           "offer_accepted", "seller_timed_out", "hours_open", "refund_issued"})  # fmt: skip

Belongs = Callable[[Clause], bool]
_BELONGS: Final[dict[str, Belongs]] = {
    "start": lambda c: not c.finds.evidence and bool(reads(c) & (_START | {"days_after_delivery"})),
    "ask": lambda c: bool(c.finds.evidence),
    "senior": lambda c: c.finds.senior,
    "decide": lambda c: c.effect == "decides" or bool(c.finds.not_fault),
    "remedy": lambda c: True,
}
"""Which common clauses belong to a part: the first that takes one has it."""


def arbitration(printed: Printed) -> Iterator[str]:
    """The common steps, then each reason."""
    yield from ("", "## Common steps")
    told_once = [clause for clause in printed.clauses if common(clause)]
    for number, part in enumerate(PARTS["arbitration"], start=1):
        yield from ("", f"### {number}. {TITLES[part]}", "")
        yield from _INTRODUCED[part](printed) if part in _INTRODUCED else ()
        taken = [clause for clause in told_once if _part(clause) == part]
        yield from (f"{i}. {item_with_reasons(printed, clause)}" for i, clause in enumerate(taken, start=1))
        yield from stages_said(told_once if part == "start" else [])
        yield from printed.blocks("arbitration", part)
    yield from ("", "## Reason by reason", "", *_overview(printed))
    for reason in REASONS:
        yield from reason_page(printed, reason)


def _overview(printed: Printed) -> Iterator[str]:
    """All reasons at a glance: of whom something is required, and whose fault a clause for the reason may find."""
    yield "| reason | something is required of | a clause of its own may find at fault |"
    yield "|---|---|---|"
    for reason in REASONS:
        own = [c for c in printed.clauses if reason in c.covers.reasons and not common(c)]
        faults = dict.fromkeys(str(c.finds.says["fault"]) for c in own if "fault" in c.finds.says)
        asked = dict.fromkeys(requirement.party for requirement in required_evidence()[reason])
        title = phrases().reasons[reason]
        yield (
            f"| [{title}](#{anchor(title)}) | {listed([who(party) for party in asked], 'and') or 'nobody'} | "
            f"{listed([who(fault) for fault in faults], 'or') or 'none does: the merits decide'} |"
        )


def _part(clause: Clause) -> str:
    return next(part for part, belongs in _BELONGS.items() if belongs(clause))


def _ask(printed: Printed) -> Iterator[str]:
    yield (
        "What each reason requires stands on its page. An item is admissible where it is linked to the order, legible, "
        "of its own case and not made by a machine; what nobody checked counts for whoever gave it. It *bears the "
        "buyer out* where what was read in it agrees with the claim, and *contradicts the buyer* where it does not."
    )
    yield ""


def _decide(printed: Printed) -> Iterator[str]:
    yield (
        "Three questions are answered apart: is the buyer entitled, whose fault was it, who bears the cost. For each "
        "the first clause that applies has the word. A clause that reads what nobody has told yet cannot be decided: "
        "while one stands higher and would answer otherwise, the question waits for that fact. What policy leaves open "
        "is ruled on the merits."
    )
    yield ""


def _remedies(printed: Printed) -> Iterator[str]:
    def said(order: tuple[str, ...]) -> str:
        return ", then ".join(phrases().value(word) for word in order)

    yield (
        f"What the buyer asked for, where no clause rules it out; else {said(ORDER)}. Where the item never came or "
        f"does not come back: {said(KEPT)}. A buyer who is not entitled gets a rejection. How a remedy runs, step by "
        "step and by when, stands in [the procedure for returns](returns.md)."
    )
    yield ""


_INTRODUCED: Final[dict[str, Callable[[Printed], Iterator[str]]]] = {
    "ask": _ask,
    "decide": _decide,
    "remedy": _remedies,
}
