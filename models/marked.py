"""YAML in which every value knows its file and line, read one value at a time and only as what it must be."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from features.errors import TriageError

_YAML: Final = "YAML, in which a ':parameter' inside { } stands in quotes"


class BadPolicy(TriageError):
    """A policy has slips: for each the file and line, what stands there, and what was expected."""

    def __init__(self, *faults: "Fault") -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Fault:
    """One slip in a policy: where it stands, what is wrong, and what was expected."""

    file: str
    line: int
    what: str
    expected: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}; expected {self.expected}."


@dataclass(frozen=True, slots=True)
class Marked:
    """One value of a YAML file."""

    node: yaml.Node
    file: str

    @property
    def line(self) -> int:
        """The line in which the value begins."""
        return int(self.node.start_mark.line) + 1

    def bad(self, what: str, expected: str, at: str = "") -> BadPolicy:
        """The error that this value is; ``at`` is the text at fault inside it, where its line is to be told."""
        start, end = self.node.start_mark, self.node.end_mark
        place = start.buffer.find(at, start.index, end.index) if at and start.buffer else -1
        below = start.buffer.count("\n", start.index, place) if place >= 0 else 0
        return BadPolicy(Fault(self.file, self.line + below, what, expected))

    @property
    def many(self) -> bool:
        """Whether it is a list."""
        return isinstance(self.node, yaml.SequenceNode)

    def fields(self, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, "Marked"]:
        """The values of a mapping that has all required keys and no other than these."""
        found: dict[str, Marked] = {}
        expected = " ".join(required) + (f" and perhaps {' '.join(optional)}" if optional else "")
        for key, value in self.pairs():
            name = key.node.value
            if name not in (*required, *optional):
                raise key.bad(f"there is no key {name!r} here", expected)
            found[name] = value
        lacking = [key for key in required if key not in found]
        if lacking:
            raise self.bad(f"the key {lacking[0]} is missing", expected)
        return found

    def pairs(self) -> Iterator[tuple["Marked", "Marked"]]:
        """The keys of a mapping, each once, with their values."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.bad("this is no mapping", "key: value")
        seen = set()
        for key, value in self.node.value:
            marked = Marked(key, self.file)
            if not isinstance(key, yaml.ScalarNode):
                raise marked.bad("this is no key", "one word")
            if key.value in seen:
                raise marked.bad(f"the key {key.value!r} stands here twice", "each key once")
            seen.add(key.value)
            yield marked, Marked(value, self.file)

    def items(self) -> list["Marked"]:
        """The members of a list that is not empty."""
        if not isinstance(self.node, yaml.SequenceNode) or not self.node.value:
            raise self.bad("this is no list, or an empty one", "a list")
        return [Marked(item, self.file) for item in self.node.value]

    def text(self) -> str:
        """A text that says something, its blanks made single."""
        value = self.value()
        if not isinstance(value, str) or not value.strip():
            raise self.bad("this is no text", "a text that is not empty")
        return " ".join(value.split())

    def code(self) -> str:
        """What is written, as it is written, whatever YAML would make of it."""
        self.value()
        return str(self.node.value)

    def word(self, among: Sequence[str]) -> str:
        """One of a closed list of words."""
        found = self.code()
        if found not in among:
            raise self.bad(f"{found[:40]!r} is none of the words for this", ", ".join(among))
        return found

    def words(self, among: Sequence[str]) -> tuple[str, ...]:
        """Some of a closed list of words, each once."""
        found = [item.word(among) for item in self.items()]
        if len(set(found)) < len(found):
            raise self.bad("a word stands here twice", "each once")
        return tuple(found)

    def day(self) -> datetime.date:
        """A day."""
        value = self.value()
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.bad("this is no day", "a day such as 2026-03-31")
        return value

    def flag(self) -> bool:
        """True or false."""
        value = self.value()
        if not isinstance(value, bool):
            raise self.bad("this is neither true nor false", "true or false")
        return value

    def whole(self) -> int:
        """A whole number that is not negative."""
        value = self.value()
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self.bad("this is no whole number", "a whole number from 0 on")
        return value

    def value(self) -> Any:
        """The plain value: text, number, flag, day, or None."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.bad("this is no single value", "one value")
        try:
            return yaml.constructor.SafeConstructor().construct_object(self.node)
        except (ValueError, yaml.YAMLError):
            raise self.bad("this is no value", "a text, a number, true, false, or a day") from None


def read_marked(path: Path) -> Marked:
    """The whole of a YAML file."""
    try:
        node = yaml.compose(path.read_text("utf-8"), Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = int(mark.line) + 1 if mark else 1
        raise BadPolicy(Fault(path.name, line, f"this is not YAML: {error.problem}", _YAML)) from error
    except (OSError, UnicodeError, yaml.YAMLError, RecursionError) as error:
        raise BadPolicy(Fault(path.name, 1, "the file cannot be read", "YAML in UTF-8, not nested deeply")) from error
    if node is None:
        raise BadPolicy(Fault(path.name, 1, "the file is empty", "clauses: or parameters:"))
    return Marked(node, path.name)
