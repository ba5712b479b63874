"""Conditions over named facts: what is accepted means what SQL means by it, and NULL stays not known."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.facts import FACTS
from models.clause_pieces import Known, Refused
from models.clause_sql import read
from models.clause_tree import FUNCTIONS, Values, sql, unknowable
from models.deciding import decide, plain

Row = dict[str, Any]
Tree = tuple[Any, ...]

FLAGS, NUMBERS = ("delivered", "signed", "evidence_closed"), ("paid_cents", "quantity", "days_late")
WORDS = {"stage": ("request", "inspection", "appeal"), "fulfilment": ("seller_shipped", "platform_shipped")}
KNOWN = {fact.name: Known(fact.type, fact.values) for fact in FACTS}
PARAMETERS = {
    "over": Known("number"),
    "late": Known("number"),
    "few": Known("number", many=True),
    "some": Known("word", ("request", "appeal"), many=True),
}
VALUES: Values = {"over": (2.0,), "late": (-1.0,), "few": (1.0, 2.0), "some": ("request", "appeal")}


def condition(text: str) -> str:
    return sql(read(text, KNOWN, PARAMETERS), VALUES)


def table(*rows: Row) -> pa.Table:
    types = {**dict.fromkeys(FLAGS, "flag"), **dict.fromkeys(NUMBERS, "number"), **dict.fromkeys(WORDS, "word")}
    arrow = {"flag": pa.bool_(), "number": pa.float64(), "word": pa.string()}
    return plain(
        pa.table({name: pa.array([row.get(name) for row in rows], arrow[of]) for name, of in types.items()}), types
    )


def decided(text: str, *rows: Row) -> list[int]:
    return [int(v) for v in decide([condition(text)], table(*rows))[:, 0]]


# A second reading of the language, which shares nothing with the first: trees of tuples, written as text by one
# function and evaluated by Kleene's rules by another.

numbers = st.recursive(
    st.sampled_from([("fact", name) for name in NUMBERS] + [(":", "over"), (":", "late")])
    | st.sampled_from([("is", 0), ("is", 1), ("is", 2), ("is", 2.5)]),
    lambda some: st.tuples(st.sampled_from("+-*"), some, some) | st.tuples(st.sampled_from(["neg", *FUNCTIONS]), some),
    max_leaves=4,
)


@st.composite
def word_tests(draw: Callable[..., Any]) -> Tree:
    name, among = draw(st.sampled_from(sorted(WORDS.items())))
    if draw(st.booleans()):
        return (draw(st.sampled_from(["=", "<>"])), ("fact", name), ("is", draw(st.sampled_from(among))))
    if name == "stage" and draw(st.booleans()):
        return ("in", ("fact", name), ((":", "some"),))
    return ("in", ("fact", name), tuple(("is", w) for w in draw(st.lists(st.sampled_from(among), min_size=1))))


flags = st.recursive(
    st.sampled_from([("fact", name) for name in FLAGS] + [("is", True), ("is", False)])
    | word_tests()
    | st.tuples(st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), numbers, numbers)
    | st.tuples(st.just("between"), numbers, numbers, numbers)
    | st.tuples(st.just("in"), numbers, st.sampled_from([((":", "few"),), (("is", 1), (":", "over"), ("is", 0))])),
    lambda some: (
        st.tuples(st.just("not"), some)
        | st.tuples(st.sampled_from(["and", "or"]), some, some)
        | st.tuples(st.sampled_from(["=", "<>"]), some, some)
    ),
    max_leaves=8,
)
rows = st.fixed_dictionaries(
    {
        **dict.fromkeys(FLAGS, st.sampled_from([True, False, None])),
        **dict.fromkeys(NUMBERS, st.sampled_from([0.0, 1.0, 2.0, -1.5, None])),
        **{name: st.sampled_from([*among, None]) for name, among in WORDS.items()},
    }
)
STRENGTH = {"or": 1, "and": 2, "not": 3, "=": 4, "<>": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "between": 5, "in": 5,
            "+": 6, "-": 6, "*": 7, "neg": 8}  # fmt: skip


def written(tree: Tree, outer: int = 0) -> str:
    """The tree as an author would write it, with no parentheses but those that it needs."""
    op = tree[0]
    if op == "is":
        return f"'{tree[1]}'" if isinstance(tree[1], str) else str(tree[1]).upper()
    if op in ("fact", ":"):
        return tree[1] if op == "fact" else f":{tree[1]}"
    if op in FUNCTIONS:
        return f"{op.upper()}({written(tree[1])})"
    strength = STRENGTH[op]
    if op in ("not", "neg"):
        text = f"{'NOT ' if op == 'not' else '- '}{written(tree[1], strength)}"
    elif op == "between":
        text = "{} BETWEEN {} AND {}".format(*(written(part, strength + 1) for part in tree[1:]))
    elif op == "in":
        members = ", ".join(written(member) for member in tree[2])
        alone = tree[2] in (((":", "few"),), ((":", "some"),))
        text = f"{written(tree[1], strength + 1)} IN {members if alone else f'({members})'}"
    else:
        # A comparison beside another takes parentheses on either side.
        left = written(tree[1], strength + (strength == 4))
        text = f"{left} {op.upper()} {written(tree[2], strength + 1)}"
    return f"({text})" if strength < outer else text


def values(tree: Tree) -> tuple[Any, ...]:
    return VALUES[tree[1]] if tree[0] == ":" else (tree[1],)


def kleene(tree: Tree, row: Row) -> Any:
    """What the tree is for a row: a value, or None where it is not known."""
    op = tree[0]
    if op == "fact":
        return row[tree[1]]
    if op in ("is", ":"):
        return values(tree)[0]
    if op == "in":
        sought = kleene(tree[1], row)
        return None if sought is None else sought in [value for member in tree[2] for value in values(member)]
    parts = [kleene(part, row) for part in tree[1:]]
    if op == "between":
        first, second = (None if None in pair else pair[0] <= pair[1] for pair in itertools.pairwise(
            [parts[1], parts[0], parts[2]]
        ))  # fmt: skip
        return all_of(first, second)
    if op == "and":
        return all_of(*parts)
    if op == "or":
        turned = all_of(*(None if part is None else not part for part in parts))
        return None if turned is None else not turned
    return None if None in parts else STRICT[op](*parts)


def all_of(*parts: bool | None) -> bool | None:
    return False if False in parts else None if None in parts else True


def round_away(value: float) -> float:
    return float(np.copysign(np.floor(abs(value) + 0.5), value))


STRICT: dict[str, Callable[..., Any]] = {
    "=": lambda a, b: a == b, "<>": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "+": lambda a, b: a + b, "-": lambda a, b: a - b,
    "*": lambda a, b: a * b, "not": lambda a: not a, "neg": lambda a: -a, "abs": abs, "ceil": np.ceil,
    "floor": np.floor, "round": round_away,
}  # fmt: skip


def waits_for(tree: Tree, row: Row) -> Iterator[str]:
    """The facts that are null while everything around them, up to the top, is not known either."""
    if kleene(tree, row) is not None:
        return
    if tree[0] == "fact":
        yield tree[1]
    for part in tree[1:2] if tree[0] == "in" else tree[1:]:
        if isinstance(part, tuple):
            yield from waits_for(part, row)


@settings(max_examples=300, deadline=None)
@given(flags, st.lists(rows, min_size=1, max_size=12))
def test_a_condition_is_what_kleenes_logic_says(tree: Tree, some: list[Row]) -> None:
    expected = [{True: 1, False: 0, None: -1}[kleene(tree, row)] for row in some]
    assert decided(written(tree), *some) == expected


@settings(max_examples=150, deadline=None)
@given(flags, st.lists(rows, min_size=1, max_size=12))
def test_sql_as_written_means_the_same_to_duckdb_itself(tree: Tree, some: list[Row]) -> None:
    text = written(tree)
    for name, value in {"over": "2", "late": "-1", "few": "(1, 2)", "some": "('request', 'appeal')"}.items():
        text = text.replace(f":{name}", value)
    found = duckdb.from_arrow(table(*some)).project(text)
    expected = [{True: 1, False: 0, None: -1}[value] for (value,) in found.fetchall()]
    assert decided(written(tree), *some) == expected


@settings(max_examples=150, deadline=None)
@given(flags)
def test_where_nothing_is_known_a_condition_is_decided_only_by_what_it_holds_itself(tree: Tree) -> None:
    nothing = dict.fromkeys([*FLAGS, *NUMBERS, *WORDS])
    (found,) = decided(written(tree), nothing)
    assert (found == -1) is (kleene(tree, nothing) is None)
    if found != -1:
        assert has_constant_condition(tree)


def has_constant_condition(tree: Tree) -> bool:
    """Whether some condition in it reads no fact; BETWEEN is two, one for each bound."""
    if tree[0] == "between":
        return any(not {*read_facts(tree[1]), *read_facts(bound)} for bound in tree[2:])
    if tree[0] == "is":
        return isinstance(tree[1], bool)
    if tree[0] in ("and", "or", "not", "=", "<>", "<", "<=", ">", ">=", "in") and not {*read_facts(tree)}:
        return True
    return tree[0] in ("and", "or", "not", "=", "<>") and any(map(has_constant_condition, tree[1:]))


def read_facts(tree: Tree) -> Iterator[str]:
    if tree[0] == "fact":
        yield tree[1]
    for part in tree[1:]:
        if isinstance(part, tuple):
            yield from read_facts(part)


@settings(max_examples=300, deadline=None)
@given(flags, rows)
def test_a_condition_waits_for_the_null_facts_around_which_all_is_null(tree: Tree, row: Row) -> None:
    tests = unknowable(read(written(tree), KNOWN, PARAMETERS), VALUES)
    found = decide(list(tests.values()), table(row))[0]
    assert {fact for fact, waits in zip(tests, found, strict=True) if waits == 1} == set(waits_for(tree, row))


@settings(max_examples=200, deadline=None)
@given(flags, rows, rows)
def test_what_is_not_waited_for_changes_nothing(tree: Tree, row: Row, told: Row) -> None:
    waiting = set(waits_for(tree, row))
    if kleene(tree, row) is None:
        assert waiting
    others = {name: told[name] if row[name] is None and name not in waiting else row[name] for name in row}
    assert kleene(tree, others) == kleene(tree, row)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_of_what_is_not_known_is_not_known(function: str) -> None:
    assert decided(f"{function}(quantity) = {function}(quantity)", {"quantity": None}) == [-1]


@pytest.mark.parametrize("text", [
    "quantity + 1 = 1", "quantity - quantity = 0", "0 * quantity = 0", "- quantity < 0", "quantity IN (1, 2)",
    "quantity BETWEEN 0 AND 1", "1 BETWEEN quantity AND quantity", "quantity = quantity", "quantity <> quantity",
    "delivered = delivered", "delivered OR NOT delivered", "delivered AND NOT delivered", "NOT delivered",
    "stage = 'request'", "stage IN :some", "TRUE AND delivered", "FALSE OR delivered",
])  # fmt: skip
def test_no_sign_makes_a_value_of_what_is_not_known(text: str) -> None:
    assert decided(text, {}) == [-1]


def test_what_decides_alone_decides_though_the_rest_is_not_known() -> None:
    assert decided("delivered AND quantity > 1", {"delivered": False}) == [0]
    assert decided("delivered OR quantity > 1", {"quantity": 2}) == [1]


def test_a_number_that_is_none_is_not_known() -> None:
    assert decided("quantity > 1", {"quantity": float("nan")}, {"quantity": float("inf")}) == [-1, -1]


def test_no_product_of_facts_overflows() -> None:
    largest = {"paid_cents": 2.0**62, "quantity": 2.0**62, "days_late": 2.0**62}
    text = "*".join([*NUMBERS, *NUMBERS]) + " > 0"
    assert decided(text, largest) == [1]


def test_a_product_that_could_outgrow_every_number_is_refused() -> None:
    with pytest.raises(Refused, match="the product could grow beyond any number"):
        condition("*".join(["quantity"] * 17) + " > 0")
    assert condition("*".join(["quantity"] * 15) + " > 0")


def test_no_product_of_constants_overflows() -> None:
    assert decided(" * ".join(["999999999999999"] * 4) + " > quantity", {"quantity": 1}) == [1]


def test_a_list_is_long_and_a_chain_is_longer_than_nesting_may_be_deep() -> None:
    assert decided(" AND ".join(["delivered"] * 100), {"delivered": True}) == [1]
    assert decided(f"quantity IN ({', '.join(map(str, range(100)))})", {"quantity": 99.0}) == [1]


def test_every_fact_can_be_read_by_its_name() -> None:
    texts = {"flag": "{}", "number": "{} > 0", "word": "{0} = {0}"}
    assert all(condition(texts[fact.type].format(fact.name)) for fact in FACTS)


def test_layout_and_small_letters_say_nothing() -> None:
    assert condition("delivered\n  and not ( signed )") == condition("delivered AND NOT signed")
