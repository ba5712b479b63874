"""A condition as a tree of our own: few kinds of node, each with a type, and the SQL that is written from it.

What an author wrote is never executed: only SQL written from this tree is. NULL means not known, and every node here
keeps it so. A number is always a DOUBLE, so that nothing overflows and nothing raises.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from features import duck

Type = Literal["flag", "number", "word"]
Scalar = bool | float | str
Values = Mapping[str, tuple[Scalar, ...]]
"""What each parameter is on one day: one value, or the members of its list."""

COMPARISONS: Final = ("=", "<>", "<", "<=", ">", ">=")
SUMS: Final = ("+", "-", "*")
FUNCTIONS: Final = ("abs", "ceil", "floor", "round")
"""The functions that a condition may call: each takes one number, and gives NULL where it is NULL."""


@dataclass(frozen=True, slots=True)
class Node:
    """One node: ``op`` says what it does with its ``parts``; a fact, a parameter or a constant has a ``value``.

    ``op`` is and, or, not, a comparison, in, + - *, negate, a function, fact, parameter or constant. The first part
    of ``in`` is sought among the others, which are constants and parameters.
    """

    op: str
    type: Type
    parts: tuple["Node", ...] = ()
    value: Scalar = ""


def constant(value: Scalar) -> Node:
    """A value that stands in the text."""
    return Node("constant", type_of(value), value=value)


def type_of(value: Scalar) -> Type:
    """Whether a value is a flag, a number or a word."""
    return "flag" if isinstance(value, bool) else "word" if isinstance(value, str) else "number"


def both(op: str, parts: tuple[Node, ...]) -> Node:
    """Conditions joined by ``and`` or ``or``; one alone is itself."""
    return parts[0] if len(parts) == 1 else Node(op, "flag", parts)


def walk(node: Node) -> Iterator[Node]:
    """Every node, the outer ones first."""
    yield node
    for part in node.parts:
        yield from walk(part)


def named(node: Node, op: Literal["fact", "parameter"]) -> tuple[str, ...]:
    """The names of the facts, or of the parameters, that a condition reads, in order, each once."""
    return tuple(dict.fromkeys(str(found.value) for found in walk(node) if found.op == op))


def sql(node: Node, values: Values | None) -> str:
    """The condition as DuckDB runs it, with the parameters as they are on one day; by name where no day is given."""
    if node.op == "fact":
        return duck.name(str(node.value))
    if node.op == "constant":
        return _literal(node.value)
    if node.op == "parameter":
        name = str(node.value)
        return f":{name}" if values is None else ", ".join(_literal(value) for value in values[name])
    parts = [sql(part, values) for part in node.parts]
    if node.op == "in":
        return f"({parts[0]} IN ({', '.join(parts[1:])}))"
    if node.op in ("not", "negate"):
        return f"({'NOT' if node.op == 'not' else '-'} {parts[0]})"
    if node.op in FUNCTIONS:
        return f"{node.op}({parts[0]})"
    return f"({f' {node.op.upper()} '.join(parts)})"


def unknowable(node: Node, values: Values) -> Mapping[str, str]:
    """For each fact the SQL of whether the condition waits for it.

    It does where the fact is null and every condition around it, up to the whole, is null too: elsewhere what is
    known already says the rest.
    """
    found: dict[str, list[str]] = {}
    for fact, around in _around(node, ()):
        whole = (duck.name(fact), *(sql(condition, values) for condition in around))
        found.setdefault(fact, []).append(" AND ".join(f"{part} IS NULL" for part in dict.fromkeys(whole)))
    return {fact: " OR ".join(f"({places})" for places in dict.fromkeys(found[fact])) for fact in found}


def _around(node: Node, outer: tuple[Node, ...]) -> Iterator[tuple[str, tuple[Node, ...]]]:
    if node.op == "fact":
        yield str(node.value), outer
    inner = (*outer, node) if node.type == "flag" else outer
    for part in node.parts:
        yield from _around(part, inner)


def _literal(value: Scalar) -> str:
    if isinstance(value, bool | str):
        return duck.literal(value)
    text = repr(float(value))
    return text if "e" in text else f"{text}e0"
