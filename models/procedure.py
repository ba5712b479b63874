"""The operating procedure of a policy on one day: how returns run, how cases are ruled on, and every clause in full."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Final

from features.vocabulary import REASONS
from models.clauses import Clause
from models.paper import pages
from models.policy import Policy
from models.policy_page import changed_clauses, changed_parameters, clause_said
from models.printed import ASSUMED, CLAUSES, Printed, contents, headings, item
from models.procedure_arbitration import arbitration
from models.procedure_reason import reason_page
from models.procedure_returns import returns


def procedure(policy: Policy, on: datetime.date) -> Mapping[str, str]:
    """Each page by the name of its file.

    Raises
    ------
    PolicyGap
        Where no clause is in force on the day.
    """
    printed = Printed.of(policy, on)
    return {
        "returns.md": _page(printed, "Returns: the operating procedure", [*_changed(printed), *returns(printed)]),
        "arbitration.md": _page(
            printed, "Arbitration: the operating procedure", [*_changed(printed), *arbitration(printed)]
        ),
        CLAUSES: _page(printed, "Clauses and numbers in force", list(_clauses(printed)), deepest=2),
    }


MOST_PAGES: Final = 2
"""A reason takes no more pages than this, printed."""


def too_long(policy: Policy, on: datetime.date) -> Iterator[str]:
    """The reasons that take more than two pages, printed, and how many each takes."""
    printed = Printed.of(policy, on)
    for reason in REASONS:
        taken = pages("\n".join(reason_page(printed, reason)))
        if taken > MOST_PAGES:
            yield f"{reason} takes {taken:.1f} pages; {MOST_PAGES} are the most that people read."


def _page(printed: Printed, title: str, body: list[str], deepest: int = 3) -> str:
    head = printed.policy.head
    lines = [
        f"# {title}", "",
        f"{head.title} (`{printed.policy.recorded}`), as in force on {printed.on}.",
        "Made by `triage policy sop`; do not edit.",
        f"What is marked {ASSUMED} is a choice of this house that no source bears out.", "",
        "## Contents", "", *contents(headings(body, deepest)), *body,
    ]  # fmt: skip
    return "\n".join(lines).rstrip() + "\n"


def _changed(printed: Printed) -> Iterator[str]:
    """What is otherwise than before the last day on which anything changed."""
    last = max((day for day in printed.policy.days if day <= printed.on), default=printed.on)
    before = last - datetime.timedelta(days=1)
    yield from ("", "## What changed", "")
    if last == printed.policy.days[0]:
        yield "This is the first version."
        return
    yield f"On {last}, against the day before:"
    yield ""
    earlier = Printed.of(printed.policy, before)
    for name, was, now in changed_clauses(printed.policy, before, printed.on):
        yield f"- Before: {item(earlier, was) if was else f'there was no {name}.'}"
        yield f"- Now: {item(printed, now) if now else f'{name} is no longer in force.'}"
    for name, given, gives in changed_parameters(printed.policy, before, printed.on):
        was_said, now_said = (each.day.parameter(name) if value else "not set"
                              for each, value in ((earlier, given), (printed, gives)))  # fmt: skip
        yield f"- The number `{name}` was {was_said}, and is now {now_said}."


def _clauses(printed: Printed) -> Iterator[str]:
    yield from ("", "## Clauses", "")
    for clause in sorted(printed.clauses, key=lambda clause: clause.id):
        yield from _clause(printed, clause)
    yield from ("", "## Numbers", "", "| number | value | source |", "|---|---|---|")
    for name, parameter in sorted(printed.policy.parameters.items()):
        value = parameter.on(printed.on)
        if value is not None:
            shown = printed.day.parameter(name).removesuffix(f" ({ASSUMED})")
            yield f"| `{name}` | {shown} | {value.source or ASSUMED} |"
    if printed.policy.sources:
        yield from ("", "## Sources", "", "| mark | page |", "|---|---|")
        yield from (f"| [{mark}] | {page} |" for mark, page in printed.policy.sources.items())


def _clause(printed: Printed, clause: Clause) -> Iterator[str]:
    yield from ("", f"### {clause.id}", "", f"**{clause.title}.** {clause.text}", "")
    for name, said in clause_said(clause, printed.policy.values(printed.on)).items():
        shown = f"`{said}`" if name == "when" else said
        yield f"- {name}: {ASSUMED if name == 'source' and not clause.source else shown}"
