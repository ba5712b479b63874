"""A condition in plain words, with the numbers of one day: what must be so, and what it waits for.

Each part of a condition is said by a phrase for it; where there is none the fact's own sentence stands. Nothing is left
out but what only says that evidence which is still open is waited for, and that is told apart.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from features.fact import Fact
from models.clause_tree import COMPARISONS, Node, Scalar, sql
from models.clauses import Clause
from models.phrases import Phrases, phrases
from models.policy import Policy

_OPPOSITE: Final = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_AMOUNT: Final = {
    ">=": "at least {}", ">": "more than {}", "<=": "at most {}", "<": "less than {}", "=": "exactly {}",
    "<>": "other than {}",
}  # fmt: skip
_TURNED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_UNITS: Final = {"days": ("day", "days"), "hours": ("hour", "hours"), "metres": ("metre", "metres")}
_CONSTANT: Final = re.compile(r"(\d+)\.0e0\b")
_MANY_HOURS: Final = 120
"""From so many hours on whole days are told as days."""
_OPEN: Final = "evidence_closed"


@dataclass(frozen=True, slots=True)
class Said:
    """A condition in words.

    Attributes
    ----------
    text
        What must be so.
    awaited
        The facts for which it waits as long as evidence may still come.
    """

    text: str
    awaited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """What numbers are on one day: the values of parameters, those of them that are assumed, and the currency."""

    values: Mapping[str, tuple[Scalar, ...]]
    units: Mapping[str, str]
    assumed: frozenset[str]
    currency: str

    def parameter(self, name: str) -> str:
        """A parameter as people read it, and that it is assumed where it is."""
        given = self.values[name]
        shown = listed([phrases().value(v) if isinstance(v, str) else amount(v, self.units[name], self.currency)
                        for v in given], "or")  # fmt: skip
        return f"{shown} (ASSUMED)" if name in self.assumed else shown


def condition_said(clause: Clause, policy: Policy, day: Day) -> Said:
    """When a clause applies, its coverage apart."""
    speaker = _Speaker(policy.facts, day, phrases())
    return Said(speaker.say(asked(clause)), tuple(dict.fromkeys(speaker.awaited)))


def asked(clause: Clause) -> Node:
    """The condition of a clause without its coverage."""
    return clause.condition.parts[-1] if clause.covers.lists() else clause.condition


def amount(value: Scalar, unit: str, currency: str) -> str:
    """A number with its unit, as people write it."""
    if isinstance(value, bool | str):
        return str(value)
    if unit == "cents":
        sign = "$" if currency == "USD" else f"{currency} "
        return f"{sign}{value / 100:,.0f}" if value % 100 == 0 else f"{sign}{value / 100:,.2f}"
    if unit == "share":
        return f"{value * 100:.12g} %"
    if unit == "hours" and value >= _MANY_HOURS and value % 24 == 0:
        value, unit = value / 24, "days"
    if unit in _UNITS:
        return f"{value:.12g} {_UNITS[unit][value != 1]}"
    return f"{value:.12g}"


def listed(parts: Sequence[str], last: str, *, long: bool = False) -> str:
    """Parts as a list in a sentence; long ones, which have lists or commas of their own, stand apart by semicolons."""
    between, before = ("; ", "; ") if long else (", ", " ")
    return f"{before}{last} ".join((between.join(parts[:-1]), parts[-1])) if len(parts) > 1 else "".join(parts)


class _Speaker:
    """Says one condition, and gathers what it waits for."""

    def __init__(self, facts: Mapping[str, Fact], day: Day, said: Phrases) -> None:
        self._facts, self._day, self._said = facts, day, said
        self.awaited: list[str] = []

    def say(self, node: Node, so: bool = True) -> str:
        """What a part of the condition says where it holds, or where it does not."""
        whole = self._said.whole.get(_formula(node) if so else f"NOT {_inner(node)}")
        if whole is not None:
            return self._filled(whole)
        if node.op == "not":
            return self.say(node.parts[0], not so)
        if node.op in ("and", "or"):
            return self._joined(node, so)
        if node.op == "fact":
            return self._flag(str(node.value), so)
        if node.op == "in":
            return self._in(node, so)
        if node.op in COMPARISONS:
            return self._compared(node, so)
        return f"{'' if so else 'not: '}{node.value}"

    def _joined(self, node: Node, so: bool) -> str:
        parts = [part for part in node.parts if not (node.op == "and" and so and self._waits(part))]
        said: list[str] = []
        while parts:
            pair = self._pair(node.op, parts[0], parts[1], so) if len(parts) > 1 else None
            said.append(pair or self.say(parts[0], so))
            parts = parts[2 if pair else 1 :]
        if (node.op == "and") == so:
            return listed(said, "and", long=any(" or " in part or ", " in part for part in said))
        return said[0] if len(said) == 1 else f"either {listed(said, 'or')}"

    def _waits(self, part: Node) -> bool:
        """Whether a part only says to wait while evidence is open: (shown OR NOT evidence_closed)."""
        if part.op != "or" or len(part.parts) != 2:
            return False
        shown, still_open = part.parts
        waits = _is_fact(shown) and still_open.op == "not" and _named(still_open.parts[0]) == _OPEN
        if waits:
            self.awaited.append(_named(shown))
        return waits

    def _pair(self, op: str, one: Node, other: Node, so: bool) -> str | None:
        """Two parts that are said as one."""
        whole = self._said.whole.get(f"{_inner(one)} {op.upper()} {_inner(other)}") if so else None
        if whole is not None:
            return self._filled(whole)
        kind, plain = _named(one).removesuffix("_read"), other.parts[0] if other.op == "not" else other
        if op == "and" and _named(one).endswith("_read") and _named(plain) == f"{kind}_agrees":
            verb = "bears the buyer out" if other is plain else "contradicts the buyer"
            noun = self._said.kinds[kind]
            return f"{noun} {verb}" if so else f"nothing in {noun} {verb}"
        if op == "and" and so and (one.op, other.op) == (">=", "<=") and one.parts[0] == other.parts[0]:
            band = f"from {self._number(one.parts[1], one.parts[0])} to {self._number(other.parts[1], one.parts[0])}"
            return self._said.numbers[_named(one.parts[0])].format(band)
        return None

    def _flag(self, name: str, so: bool) -> str:
        if name in self._said.flags:
            return self._said.flags[name][0 if so else 1]
        for ending, (holds, not_so) in _KIND_ENDINGS.items():
            kind = name.removesuffix(ending)
            if name.endswith(ending) and kind in self._said.kinds:
                noun = self._said.kinds[kind]
                return f"{noun} {holds if so else not_so}"
        sentence = self._facts[name].sentence.rstrip(".").removeprefix("Whether ")
        return sentence if so else f"it is not so that {sentence}"

    def _in(self, node: Node, so: bool) -> str:
        members = [word for part in node.parts[1:] for word in self._words(part)]
        return self._of_words(_named(node.parts[0]), listed(members, "or"), so)

    def _words(self, part: Node) -> list[str]:
        return [self._day.parameter(str(part.value))] if part.op == "parameter" else [self._said.value(str(part.value))]

    def _of_words(self, name: str, words: str, so: bool) -> str:
        of = self._said.words.get(name)
        if of is None:
            return f"{self._facts[name].sentence.rstrip('.')}: {'' if so else 'not '}{words}"
        return of["says" if so else "not"].format(words)

    def _compared(self, node: Node, so: bool) -> str:
        left, right = node.parts
        op = node.op if so else _OPPOSITE[node.op]
        if not _is_fact(left) and _is_fact(right):
            left, right, op = right, left, _TURNED.get(op, op)
        name = _named(left)
        if left.type == "word":
            return self._of_words(name, listed(self._words(right), "or"), op == "=")
        if name in self._said.numbers and right.op in ("constant", "parameter"):
            return self._said.numbers[name].format(_AMOUNT[op].format(self._number(right, left)))
        return f"{_plain(left)} {op} {_plain(right)}"

    def _number(self, node: Node, of: Node) -> str:
        if node.op == "parameter":
            return self._day.parameter(str(node.value))
        return amount(node.value, self._facts[_named(of)].unit, self._day.currency)

    def _filled(self, phrase: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: self._day.parameter(found[1]), phrase)


_KIND_ENDINGS: Final = {
    "_shown": ("is there and admissible", "is not there, or not admissible"),
    "_read": ("could be read", "could not be read"),
    "_agrees": ("bears the buyer out", "does not bear the buyer out"),
}


def _is_fact(node: Node) -> bool:
    return node.op == "fact"


def _named(node: Node) -> str:
    return str(node.value) if node.op == "fact" else ""


def _formula(node: Node) -> str:
    written = _inner(node)
    return written[1:-1] if written.startswith("(") and written.endswith(")") else written


def _inner(node: Node) -> str:
    return _CONSTANT.sub(r"\1", sql(node, None).replace('"', ""))


def _plain(node: Node) -> str:
    return _formula(node).replace("_", " ")
