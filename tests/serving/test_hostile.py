"""Whatever a client sends, the service answers with a problem of its own words: no failure, and no input repeated."""

import gzip
import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.reader import FORMS

MARK = "zqxjkv"
"""Stands in every hostile body; no answer may hold it."""

JSON = "application/json"


def case(**changes: Any) -> dict[str, Any]:
    return {"cases": [{"case_id": "C-1", "opened_at": "2026-01-02T03:04:05Z", "seller_id": MARK} | changes]}


def event(event_id: str, case_id: str = "C-1") -> dict[str, Any]:
    happened = {"kind": "delivered", "happened_at": "2026-01-02T03:04:05Z"}
    return {"event_id": event_id, "case_id": case_id, **happened}


def raw(value: str, column: str = "claimed_cents") -> bytes:
    """A case with one value written as it stands."""
    text = json.dumps(case(**{column: "HERE", "buyer_id": MARK}))
    return text.replace('"HERE"', value).encode("utf-8", "surrogatepass")


def dumped(value: Any) -> bytes:
    return json.dumps(value).encode()


GOOD = dumped(case())

NOT_JSON = {
    "empty": b"",
    "blank": b"   ",
    "word": MARK.encode(),
    "half": GOOD[:-4],
    "two": GOOD + GOOD,
    "trailing comma": GOOD[:-1] + b",}",
    "single quotes": GOOD.replace(b'"', b"'"),
    "comment": b"/* " + MARK.encode() + b" */" + GOOD,
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "utf-16": GOOD.decode().encode("utf-16"),
    "utf-16 without mark": GOOD.decode().encode("utf-16-le"),
    "utf-32": GOOD.decode().encode("utf-32"),
    "latin-1": dumped(case()).replace(MARK.encode(), b"\xe9" + MARK.encode()),
    "overlong": GOOD.replace(MARK.encode(), b"\xc0\xaf" + MARK.encode()),
    "raw surrogate": GOOD.replace(MARK.encode(), b"\xed\xa0\x80" + MARK.encode()),
    "gzip": gzip.compress(GOOD),
    "zip": b"PK\x03\x04" + MARK.encode(),
    "pickle": b"\x80\x04\x95" + MARK.encode(),
    "xml": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>' + MARK.encode(),
    "form": b"cases=" + MARK.encode(),
    "control character": raw('"a\x01b"', "seller_id"),
    "NUL bytes": b"\x00" * 100,
    "60,000 brackets": b"[" * 60_000,
    "60,000 braces": b'{"cases":' * 60_000,
    "deep and closed": b"[" * 50_000 + b"]" * 50_000,
    "NaN": raw("NaN"),
    "Infinity": raw("Infinity"),
    "minus Infinity": raw("-Infinity", "attr_x"),
    "5,000 digits": raw("9" * 5_000),
    "leading zero": raw("007"),
    "hexadecimal": raw("0xff"),
    "lone high surrogate": raw('"\\ud800"', "seller_id"),
    "lone low surrogate": raw('"\\udc00x"', "case_id"),
    "surrogate in a name": GOOD.replace(b'"seller_id"', b'"\\udfff"'),
    "surrogate in a table name": GOOD.replace(b'"cases"', b'"\\ud800"'),
    "40,000 names": dumped(case(**{f"{MARK}{i}": 1 for i in range(40_000)})),
    "name twice": GOOD.replace(b'"seller_id"', b'"case_id"'),
    "table twice": GOOD[:-1] + b',"cases":[]}',
}
"""Bodies that are no JSON, or JSON that two readers would read differently."""

