"""A policy as people write it: YAML files, read whole or refused with every slip, each by file and line."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from features.fact import Fact
from features.vocabulary import FULFILMENTS, REASONS, STAGES
from models.blocks import Block, read_block
from models.clause_pieces import Known, Refused
from models.clause_sql import LARGEST_CONSTANT, read
from models.clause_tree import Node, Scalar, both, constant, named, type_of
from models.clauses import DAYS, EFFECTS, Clause, Covers, Parameter, Value
from models.finds import read_finds
from models.marked import BadPolicy, Fault, Marked, read_marked

_CLAUSE_ID: Final = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")

Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Head:
    """What a policy says of itself."""

    id: str
    title: str
    text: str
    day: str
    currency: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Pack:
    """All that the files of a policy hold; the versions of one clause stand together, the earliest first."""

    head: Head
    parameters: Mapping[str, Parameter]
    clauses: tuple[Clause, ...]
    blocks: tuple[Block, ...]
    sources: Mapping[str, str]


class Slips:
    """Collects slips, so that an author sees all of them at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def catch(self, make: Callable[..., Made], *given: Any) -> Made | None:
        """What ``make`` makes, or None and one slip more."""
        try:
            return make(*given)
        except BadPolicy as error:
            self.found += error.faults
            return None

    def add(self, path: Path, what: str, expected: str) -> None:
        """One slip more, of a whole policy."""
        self.found.append(Fault(path.name, 1, what, expected))

    def stop(self) -> None:
        """Raise BadPolicy with the slips found so far, if there are any."""
        if self.found:
            raise BadPolicy(*self.found)


def read_pack(path: Path, facts: Sequence[Fact]) -> Pack:
    """The files of a policy, checked.

    Raises
    ------
    BadPolicy
        With every slip: its file and line, what stands there, and what was expected.
    """
    slips = Slips()
    tops = [top for file in _files(path) if (top := slips.catch(_top, file))]
    heads = [head for top in tops if "policy" in top and (head := slips.catch(_head, top["policy"]))]
    if len(heads) != 1 and not slips.found:
        slips.add(path, f"{len(heads)} files say policy:", "exactly one with id, title and day")
    parameters: dict[str, Parameter] = {}
    for top in tops:
        for key, value in (
            slips.catch(lambda t: list(t.pairs()), top["parameters"]) or () if "parameters" in top else ()
        ):
            if found := slips.catch(_parameter, key, value, parameters):
                parameters[found.name] = found
    slips.stop()
    reader = _Clauses(facts, parameters)
    entries = [
        entry for top in tops if "clauses" in top for entry in slips.catch(lambda t: t.items(), top["clauses"]) or ()
    ]
    clauses = [clause for entry in entries for clause in reader.read(entry, slips)]
    if not slips.found and not any(clause.ever for clause in clauses):
        slips.add(path, "no clause is ever in force", "clauses:")
    slips.stop()
    blocks = _blocks(tops, tuple(sorted({clause.id for clause in clauses})), slips)
    sources = dict(pair for top in tops if "sources" in top for pair in slips.catch(_sources, top["sources"]) or ())
    slips.stop()
    return Pack(heads[0], parameters, tuple(sorted(clauses, key=lambda c: (c.id, c.in_force_from))), blocks, sources)


def _sources(entry: Marked) -> list[tuple[str, str]]:
    """What the marks in the sources of clauses stand for, by mark."""
    return [(key.code(), value.text()) for key, value in entry.pairs()]


def _blocks(tops: Sequence[Mapping[str, Marked]], clauses: Sequence[str], slips: Slips) -> tuple[Block, ...]:
    """The blocks of all files, in order."""
    found: list[Block] = []
    for top in tops:
        for entry in slips.catch(lambda t: t.items(), top["blocks"]) or () if "blocks" in top else ():
            block = slips.catch(read_block, entry, clauses, [other.id for other in found])
            found += [block] if block else []
    return tuple(found)


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    found = sorted(file for file in path.glob("*") if file.suffix in (".yaml", ".yml"))
    if not found:
        raise BadPolicy(Fault(path.name, 1, "there is no policy here", "a YAML file, or a folder of them"))
    return found


def _top(file: Path) -> dict[str, Marked]:
    return read_marked(file).fields((), ("policy", "parameters", "clauses", "blocks", "sources"))


def _head(entry: Marked) -> Head:
    found = entry.fields(("id", "title", "day", "currency"), ("text", "calendar"))
    name = found["id"].code()
    if not _NAME.fullmatch(name):
        raise found["id"].bad(f"{name[:40]!r} is no id of a policy", "small letters, digits and _")
    texts = {key: found[key].text() if key in found else "" for key in ("title", "text", "calendar")}
    return Head(
        id=name, day=found["day"].word(DAYS), currency=found["currency"].text(), **texts,
    )  # fmt: skip


def _source(entry: Marked, found: Mapping[str, Marked]) -> str:
    if ("source" in found) == ("assumed" in found) or ("assumed" in found and not found["assumed"].flag()):
        raise entry.bad("it does not say where it comes from", "source: or assumed: true, exactly one")
    return found["source"].text() if "source" in found else ""


