"""From a team's own files to raw contract tables: a folder with one SELECT per table, run by DuckDB over DATA.

A SELECT reads files of DATA, named relative to it, and nothing else: no other file, no network, no extension.
Without a mapping, DATA holds ``<table>.parquet`` or ``<table>.csv`` in the contract's own names.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from features.check import BadCase, refuse_foreign_columns
from features.contract import TABLES
from features.convert import numbers_where_all_are
from features.duck import BadMapping
from features.files import Files, Source
from features.statement import CSV, Statement
from features.syntax import Syntax
from features.terminal import Tell
from features.try_casts import told_losses


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as its SELECT or file gave it, unchecked, and what is known about where it came from."""

    table: pa.Table
    source_rows: dict[str, int]
    not_taken: int | None
    notes: tuple[str, ...]


def read_raw(data: Path, mapping: Path | None, tell: Tell) -> dict[str, RawTable]:
    """The raw tables of a history, by name.

    Raises
    ------
    BadMapping
        Where the mapping or the files cannot be used; the message names the file and what to do.
    """
    if not data.is_dir():
        raise BadMapping(f"there is no folder {data}; DATA is the folder that holds the files.")
    syntax = Syntax()
    statements = _mapped(mapping, syntax) if mapping else _plain(data, syntax)
    with tempfile.TemporaryDirectory(prefix="triage-") as scratch:
        files = Files(data, Path(scratch))
        with files.database:
            sources = []
            for statement in statements:
                tell(f"reading the files of {statement.file}")
                sources.append(_sources(files, statement))
            files.lock()
            found = {}
            for statement, read in zip(statements, sources, strict=True):
                tell(f"mapping {statement.file}")
                found[_table_of(statement)] = _select(files.database, statement, read, syntax)
            return found


def _mapped(mapping: Path, syntax: Syntax) -> list[Statement]:
    if not mapping.is_dir():
        raise BadMapping(f"there is no folder {mapping}; --mapping is a folder with one .sql file per table.")
    found = []
    for path in sorted(mapping.glob("*.sql")):
        if path.stem not in TABLES:
            raise BadMapping(f"{path.name}: there is no table {path.stem!r}; the tables are {', '.join(TABLES)}.")
        try:
            found.append(Statement(path.name, path.read_text(encoding="utf-8"), syntax))
        except UnicodeDecodeError as error:
            raise BadMapping(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
    if not any(_table_of(statement) == "cases" for statement in found):
        raise BadMapping(f"{mapping} has no cases.sql; every history needs its cases.")
    return found


def _plain(data: Path, syntax: Syntax) -> list[Statement]:
    found = []
    for name in TABLES:
        files = [f"{name}{end}" for end in (".parquet", ".csv") if (data / f"{name}{end}").is_file()]
        if len(files) > 1:
            raise BadMapping(f"DATA holds {' and '.join(files)}; keep one of them.")
        found += [Statement(file, f"FROM '{file}'", syntax) for file in files]
    if not any(_table_of(statement) == "cases" for statement in found):
        raise BadMapping(f"{data} has no cases.parquet or cases.csv; hand them over, or a --mapping that makes them.")
    return found


def _table_of(statement: Statement) -> str:
    return statement.file.partition(".")[0]


def _is_plain(statement: Statement) -> bool:
    return not statement.file.endswith(".sql")


def _sources(files: Files, statement: Statement) -> list[Source]:
    plain = _is_plain(statement)
    found = []
    for read in statement.reads:
        try:
            found.append(files.bring(read, **({"all_varchar": True} if plain and read.kind is CSV else {})))
        except BadMapping as error:
            raise error if plain else statement.bad(str(error), read.line) from error
    return found


def _select(
    database: duckdb.DuckDBPyConnection, statement: Statement, sources: list[Source], syntax: Syntax
) -> RawTable:
    statement.put_sources([source.table for source in sources])
    serialised = statement.serialised()
    try:
        database.execute("EXPLAIN FROM json_execute_serialized_sql(?)", [serialised]).fetchall()
        table = database.sql("FROM json_execute_serialized_sql(?)", params=[serialised]).to_arrow_table()
    except duckdb.Error as error:
        raise statement.error(error) from error
    name = _table_of(statement)
    _refuse_columns(statement, name, table)
    if _is_plain(statement) and any(read.kind is CSV for read in statement.reads):
        table = _with_numbers(name, table)
    rows = {file: rows for source in sources for file, rows in source.rows.items()}
    notes = [note for source in sources for note in source.notes]
    notes += told_losses(statement, syntax, database)
    not_taken = sum(rows.values()) - table.num_rows if statement.row_by_row else None
    return RawTable(table, rows, not_taken, tuple(dict.fromkeys(notes)))


def _with_numbers(name: str, table: pa.Table) -> pa.Table:
    """A CSV file holds text alone; a team's own column of it is one of numbers where every value is one."""
    for place, column in enumerate(table.column_names):
        if TABLES[name].column(column) is None:
            table = table.set_column(place, column, numbers_where_all_are(table.column(column)))
    return table


def _refuse_columns(statement: Statement, name: str, table: pa.Table) -> None:
    try:
        refuse_foreign_columns(name, table.schema)
    except BadCase as error:
        raise statement.bad(str(error)) from error
    for column in TABLES[name].columns:
        if column.required and column.name not in table.column_names:
            raise statement.bad(f"{name} needs the column {column.name}: {column.meaning}. Hand it over.")
