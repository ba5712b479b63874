"""A showcase holds a clear case, a contested one and one that names nobody, where there are such."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from serving.showcase import showcase


def scored(tmp_path: Path, *rows: tuple[str, str | None, float]) -> Path:
    names = ("case_id", "liable", "confidence")
    table = pa.table({name: [row[i] for row in rows] for i, name in enumerate(names)})
    pq.write_table(table, tmp_path / "scores.parquet")
    return tmp_path / "scores.parquet"


def test_the_surest_the_least_sure_and_the_least_sure_unnamed_are_shown(tmp_path: Path) -> None:
    rows = [("a", "seller", 0.8), ("b", "buyer", 0.95), ("c", None, 0.7), ("d", None, 0.4)]
    found = showcase(scored(tmp_path, *rows))
    assert found == {"clear": "b", "contested": "a", "nobody is named": "d"}


def test_what_no_case_shows_is_left_out(tmp_path: Path) -> None:
    assert showcase(scored(tmp_path, ("a", "seller", 0.8))) == {"clear": "a"}