def _parameter(key: Marked, entry: Marked, others: Mapping[str, Parameter]) -> Parameter:
    name = key.code()
    if not _NAME.fullmatch(name) or name in others:
        taken = f"; it stands in {others[name].file}:{others[name].line} too" if name in others else ""
        raise key.bad(f"{name[:40]!r} is no name for a parameter{taken}", "small letters, digits and _, each once")
    found = entry.fields(("unit", "values"), ("text",))
    values: list[Value] = []
    for item in found["values"].items():
        parts = item.fields(("from", "value"), ("source", "assumed"))
        starts = parts["from"].day()
        if values and starts <= values[-1].starts:
            raise parts["from"].bad("this day is not after the one above", "days in order, each once")
        values.append(Value(starts, _scalars(parts["value"]), _source(item, parts)))
    kinds = {type_of(value) for one in values for value in one.values}
    many = {item.fields(("from", "value"), ("source", "assumed"))["value"].many for item in found["values"].items()}
    if len(kinds) > 1 or len(many) > 1:
        raise entry.bad("its values are not of one kind", "numbers, words, or lists of them, throughout")
    return Parameter(name, found["unit"].text(), kinds.pop(), many.pop(), tuple(values), key.file, key.line)


def _scalars(entry: Marked) -> tuple[Scalar, ...]:
    return tuple(_scalar(item) for item in (entry.items() if entry.many else [entry]))


def _scalar(entry: Marked) -> Scalar:
    value = entry.value()
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float) and abs(value) <= LARGEST_CONSTANT:
        return float(value)
    if isinstance(value, str) and 0 < len(value) <= 80 and value.isprintable():
        return value
    raise entry.bad("this is no value of a parameter", "a number up to 1e15, a word, true, false, or a list of them")


class _Clauses:
    """Reads clauses over these facts and parameters."""

    def __init__(self, facts: Sequence[Fact], parameters: Mapping[str, Parameter]) -> None:
        self._facts = {fact.name: Known(fact.type, fact.values) for fact in facts}
        self._parameters = parameters
        self._known = {p.name: Known(p.type, _words(p), p.many) for p in parameters.values()}
        self._lines: dict[str, str] = {}

    def read(self, entry: Marked, slips: Slips) -> list[Clause]:
        """The versions of one clause that are without a slip."""
        found = slips.catch(entry.fields, ("id", "title", "versions"))
        name = slips.catch(self._id, found["id"]) if found else None
        title = slips.catch(found["title"].text) if found else None
        versions = slips.catch(found["versions"].items) if found else None
        if name is None or title is None or versions is None:
            return []
        made = (slips.catch(self._version, name, title, version) for version in versions)
        return [clause for clause in made if clause is not None]

    def _id(self, entry: Marked) -> str:
        name = entry.code()
        if not _CLAUSE_ID.fullmatch(name):
            raise entry.bad(f"{name[:40]!r} is no id of a clause", "capitals and digits, with - between: DEL-SIG")
        if name in self._lines:
            raise entry.bad(f"the clause {name} stands in {self._lines[name]} too", "all versions under one id")
        self._lines[name] = f"{entry.file}:{entry.line}"
        return name

    def _version(self, name: str, title: str, entry: Marked) -> Clause:
        required = ("announced_at", "in_force_from", "text", "when", "effect", "priority")
        found = entry.fields(required, ("withdrawn_at", "source", "assumed", "covers", "finds"))
        announced, starts = found["announced_at"].day(), found["in_force_from"].day()
        ends = found["withdrawn_at"].day() if "withdrawn_at" in found and found["withdrawn_at"].value() else None
        if announced > starts or (ends and ends < announced):
            raise entry.bad("its days are out of order", "announced_at, then in_force_from, then withdrawn_at")
        covers = self._covers(found.get("covers"))
        effect = found["effect"].word(EFFECTS)
        clause = Clause(
            id=name, title=title, announced_at=announced, in_force_from=starts, withdrawn_at=ends,
            text=found["text"].text(), source=_source(entry, found), covers=covers,
            written=" ".join(found["when"].code().split()), condition=self._condition(covers, found["when"]),
            effect=effect, priority=found["priority"].whole(),  # type: ignore[arg-type]
            finds=read_finds(entry, found.get("finds"), effect, self._parameters),
            file=entry.file, line=entry.line,
        )  # fmt: skip
        self._see_values(entry, clause)
        return clause

    def _covers(self, entry: Marked | None) -> Covers:
        if entry is None:
            return Covers()
        lists = {"reasons": REASONS, "stages": STAGES, "fulfilments": FULFILMENTS}
        found = entry.fields((), tuple(lists))
        return Covers(**{key: found[key].words(words) for key, words in lists.items() if key in found})

    def _condition(self, covers: Covers, entry: Marked) -> Node:
        try:
            when = read(entry.code(), self._facts, self._known)
        except Refused as error:
            raise entry.bad(f"when: {error.said}", error.expected, error.at) from error
        covered = (
            Node("in", "flag", (Node("fact", "word", value=fact), *map(constant, words)))
            for fact, words in covers.lists().items()
        )
        return both("and", (*covered, when))

    def _see_values(self, entry: Marked, clause: Clause) -> None:
        for name in (*named(clause.condition, "parameter"), *clause.finds.parameters):
            if clause.ever and self._parameters[name].on(clause.in_force_from) is None:
                first = self._parameters[name].values[0].starts
                raise entry.bad(f":{name} has no value before {first}", f"a value from {clause.in_force_from} on")


def _words(parameter: Parameter) -> tuple[str, ...]:
    return tuple(word for value in parameter.values for word in value.values if isinstance(word, str))
