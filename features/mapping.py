"""From a team's own files to raw contract tables: a folder with one SELECT per table, run by DuckDB over DATA.

The SELECT reads files of DATA, named relative to it, and nothing else: no other file, no network, no extension.
Without a mapping, DATA holds ``<table>.parquet`` or ``<table>.csv`` in the contract's own names.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from features.check import BadCase, refuse_foreign_columns
from features.contract import TABLES
from features.csv_lines import BadFile
from features.files import Files, Source
from features.statement import BadMapping, Statement
from features.terminal import Tell

__all__ = ["BadMapping", "RawTable", "read_raw"]


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
    with tempfile.TemporaryDirectory(prefix="triage-") as copies:
        files = Files(data, Path(copies))
        with files.database:
            reads = _statements(mapping) if mapping else _plain_files(data)
            return dict(_read(files, reads, tell))


def _statements(mapping: Path) -> list[Statement]:
    if not mapping.is_dir():
        raise BadMapping(f"there is no folder {mapping}; --mapping is a folder with one .sql file per table.")
    found = []
    for path in sorted(mapping.glob("*.sql")):
        if path.stem not in TABLES:
            raise BadMapping(f"{path.name}: there is no table {path.stem!r}; the tables are {', '.join(TABLES)}.")
        try:
            found.append(Statement(path.name, path.read_text(encoding="utf-8")))
        except UnicodeDecodeError as error:
            raise BadMapping(f"{path.name} is not UTF-8 text; save it as UTF-8.") from error
    if not any(statement.name == "cases.sql" for statement in found):
        raise BadMapping(f"{mapping} has no cases.sql; every history needs its cases.")
    return found


def _plain_files(data: Path) -> list[Statement]:
    found = []
    for name in TABLES:
        files = [f"{name}{end}" for end in (".parquet", ".csv") if (data / f"{name}{end}").is_file()]
        if len(files) > 1:
            raise BadMapping(f"DATA holds {' and '.join(files)}; keep one of them.")
        found += [Statement(file, f"FROM '{file}'") for file in files]
    if not any(statement.name.startswith("cases.") for statement in found):
        raise BadMapping(f"{data} has no cases.parquet or cases.csv; hand them over, or a --mapping that makes them.")
    return found


def _read(files: Files, statements: list[Statement], tell: Tell) -> Iterator[tuple[str, RawTable]]:
    sources: list[list[Source]] = []
    for statement in statements:
        tell(f"reading the files of {statement.name}")
        sources.append([_bring(files, statement, place) for place in range(len(statement.reads))])
    files.lock()
    for statement, read in zip(statements, sources, strict=True):
        tell(f"mapping {statement.name}")
        name = statement.name.partition(".")[0]
        row_by_row = statement.row_by_row
        table = _select(files.database, statement, [source.table for source in read])
        _refuse_columns(statement, name, table)
        source_rows = {file: rows for source in read for file, rows in source.rows.items()}
        not_taken = sum(source_rows.values()) - table.num_rows if row_by_row else None
        notes = tuple(dict.fromkeys(note for source in read for note in source.notes))
        yield name, RawTable(table, source_rows, not_taken, notes)


def _bring(files: Files, statement: Statement, place: int) -> Source:
    read = statement.reads[place]
    plain = not statement.name.endswith(".sql")
    options: dict[str, Any] = dict(read.options)
    if plain and read.kind == "csv":
        options["all_varchar"] = True
    try:
        return files.bring(read.kind, read.paths, options)
    except BadFile as error:
        raise statement.bad(str(error), 0 if plain else read.line) from error


def _select(database: duckdb.DuckDBPyConnection, statement: Statement, sources: list[str]) -> pa.Table:
    serialised = statement.reading(sources)
    try:
        return database.sql("FROM json_execute_serialized_sql(?)", params=[serialised]).to_arrow_table()
    except duckdb.Error as error:
        raise statement.error(error) from error


def _refuse_columns(statement: Statement, name: str, table: pa.Table) -> None:
    try:
        refuse_foreign_columns(name, table.schema)
    except BadCase as error:
        raise statement.bad(str(error)) from error
    for column in TABLES[name].columns:
        if column.required and column.name not in table.column_names:
            raise statement.bad(f"{name} needs the column {column.name}: {column.meaning}. Select it.")
