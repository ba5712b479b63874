"""A backtest as plain data: every figure with its interval, in all and by cohort, the kinds of changes, and notes."""

from collections.abc import Iterator
from typing import Any, Final

from features.ledger import Ledger
from features.tables import Numbers
from features.terminal import iso
from models.lines import ACCOUNTS
from models.policy import Policy
from training.backtest.backtest import Backtest
from training.backtest.examples import examples
from training.backtest.flips import KINDS
from training.backtest.intervals import DRAWS, LEVEL, SEED, bounds, drawn
from training.backtest.settled import Span
from training.backtest.tally import PLACE, Tally

SHARES: Final = {
    "flipped": "flipped", **{f"flipped_{kind}": f"flipped {kind}" for kind in KINDS},
    "undecided_before": "undecided before", "undecided_after": "undecided after",
    "no_longer_decided": "no longer decided", "decided_now": "decided now",
    "review_before": "review before", "review_after": "review after",
}  # fmt: skip
"""Figures that are cases and their share of all, and what they count."""


def to_json(found: Backtest, span: Span, ledger: Ledger, currency: str | None) -> dict[str, Any]:
    """All that was found, as it is printed by ``--json`` and drawn in the report."""
    whole, *parts = found.tallies
    return {
        "new": _policy(found.new),
        "old": _policy(found.old),
        "from": iso(span.start) if span.starts else None,
        "to": iso(span.end) if span.ends else None,
        "currency": currency,
        "cases": found.settled.counts(),
        "no_clause_in_force": {"old": int((~found.days.old_speaks).sum()), "new": int((~found.days.new_speaks).sum())},
        "dropped": {name: account.dropped for name, account in ledger.tables.items() if account.dropped},
        "intervals": {
            "level": LEVEL, "unit": found.units.unit, "units": found.units.units, "groups": found.units.groups,
            "draws": DRAWS, "seed": SEED,
        },
        "whole": next(iter(_cohorts(whole).values())),
        **{f"by_{part.title.replace(' ', '_')}": _cohorts(part) for part in parts},
        "changes": [
            {
                "kind": change.kind, "from": change.before, "to": change.after, "cases": change.cases,
                "example": _case_id(found, change.example),
            }
            for change in found.changes
        ],
        "examples": [example.to_json() for example in examples(found)],
        "notes": list(_notes(found, currency)),
    }  # fmt: skip


def _policy(policy: Policy) -> dict[str, Any]:
    return {
        "policy": policy.recorded, "title": policy.head.title, "day": policy.head.day,
        "currency": policy.head.currency, "not_asked": list(policy.left_out),
    }  # fmt: skip


def _case_id(found: Backtest, ask: int) -> str:
    return str(found.tables.case_ids[int(found.asks.case[ask])].as_py())


def _cohorts(tally: Tally) -> dict[str, dict[str, Any]]:
    """The figures of each cohort in which there is a case."""
    totals, again = tally.totals, drawn(tally.sums)
    return {
        name: dict(_figures(totals[place], again[:, place]))
        for place, name in enumerate(tally.names)
        if totals[place, PLACE["cases"]]
    }


def _figures(totals: Numbers, again: Numbers) -> Iterator[tuple[str, Any]]:
    """Figures from sums (counted,) and from the same drawn anew (draws, counted)."""
    cases = int(totals[PLACE["cases"]])
    yield "cases", cases
    there = again[again[:, PLACE["cases"]] > 0]
    shares = bounds(there / there[:, [PLACE["cases"]]])
    for name, counted in SHARES.items():
        place = PLACE[counted]
        interval = [float(bound) for bound in shares[:, place]]
        yield name, {"cases": int(totals[place]), "share": float(totals[place] / cases), "interval": interval}
    more = (there[:, PLACE["review after"]] - there[:, PLACE["review before"]]) / there[:, PLACE["cases"]]
    change = int(totals[PLACE["review after"]] - totals[PLACE["review before"]])
    yield "review_change", {"cases": change, "share": change / cases, "interval": [float(b) for b in bounds(more)]}
    moved = bounds(again)
    yield (
        "moved_cents",
        {
            account: {
                "cents": int(totals[PLACE[f"moved {account}"]]),
                "interval": [round(float(bound)) for bound in moved[:, PLACE[f"moved {account}"]]],
            }
            for account in ACCOUNTS
        },
    )


def _notes(found: Backtest, currency: str | None) -> Iterator[str]:
    """What has to be known to read the figures."""
    old, new, days = found.old, found.new, found.days
    if old.digest == new.digest:
        yield "Both policies say the same."
    if old.head.day != new.head.day:
        two = int((days.old != days.new).sum())
        yield f"The old policy goes by {old.head.day}, the new one by {new.head.day}: two days in {two:,} cases."
    for which, policy, speaks in (("old", old, days.old_speaks), ("new", new, days.new_speaks)):
        if silent := int((~speaks).sum()):
            yield (
                f"On the day of {silent:,} settled cases no clause of the {which} policy is in force "
                f"(its first is from {policy.days[0]} on); these cases are left out."
            )
        if policy.left_out:
            yield (
                f"Nothing in this history tells what these clauses of the {which} policy read, so they were not asked: "
                f"{', '.join(policy.left_out)}."
            )
        if currency not in (None, policy.head.currency):
            yield f"The history is in {currency}, the {which} policy in {policy.head.currency}; no sum was converted."