NOT_A_CASE = {
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "huge number": b"1e400",
    "text": dumped(MARK),
    "list": dumped([case()]),
    "empty object": b"{}",
    "no rows": dumped({"cases": []}),
    "two cases": dumped({"cases": [case()["cases"][0]] * 2}),
    "rows as object": dumped({"cases": {"0": MARK}}),
    "rows as text": dumped({"cases": MARK}),
    "300,000 rows that are none": dumped(case() | {"events": [1] * 300_000}),
    "row as list": dumped({"cases": [[MARK]]}),
    "unknown table": dumped(case() | {MARK: []}),
    "unknown column": dumped(case(**{MARK: 1})),
    "sql column": dumped(case(**{f"case_id; DROP TABLE {MARK}": 1})),
    "prototype": dumped(case(__proto__={MARK: 1}, constructor=MARK)),
    "dunder": dumped(case(__class__=MARK, model_config=MARK)),
    "1e400": raw("1e400"),
    "minus 1e400": raw("-1e400", "attr_x"),
    "fraction of a cent": raw("12.5"),
    "whole float": raw("12.0"),
    "negative cents": raw("-1"),
    "2**63 cents": raw(str(2**63)),
    "400 digits": raw("9" * 400, "attr_x"),
    "cents as text": raw(f'"{MARK}"'),
    "cents as flag": raw("true"),
    "cents as list": raw("[1]"),
    "id as number": raw("1", "case_id"),
    "id as null": raw("null", "case_id"),
    "id as object": raw('{"$ne":null}', "case_id"),
    "empty id": dumped(case(case_id="")),
    "code of another list": dumped(case(reason=MARK)),
    "instant without offset": dumped(case(opened_at="2026-01-02T03:04:05")),
    "instant as number": dumped(case(opened_at=1767323045)),
    "instant as digits": dumped(case(opened_at="1767323045")),
    "instant in words": dumped(case(opened_at=MARK)),
    "instant of year 0": dumped(case(opened_at="0000-01-01T00:00:00Z")),
    "instant before year 1": dumped(case(opened_at="0001-01-01T00:00:00+14:00")),
    "instant after year 9999": dumped(case(opened_at="9999-12-31T23:59:59-14:00")),
    "instant of a week": dumped(case(opened_at="2026-W01-1T00:00:00Z") | {"as_of": MARK}),
    "instant to come": dumped(case(opened_at="2999-01-01T00:00:00Z")),
    "as_of to come": dumped(case() | {"as_of": "9999-12-31T00:00:00Z"}),
    "as_of before the case": dumped(case() | {"as_of": "0001-01-01T00:00:00Z"}),
    "attribute as list": dumped(case(attr_x=[MARK])),
    "attribute as object": dumped(case(attr_x={MARK: MARK})),
    "attribute as flag": dumped(case(attr_x=True)),
    "attribute with markup": dumped(case(**{f"attr_<script>{MARK}": "x"})),
    "attribute with a long name": dumped(case(**{"attr_" + MARK * 100: "x"})),
    "orphan row": dumped(case() | {"events": [event(MARK, case_id=MARK)]}),
    "row lacking all": dumped(case() | {"events": [{}]}),
    "rulings out of order": dumped(case() | {"rulings": [{"case_id": "C-1", "ruled_at": "2020-01-01T00:00:00Z"}]}),
    "same row twice": dumped(case() | {"orders": [{"order_id": MARK, "placed_at": "2026-01-01T00:00:00Z"}] * 2}),
}  # fmt: skip
"""JSON that is no case of the contract."""

STRANGE = {
    "path as id": dumped(case(case_id=f"../../etc/{MARK}")),
    "path encoded": dumped(case(case_id=f"%2e%2e%2f{MARK}")),
    "windows path": dumped(case(case_id=f"\\\\{MARK}\\c$")),
    "sql as id": dumped(case(case_id=f"' OR 1=1; DROP TABLE cases; -- {MARK}")),
    "markup as id": dumped(case(case_id=f"<script>{MARK}</script>")),
    "template as id": dumped(case(case_id="{0.__class__}" + MARK)),
    "formula as id": dumped(case(case_id=f"=cmd|'/c {MARK}'!A1")),
    "NUL in id": dumped(case(case_id=f"C\x00{MARK}")),
    "line breaks in id": dumped(case(case_id=f"C\r\nX-Injected: {MARK}")),
    "right-to-left id": dumped(case(case_id=f"\u202e{MARK}")),
    "long id": dumped(case(case_id=MARK * 1000)),
    "separator in id": dumped(case(case_id=f"0\x1f{MARK}", order_id=f"\x1f{MARK}")),
    "NUL in text": dumped(case(claim_text=f"\x00{MARK}")),
    "half a megabyte of text": dumped(case(claim_text=MARK * 80_000)),
    "emoji": dumped(case(claim_text="\U0001f4a9" * 1000 + MARK)),
    "all columns null": dumped(case(reason=None, claimed_cents=None, attr_x=None)),
    "far past": dumped(case(opened_at="1700-01-01T00:00:00Z")),
    "huge attribute": raw("1e308", "attr_score"),
    "tiny attribute": raw("1e-320", "attr_score"),
    "minus zero": raw("-0.0", "attr_score"),
    "attribute of another kind": dumped(case(attr_tier=1, attr_score=MARK)),
    "2,000 events": dumped(
        case() | {"events": [event(f"{MARK}{i}") for i in range(2000)]}
    ),
}  # fmt: skip
"""Odd, yet cases: they may be answered or refused."""

