"""Files of a history brought into a database that can open nothing else: Parquet as it is, CSV row by whole row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import duckdb

from features import duck
from features.csv_grammar import PLAIN, Dialect
from features.csv_lines import Scan, scan
from features.duck import BadMapping, literal
from features.ledger import many
from features.statement import CSV, FileRead

_DIALECT: Final = frozenset(
    {"delim", "sep", "quote", "escape", "header", "skip", "comment", "encoding", "compression", "new_line"}
)
_TYPES: Final = frozenset(
    {"columns", "types", "dtypes", "column_types", "dateformat", "date_format", "timestampformat", "timestamp_format"}
)
_VALUES: Final = _TYPES | {
    "names", "column_names", "all_varchar", "nullstr", "null", "na", "decimal_separator", "thousands",
    "force_not_null", "allow_quoted_nulls", "normalize_names", "auto_type_candidates", "ignore_errors",
}  # fmt: skip
_WITHOUT_EFFECT: Final = frozenset(
    {
        "null_padding", "strict_mode", "store_rejects", "rejects_table", "rejects_scan", "rejects_limit", "parallel",
        "buffer_size", "max_line_size", "maximum_line_size", "sample_size", "auto_detect", "files_to_sniff",
    }
)  # fmt: skip
"""Options that let a reader guess, or keep what is not whole; there is nothing left to guess or to pad here."""
_PARQUET: Final = frozenset({"binary_as_string", "union_by_name"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or several read as one, as a table of the database, and how many rows each has as it stands."""

    table: str
    rows: dict[str, int]
    notes: tuple[str, ...] = ()


class Files:
    """The files of one DATA folder, brought into one database; once it is locked it can open nothing else."""

    def __init__(self, data: Path, scratch: Path) -> None:
        self.data, self._scratch = data.absolute(), scratch
        self._sources: dict[str, Source] = {}
        self._allowed: list[str] = []
        self.database = duck.connect(scratch)

    def lock(self) -> None:
        """Close the door behind the files brought in."""
        duck.lock(self.database, self._allowed)

    def bring(self, read: FileRead, **more: Any) -> Source:
        """The files that a SELECT reads in one place, as one table; ``more`` are options besides its own.

        Raises
        ------
        BadMapping
            Where a name leads out of DATA or nowhere, an option is unknown, or a file cannot be read like that.
        """
        options = {**read.options, **more}
        key = repr((read.kind, read.paths, sorted(options.items())))
        if key not in self._sources:
            table = f"source {len(self._sources) + 1}"
            names = list(dict.fromkeys(name for path in read.paths for name in self._names(path)))
            bring = self._csv if read.kind is CSV else self._parquet
            self._sources[key] = bring(table, names, options)
        return self._sources[key]

    def _names(self, written: str) -> Iterator[str]:
        pure = PurePosixPath(written)
        if "://" in written or "\\" in written or pure.is_absolute() or {"..", "~"} & set(pure.parts):
            raise BadMapping(f"{written[:80]!r} leads out of DATA; name files relative to DATA.")
        found = sorted(self.data.glob(written)) if any(c in written for c in "*?[") else [self.data / written]
        files = [path for path in found if path.is_file()]
        if not files:
            raise BadMapping(f"DATA has no file {written[:80]!r}; check the name, it is relative to DATA.")
        yield from (path.relative_to(self.data).as_posix() for path in files)

    def _parquet(self, table: str, names: list[str], options: Mapping[str, Any]) -> Source:
        _refuse_unknown(options, _PARQUET, "read_parquet")
        paths = [str(self.data / name) for name in names]
        self._allowed += paths
        rows = {}
        for name, path in zip(names, paths, strict=True):
            rows[name] = self._count(f"read_parquet({literal(path)})", name)
        self._run(f'CREATE VIEW "{table}" AS FROM read_parquet({literal(paths)}{_arguments(options)})', names[0])
        return Source(table, rows)

    def _csv(self, table: str, names: list[str], options: Mapping[str, Any]) -> Source:
        _refuse_unknown(options, _DIALECT | _VALUES | _WITHOUT_EFFECT, "read_csv")
        rows: dict[str, int] = {}
        notes: list[str] = []
        parts: list[str] = []
        for place, name in enumerate(names):
            copy, part = self._scratch / f"{table} {place}.csv", f"{table} part {place}"
            found = scan(self.data / name, name, _dialect(options, name), copy)
            _refuse_width(name, found, options)
            skipped = self._load(part, name, copy, found, options)
            copy.unlink()
            rows[name] = found.rows
            notes += found.told(name)
            if skipped:
                notes.append(f"{name}: {many(skipped, 'row')} skipped for a value of another type (ignore_errors)")
            parts.append(f'FROM "{part}"')
        self._run(f'CREATE VIEW "{table}" AS {" UNION ALL BY NAME ".join(parts)}', names[0])
        return Source(table, rows, tuple(notes))

    def _load(self, table: str, name: str, copy: Path, found: Scan, options: Mapping[str, Any]) -> int:
        """Read the whole rows of a file, strictly; the reader must find as many. Returns how many it skipped."""
        dialect = found.dialect
        pinned = {
            "delim": dialect.delim, "quote": PLAIN, "escape": PLAIN, "header": dialect.header,
            "comment": "", "new_line": "\\n", "encoding": "utf-8", "strict_mode": True, "null_padding": False,
            "sample_size": -1, "max_line_size": max(2_097_152, found.longest + 16),
        }  # fmt: skip
        values = {key: value for key, value in options.items() if key in _VALUES}
        read = f"read_csv({literal(str(copy))}{_arguments(pinned | values)}"
        self._run(f'CREATE TABLE "{table}" AS FROM {read})', name)
        if not _TYPES & set(options):
            self._keep_dates_as_text(table, name, read)
        rows = self._count(f'"{table}"', name)
        if rows != found.whole and not (options.get("ignore_errors") and rows < found.whole):
            raise BadMapping(f"{name}: {found.whole} rows are whole, the reader finds {rows}; check quote and escape.")
        return found.whole - rows

    def _keep_dates_as_text(self, table: str, name: str, read: str) -> None:
        """Read instants anew as text where some lack a time: midnight would stand for a day that may not be over."""
        columns = self._run(f'DESCRIBE "{table}"', name).fetchall()
        places = [i for i, column in enumerate(columns) if column[1].startswith("TIMESTAMP")]
        if not places:
            return
        (texts,) = self._run(
            f"FROM {read}, all_varchar = true) AS t SELECT "
            + ", ".join(f"bool_or(length(trim(t.{duck.name(columns[i][0])})) <= 10)" for i in places),
            name,
        ).fetchall()
        mixed = {columns[i][0]: "VARCHAR" for i, short in zip(places, texts, strict=True) if short}
        if mixed:
            self._run(f'CREATE OR REPLACE TABLE "{table}" AS FROM {read}, types = {literal(mixed)})', name)

    def _count(self, of: str, name: str) -> int:
        ((rows,),) = self._run(f"FROM {of} SELECT count(*)", name).fetchall()
        return int(rows)

    def _run(self, sql: str, name: str) -> duckdb.DuckDBPyConnection:
        try:
            return self.database.execute(sql)
        except duckdb.Error as error:
            raise BadMapping(f"{name} cannot be read: {duck.told(error)}") from error


