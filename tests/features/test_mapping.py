"""A mapping is one SELECT per table over files of DATA: what else it may try, what its errors say, what is counted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from features.duck import BadMapping
from features.files import Files
from features.statement import PARQUET, FileRead

Run = Callable[..., dict[str, Any]]
ReadWhole = Callable[[Path, Path | None], dict[str, Any]]

CASES = "SELECT id AS case_id, made AS opened_at FROM 'x.csv'"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one CSV and one Parquet file of three rows each."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "x.csv").write_text(
        "id,made,n\na,2025-01-01 10:00:00,1\nb,2025-01-02 10:00:00,x\nc,2025-01-03 10:00:00,\n"
    )
    pq.write_table(pa.table({"id": ["a", "b", "c"], "n": [1, 2, 3]}), folder / "y.parquet")
    return folder


@pytest.fixture
def run(data: Path, tmp_path: Path, read_whole: ReadWhole) -> Run:
    """Run a mapping given as SQL by table."""

    def run_it(**sql: str) -> dict[str, Any]:
        folder = tmp_path / "mapping"
        folder.mkdir()
        for name, text in sql.items():
            (folder / f"{name}.sql").write_text(text)
        return read_whole(data, folder)

    return run_it


@pytest.mark.parametrize(
    "sql",
    [
        "COPY (SELECT 1) TO 'out.csv'",
        "ATTACH 'other.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "PRAGMA version",
        "SET enable_external_access = true",
        "CREATE TABLE t AS SELECT 1",
        "EXPORT DATABASE 'out'",
        "SELECT 1; SELECT 2",
        "SELECT 1; COPY (SELECT 1) TO 'out.csv'",
        "",
        "-- nothing",
        "WITH w AS (INSERT INTO t VALUES (1) RETURNING *) FROM w",
        "FROM read_text('/etc/passwd')",
        "FROM read_blob('x.csv')",
        "FROM glob('/etc/*')",
        "FROM sniff_csv('x.csv')",
        "FROM read_json('x.csv')",
        "FROM '/etc/passwd'",
        "FROM '/etc/passwd.csv'",
        "FROM '../secret.csv'",
        "FROM 'a/../../secret.csv'",
        "FROM '~/secret.csv'",
        "FROM read_csv('/etc/passwd', delim = ':')",
        "FROM read_csv(['x.csv', '../secret.csv'])",
        "FROM 'https://example.org/x.parquet'",
        "FROM read_parquet('s3://bucket/x.parquet')",
        "FROM query('FROM read_text(''/etc/passwd'')')",
        "FROM query_table('x.csv')",
        "FROM duckdb_settings()",
        "FROM information_schema.tables",
        'FROM "source 1"',
        "FROM (DESCRIBE FROM 'x.csv')",
        "SUMMARIZE 'x.csv'",
        "SELECT (SELECT content FROM read_text('/etc/passwd')) AS case_id, now() AS opened_at FROM 'x.csv'",
        "SELECT $1 AS case_id FROM 'x.csv'",
        "FROM read_csv((SELECT 'x.csv'))",
        "FROM raw",
    ],
)
def test_nothing_but_one_select_over_files_of_data_can_run(run: Run, sql: str) -> None:
    raw = pa.table({"case_id": ["seen"]})  # a Python name is no table either
    with pytest.raises(BadMapping, match=r"^cases\.sql"):
        run(cases=sql)
    assert raw.num_rows == 1


def test_a_file_beside_those_named_stays_shut_even_to_duckdb(data: Path, tmp_path: Path) -> None:
    files = Files(data, tmp_path / "scratch")
    pq.write_table(pa.table({"id": [1]}), data / "z.parquet")
    files.bring(FileRead({}, PARQUET, ("y.parquet",)))
    files.lock()
    for sql in (
        f"FROM '{data}/z.parquet'", "FROM read_text('/etc/passwd')", f"COPY (SELECT 1) TO '{data}/o.csv'",
        f"ATTACH '{data}/o.db'", "SET enable_external_access = true", "INSTALL httpfs", "LOAD httpfs",
    ):  # fmt: skip
        with pytest.raises(duckdb.Error):
            files.database.execute(sql)
    assert files.database.execute('FROM "source 1" SELECT count(*)').fetchall() == [(3,)]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT\n  id AS case_id,\n  nope AS opened_at\nFROM 'x.csv'", r'cases\.sql, line 3: .*"nope" not found'),
        ("SELECT id AS case_id,\n made AS\nFROM\n 'x.csv' WHERE (", r"cases\.sql, line 4: .*syntax error"),
        (
            "SELECT id AS case_id, made AS opened_at\nFROM 'gone.csv'",
            r"cases\.sql, line 2: DATA has no file 'gone\.csv'",
        ),
        (
            "SELECT id AS case_id FROM 'x.csv'",
            r"cases\.sql: cases needs the column opened_at: when the claim was opened",
        ),
        (CASES.replace("id AS", "id AS opend_at, id AS"), r"no column 'opend_at'; did you mean opened_at\?"),
        (CASES.replace("id AS", "made::TIMESTAMP AS attr_when, id AS"), "attr_when must hold text or numbers"),
        (CASES.replace("id AS", "id AS case_id, id AS"), "duplicate column name"),
        (CASES.replace("FROM 'x.csv'", "FROM orders"), "FROM orders is neither a CSV or Parquet file of DATA nor"),
    ],
)
def test_an_error_says_file_line_column_and_what_to_do(run: Run, sql: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        run(cases=sql)


def test_an_error_never_says_a_value(run: Run) -> None:
    with pytest.raises(BadMapping, match=r"cases\.sql: .*Could not convert string") as caught:
        run(cases="SELECT id::INT AS case_id, made AS opened_at FROM 'x.csv'")
    assert "'a'" not in str(caught.value)


def test_there_is_no_other_table(run: Run) -> None:
    with pytest.raises(BadMapping, match=r"complaints\.sql: there is no table 'complaints'; the tables are cases"):
        run(cases=CASES, complaints="SELECT 1")


def test_a_mapping_needs_cases(run: Run) -> None:
    with pytest.raises(BadMapping, match=r"no cases\.sql"):
        run(rulings="SELECT 1")


def test_two_files_for_one_table_are_refused(data: Path, read_whole: ReadWhole) -> None:
    (data / "cases.csv").write_text("case_id,opened_at\n")
    pq.write_table(pa.table({"case_id": ["a"]}), data / "cases.parquet")
    with pytest.raises(BadMapping, match=r"cases\.parquet and cases\.csv; keep one"):
        read_whole(data, None)


@pytest.mark.parametrize("name", ["nowhere", "x.csv"])
def test_data_is_a_folder(data: Path, name: str, read_whole: ReadWhole) -> None:
    with pytest.raises(BadMapping, match="there is no folder"):
        read_whole(data / name, None)


def test_a_damaged_parquet_file_is_named(data: Path, read_whole: ReadWhole) -> None:
    (data / "cases.parquet").write_bytes(b"PAR1 not really PAR1")
    with pytest.raises(BadMapping, match=r"cases\.parquet cannot be read"):
        read_whole(data, None)


ROW = "case_id, TIMESTAMP '2025-01-01' AS opened_at"


@pytest.mark.parametrize(
    ("sql", "rows_in", "not_taken"),
    [
        ("SELECT id AS ROW FROM 'x.csv'", 3, 0),
        ("SELECT id AS ROW FROM 'y.parquet' WHERE n > 1", 2, 1),
        ("SELECT id AS ROW FROM read_parquet('y.parquet') AS t LIMIT 1", 1, 2),
        ("WITH w AS (FROM 'x.csv') SELECT id AS ROW FROM w", 3, 0),
        ("SELECT id AS ROW FROM (SELECT * FROM 'x.csv' WHERE n IS NOT NULL)", 2, 1),
        ("SELECT id AS ROW FROM 'y.parquet' QUALIFY row_number() OVER (ORDER BY n) = 1", 1, 2),
        ("SELECT repeat(id, 2) AS ROW FROM 'x.csv'", 3, 0),
        ("SELECT x.id AS ROW FROM 'x.csv' AS x JOIN 'y.parquet' AS y ON x.id = y.id", 3, None),
        ("SELECT x.id AS ROW FROM 'x.csv' AS x, 'x.csv' AS y WHERE x.id = y.id", 3, None),
        ("SELECT id AS ROW FROM 'x.csv' GROUP BY id", 3, None),
        ("SELECT max(id) AS ROW FROM 'x.csv'", 1, None),
        ("SELECT DISTINCT id AS ROW FROM 'x.csv'", 3, None),
        ("SELECT unnest([id, id || '2']) AS ROW FROM 'x.csv'", 6, None),
        ("SELECT u AS ROW FROM 'x.csv', unnest([id, id || '2']) AS t(u)", 6, None),
        ("SELECT id AS ROW FROM 'x.csv' UNION ALL SELECT id, TIMESTAMP '2025-01-01' FROM 'y.parquet'", 6, None),
        ("SELECT id AS ROW FROM 'x.csv' WHERE id IN (SELECT id FROM 'y.parquet')", 3, None),
        ("SELECT id AS ROW FROM 'x.csv' UNION BY NAME SELECT id AS ROW FROM 'x.csv'", 3, None),
        ("SELECT 'a' AS ROW", 1, None),
    ],
)
def test_what_was_not_taken_is_counted_where_a_row_stays_a_row(
    run: Run, sql: str, rows_in: int, not_taken: int | None
) -> None:
    found = run(cases=sql.replace("ROW", ROW))["cases"]
    assert (found.table.num_rows, found.not_taken) == (rows_in, not_taken)


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELECT id AS case_id, made AS opened_at,\n try_cast(n AS INT) AS attr_n FROM 'x.csv'",
         "cases.sql, line 2: TRY_CAST made 1 value null"),
        ("SELECT id AS case_id, made AS opened_at, try_cast(n AS INT) AS attr_n FROM 'x.csv' WHERE id = 'a'", None),
        ("WITH w AS (SELECT *, try_cast(n AS INT) AS m FROM 'x.csv') SELECT id AS case_id, made AS opened_at FROM w",
         "cases.sql, line 1: TRY_CAST made 1 value null"),
        ("SELECT id AS case_id, max(made) AS opened_at, sum(try_cast(n AS INT)) AS attr_n FROM 'x.csv' GROUP BY id",
         "cases.sql, line 1: TRY_CAST made 1 value null"),
        ("SELECT id AS case_id, made AS opened_at FROM 'x.csv' WHERE try_cast(n AS INT) IS NULL",
         "cases.sql, line 1: TRY_CAST made 1 value null"),
        ("SELECT id AS case_id, max(made) AS opened_at, try_cast(max(n) AS INT) AS attr_n FROM 'x.csv' GROUP BY id",
         "cases.sql, line 1: how many values TRY_CAST made null could not be counted here"),
    ],
)  # fmt: skip
def test_values_that_try_cast_lost_are_counted(run: Run, sql: str, said: str | None) -> None:
    assert list(run(cases=sql)["cases"].notes) == ([said] if said else [])


def test_a_with_hides_a_file_of_its_name_and_aliases_are_as_duckdb_has_them(run: Run) -> None:
    sql = "WITH w AS (SELECT x.id FROM 'x.csv') SELECT w.id AS case_id, TIMESTAMP '2025-01-01' AS opened_at FROM w"
    assert run(cases=sql)["cases"].table.column("case_id").to_pylist() == ["a", "b", "c"]


def test_many_files_read_as_one_are_counted_each(run: Run, data: Path) -> None:
    (data / "parts").mkdir()
    for part in ("1", "2"):
        (data / "parts" / f"{part}.csv").write_text(f"id,made\n{part}a,2025-01-01\n{part}b,2025-01-01,broken\n")
    found = run(cases="SELECT id AS case_id, made AS opened_at FROM 'parts/*.csv'")["cases"]
    assert found.table.column("case_id").to_pylist() == ["1a", "2a"]
    assert found.source_rows == {"parts/1.csv": 2, "parts/2.csv": 2}


def test_a_statement_is_parsed_not_searched(run: Run) -> None:
    text = "'FROM ''/etc/passwd'' JOIN' AS attr_x, /* ; COPY */ id AS"
    found = run(cases=CASES.replace("id AS", text) + " -- GROUP BY")["cases"]
    assert found.source_rows == {"x.csv": 3}
    assert found.not_taken == 0
