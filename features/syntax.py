"""DuckDB's own parser: text to a tree, and back to what a tree evaluates to. It can open no file.

A node is a dict with a ``type``; expressions have a ``class`` besides, tables in FROM have none.
"""

import json
from collections.abc import Iterator
from copy import deepcopy
from functools import cached_property
from typing import Any

import duckdb

from features import duck

Node = dict[str, Any]


class Syntax:
    """A parser of SQL."""

    def __init__(self) -> None:
        self._database = duck.connect()
        duck.lock(self._database)

    def parse(self, sql: str) -> Node:
        """The statements in the text; ``error`` is true where there is anything but SELECT."""
        ((text,),) = self._database.execute("SELECT json_serialize_sql(?::VARCHAR)", [sql]).fetchall()
        tree: Node = json.loads(text)
        return tree

    def select(self, sql: str) -> Node:
        """The one SELECT in the text, which is ours."""
        node: Node = self.parse(sql)["statements"][0]["node"]
        return node

    def constant(self, expression: Node) -> Any:
        """The value of an expression; ValueError where it has none of its own."""
        if any(node.get("class") in ("COLUMN_REF", "SUBQUERY") for node in nodes(expression)):
            raise ValueError("not a constant")
        tree = self.parse("SELECT 1")
        tree["statements"][0]["node"]["select_list"] = [deepcopy(expression)]
        try:
            ((value,),) = self._database.execute("FROM json_execute_serialized_sql(?)", [json.dumps(tree)]).fetchall()
        except duckdb.Error as error:
            raise ValueError("not a constant") from error
        return value

    def table(self, name: str) -> Node:
        """The node of a table of that name in FROM."""
        node: Node = self.select(f"FROM {duck.name(name)}")["from_table"]
        return node

    @cached_property
    def aggregates(self) -> frozenset[str]:
        """The names of functions that make one value of many rows."""
        rows = self._database.execute(
            "SELECT DISTINCT lower(function_name) FROM duckdb_functions() WHERE function_type = 'aggregate'"
        )
        return frozenset(name for (name,) in rows.fetchall())


def nodes(tree: Any) -> Iterator[Node]:
    """Every node of a tree, the outer ones first."""
    waiting = [tree]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting.extend(reversed(found.values()))
        elif isinstance(found, list):
            waiting.extend(reversed(found))


def common_tables(node: Node) -> list[Node]:
    """The WITH items of a SELECT."""
    found = node.get("cte_map")
    return list(found["map"]) if isinstance(found, dict) else []
