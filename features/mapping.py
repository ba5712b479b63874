"""From a team's own files to raw contract tables: a folder with one SELECT per table, run by DuckDB over DATA.

A SELECT reads files of DATA, named relative to it, and nothing else: no other file, no network, no extension.
Without a mapping, DATA holds ``<table>.parquet`` or ``<table>.csv`` in the contract's own names. A
table is read batch by batch, so that none is held raw.
"""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from features import duck
from features.check import BadCase, refuse_foreign_columns
from features.contract import TABLES
from features.convert import numbers_where_all_are
from features.duck import BadMapping
from features.files import Files, Source
from features.statement import CSV, Statement
from features.syntax import Syntax
from features.terminal import Tell
from features.try_casts import told_losses

BATCH: Final = 1 << 18
"""Rows checked at a time, and somewhat more; files come in smaller pieces, each of which would cost as many calls."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table as its SELECT or file gives it, unchecked, and what is known about where it comes from.

    ``batches`` can be read once, before the next table is; ``notes`` are whole when they have been.
    """

    name: str
    schema: pa.Schema
    batches: Iterator[pa.Table]
    source_rows: dict[str, int]
    row_by_row: bool
    notes: list[str]

    def not_taken(self, rows: int) -> int | None:
        """How many rows of its files have none among its ``rows``; None where a row of a file has none of its own."""
        return sum(self.source_rows.values()) - rows if self.row_by_row else None


def raw_tables(data: Path, mapping: Path | None, tell: Tell) -> Iterator[RawTable]:
    """The raw tables of a history, one after the other.

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
            for statement, read in zip(statements, sources, strict=True):
                tell(f"checking the rows of {statement.file}")
                yield _select(files.database, statement, read, syntax)


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
    name = _table_of(statement)
    notes = list(dict.fromkeys(note for source in sources for note in source.notes))
    try:
        if _is_plain(statement):
            found = database.table(duck.name(sources[0].table))
        else:
            serialised = statement.serialised()
            database.execute("EXPLAIN FROM json_execute_serialized_sql(?)", [serialised]).fetchall()
            found = database.sql("FROM json_execute_serialized_sql(?)", params=[serialised])
        if _is_plain(statement) and any(read.kind is CSV for read in statement.reads):
            whole = _with_numbers(name, found.to_arrow_table())
            schema, read = whole.schema, iter([whole])
        else:
            reader = found.to_arrow_reader(BATCH)
            schema, read = reader.schema, _read(reader, found, statement)
    except duckdb.Error as error:
        raise statement.error(error) from error
    _refuse_columns(statement, name, schema)
    rows = {file: rows for source in sources for file, rows in source.rows.items()}

    def batches() -> Iterator[pa.Table]:
        yield from read
        notes.extend(note for note in told_losses(statement, syntax, database) if note not in notes)

    return RawTable(name, schema, batches(), rows, statement.row_by_row, notes)


def _read(reader: pa.RecordBatchReader, found: duckdb.DuckDBPyRelation, statement: Statement) -> Iterator[pa.Table]:
    try:
        held: list[pa.RecordBatch] = []
        for batch in reader:
            held.append(batch)
            if sum(map(len, held)) >= BATCH:
                yield pa.Table.from_batches(held)
                held = []
        yield pa.Table.from_batches(held, reader.schema)
    except OSError as broken:  # Arrow tells what a reader failed at without its kind, so it is asked for once more
        try:
            found.to_arrow_table()
        except duckdb.Error as error:
            raise statement.error(error) from error
        raise statement.bad(f"it cannot be read: {broken}") from broken


def _with_numbers(name: str, table: pa.Table) -> pa.Table:
    """A CSV file holds text alone; a team's own column of it is one of numbers where every value is one."""
    for place, column in enumerate(table.column_names):
        if TABLES[name].column(column) is None:
            table = table.set_column(place, column, numbers_where_all_are(table.column(column)))
    return table


def _refuse_columns(statement: Statement, name: str, schema: pa.Schema) -> None:
    try:
        refuse_foreign_columns(name, schema)
    except BadCase as error:
        raise statement.bad(str(error)) from error
    for column in TABLES[name].columns:
        if column.required and column.name not in schema.names:
            raise statement.bad(f"{name} needs the column {column.name}: {column.meaning}. Hand it over.")
