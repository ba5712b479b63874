"""What a clause finds, in plain words: entitlement, fault and cost; what it rules out, orders and asks for."""

from collections.abc import Iterator, Mapping
from typing import Final

from models.clauses import Amount, Clause, Demand, Reference, Setting
from models.condition_said import Day, amount, listed
from models.phrases import phrases
from models.remedy import FINDS_KEYS

_UNIT: Final[Mapping[str, str]] = {key.name: key.kind for key in FINDS_KEYS}

_TERMS: Final = {
    "refund_share": "{} of the price is refunded",
    "refund_share_min": "a partial refund is at least {} of the price",
    "refund_share_max": "a partial refund is at most {} of the price",
    "refund_min_cents": "a partial refund is at least {}",
    "refund_max_cents": "a partial refund is at most {}",
    "refund_sum": "the refund is {}",
    "shipping_share": "{} of the shipping is refunded where nobody but the buyer erred",
    "deduct_share": "{} of the price is deducted",
    "deduct_share_max": "at most {} of the price is deducted",
    "label_shares": "the label falls to {}",
    "refund_at": "the refund is set off {}",
    "drop_off_within_days": "the item is handed in within {} of the label",
    "first_scan_within_hours": "a replacement has its first scan within {}",
    "cover_max_cents": "the carrier's cover ends at {}",
    "claim_within_days": "the carrier is claimed on within {} of the first scan",
}
_RETURNS: Final = {"required": "the item must come back first", "never": "the item does not come back"}


def finds_said(clause: Clause, day: Day) -> tuple[str, ...]:
    """Each thing that a clause finds, what it asks for apart."""
    return tuple(_finds(clause, day))


def demand_said(demand: Demand, day: Day) -> tuple[str, str]:
    """The kinds of evidence that a clause asks for, and within how long."""
    within = "" if demand.within_hours is None else _amount(demand.within_hours, "hours", day)
    return kinds_said(demand.any_of), within


def kinds_said(kinds: tuple[str, ...]) -> str:
    """Kinds of evidence as a list in a sentence."""
    return listed([phrases().kinds[kind] for kind in kinds], "or")


def who(party: str) -> str:
    """A party as people say it."""
    return "nobody" if party == "none" else phrases().value(party)


def _finds(clause: Clause, day: Day) -> Iterator[str]:
    says, speak = clause.finds.says, phrases()
    if "entitled" in says:
        yield "the buyer is entitled" if says["entitled"] else "the buyer is not entitled"
    yield from _fault_and_cost(says, day)
    if clause.finds.not_fault:
        yield f"it is not the fault of {listed([who(party) for party in clause.finds.not_fault], 'or')}"
    if clause.finds.only:
        yield f"only {listed([speak.value(word) for word in clause.finds.only], 'or')} may be given"
    if clause.finds.never:
        never = listed([speak.value(word) for word in clause.finds.never], "and")
        yield f"{never} {'is' if len(clause.finds.never) == 1 else 'are'} ruled out"
    if "return" in says:
        yield _RETURNS[str(says["return"])]
    if "label_payer" in says and "label_shares" not in says:
        yield f"the label falls to {who(str(says['label_payer']))}"
    for key, phrase in _TERMS.items():
        if key in says:
            yield phrase.format(_setting(says[key], _UNIT[key], day))
    if "uncovered_by" in says:
        yield f"what the cover does not reach falls to {who(str(says['uncovered_by']))}"
    if says.get("pause"):
        yield "nothing is paid until the bank has closed it"
    if clause.finds.actions:
        yield f"it orders {listed([speak.value(word) for word in clause.finds.actions], 'and')}"
    if clause.finds.senior:
        yield "a senior looks"


def _fault_and_cost(says: Mapping[str, Setting], day: Day) -> Iterator[str]:
    fault, bears = says.get("fault"), says.get("cost_bearer")
    if fault == "shared" and "shares" in says:
        yield f"the fault is shared: {_setting(says['shares'], 'share', day)}"
    elif fault is not None:
        both = fault == bears and fault != "shared"
        yield f"{who(str(fault))} is at fault{' and bears the cost' if both else ''}"
    if bears == "shared":
        yield (
            f"the cost is shared: {_setting(says['cost_shares'], 'share', day)}"
            if "cost_shares" in says
            else ("the cost is shared as the fault is")
        )
    elif bears is not None and bears != fault:
        yield f"{who(str(bears))} bears the cost"


def _setting(setting: Setting, unit: str, day: Day) -> str:
    if isinstance(setting, tuple):
        return listed([f"{who(party)} {_amount(share, 'share', day)}" for party, share in setting], "and")
    if isinstance(setting, bool | str):
        return phrases().value(str(setting))
    return _amount(setting, unit, day)


def _amount(value: Amount, unit: str, day: Day) -> str:
    return day.parameter(value.name) if isinstance(value, Reference) else amount(value, unit, day.currency)
