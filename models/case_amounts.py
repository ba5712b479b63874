"""The money that a case of a policy says will move: every line, and what each account is left with, netting to zero.

A line reads as people say it: ``L01 platform pays buyer 25.00``. What is set off the payer *leaves*, what is claimed
from the carrier the carrier *owes*. What is paid where nobody has found the fault yet is told for a fault that is
named; what only an arbitrator can order, or no fact tells, is named beside it.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from features.vocabulary import LIABLE, REMEDIES, Codes
from models.awarding import ordered
from models.consequences import UNKNOWN, consequences
from models.findings import SETTLED, Findings
from models.lines import ACCOUNTS, LINES, Line, Lines
from models.policy import Policy
from models.price import price
from models.remedy import ACTIONS

NEEDED: Final[Codes] = (
    "paid_cents", "shipping_cents", "tax_cents", "quantity", "refunded_cents", "platform_discount_cents",
    "referral_fee_cents", "commission_cents", "borne_cents", "label_owner", "chargeback_open",
)  # fmt: skip
"""The facts that every price rests on; a case that tells amounts tells all of them."""

VERBS: Final = {"paid": "pays", "withheld": "leaves", "claimed": "owes"}
KEYS: Final[Codes] = ("fault", "remedy", "orders", "beside", "lines", "nets")
BESIDE: Final = {"held": "held", "unused_label": "label", "replaced": "replaced", "dearer": "price_difference"}
"""What no fact tells, by the word for it, and the field that it is."""

_LINE: Final = re.compile(r"(L\d\d) (\w+) (\w+) (\w+) (\d+)\.(\d\d)")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What moves in one case.

    Attributes
    ----------
    fault
        The fault for which it is told; None: the one that policy finds.
    orders
        What the arbitrator orders beside the remedy and beside what clauses order.
    beside
        What no fact tells, by field.
    lines
        As people say them, in the order of the reference.
    nets
        (accounts,) what each is left with, in cents.
    """

    fault: str | None
    remedy: str
    orders: Codes
    beside: Mapping[str, int]
    lines: tuple[str, ...]
    nets: Mapping[str, int]


def read_amounts(said: Any, facts: Mapping[str, Any]) -> tuple[Amounts, ...]:
    """What a case says of money; several where it depends on the fault.

    Raises
    ------
    ValueError
        Where a fact that a price rests on is not told, a line is none, or all do not net to zero.
    """
    entries = said if isinstance(said, list) else [said]
    missing = [name for name in NEEDED if entries and facts.get(name) is None]
    if missing:
        raise ValueError(f"the situation does not say {', '.join(missing)}")
    return tuple(_read(entry, facts) for entry in entries)


def wrong_amounts(amounts: tuple[Amounts, ...], policy: Policy, facts: pa.Table, day: int) -> list[str]:
    """What moves otherwise than a case says."""
    if not amounts:
        return []
    found = policy.find(facts, np.array([day]))
    return [told for each in amounts for told in _wrong(each, policy, facts, found)]


def spoken(line: Line) -> str:
    """A line as people say it."""
    return f"{line.code} {line.payer} {VERBS[line.nature]} {line.payee} {line.cents // 100}.{line.cents % 100:02d}"


def _wrong(amounts: Amounts, policy: Policy, facts: pa.Table, found: Findings) -> Iterator[str]:
    lines = _lines(amounts, policy, facts, found)
    of = f" where the fault is {amounts.fault}" if amounts.fault else ""
    if lines is None:
        yield f"nothing can be priced{of}: entitlement or who bears the cost is not found"
        return
    remedy, told = REMEDIES[int(lines.remedy[0])], tuple(spoken(line) for line in lines.of(0))
    if remedy != amounts.remedy:
        yield f"the remedy{of} is {remedy}, not {amounts.remedy}"
    if told != amounts.lines:
        yield f"the lines{of} are {list(told)}, not {list(amounts.lines)}"
    nets = dict(zip(ACCOUNTS, map(int, lines.net()[0]), strict=True))
    if nets != {account: amounts.nets.get(account, 0) for account in ACCOUNTS}:
        yield f"the parties{of} are left with {nets} cents, not {dict(amounts.nets)}"


