"""Five thousand conditions that no clause may hold: each is refused when the policy is read, and DuckDB sees none."""

import contextlib
import itertools
import logging
import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from features.facts import FACTS
from models import clause_sql, deciding
from models.clause_pieces import LONGEST, WORDS, Known, Refused
from models.clause_sql import read
from models.clause_tree import FUNCTIONS, sql
from models.marked import BadPolicy
from models.policy import load

COUNT = 5_000
KNOWN = {fact.name: Known(fact.type, fact.values) for fact in FACTS}
PARAMETERS = {"over": Known("number"), "some": Known("word", ("request",), many=True)}

FLAGS = ("delivered", "signed", "evidence_closed", "refused", "door_photo")
NUMBERS = ("paid_cents", "quantity", "days_late", "hours_open", "parcels")
WORD_FACTS = ("stage", "reason", "fulfilment", "category", "label_owner")
FILES = ("'secrets.csv'", "'/etc/passwd'", "'s3://bucket/a.parquet'", "'http://example.org/a.csv'", "'*.parquet'")

FAMILIES: dict[str, list[str]] = yaml.safe_load(Path(__file__).with_name("hostile_conditions.yaml").read_text("utf-8"))
STRANGE = (
    *"\u00a0\u200b\u202e\ufeff\u2028\x00\x0b\x0c\x1b\u0130\u037e\uff1b\uff08\u2019\u201c\u0410\U0001f600\u0301\uff21\u02bc",
    *'\u2212\u2260\u2264\u00d7`\\@#$%&|~^!?{}[]";/.',
)
"""Signs that look like others, or like nothing, and signs that mean something elsewhere."""

WRAPPED = (
    "{}", "({})", "signed AND {}", "{} OR signed", "NOT ({})", "quantity > 1 AND ({})", "(signed OR ({})) = TRUE",
    "signed = ({})", "{} -- why", "{} /* why */", "/* why */ {}", "signed AND NOT signed OR {}",
    "stage = 'request' AND {}", "(({}))",
)  # fmt: skip


def filled(template: str, chance: random.Random) -> str:
    flag, number, word = (chance.choice(names) for names in (FLAGS, NUMBERS, WORD_FACTS))
    return template.format(
        f=flag,
        n=number,
        m=chance.choice(NUMBERS),
        w=word,
        x=chance.choice((flag, number, word)),
        file=chance.choice(FILES),
    )


def strange(chance: random.Random) -> str:
    """A condition that would be one but for one sign that looks like another, or like nothing."""
    text = filled(
        chance.choice(
            ("{f} AND {n} > 1", "NOT {f}", "stage = 'request' OR {f}", "{n} IN (1, 2)", "category = 'home' OR {f}")
        ),
        chance,
    )
    place = chance.randrange(1, len(text))
    inside_word = text[:place].count("'") % 2
    sign = chance.choice([s for s in STRANGE if not inside_word or not s.isprintable() or s == "\\"])
    return text[:place] + sign + text[place:]


def too_much(chance: random.Random) -> str:
    """A condition that is too long, too deep, or too large."""
    n, flag, number = chance.randrange(25, 300), chance.choice(FLAGS), chance.choice(NUMBERS)
    return chance.choice((
        "(" * n + flag + ")" * n, "NOT " * n + flag, f"- {'- ' * n}{number} > 1", "[" * n + "]" * n,
        "ABS(" * n + number + ")" * n + " > 1", f"{flag} AND {'x' * n}", " OR ".join([flag] * (n + 300)),
        f"{number} > {'9' * n}", f"{number} > 0.{'1' * n}", f"category = '{'a' * (n + 60)}'",
        f"{'*'.join([number] * n)} > 1", f"{'+'.join([number] * n)} > 1", f"{flag} = NOT " * n + flag,
        f"({flag} OR " * n + flag + ")" * n, flag + " " * (LONGEST + n), "(SELECT " * n + "1" + ")" * n,
        f"{number} IN ({', '.join(['1'] * 700)}, {n})",
    ))  # fmt: skip


def corpus(seed: int = 0) -> Iterator[tuple[str, str]]:
    """Distinct hostile conditions with the family of each, without end."""
    chance, seen = random.Random(seed), set()

    def wrapped(family: str) -> str:
        return chance.choice(WRAPPED).replace("{}", filled(chance.choice(FAMILIES[family]), chance))

    makers: dict[str, Callable[[], str]] = {family: partial(wrapped, family) for family in FAMILIES}
    makers |= {"strange signs": partial(strange, chance), "too much": partial(too_much, chance)}
    for family, templates in FAMILIES.items():
        for template in templates:
            text = filled(template, chance)
            if text not in seen:
                seen.add(text)
                yield family, text
    for family in itertools.cycle(makers):
        text = makers[family]()
        if text not in seen:
            seen.add(text)
            yield family, text


def names_in(fault: str) -> bool:
    return all(part in fault for part in ("one.yaml:", "when: ", "; expected "))


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Whatever DuckDB is asked to open or to evaluate while a test runs."""
    asked: list[Any] = []
    monkeypatch.setattr(deciding, "_database", lambda process: asked.append(process))
    monkeypatch.setattr(duckdb, "connect", lambda *given, **named: asked.append((given, named)))
    return asked


def test_each_of_five_thousand_hostile_conditions_is_refused_and_none_is_evaluated(evaluated: list[Any]) -> None:
    hostile = list(itertools.islice(corpus(), COUNT))
    accepted = []
    for family, text in hostile:
        try:
            read(text, KNOWN, PARAMETERS)
        except Refused:
            continue
        accepted.append((family, text))
    assert accepted == []
    assert len({text for _, text in hostile}) == COUNT
    assert evaluated == []


def test_without_the_first_ring_the_second_lets_no_query_no_file_and_no_aggregate_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(clause_sql, "pieces_of", lambda text, facts: [text])
    monkeypatch.setattr(logging.getLogger("sqlglot"), "disabled", True)  # it says which statements it does not know
    passed = []
    for family, text in itertools.islice(corpus(), COUNT):
        with contextlib.suppress(Refused):
            passed.append((family, sql(read(text, KNOWN, PARAMETERS), {"over": (1,), "some": ("request",)})))
    harmless = {"null made a value", "lists and structs", "types and signs", "strings", "statements", "no condition"}
    assert {family for family, _ in passed} <= {*harmless, "strange signs", "too much"}
    assert not any(word in text for _, text in passed for word in ("NULL", "SELECT", "FROM", "CASE", ";", "["))


def test_a_policy_of_hostile_conditions_is_refused_with_a_line_for_each(
    write_policy: Callable[..., Path], evaluated: list[Any]
) -> None:
    texts = [text for _, text in itertools.islice(corpus(seed=1), 600)]
    conditions = ({"when": text} for text in texts)
    path = write_policy(*({"effect": "informs", "finds": None, **condition} for condition in conditions))
    with pytest.raises(BadPolicy) as error:
        load(path)
    assert len(error.value.faults) == len(texts)
    assert all(names_in(str(fault)) for fault in error.value.faults)
    assert evaluated == []


def test_no_word_of_the_language_is_a_fact() -> None:
    assert {word.upper() for word in KNOWN} & {*WORDS, *(name.upper() for name in FUNCTIONS)} == set()


@pytest.mark.parametrize("text", ["delivered", "delivered AND NOT signed", "paid_cents >= :over", "stage IN :some"])
def test_what_is_beside_the_hostile_ones_is_taken(text: str) -> None:
    assert read(text, KNOWN, PARAMETERS).type == "flag"
