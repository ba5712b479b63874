"""One SELECT of a mapping, taken apart by DuckDB's own parser: which files it reads, and whether it may run.

Nothing is judged by looking at the text. What is not one plain SELECT over files of DATA is refused here, before
anything runs; the database it later runs in is locked besides.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb

from features import duck
from features.duck import BadMapping
from features.syntax import Node, Syntax, common_tables, nodes

CSV: Final = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
PARQUET: Final = (".parquet", ".parq")
READERS: Final = {"read_csv": CSV, "read_csv_auto": CSV, "read_parquet": PARQUET, "parquet_scan": PARQUET}

_MAKES_ROWS: Final = frozenset({"unnest", "range", "generate_series", "repeat"})
_QUERIES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_MIXES_ROWS: Final = frozenset({"JOIN", "PIVOT", "DISTINCT_MODIFIER", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})


@dataclass(slots=True)
class FileRead:
    """One place where a SELECT reads files: which, of what kind, and the reader's options as they were written."""

    node: Node
    kind: tuple[str, ...]
    paths: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    line: int = 1


class Statement:
    """One SELECT: the files it reads, and whether each row of its file becomes at most one row.

    Raises
    ------
    BadMapping
        Where it is anything else, naming file and line.
    """

    def __init__(self, file: str, sql: str, syntax: Syntax) -> None:
        self.file, self._sql, self._syntax = file, sql, syntax
        try:
            self.tree = self._parsed()
        except RecursionError as error:
            raise self.bad("it is nested too deeply to be read; divide it with WITH.") from error
        for node in nodes(self.tree):
            self._refuse(node)
        common = {item["key"].casefold() for node in nodes(self.tree) for item in common_tables(node)}
        self.reads = tuple(self._reads(common))
        self.row_by_row = len(self.reads) == 1 and not any(self._mixes_rows(node) for node in nodes(self.tree))

    def put_sources(self, sources: list[str]) -> None:
        """Let each read come from the table of that name instead."""
        for read, source in zip(self.reads, sources, strict=True):
            was = dict(read.node)
            alias = was.get("alias") or self._alias(read)
            read.node.clear()
            read.node.update(self._syntax.table(source), alias=alias)
            for key in ("column_name_alias", "sample", "query_location"):
                read.node[key] = was.get(key, read.node.get(key))

    def serialised(self) -> str:
        """The statement as DuckDB runs it."""
        return json.dumps(self.tree)

    def error(self, error: duckdb.Error) -> BadMapping:
        """What DuckDB said about this statement, and in which line."""
        place = duck.position(error)
        return self.bad(duck.told(error), 0 if place is None else self.line(place))

    def bad(self, said: str, line: int = 0) -> BadMapping:
        """An error in this statement."""
        return BadMapping(f"{self.file}{f', line {line}' if line else ''}: {said}")

    def line(self, location: int) -> int:
        """The line in which a position of the statement stands."""
        return self._sql.encode()[:location].count(b"\n") + 1

    def _parsed(self) -> Node:
        tree = self._syntax.parse(self._sql)
        if tree["error"]:
            place = tree.get("position")
            line = self.line(int(place)) if place else 0
            if tree.get("error_type") == "not implemented":
                raise self.bad("it is not a SELECT, and nothing else can stand in a mapping.", line)
            raise self.bad(f"{tree['error_message']}. Write one SELECT.", line)
        if len(tree["statements"]) != 1:
            raise self.bad(f"it holds {len(tree['statements'])} statements; write one SELECT.")
        return tree

    def _refuse(self, node: Node) -> None:
        of, line = str(node.get("type", "")), self.line(node.get("query_location", 0))
        if of.endswith("_NODE") and of not in _QUERIES:
            raise self.bad("only SELECT can stand in a mapping; nothing can be written.", line)
        if of == "SHOW_REF" and "class" not in node:
            raise self.bad("DESCRIBE, SHOW and SUMMARIZE give no rows of a table; select from a file of DATA.", line)
        if of == "VALUE_PARAMETER":
            raise self.bad("a parameter has no value here; write the value.", line)

    def _reads(self, common: set[str]) -> Iterator[FileRead]:
        for node in list(nodes(self.tree)):
            of = None if "class" in node else node.get("type")
            if of == "BASE_TABLE" and (node.get("schema_name") or node["table_name"].casefold() not in common):
                yield self._named_file(node)
            elif of == "TABLE_FUNCTION" and node["function"]["function_name"].casefold() not in _MAKES_ROWS:
                yield self._reader_call(node)

    def _named_file(self, node: Node) -> FileRead:
        name, line = node["table_name"], self.line(node.get("query_location", 0))
        kind = next((ends for ends in (CSV, PARQUET) if name.casefold().endswith(ends)), None)
        if kind is None or node.get("schema_name"):
            raise self.bad(
                f"FROM {name[:80]} is neither a CSV or Parquet file of DATA nor a WITH of this SELECT.", line
            )
        return FileRead(node, kind, (name,), {}, line)

    def _reader_call(self, node: Node) -> FileRead:
        call, line = node["function"], self.line(node.get("query_location", 0))
        name = call["function_name"].casefold()
        if name not in READERS:
            raise self.bad(f"{name[:40]}() cannot be used in FROM here; use {', '.join(READERS)}.", line)
        options: dict[str, Any] = {}
        paths: Any = None
        for argument in call["arguments"]:
            key, expression = _named(argument)
            try:
                value = self._syntax.constant(expression)
            except ValueError as error:
                raise self.bad(f"each argument of {name}() must be a constant.", line) from error
            if key:
                options[key.casefold()] = value
            else:
                paths = value
        given = paths if isinstance(paths, list) else [paths]
        if not given or not all(isinstance(path, str) for path in given):
            raise self.bad(f"{name}() needs the name of a file, or a list of names.", line)
        return FileRead(node, READERS[name], tuple(given), options, line)

    def _alias(self, read: FileRead) -> str:
        if read.node["type"] == "TABLE_FUNCTION":
            return str(read.node["function"]["function_name"])
        return read.paths[0].rsplit("/", 1)[-1].split(".")[0]

    def _mixes_rows(self, node: Node) -> bool:
        of, called = node.get("type"), str(node.get("function_name", "")).casefold()
        if of in _MIXES_ROWS or node.get("group_expressions") or called == "unnest":
            return True
        if of == "TABLE_FUNCTION":
            return node["function"]["function_name"].casefold() in _MAKES_ROWS
        return node.get("class") == "FUNCTION" and called in self._syntax.aggregates


def _named(argument: Node) -> tuple[str, Node]:
    """An argument's name and value, whether written ``name = value`` or ``name := value``."""
    expression: Node = argument["expression"]
    if argument.get("name"):
        return argument["name"], expression
    if expression.get("type") == "COMPARE_EQUAL" and expression["left"].get("type") == "COLUMN_REF":
        return expression["left"]["column_names"][-1], expression["right"]
    return "", expression
