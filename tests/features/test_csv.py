"""CSV files that tempt a reader to keep broken lines: none is kept, each is counted and named, whatever it is told."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.data import read_data
from features.duck import BadMapping
from features.files import Files
from features.statement import CSV, FileRead

Read = Callable[..., Any]

SELECT = """
    SELECT (row_number() OVER ())::VARCHAR AS case_id, TIMESTAMP '2025-01-01' AS opened_at, columns(t.*) AS "attr_\\0"
    FROM READ AS t
"""
LENIENT = (
    "ignore_errors = true",
    "null_padding = true",
    "strict_mode = false",
    "store_rejects = true",
    "all_varchar = true",
    "auto_detect = true",
    "parallel = false",
    "strict_mode = false, null_padding = true, ignore_errors = true",
    "strict_mode = false, null_padding = true, all_varchar = true, sample_size = 1, files_to_sniff = 1",
    "null_padding = true, names = ['a', 'b', 'c']",
    "ignore_errors = true, columns = {'a': 'VARCHAR', 'b': 'VARCHAR', 'c': 'VARCHAR'}",
    "rejects_table = 'r', rejects_scan = 's', rejects_limit = 1, store_rejects = true",
)


@pytest.fixture
def read(tmp_path: Path, read_whole: Callable[[Path, Path | None], dict[str, Any]]) -> Read:
    """Write a file and read it through a mapping that takes all its columns as attributes of a case."""

    def read_it(text: str | bytes, options: str = "", *, name: str = "x.csv") -> Any:
        data, mapping = tmp_path / "data", tmp_path / "mapping"
        data.mkdir(exist_ok=True)
        mapping.mkdir(exist_ok=True)
        (data / name).write_bytes(text.encode() if isinstance(text, str) else text)
        call = f"read_csv('{name}'{', ' + options if options else ''})"
        (mapping / "cases.sql").write_text(SELECT.replace("READ", call))
        return read_whole(data, mapping)["cases"]

    return read_it


def rows(raw: Any) -> list[list[object]]:
    """The values of the file's own columns, row by row."""
    own = [name for name in raw.table.column_names if name.startswith("attr_")]
    return [list(row.values()) for row in raw.table.select(own).to_pylist()]


@pytest.mark.parametrize("options", LENIENT)
def test_a_line_with_too_many_fields_is_named_and_not_kept(read: Read, options: str) -> None:
    text = "a1;b1;c1\na2;b2;c2\n" + 'x;"y;z";w\n' + "a4;b4;c4\n"
    raw = read(text, f"delim = ';', quote = '', header = false, {options}")
    assert [row[0] for row in rows(raw)] == ["a1", "a2", "a4"]
    assert raw.source_rows == {"x.csv": 4}
    assert raw.not_taken == 1
    assert "1 line left out that cannot be cut into 3 fields: line 3" in raw.notes[0]


@pytest.mark.parametrize("options", LENIENT)
def test_a_line_with_too_few_fields_is_named_and_not_kept(read: Read, options: str) -> None:
    raw = read("p;q;r\na1;b1;c1\na2;b2\na3;b3;c3\n", f"delim = ';', header = true, {options}")
    assert [row[0] for row in rows(raw)] == ["a1", "a3"]
    assert raw.source_rows == {"x.csv": 3}
    assert "line 3" in raw.notes[0]


def test_more_names_than_fields_do_not_widen_a_row(read: Read) -> None:
    with pytest.raises(BadMapping, match="names gives 4 columns, and its rows have 3"):
        read("a;b;c\nd;e;f\nx;y;z;w\n", "delim = ';', null_padding = true, names = ['a', 'b', 'c', 'd']")


def test_text_after_a_closing_quote_breaks_a_line(read: Read) -> None:
    raw = read('p,q\n1,"a"b\n2,c\n3,d\n', "strict_mode = false, ignore_errors = true")
    assert [row[0] for row in rows(raw)] == [2, 3]
    assert "line 2" in raw.notes[0]


def test_a_quote_that_never_closes_takes_no_line_with_it_unsaid(read: Read) -> None:
    text = "p,q\n" + "".join(f"{i},x\n" for i in range(9)) + '9,"x\n10,x\n11,x\n'
    raw = read(text, "strict_mode = false, ignore_errors = true, null_padding = true")
    assert raw.table.num_rows == 9
    assert raw.source_rows == {"x.csv": 12}
    assert "11 to 13" in raw.notes[0]