def _lines(amounts: Amounts, policy: Policy, facts: pa.Table, found: Findings) -> Lines | None:
    follows = consequences(policy, facts, found, np.array([_liable(amounts.fault, found)]))
    if not follows.priced[0]:
        return None
    if not amounts.orders and not amounts.beside:
        return follows.lines
    actions = follows.award.actions | np.isin(ACTIONS, amounts.orders)
    more: dict[str, Any] = dict(amounts.beside)
    award = replace(follows.award, actions=actions, price_difference=more.pop("price_difference", 0))
    return price(replace(ordered(facts).paid, **more), award, follows.terms)


def _liable(fault: str | None, found: Findings) -> int:
    answer = found.answer("fault")
    if fault is None and answer.state[0] == SETTLED:
        value = answer.values[answer.value[0]]
        fault = "shared" if isinstance(value, tuple) else str(value)
    return UNKNOWN if fault is None else LIABLE.index(fault)


def _read(entry: Any, facts: Mapping[str, Any]) -> Amounts:
    if not isinstance(entry, dict) or set(entry) - set(KEYS) or not {"remedy", "lines", "nets"} <= set(entry):
        raise ValueError(f"it must hold remedy, lines and nets, and perhaps {', '.join(KEYS[:1] + KEYS[2:4])}")
    fault, remedy = entry.get("fault"), entry["remedy"]
    orders, beside = tuple(entry.get("orders", ())), entry.get("beside", {})
    for word, among in ((fault, (None, *LIABLE)), (remedy, REMEDIES), *((word, ACTIONS) for word in orders),
                        *((word, tuple(BESIDE)) for word in beside)):  # fmt: skip
        if word not in among:
            raise ValueError(f"{word!r} is none of {', '.join(map(str, among))}")
    if remedy == "partial_refund" and not facts.get("offer_accepted") and facts.get("claimed_cents") is None:
        raise ValueError("the situation does not say claimed_cents, from which a partial refund is taken")
    if remedy == "partial_refund" and facts.get("offer_accepted") and facts.get("offer_cents") is None:
        raise ValueError("the situation does not say offer_cents, which the parties agreed on")
    lines = tuple(_line(str(line)) for line in entry["lines"])
    nets = {str(account): _cents(value) for account, value in entry["nets"].items()}
    _require_sum(lines, nets)
    return Amounts(fault, remedy, orders, {BESIDE[word]: _beside(value) for word, value in beside.items()}, lines, nets)


def _line(said: str) -> str:
    match = _LINE.fullmatch(said)
    kind = next((kind for kind in LINES if match and kind.code == match[1]), None)
    if match is None or kind is None:
        raise ValueError(f"{said!r} is no line; write: L01 platform pays buyer 25.00")
    whole = f"{kind.code} {kind.payer} {VERBS[kind.nature]} {kind.payee}"
    if not said.startswith(f"{whole} "):
        raise ValueError(f"{said!r} is no such line; it goes: {whole} …")
    return said


def _require_sum(lines: tuple[str, ...], nets: Mapping[str, int]) -> None:
    """Raise where what accounts are left with is not what the lines move, or does not net to zero."""
    left = dict.fromkeys(ACCOUNTS, 0)
    for line in lines:
        match = _LINE.fullmatch(line)
        if match:
            cents = 100 * int(match[5]) + int(match[6])
            left[match[2]] -= cents
            left[match[4]] += cents
    if set(nets) - set(ACCOUNTS) or sum(nets.values()):
        raise ValueError(f"what {', '.join(ACCOUNTS)} are left with must net to zero")
    if left != {account: nets.get(account, 0) for account in ACCOUNTS}:
        raise ValueError(f"the lines leave {left} cents, and not the nets that stand beside them")


def _beside(value: Any) -> int:
    return value if isinstance(value, bool) else _cents(value)


def _cents(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value * 100 - round(value * 100)) > 1e-6:
        raise ValueError(f"{value!r} is no sum; write dollars and cents: 25.00")
    return round(value * 100)
