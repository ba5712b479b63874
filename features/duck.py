"""The one file that knows how DuckDB is opened, locked and understood when it complains.

No extension is fetched, no Python name is a table, and after ``lock`` no file but those allowed can be opened.
"""

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import duckdb

from features.errors import TriageError

_ALWAYS: Final = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "TimeZone": "UTC",
    "errors_as_json": True,
    "enable_progress_bar": False,
}


_ABOUT_SQL: Final = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ParserException,
    duckdb.PermissionException,
)
"""What these quote are names and not values."""


class BadMapping(TriageError):
    """A mapping or a file of the history cannot be used: which and where, what was expected, what to do."""


def connect(scratch: Path | None = None) -> duckdb.DuckDBPyConnection:
    """An empty database in memory; what does not fit goes to the folder ``scratch``, if there is one."""
    database = duckdb.connect()
    for name, value in {**_ALWAYS, "temp_directory": str(scratch or "")}.items():
        database.execute(f"SET {name} = {literal(value)}")
    return database


def lock(database: duckdb.DuckDBPyConnection, allowed: Sequence[str] = ()) -> None:
    """Close the door: from here on no other file, no network, no change of settings."""
    database.execute(f"SET allowed_paths = {literal(list(allowed))}")
    database.execute("SET enable_external_access = false")
    database.execute("SET lock_configuration = true")


def literal(value: Any) -> str:
    """A value as DuckDB writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{literal(str(key))}: {literal(item)}" for key, item in value.items()) + "}"
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


def name(text: str) -> str:
    """A name as DuckDB writes it."""
    return '"' + text.replace('"', '""') + '"'


def told(error: duckdb.Error) -> str:
    """What DuckDB says happened, as one sentence, without any value that it quotes."""
    said = str(_details(error).get("exception_message") or str(error).partition(": ")[2])
    broken = re.search(r"CSV Error on Line: \d+", said)
    if broken:
        column = re.search(r'Error when converting column "([^"]*)"', said)
        which = f"column {column[1]}" if column else "a column"
        return f"{which} holds a value that is not of the type it was given; read it as VARCHAR and TRY_CAST it."
    said = said.removeprefix("Attempting to fetch from an unsuccessful query result\nError: ")
    said = said.split("\n\n")[0].split("\nLINE ")[0]
    if not isinstance(error, _ABOUT_SQL):
        said = re.sub(r"'[^']*'|\"[^\"]*\"", "'…'", said.split("\n")[0])
    return said.replace("\n", " ").strip().rstrip(".") + "."


def position(error: duckdb.Error) -> int | None:
    """Where in the statement DuckDB found fault, in bytes; None where it does not say."""
    found = _details(error).get("position")
    return int(found) if found else None


def _details(error: duckdb.Error) -> dict[str, Any]:
    try:
        found = json.loads(str(error).partition(": ")[2])
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