def _dialect(options: Mapping[str, Any], name: str) -> Dialect:
    given = {key: value for key, value in options.items() if value is not None}
    compression = str(given.get("compression", "auto")).casefold()
    if compression not in ("auto", "auto_detect", "gzip" if name.endswith(".gz") else "none"):
        raise BadMapping(f"{name}: compression {compression[:20]!r} cannot be read; unpack the file.")
    quote = str(given.get("quote", '"'))
    delim = given.get("delim", given.get("sep"))
    if len(quote) > 1 or len(str(given.get("escape", ""))) > 1 or delim == "":
        raise BadMapping(f"{name}: quote and escape are one character or none, a delimiter is at least one.")
    header, skip = given.get("header"), given.get("skip", 0)
    if not isinstance(header, bool | None) or not isinstance(skip, int):
        raise BadMapping(f"{name}: header is true or false, and skip a number of lines.")
    return Dialect(
        delim=None if delim is None else str(delim).replace("\\t", "\t"),
        quote=quote,
        escape=str(given.get("escape") or quote),
        header=header,
        skip=skip,
        comment=str(given.get("comment", "")),
        encoding=str(given.get("encoding", "utf-8")),
        names=tuple(name for key in ("columns", "names", "column_names") for name in given.get(key, ())),
    )


def _refuse_width(name: str, found: Scan, options: Mapping[str, Any]) -> None:
    for key in ("columns", "names", "column_names"):
        named = len(options.get(key) or ())
        if named > found.width or (key == "columns" and 0 < named < found.width):
            raise BadMapping(f"{name}: {key} gives {named} columns, and its rows have {found.width}; name as many.")


def _refuse_unknown(options: Mapping[str, Any], known: frozenset[str], reader: str) -> None:
    for key in options:
        if key not in known:
            raise BadMapping(f"{reader}() takes no option {key[:40]!r} here; leave it out.")


def _arguments(options: Mapping[str, Any]) -> str:
    return "".join(f", {key} = {literal(value)}" for key, value in options.items())
