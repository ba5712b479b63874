"""One SELECT of a mapping, taken apart by DuckDB's own parser: which files it reads, and whether it may run.

Nothing is judged by looking at the text. What is not one plain SELECT over files of DATA is refused here, before
anything runs; the connection it later runs in is locked besides.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb

from features.errors import TriageError

CSV: Final = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz")
PARQUET: Final = (".parquet", ".parq")

_READERS: Final = {
    "read_csv": "csv", "read_csv_auto": "csv", "read_parquet": "parquet", "parquet_scan": "parquet",
}  # fmt: skip
_PURE: Final = frozenset({"unnest", "range", "generate_series", "repeat"})
_QUERIES: Final = frozenset({"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"})
_REFUSED: Final = {
    "SHOW_REF": "DESCRIBE, SHOW and SUMMARIZE", "COLUMN_DATA": "stored rows", "DELIM_GET": "stored rows",
    "BOUND_TABLE_REF": "stored rows",
}  # fmt: skip
_MANY_TO_ONE: Final = frozenset({"JOIN", "PIVOT", "DISTINCT_MODIFIER", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})

Node = dict[str, Any]


class BadMapping(TriageError):
    """A mapping cannot be used: which file and line, what was expected, and what to do."""


@dataclass(slots=True)
class FileRead:
    """One place where a SELECT reads files: how, which, and the reader's options as they were written."""

    node: Node
    kind: str
    paths: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    line: int = 1


class Statement:
    """One SELECT: the files it reads, and whether a row of its file can become at most one row."""

    def __init__(self, name: str, sql: str) -> None:
        self.name, self.sql = name, sql
        with _locked() as parser:
            self.tree = self._parse(parser)
            self._aggregates = _aggregates(parser)
            self._common = {item["key"].casefold() for node in _nodes(self.tree) for item in _map(node)}
            for node in _nodes(self.tree):
                self._refuse(node)
            self.reads = tuple(self._reads(parser))

    @property
    def row_by_row(self) -> bool:
        """Whether it reads one file without join, grouping, DISTINCT or UNNEST."""
        return len(self.reads) == 1 and not any(self._mixes_rows(node) for node in _nodes(self.tree))

    def reading(self, sources: list[str]) -> str:
        """The statement, serialised, with each read replaced by the table of that name."""
        for read, source in zip(self.reads, sources, strict=True):
            alias = read.node.get("alias") or self._alias(read)
            kept = {key: read.node.get(key) for key in ("column_name_alias", "sample", "query_location")}
            read.node.clear()
            read.node.update(_table(source) | {k: v for k, v in kept.items() if v is not None} | {"alias": alias})
        return json.dumps(self.tree)

    def error(self, error: duckdb.Error) -> BadMapping:
        """What DuckDB said about this statement, with the line; a value it quotes is left out."""
        said, line = told(error), 1
        try:
            position = json.loads(str(error).partition(": ")[2]).get("position")
            line = self.line(int(position)) if position is not None else 0
        except (ValueError, AttributeError):
            line = 0
        return self.bad(said, line)

    def bad(self, said: str, line: int = 0) -> BadMapping:
        """An error in this statement."""
        return BadMapping(f"{self.name}{f', line {line}' if line else ''}: {said}")

    def line(self, location: int) -> int:
        """The line of the file in which a position of the statement stands."""
        return self.sql.encode()[:location].count(b"\n") + 1

    def _parse(self, parser: duckdb.DuckDBPyConnection) -> Node:
        row = parser.execute("SELECT json_serialize_sql(?::VARCHAR)", [self.sql]).fetchone()
        tree: Node = json.loads(row[0]) if row else {}
        if tree.get("error"):
            position = tree.get("position")
            line = self.line(int(position)) if position not in (None, "") else 0
            raise self.bad(f"{tree.get('error_message')}. Write one SELECT.", line)
        if len(tree["statements"]) != 1:
            raise self.bad(f"it holds {len(tree['statements'])} statements; write one SELECT.")
        return tree

    def _refuse(self, node: Node) -> None:
        of, location = str(node.get("type", "")), node.get("query_location", 0)
        if of in _REFUSED and "class" not in node:
            raise self.bad(f"{_REFUSED[of]} cannot be mapped; select from a file of DATA.", self.line(location))
        if of.endswith("_NODE") and of not in _QUERIES:
            raise self.bad("only SELECT may stand in a mapping; nothing can be written.", self.line(location))
        if of == "VALUE_PARAMETER":
            raise self.bad("a parameter has no value here; write the value.", self.line(location))

    def _reads(self, parser: duckdb.DuckDBPyConnection) -> Iterator[FileRead]:
        for node in _nodes(self.tree):
            if "class" in node:
                continue
            if node.get("type") == "BASE_TABLE":
                read = self._named_file(node)
                if read is not None:
                    yield read
            elif node.get("type") == "TABLE_FUNCTION":
                read = self._reader_call(node, parser)
                if read is not None:
                    yield read

    def _named_file(self, node: Node) -> FileRead | None:
        name, line = node["table_name"], self.line(node.get("query_location", 0))
        plain = not node.get("schema_name") and not node.get("catalog_name")
        if plain and name.casefold() in self._common:
            return None
        kind = _kind(name)
        if not plain or kind is None:
            raise self.bad(
                f"FROM {name[:80]!r} is neither a CSV or Parquet file of DATA nor a WITH of this SELECT.", line
            )
        return FileRead(node, kind, (name,), {}, line)

    def _reader_call(self, node: Node, parser: duckdb.DuckDBPyConnection) -> FileRead | None:
        call = node["function"]
        name, line = call["function_name"].casefold(), self.line(node.get("query_location", 0))
        if name in _PURE:
            return None
        if name not in _READERS:
            raise self.bad(f"{name[:40]}() cannot be used in a mapping; use {', '.join(_READERS)}.", line)
        options: dict[str, Any] = {}
        paths: Any = None
        for argument in call.get("arguments", call.get("children", [])):
            key, expression = _named(argument)
            value = self._constant(expression, parser, line)
            if key:
                options[key.casefold()] = value
            else:
                paths = value
        given = paths if isinstance(paths, list) else [paths]
        if not given or not all(isinstance(path, str) for path in given):
            raise self.bad(f"{name}() needs the name of a file, or a list of names.", line)
        return FileRead(node, _READERS[name], tuple(given), options, line)

    def _constant(self, expression: Node, parser: duckdb.DuckDBPyConnection, line: int) -> Any:
        if any(node.get("type") in ("BASE_TABLE", "TABLE_FUNCTION", "COLUMN_REF") for node in _nodes(expression)):
            raise self.bad("an argument of a reader must be a constant.", line)
        tree = _serialised(parser, "SELECT 1")
        tree["statements"][0]["node"]["select_list"] = [deepcopy(expression)]
        try:
            row = parser.execute("FROM json_execute_serialized_sql(?)", [json.dumps(tree)]).fetchone()
        except duckdb.Error as error:
            raise self.bad("an argument of a reader must be a constant.", line) from error
        return row[0] if row else None

    def _alias(self, read: FileRead) -> str:
        if read.node["type"] == "TABLE_FUNCTION":
            return str(read.node["function"]["function_name"])
        return read.paths[0].rsplit("/", 1)[-1].split(".")[0]

    def _mixes_rows(self, node: Node) -> bool:
        of = node.get("type")
        if of in _MANY_TO_ONE or node.get("group_expressions"):
            return True
        if of == "TABLE_FUNCTION" and node["function"]["function_name"].casefold() in _PURE:
            return True
        if node.get("class") != "FUNCTION":
            return False
        name = str(node.get("function_name", "")).casefold()
        return name == "unnest" or name in self._aggregates