def test_a_stray_quote_that_swallows_whole_rows_is_broken(read: Read) -> None:
    text = "p,q,r\n" + "".join(f"{i},x,y\n" for i in range(9)) + '9,x,"y\n10,x,y\n11,x,y"\n12,x,y\n'
    raw = read(text)
    assert [row[0] for row in rows(raw)] == [*range(9), 12]
    assert "11 to 13" in raw.notes[0]


def test_a_quoted_line_break_is_one_row_and_said(read: Read) -> None:
    raw = read('p,q\n1,"two\n\nlines"\n2,one\n')
    assert rows(raw) == [[1, "two\n\nlines"], [2, "one"]]
    assert raw.source_rows == {"x.csv": 2}
    assert "1 row on several lines" in raw.notes[0]


def test_a_preamble_and_comments_count_as_rows_not_taken(read: Read) -> None:
    raw = read("export of today\np,q\n1,x\n#2,y\n3,z\n", "skip = 1, comment = '#', header = true")
    assert rows(raw) == [[1, "x"], [3, "z"]]
    assert raw.source_rows == {"x.csv": 4}
    assert raw.not_taken == 2


@pytest.mark.parametrize("text", ["1;2\r\n3;4\r\n", "1;2\n\n3;4\n\n", "\ufeff1;2\n3;4", "1;2\n3;4\n"])
def test_line_ends_and_blank_lines_make_no_rows(read: Read, text: str) -> None:
    assert rows(read(text, "delim = ';', header = false")) == [[1, 2], [3, 4]]


def test_a_stray_carriage_return_a_zero_byte_and_foreign_bytes_break_their_lines(read: Read) -> None:
    raw = read(b"p,q\n1,a\n2,b\rc\n3,d\x00\n4,\xe9\n5,e\n6,f\n7,g\n", "ignore_errors = true")
    assert [row[0] for row in rows(raw)] == [1, 5, 6, 7]
    assert "line 3, 4, 5" in raw.notes[0]


def test_another_encoding_is_read_where_it_is_named(read: Read) -> None:
    raw = read("p,q\n1,é\n".encode("latin-1"), "encoding = 'latin-1'")
    assert rows(raw) == [[1, "é"]]


def test_a_packed_file_is_read(read: Read) -> None:
    assert rows(read(gzip.compress(b"p,q\n1,a\n"), name="x.csv.gz")) == [[1, "a"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("p;q\n1;2;3\n4;5;6\n7;8;9\n", "3 of 3 lines do not have the 2 fields of the header"),
        ('"p,q\n1,2\n', "its header cannot be cut"),
    ],
)
def test_a_file_that_cannot_be_cut_is_refused(read: Read, text: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        read(text)


def test_a_first_row_of_numbers_is_no_header(read: Read) -> None:
    raw = read("1,x\n2,y\n")
    assert raw.source_rows == {"x.csv": 2}
    assert len(rows(raw)) == 2


@pytest.mark.parametrize(("first", "rows_in"), [("P,Q", 1), ("1,x", 2), ("a,b", 2)])
def test_where_names_are_given_a_first_row_is_a_header_only_if_it_says_the_same(
    read: Read, first: str, rows_in: int
) -> None:
    raw = read(f"{first}\n2,y\n", "columns = {'p': 'VARCHAR', 'q': 'VARCHAR'}")
    assert raw.table.num_rows == rows_in
    assert raw.not_taken == 0


def test_the_first_row_tells_the_delimiter(read: Read) -> None:
    assert rows(read("p|q\n1|a,b\n")) == [[1, "a,b"]]


def test_codes_with_leading_zeros_stay_text(read: Read) -> None:
    text = "p,q\n" + "".join(f"{i},{i:02d}\n" for i in range(30_000))
    raw = read(text, "sample_size = 1")
    assert pa.types.is_string(raw.table.schema.field("attr_q").type)


def test_a_date_among_instants_is_not_taken_for_midnight(read: Read) -> None:
    raw = read("p,q\n2025-01-01 10:00:00,1\n2025-01-02,2\n")
    assert rows(raw) == [["2025-01-01 10:00:00", 1], ["2025-01-02", 2]]


def test_rows_skipped_for_their_type_are_told(read: Read) -> None:
    raw = read("p,q\n1,a\nx,b\n", "ignore_errors = true, types = {'p': 'INTEGER'}, header = true")
    assert rows(raw) == [[1, "a"]]
    assert raw.not_taken == 1
    assert "1 row skipped for a value of another type" in raw.notes[0]


def test_a_value_of_another_type_is_refused_without_saying_it(read: Read) -> None:
    with pytest.raises(BadMapping, match="column p holds a value") as caught:
        read("p,q\n1,a\nsecret,b\n", "types = {'p': 'INTEGER'}, header = true")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("filename = true", "takes no option 'filename'"),
        ("header = 'no'", "header is true or false"),
        ("skip = 'two'", "skip a number of lines"),
        ("quote = 'qq'", "quote and escape are one character"),
        ("compression = 'zstd'", "compression 'zstd' cannot be read; unpack"),
        ("encoding = 'klingon'", "cannot be read as klingon text"),
        ("delim = (SELECT ',')", "must be a constant"),
    ],
)
def test_an_option_that_is_not_understood_is_refused(read: Read, option: str, said: str) -> None:
    with pytest.raises(BadMapping, match=said):
        read("p,q\n1,a\n", option)


