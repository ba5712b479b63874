"""Files that people open: whole or not there, and safe in a spreadsheet."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from serving.sheet import CannotWrite, whole_file

SCHEMA = pa.schema([("text", pa.string()), ("number", pa.float64()), ("at", pa.timestamp("us", tz="UTC"))])
TEXTS = ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "plain", 'with "quotes", comma', "中文", "a=b"]


def batch(texts: list[str]) -> pa.RecordBatch:
    n = len(texts)
    at = pa.array([1_000_000] * n, SCHEMA.field("at").type)
    return pa.RecordBatch.from_arrays([pa.array(texts), pa.array([-0.5] * n), at], schema=SCHEMA)


def test_text_that_a_spreadsheet_would_compute_is_neutralised_and_numbers_are_not(tmp_path: Path) -> None:
    with whole_file(tmp_path / "x.csv", SCHEMA) as write:
        write(batch(TEXTS))
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["text"] for row in rows] == [f"'{t}" if t[0] in "=+-@\t\r" else t for t in TEXTS]
    assert {row["number"] for row in rows} == {"-0.5"}
    assert {row["at"] for row in rows} == {"1970-01-01T00:00:01.000000Z"}


def test_parquet_keeps_every_value_as_it_is(tmp_path: Path) -> None:
    with whole_file(tmp_path / "x.parquet", SCHEMA) as write:
        write(batch(TEXTS))
        write(batch(["more"]))
    assert pq.read_table(tmp_path / "x.parquet").column("text").to_pylist() == [*TEXTS, "more"]


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_a_file_that_breaks_off_is_not_there_and_the_old_one_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old")
    with pytest.raises(AttributeError), whole_file(tmp_path / name, SCHEMA) as write:
        write(None)  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "old"


@pytest.mark.parametrize("name", ["x.xlsx", "x", "no/such/folder.csv", "folder.csv"])
def test_what_cannot_be_written_is_refused_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(CannotWrite), whole_file(tmp_path / name, SCHEMA):
        pytest.fail("it was opened")
