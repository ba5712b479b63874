"""The language of conditions: SQL over named facts, in which nothing can turn what is not known into a value.

Three rings, each enough alone against most mischief. Only words and signs on a list are let through to sqlglot; only
nodes on a list are taken out of what it parsed, with their types checked; and what runs is SQL written from our tree.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from models.clause_pieces import Known, Refused, pieces_of
from models.clause_tree import COMPARISONS, FUNCTIONS, Node, constant

DEEPEST: Final = 24
"""How deeply one condition may be nested."""

LARGEST_CONSTANT: Final = 1e15
_LARGEST_FACT: Final = 2.0**63
_LARGEST_RESULT: Final = 1e300

_JOINS: Final[dict[type[exp.Expression], str]] = {exp.And: "and", exp.Or: "or"}
_COMPARES: Final[dict[type[exp.Expression], str]] = dict(
    zip((exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), COMPARISONS, strict=True)
)
_SUMS: Final[dict[type[exp.Expression], str]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_CALLS: Final[dict[type[exp.Expression], str]] = dict(
    zip((exp.Abs, exp.Ceil, exp.Floor, exp.Round), FUNCTIONS, strict=True)
)


def read(text: str, facts: Mapping[str, Known], parameters: Mapping[str, Known]) -> Node:
    """The tree of a condition over these facts and parameters.

    Raises
    ------
    Refused
        Where it is anything but one condition in this language, with what was expected.
    """
    pieces = pieces_of(text, facts)
    try:
        parsed = sqlglot.parse(" ".join(pieces), read="duckdb")
        if len(parsed) != 1 or parsed[0] is None:
            raise Refused("it is not one condition", "one condition over facts")
        made = _Reader(facts, parameters).read(parsed[0])
    except SqlglotError as error:
        raise Refused("it cannot be read as SQL", "a condition such as delivered AND days_late > :late_days") from error
    except RecursionError as error:
        raise Refused("it is nested too deeply", f"at most {DEEPEST} levels") from error
    if made.type != "flag":
        raise Refused(f"it is a {made.type}", "a condition, which is true or false")
    return made


class _Reader:
    """Takes the nodes on our list out of sqlglot's tree, and refuses every other."""

    def __init__(self, facts: Mapping[str, Known], parameters: Mapping[str, Known]) -> None:
        self._facts, self._parameters = facts, parameters
        self._depth = 0
        self._readers: dict[type[exp.Expression], Callable[[exp.Expression], Node]] = {
            exp.Paren: self._paren, exp.Column: self._fact, exp.Placeholder: self._parameter,
            exp.Literal: self._literal, exp.Boolean: self._boolean, exp.Not: self._not, exp.Neg: self._negate,
            exp.Between: self._between, exp.In: self._in,
            **dict.fromkeys(_JOINS, self._join), **dict.fromkeys(_COMPARES, self._compare),
            **dict.fromkeys(_SUMS, self._sum), **dict.fromkeys(_CALLS, self._call),
        }  # fmt: skip

    def read(self, node: object) -> Node:
        """The node of ours that stands for one of sqlglot's."""
        reader = self._readers.get(type(node)) if isinstance(node, exp.Expression) else None
        if reader is None or not isinstance(node, exp.Expression):
            raise Refused(f"{type(node).__name__} cannot stand in a condition", "comparisons of facts, AND, OR, NOT")
        self._depth += 1
        if self._depth > DEEPEST:
            raise Refused("it is nested too deeply", f"at most {DEEPEST} levels")
        made = reader(node)
        self._depth -= 1
        return made

    def _paren(self, node: exp.Expression) -> Node:
        return self.read(_only(node, "this")["this"])

    def _fact(self, node: exp.Expression) -> Node:
        name = _only(node, "this")["this"]
        if not isinstance(name, exp.Identifier) or name.args.get("quoted") or name.name not in self._facts:
            raise Refused(f"there is no fact {name}", "a fact that `triage policy facts` lists", str(name))
        return Node("fact", self._facts[name.name].type, value=name.name)

    def _parameter(self, node: exp.Expression, many: bool = False) -> Node:
        name = str(_only(node, "this")["this"])
        if name not in self._parameters:
            raise Refused(f"there is no parameter :{name}", "a parameter of this policy", f":{name}")
        known = self._parameters[name]
        if known.many and not many:
            raise Refused(f":{name} is a list", f"one value, or IN :{name}", f":{name}")
        return Node("parameter", known.type, value=name)

    def _literal(self, node: exp.Expression) -> Node:
        given = _only(node, "this", "is_string")
        return constant(str(given["this"]) if given.get("is_string") else float(given["this"]))

    def _boolean(self, node: exp.Expression) -> Node:
        return constant(bool(_only(node, "this")["this"]))

    def _not(self, node: exp.Expression) -> Node:
        return Node("not", "flag", (self._flag(_only(node, "this")["this"]),))

    def _negate(self, node: exp.Expression) -> Node:
        return _small(Node("negate", "number", (self._number(_only(node, "this")["this"]),)))

    def _join(self, node: exp.Expression) -> Node:
        of, sides, waiting = type(node), [], [node]
        while waiting:
            found = waiting.pop()
            if type(found) is of:
                given = _only(found, "this", "expression")
                waiting += [given["expression"], given["this"]]
            else:
                sides.append(self._flag(found))
        return Node(_JOINS[of], "flag", tuple(sides))

    def _compare(self, node: exp.Expression) -> Node:
        given = _only(node, "this", "expression")
        if any(type(side) in _COMPARES for side in given.values()):
            raise Refused("one comparison stands beside another", "parentheses, or AND between them")
        return self._compared(_COMPARES[type(node)], self.read(given["this"]), self.read(given["expression"]))

    def _between(self, node: exp.Expression) -> Node:
        given = _only(node, "this", "low", "high")
        sought, low, high = (self._number(given[key]) for key in ("this", "low", "high"))
        return Node("and", "flag", (self._compared(">=", sought, low), self._compared("<=", sought, high)))

    def _in(self, node: exp.Expression) -> Node:
        given = _only(node, "this", "expressions", "field")
        members = given["expressions"] or [given["field"]]
        if not given["expressions"] and not isinstance(given["field"], exp.Placeholder):
            raise Refused("IN lacks its list", "IN ('a', 'b') or IN :parameter")
        sought = self.read(given["this"])
        read = tuple(self._member(member) for member in members)
        for member in read:
            self._same(sought, member, "IN")
        return Node("in", "flag", (sought, *read))

    def _member(self, node: exp.Expression) -> Node:
        made = self._parameter(node, many=True) if isinstance(node, exp.Placeholder) else self.read(node)
        if made.op == "negate" and made.parts[0].op == "constant":
            return constant(-float(made.parts[0].value))
        if made.op not in ("constant", "parameter"):
            raise Refused("a list holds more than values", "numbers, words in '…' and :parameters")
        return made

    def _sum(self, node: exp.Expression) -> Node:
        given = _only(node, "this", "expression")
        return _small(
            Node(_SUMS[type(node)], "number", (self._number(given["this"]), self._number(given["expression"])))
        )

    def _call(self, node: exp.Expression) -> Node:
        return _small(Node(_CALLS[type(node)], "number", (self._number(_only(node, "this")["this"]),)))

    def _flag(self, node: exp.Expression) -> Node:
        made = self.read(node)
        if made.type != "flag":
            raise Refused(f"{_shown(made)} is a {made.type}", "a condition, which is true or false", _shown(made))
        return made

    def _number(self, node: exp.Expression) -> Node:
        made = self.read(node)
        if made.type != "number":
            raise Refused(f"{_shown(made)} is a {made.type}", "a number", _shown(made))
        return made

    def _compared(self, op: str, left: Node, right: Node) -> Node:
        self._same(left, right, op)
        if op not in ("=", "<>") and left.type != "number":
            raise Refused(f"a {left.type} is neither less nor more", f"= or <> instead of {op}", _shown(left))
        return Node(op, "flag", (left, right))

    def _same(self, left: Node, right: Node, op: str) -> None:
        if left.type != right.type:
            raise Refused(f"{op} compares a {left.type} with a {right.type}", f"a {left.type}", _shown(right))
        for one, other in ((left, right), (right, left)):
            closed = self._facts[str(one.value)].words if one.op == "fact" else ()
            wrong = [word for word in self._words(other) if closed and word not in closed]
            if wrong:
                raise Refused(f"{wrong[0]!r} is none of the words of {one.value}", ", ".join(closed), wrong[0])

    def _words(self, node: Node) -> tuple[str, ...]:
        """The words that the author lets a node be."""
        if node.op == "parameter":
            return self._parameters[str(node.value)].words
        return (node.value,) if node.op == "constant" and isinstance(node.value, str) else ()


def _only(node: exp.Expression, *keys: str) -> dict[str, Any]:
    """The parts of a node under these keys, where no other part says anything."""
    strange = [key for key, part in node.args.items() if key not in keys and part not in (None, False, [])]
    if strange or node.comments:
        raise Refused(f"{type(node).__name__} has more to it than may stand in a condition", "the plain form")
    return {key: node.args.get(key) for key in keys}


def _small(node: Node) -> Node:
    """The node, where no values of its facts could make it outgrow a DOUBLE."""
    if _bound(node) > _LARGEST_RESULT:
        raise Refused("the product could grow beyond any number", "fewer factors")
    return node


def _bound(node: Node) -> float:
    if node.op == "constant":
        return abs(float(node.value))
    if node.op in ("fact", "parameter"):
        return _LARGEST_FACT
    bounds = [_bound(part) for part in node.parts]
    return bounds[0] * bounds[1] if node.op == "*" else sum(bounds) + 1


def _shown(node: Node) -> str:
    return str(node.value) if node.op in ("fact", "parameter", "constant") else "what stands there"
