"""A file of rows that people open: Parquet or CSV by its extension, there whole or not at all.

Rows go to a hidden file beside it, which takes the file's name when the last row is written. In CSV a text that
a spreadsheet would take for a formula gets an apostrophe before it; numbers stay as they are.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from features.errors import TriageError

KINDS: Final = (".parquet", ".csv")
_FORMULA: Final = r"^[=+\-@\t\r\n]"


class CannotWrite(TriageError):
    """The file that was asked for cannot be written."""


class _Writer(Protocol):
    def write_batch(self, batch: pa.RecordBatch) -> None: ...
    def close(self) -> None: ...


Write = Callable[[pa.RecordBatch], None]


def require_writable(path: Path, kinds: Sequence[str] = KINDS) -> None:
    """Raise CannotWrite where no such file could be written: better said before the work than after it."""
    if path.suffix not in kinds:
        raise CannotWrite(f"{path} ends neither in {' nor in '.join(kinds)}; name it after what it is to be.")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise CannotWrite(f"{path} cannot be written: it is a folder, or its folder is not there; make the folder.")


@contextmanager
def whole_file(path: Path, schema: pa.Schema) -> Iterator[Write]:
    """Write batches of rows of this schema; the file appears when all went well, and not otherwise."""
    require_writable(path)
    with whole(path) as new:
        writer, write = _open(new, path.suffix, schema)
        try:
            yield write
        finally:
            writer.close()


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """An empty file beside this one to be written to, which takes its name when all went well, and not otherwise."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.absolute().parent)
    os.close(handle)
    new = Path(name)
    try:
        yield new
        with new.open("rb") as written:
            os.fsync(written.fileno())
        new.chmod(0o644)
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _open(new: Path, suffix: str, schema: pa.Schema) -> tuple[_Writer, Write]:
    if suffix == ".parquet":
        parquet = pq.ParquetWriter(new, schema)
        return parquet, parquet.write_batch
    text = [(f.name, pa.string() if pa.types.is_timestamp(f.type) else f.type) for f in schema]
    csv = pa_csv.CSVWriter(new, pa.schema(text))

    def write(batch: pa.RecordBatch) -> None:
        columns = [_safe(column) for column in batch.columns]
        csv.write_batch(pa.RecordBatch.from_arrays(columns, schema=pa.schema(text)))

    return csv, write


def _safe(values: pa.Array) -> pa.Array:
    if pa.types.is_timestamp(values.type):
        return pc.strftime(values, format="%Y-%m-%dT%H:%M:%SZ")
    if not pa.types.is_string(values.type):
        return values
    return pc.if_else(pc.match_substring_regex(values, _FORMULA), pc.binary_join_element_wise("'", values, ""), values)