CORPUS = NOT_JSON | NOT_A_CASE | STRANGE
PATHS = ("/v1/proposals", "/v1/proposals/batch")


def test_the_corpus_is_as_large_as_it_claims() -> None:
    assert len(CORPUS) >= 112
    assert len(NOT_JSON) + len(NOT_A_CASE) + len(STRANGE) == len(CORPUS)


@pytest.mark.parametrize("name", CORPUS)
@pytest.mark.parametrize("path", PATHS)
def test_no_body_makes_the_service_fail_or_repeat_it(client: TestClient, path: str, name: str) -> None:
    body = CORPUS[name]
    for sent in {
        body,
        b'{"items":[' + body + b"]}",
        b'{"items":[' + GOOD.replace(MARK.encode(), b"s") + b"," + body + b"]}",
    }:
        answer = client.post(path, content=sent, headers={"content-type": JSON})
        assert answer.status_code < 500
        assert MARK not in answer.text + str(answer.headers)
        if answer.status_code != 200:
            assert answer.headers["content-type"] == "application/problem+json"
            assert {"type", "title", "status", "detail"} <= set(answer.json())


@pytest.mark.slow
@pytest.mark.parametrize("name", CORPUS)
@pytest.mark.parametrize("form", FORMS)
def test_no_body_makes_a_statement_fail(client: TestClient, form: str, name: str) -> None:
    query = {"reader": "arbitrator", "form": form}
    answer = client.post("/v1/statements", params=query, content=CORPUS[name], headers={"content-type": JSON})
    assert answer.status_code < 500
    if answer.status_code != 200:
        assert MARK not in answer.text + str(answer.headers)
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_no_strict_json_is_refused(client: TestClient, name: str) -> None:
    for path in PATHS:
        assert client.post(path, content=NOT_JSON[name], headers={"content-type": JSON}).status_code in (400, 422)


@pytest.mark.parametrize("name", NOT_A_CASE)
def test_what_is_no_case_is_refused_alone_and_in_a_batch(client: TestClient, name: str) -> None:
    alone = client.post(PATHS[0], content=NOT_A_CASE[name], headers={"content-type": JSON})
    assert alone.status_code == 422
    batch = client.post(PATHS[1], content=b'{"items":[' + NOT_A_CASE[name] + b"]}", headers={"content-type": JSON})
    assert batch.status_code == 200
    (item,) = batch.json()["items"]
    assert item["problem"]["status"] == 422
    assert item["problem"]["expected"] == alone.json()["expected"]


@pytest.mark.parametrize("name", STRANGE)
def test_an_odd_case_spoils_nothing_for_its_neighbours(client: TestClient, name: str) -> None:
    good = GOOD.replace(MARK.encode(), b"s7").replace(b"}]}", b'}],"as_of":"2026-02-01T00:00:00Z"}')
    alone = client.post(PATHS[0], content=good, headers={"content-type": JSON}).json()
    batch = b'{"items":[' + STRANGE[name] + b"," + good.replace(b"C-1", b"C-2") + b"]}"
    found = client.post(PATHS[1], content=batch, headers={"content-type": JSON}).json()["items"][1]["proposal"]
    assert {**found, "case_id": "C-1"} == alone


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "of",
    ["", "text/plain", "text/json", "application/xml", "multipart/form-data; boundary=x", "application/json-patch+json",
     "application/x-www-form-urlencoded", "application/jsonx", ";", "\xff"],
)  # fmt: skip
def test_a_body_that_does_not_say_it_is_json_is_refused(client: TestClient, path: str, of: str) -> None:
    answer = client.post(path, content=GOOD, headers={"content-type": of.encode("latin-1")})
    assert answer.status_code == 415
    assert MARK not in answer.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("packed", ["gzip", "br", "deflate", "gzip, identity", "x"])
def test_a_compressed_body_is_refused_unread(client: TestClient, path: str, packed: str) -> None:
    headers = {"content-type": JSON, "content-encoding": packed}
    assert client.post(path, content=gzip.compress(GOOD), headers=headers).status_code == 415
    assert client.post(path, content=GOOD, headers=headers).status_code == 415
