"""How many values a mapping lost to TRY_CAST: each one is counted where it stands, over the rows it stands among."""

import json
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import duckdb

from features.ledger import many
from features.statement import Statement
from features.syntax import Node, Syntax, common_tables, nodes

_LOST = "SELECT count(*) FILTER (WHERE given IS NOT NULL AND taken IS NULL)"
_PARTS = ("select_list", "where_clause", "qualify", "group_expressions", "having", "modifiers", "from_table")


def told_losses(statement: Statement, syntax: Syntax, database: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """A sentence for each TRY_CAST of a statement that made a value null, or that could not be counted."""
    for select, scope in _selects(statement.tree["statements"][0]["node"], []):
        for cast in _try_casts(select):
            where = f"{statement.file}, line {statement.line(cast['query_location'])}"
            try:
                ((lost,),) = database.execute(
                    "FROM json_execute_serialized_sql(?)", [_counting(cast, select, scope, syntax)]
                ).fetchall()
            except duckdb.Error:
                yield f"{where}: how many values TRY_CAST made null could not be counted here"
                continue
            if lost:
                yield f"{where}: TRY_CAST made {many(lost, 'value')} null"


def _selects(node: Any, scope: list[Node]) -> Iterator[tuple[Node, list[Node]]]:
    """Every SELECT, with the WITH items that it can see."""
    if isinstance(node, list):
        for item in node:
            yield from _selects(item, scope)
    elif isinstance(node, dict):
        if node.get("type") == "SELECT_NODE":
            scope = [*scope, *common_tables(node)]
            yield node, scope
        for value in node.values():
            yield from _selects(value, scope)


def _try_casts(select: Node) -> Iterator[Node]:
    """The TRY_CASTs of a SELECT itself, not those of one inside it."""
    waiting: list[Any] = [select.get(part) for part in _PARTS]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict) and node.get("type") != "SELECT_NODE":
            if node.get("try_cast") is True:
                yield node
            waiting.extend(node.values())


def _counting(cast: Node, select: Node, scope: list[Node], syntax: Syntax) -> str:
    tree = syntax.parse(_LOST)
    count = tree["statements"][0]["node"]
    for node in nodes(count["select_list"]):
        if node.get("column_names") == ["given"]:
            node.clear()
            node.update(deepcopy(cast["child"]))
        elif node.get("column_names") == ["taken"]:
            node.clear()
            node.update(deepcopy(cast))
    count["from_table"] = select["from_table"]
    if not any(node is cast for node in nodes(select.get("where_clause"))):
        count["where_clause"] = select["where_clause"]
    count["cte_map"] = {"map": scope}
    return json.dumps(tree)
