"""Files of a history brought into a database that can read nothing else: Parquet as it is, CSV row by whole row."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import duckdb

from features.csv_lines import BadFile, Dialect, Scan, scan
from features.statement import told

_DIALECT: Final = frozenset(
    {"delim", "sep", "quote", "escape", "header", "skip", "comment", "encoding", "compression", "new_line"}
)
_VALUES: Final = frozenset(
    {
        "names", "column_names", "columns", "types", "dtypes", "column_types", "all_varchar", "nullstr", "null", "na",
        "dateformat", "date_format", "timestampformat", "timestamp_format", "decimal_separator", "thousands",
        "force_not_null", "allow_quoted_nulls", "normalize_names", "auto_type_candidates", "ignore_errors",
    }
)  # fmt: skip
_WITHOUT_EFFECT: Final = frozenset(
    {
        "null_padding", "strict_mode", "store_rejects", "rejects_table", "rejects_scan", "rejects_limit", "parallel",
        "buffer_size", "max_line_size", "maximum_line_size", "sample_size", "auto_detect", "files_to_sniff",
    }
)  # fmt: skip
"""Options that tell a reader to keep what is not whole, or how to guess; there is nothing left to guess here."""
_PARQUET: Final = frozenset({"binary_as_string", "union_by_name"})


@dataclass(frozen=True, slots=True)
class Source:
    """A file, or several read as one, as a table of the database, and how many rows each has as it stands."""

    table: str
    rows: dict[str, int]
    notes: tuple[str, ...] = ()


class Files:
    """The files of one DATA folder, brought into one database; afterwards it can open nothing else."""

    def __init__(self, data: Path, copies: Path) -> None:
        self._data, self._copies = data, copies
        self._sources: dict[str, Source] = {}
        self._allowed: list[str] = []
        self.database = duckdb.connect()
        for name, value in (
            ("python_enable_replacements", False), ("autoinstall_known_extensions", False),
            ("autoload_known_extensions", False), ("allow_community_extensions", False),
            ("TimeZone", "UTC"), ("errors_as_json", True), ("temp_directory", str(copies)),
        ):  # fmt: skip
            self.database.execute(f"SET {name} = {literal(value)}")

    def lock(self) -> None:
        """Close the door: from here on no file but those already brought in, no network, no change of settings."""
        self.database.execute(f"SET allowed_paths = {literal(self._allowed)}")
        self.database.execute("SET enable_external_access = false")
        self.database.execute("SET lock_configuration = true")

    def bring(self, kind: str, paths: tuple[str, ...], options: Mapping[str, Any]) -> Source:
        """The files of these names, relative to DATA, as one table.

        Raises
        ------
        BadFile
            Where a name leads out of DATA or nowhere, an option is unknown, or a file cannot be read like that.
        """
        key = repr((kind, paths, sorted(options.items())))
        if key not in self._sources:
            table = f"source {len(self._sources) + 1}"
            names = [name for path in paths for name in self._names(path)]
            bring = self._csv if kind == "csv" else self._parquet
            self._sources[key] = bring(table, names, options)
        return self._sources[key]

    def _names(self, written: str) -> Iterator[str]:
        pure = PurePosixPath(written)
        if "://" in written or pure.is_absolute() or ".." in pure.parts or "~" in pure.parts:
            raise BadFile(f"{written[:80]!r} leads out of DATA; name files relative to DATA.")
        found = sorted(self._data.glob(written)) if any(c in written for c in "*?[") else [self._data / written]
        files = [path for path in found if path.is_file()]
        if not files:
            raise BadFile(f"DATA has no file {written[:80]!r}; check the name, it is relative to DATA.")
        yield from (path.relative_to(self._data).as_posix() for path in files)

    def _parquet(self, table: str, names: list[str], options: Mapping[str, Any]) -> Source:
        _refuse_unknown(options, _PARQUET, "read_parquet")
        rows = {}
        for name in names:
            path = str((self._data / name).absolute())
            rows[name] = self._count(f"read_parquet({literal(path)})", name)
            self._allowed.append(path)
        files = literal([str((self._data / name).absolute()) for name in names])
        self._run(f'CREATE VIEW "{table}" AS FROM read_parquet({files}{_arguments(options)})', names[0])
        return Source(table, rows)

    def _csv(self, table: str, names: list[str], options: Mapping[str, Any]) -> Source:
        _refuse_unknown(options, _DIALECT | _VALUES | _WITHOUT_EFFECT, "read_csv")
        rows: dict[str, int] = {}
        notes: list[str] = []
        parts: list[str] = []
        for place, name in enumerate(names):
            copy = self._copies / f"{table} {place}.csv"
            found = scan(self._data / name, name, _dialect(options, self._data / name), copy)
            _refuse_width(name, found, options)
            rows[name] = found.rows
            notes += found.told(name)
            part = f"{table} part {place}"
            self._load(part, name, copy, found, options)
            parts.append(part)
            copy.unlink()
        union = " UNION ALL BY NAME ".join(f'FROM "{part}"' for part in parts)
        self._run(f'CREATE VIEW "{table}" AS {union}', names[0])
        return Source(table, rows, tuple(notes))

    def _load(self, table: str, name: str, copy: Path, found: Scan, options: Mapping[str, Any]) -> None:
        """Read the whole rows of a file; the reader must find exactly as many."""
        dialect = found.dialect
        pinned = {
            "delim": dialect.delim, "quote": dialect.quote, "escape": dialect.escape, "header": dialect.header,
            "comment": "", "new_line": "\\n", "encoding": "utf-8", "strict_mode": True, "null_padding": False,
            "sample_size": -1, "max_line_size": max(2_097_152, found.longest + 16),
        }  # fmt: skip
        values = {key: value for key, value in options.items() if key in _VALUES}
        read = f"read_csv({literal(str(copy))}{_arguments(pinned | values)})"
        self._run(f'CREATE TABLE "{table}" AS FROM {read}', name)
        rows = self._count(f'"{table}"', name)
        if rows != found.whole and not (options.get("ignore_errors") and rows < found.whole):
            raise BadFile(
                f"{name}: {found.whole} rows are whole, and the reader found {rows}; check its quote and escape."
            )

    def _count(self, of: str, name: str) -> int:
        counted = self._run(f"FROM {of} SELECT count(*)", name).fetchone()
        return int(counted[0]) if counted else 0

    def _run(self, sql: str, name: str) -> duckdb.DuckDBPyConnection:
        try:
            return self.database.execute(sql)
        except duckdb.Error as error:
            raise BadFile(f"{name} cannot be read: {told(error)}") from error


def _dialect(options: Mapping[str, Any], path: Path) -> Dialect:
    given = {key: value for key, value in options.items() if value is not None}
    quote = str(given.get("quote", '"'))
    compression = str(given.get("compression", "auto")).casefold()
    if compression not in ("auto", "none", "auto_detect") and not (compression == "gzip" and path.suffix == ".gz"):
        raise BadFile(f"{path.name}: compression {compression[:20]!r} cannot be read; unpack the file.")
    delim = given.get("delim", given.get("sep"))
    headless = "columns" in given or "names" in given or "column_names" in given
    return Dialect(
        delim=None if delim is None else str(delim).replace("\\t", "\t"),
        quote=quote,
        escape=str(given.get("escape") or quote),
        header=bool(given.get("header", not headless)),
        skip=int(given.get("skip", 0)),
        comment=str(given.get("comment", "")),
        encoding=str(given.get("encoding", "utf-8")),
    )


def _refuse_width(name: str, found: Scan, options: Mapping[str, Any]) -> None:
    for key in ("columns", "names", "column_names"):
        named = len(options.get(key) or ())
        if named > found.width or (key == "columns" and 0 < named < found.width):
            raise BadFile(f"{name}: {key} gives {named} columns, and its rows have {found.width}; name as many.")


def _refuse_unknown(options: Mapping[str, Any], known: frozenset[str], reader: str) -> None:
    for key in options:
        if key not in known:
            raise BadFile(f"{reader} takes no option {key[:40]!r} here; leave it out.")


def _arguments(options: Mapping[str, Any]) -> str:
    return "".join(f", {key} = {literal(value)}" for key, value in options.items())


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