def test_plain_files_in_contract_names_are_held_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "cases.csv").write_text(
        "case_id,opened_at,attr_n\n01,2025-01-01,1\n02,2025-01-01,2,3\n1,2025-01-01,4\n"
    )
    checked = read_data(tmp_path)
    assert checked.tables["cases"].column("case_id").to_pylist() == ["01", "1"]
    assert checked.tables["cases"].column("attr_n").to_pylist() == [1.0, 4.0]
    assert (checked.ledger.tables["cases"].source_rows, checked.ledger.tables["cases"].not_taken) == (
        {"cases.csv": 3},
        1,
    )


def cut(text: str, delim: str, quote: str) -> Iterator[tuple[int, list[str] | None]]:
    """An oracle, letter by letter: each row's lines and fields, None where it is broken."""
    at, n = 0, len(text)
    while at < n:
        start, fields, broken = at, [], False
        while True:
            bare = at
            while bare < n and text[bare] == " ":
                bare += 1
            if quote and bare < n and text[bare] == quote:
                at, value = bare + 1, ""
                while at < n and (text[at] != quote or text[at + 1 : at + 2] == quote):
                    step = 2 if text[at] == quote else 1
                    value += text[at]
                    at += step
                broken |= at >= n
                at += 1
                while at < n and text[at] == " ":
                    at += 1
                if at < n and text[at] not in (delim, "\n"):  # a row that is broken ends with its line
                    broken, at = True, (text + "\n").index("\n", at)
            else:
                end = at
                while end < n and text[end] not in (delim, "\n"):
                    end += 1
                value, at = text[at:end], end
            fields.append(value)
            if at >= n or text[at] == "\n":
                break
            at += 1
        at += 1
        lines = text[start:at].removesuffix("\n")
        if lines:
            yield lines.count("\n") + 1, None if broken else fields


def test_what_is_kept_is_what_stands_in_the_file(tmp_path: Path) -> None:
    """After some whole rows any text: each row read is a row of the oracle, value for value and in order."""

    @given(
        text=st.lists(st.sampled_from(["a", ";", ';"', '";', '"', '""', "\n", "\n", " "]), max_size=60).map("".join),
        quote=st.sampled_from(['"', ""]),
    )
    @settings(max_examples=200, deadline=None)
    def holds(text: str, quote: str) -> None:
        text, name = "k;l\nm;n\no;p\n" * 9 + text, f"{len(list(files.data.iterdir()))}.csv"
        (files.data / name).write_bytes(text.encode())
        found = list(cut(text, ";", quote))
        whole = [[value or None for value in fields] for _, fields in found if fields and len(fields) == 2]
        rows = sum(1 if fields and len(fields) == 2 else lines for lines, fields in found)
        if rows > 2 * len(whole):
            return  # refused whole, as another test shows
        lenient = {"ignore_errors": True, "null_padding": True, "strict_mode": False, "all_varchar": True}
        options = {"delim": ";", "quote": quote, "header": False, **lenient}
        source = files.bring(FileRead({}, CSV, (name,), options))
        assert [list(row) for row in files.database.execute(f'FROM "{source.table}"').fetchall()] == whole
        assert source.rows == {name: rows}

    (tmp_path / "data").mkdir()
    files = Files(tmp_path / "data", tmp_path)
    with files.database:
        holds()