def told(error: duckdb.Error) -> str:
    """What DuckDB says happened, in one sentence, without the values it quotes."""
    kind, _, rest = str(error).partition(": ")
    try:
        said = str(json.loads(rest)["exception_message"])
    except (ValueError, KeyError, TypeError):
        said = rest or kind
    said = said.split("\n\n")[0].replace("\n", " ").strip()
    if isinstance(error, duckdb.ConversionException | duckdb.InvalidInputException | duckdb.OutOfRangeException):
        said = _without_values(said)
    return said if said.endswith(".") else said + "."


def _without_values(said: str) -> str:
    import re

    return re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", said)


def _kind(name: str) -> str | None:
    low = name.casefold()
    return "csv" if low.endswith(CSV) else "parquet" if low.endswith(PARQUET) else None


def _named(argument: Node) -> tuple[str, Node]:
    """An argument's name and value, whether written ``name = value`` or ``name := value``."""
    expression: Node = argument.get("expression", argument)
    if argument.get("name"):
        return argument["name"], expression
    if expression.get("type") == "COMPARE_EQUAL" and expression["left"].get("type") == "COLUMN_REF":
        return expression["left"]["column_names"][-1], expression["right"]
    return "", expression


def _nodes(tree: Any) -> Iterator[Node]:
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _nodes(value)


def _map(node: Node) -> list[Node]:
    common = node.get("cte_map")
    return list(common["map"]) if isinstance(common, dict) else []


def _locked() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    for name, value in (
        ("python_enable_replacements", "false"), ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"), ("allow_community_extensions", "false"),
        ("enable_external_access", "false"), ("lock_configuration", "true"),
    ):  # fmt: skip
        connection.execute(f"SET {name} = {value}")
    return connection


def _serialised(parser: duckdb.DuckDBPyConnection, sql: str) -> Node:
    row = parser.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchone()
    tree: Node = json.loads(row[0]) if row else {}
    return tree


def _table(name: str) -> Node:
    with _locked() as parser:
        node: Node = _serialised(parser, f'FROM "{name}"')["statements"][0]["node"]["from_table"]
        return node


def _aggregates(parser: duckdb.DuckDBPyConnection) -> frozenset[str]:
    rows = parser.execute("SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'")
    return frozenset(str(name).casefold() for (name,) in rows.fetchall())
