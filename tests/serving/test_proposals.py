"""A proposal over HTTP adds up to what it shows, is what a backlog would say, and says what it does not know."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from features.asks import Asks, asks_as_of
from features.build import build
from features.checklist import lacking
from features.tables import Tables
from features.terminal import iso
from features.vocabulary import LIABLE
from models.bundle import Bundle
from models.calibration import Calibration
from models.hearing import told
from models.opinion import opinions
from models.proposal import propose
from models.trees import TreeParams, Trees
from serving.answer import ProposalOut
from serving.asked import Ruling
from serving.desk import Answered, Desk
from serving.words import words

Body = dict[str, Any]
CaseOf = Callable[[int], Body]
MakeCase = Callable[..., Body]
Sent = Callable[[Any], Body]

LATER = "2026-01-05T12:00:00Z"


def ask(client: TestClient, body: Body, **extra: Any) -> Body:
    answer = client.post("/v1/proposals", json=body, **extra)
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


def ask_many(client: TestClient, *bodies: Body) -> list[Body]:
    answer = client.post("/v1/proposals/batch", json={"items": list(bodies)})
    assert answer.status_code == 200, answer.text
    items: list[Body] = answer.json()["items"]
    assert [item["item"] for item in items] == list(range(len(bodies)))
    return items


def refused(client: TestClient, body: Body) -> Body:
    answer = client.post("/v1/proposals", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    found: Body = answer.json()
    return found


def with_case(body: Body, **changes: Any) -> Body:
    case = {**body["cases"][0], **changes}
    return {**body, "cases": [case], "messages": [{**row, "case_id": case["case_id"]} for row in body["messages"]]}


def decimal(number: float) -> Decimal:
    return Decimal(repr(number))


def test_the_account_shown_adds_up_to_the_last_decimal(client: TestClient, case_of: CaseOf) -> None:
    for item in ask_many(client, *(case_of(place) for place in range(0, 500, 9))):
        shown = item["proposal"]
        contrast = shown["contrast"]
        parts = [contrast["start"], contrast["rest"], *(reason["log_odds"] for reason in shown["reasons"])]
        assert sum(map(decimal, parts)) == decimal(contrast["log_odds"])
        p = shown["probabilities"]
        assert abs(np.log(p[contrast["leading"]] / p[contrast["runner_up"]]) - contrast["log_odds"]) < 1e-3
        assert all(len(repr(part).partition(".")[2]) <= 6 for part in (*parts, *p.values()) if "e" not in repr(part))


def test_whether_enough_is_known_is_said_with_an_account_that_adds_up(client: TestClient, case_of: CaseOf) -> None:
    said = [item["proposal"]["sufficiency"] for item in ask_many(client, *(case_of(p) for p in range(0, 500, 9)))]
    for shown in said:
        parts = [shown["start"], shown["rest"], *(reason["log_odds"] for reason in shown["reasons"])]
        assert sum(map(decimal, parts)) == decimal(shown["log_odds"])
        p = shown["probability"]
        assert abs(abs(np.log(p / (1 - p))) - shown["log_odds"]) < 1e-3
        assert shown["sentence"] == words("en").enough(shown["enough"])
        assert shown["enough"] in (None, p > 0.5)
    assert {True, None} <= {shown["enough"] for shown in said}


def test_what_a_party_was_required_to_show_and_did_not_is_said_by_party(client: TestClient, case_of: CaseOf) -> None:
    body = case_of(3)
    body["cases"][0] |= {"reason": "damaged_item", "stage": "request"}
    case_id = body["cases"][0]["case_id"]
    seen = {"evidence_id": "e", "case_id": case_id, "kind": "outer_box_photo", "party": "buyer"}
    known = body["cases"][0]["opened_at"]
    answer = client.post("/v1/proposals", json={**body, "evidence": [{**seen, "known_at": known}]}).json()
    lacks = {(lack["party"], tuple(lack["any_of"])): lack["state"] for lack in answer["missing_evidence"]}
    assert lacks[("seller", ("packing_photo", "packing_video"))] == "missing"
    assert ("buyer", ("item_photo", "unboxing_video")) in lacks
    assert all("outer_box_photo" not in kinds for _, kinds in lacks)
    assert client.post("/v1/proposals", json=body).json()["missing_evidence"] is None


def test_a_party_is_named_or_it_is_said_why_not(client: TestClient, case_of: CaseOf) -> None:
    items = ask_many(client, *(case_of(place) for place in range(0, 500, 9)))
    named = [item["proposal"]["liable"] is not None for item in items]
    assert {True, False} == set(named)
    for item in items:
        shown = item["proposal"]
        assert list(shown["probabilities"]) == list(LIABLE)
        assert shown["confidence"] == max(shown["probabilities"].values())
        if shown["liable"]:
            assert shown["abstention"] is None
            leading = {shown["contrast"]["leading"], shown["citable"]["leading"]}
            assert shown["ruling"]["named_by"] == "policy" or leading == {shown["liable"]}
        else:
            assert shown["abstention"]["sentence"] == words("en").abstention(shown["abstention"]["code"])


def test_a_case_of_the_history_gets_over_http_what_the_backlog_says(
    client: TestClient, desk: Desk, small_bundle: Bundle, small_asks: tuple[Tables, Asks], case_of: CaseOf
) -> None:
    tables = small_asks[0]
    cases = np.arange(0, 500, 5)
    as_of = tables.instants("cases", "opened_at")[cases] + 3_600_000_000 * (cases % 90)
    features = build(tables, asks_as_of(tables, cases, as_of), small_bundle.fitted)
    backlog, lacks = opinions(small_bundle, features), lacking(tables, features.asks)
    bodies = [
        {"as_of": iso(int(instant)), **case_of(int(case))}
        for case, instant in zip(cases, as_of, strict=True)
    ]  # fmt: skip
    assert desk.policy is not None
    facts, days = told(desk.policy, tables, features.asks)
    ruling = Ruling.of(propose(backlog, desk.policy, facts, days), desk.policy, facts)
    for place, item in enumerate(ask_many(client, *bodies)):
        answered = Answered(small_bundle, features, place, backlog, ruling, place, lacks[place], ())
        wanted = ProposalOut.of(answered, words("en"))
        assert item["proposal"] == wanted.model_dump(mode="json")


def test_a_batch_answers_each_case_as_if_it_were_alone(
    client: TestClient, case_of: CaseOf, make_case: MakeCase, sent: Sent
) -> None:
    other = sent(make_case(case_id="c-other"))
    bare = {"cases": [{"case_id": "bare", "opened_at": "2025-09-01T00:00:00Z"}]}
    bodies = [
        case_of(3),
        case_of(4),
        with_case(case_of(3), attr_tier=None),
        with_case(case_of(5), attr_tier=7, attr_new="x"),
        with_case(case_of(6), attr_tier="known"),
        {**case_of(3), "orders": []},
        {name: rows for name, rows in case_of(3).items() if name != "orders"},
        other,
        bare,
        case_of(3),
    ]
    dated = [{**body, "as_of": LATER} for body in bodies]
    alone = [ask(client, body) for body in dated]
    assert [item["proposal"] for item in ask_many(client, *dated)] == alone
    assert alone[0] == alone[9]


def test_orders_of_one_case_in_a_batch_never_meet_another_case(client: TestClient, desk: Desk, case_of: CaseOf) -> None:
    one, other = ({**case_of(place), "as_of": LATER} for place in (3, 8))
    one["orders"] = [{**one["orders"][0], "order_id": "elsewhere"}]
    other = with_case(other, order_id=one["cases"][0]["order_id"])
    other["orders"] = [{**other["orders"][0], "order_id": one["cases"][0]["order_id"]}]
    alone = [ask(client, one), ask(client, other)]
    assert [item["proposal"] for item in ask_many(client, one, other)] == alone
    assert {"category", "carrier"} <= {name for gap in alone[0]["unknown"] for name in gap["features"]}
    assert not {"category", "carrier"} & {name for gap in alone[1]["unknown"] for name in gap["features"]}


def test_a_table_without_rows_was_supplied_and_one_left_out_was_not(client: TestClient, case_of: CaseOf) -> None:
    for body, code in (({**case_of(3), "orders": []}, "U04"), ({"cases": case_of(3)["cases"]}, "U01")):
        told = {name: gap["code"] for gap in ask(client, body)["unknown"] for name in gap["features"]}
        assert told["category"] == code


def test_one_case_asked_about_at_two_instants_gets_two_answers(client: TestClient, case_of: CaseOf) -> None:
    case = case_of(3)
    opened = case["cases"][0]["opened_at"]
    first, last = ask_many(client, {**case, "as_of": opened}, {**case, "as_of": LATER})
    assert first["proposal"]["moment"] == "opened"
    assert first["proposal"]["as_of"] != last["proposal"]["as_of"] == LATER


def test_a_bad_case_in_a_batch_gets_a_problem_and_the_others_their_answers(client: TestClient, case_of: CaseOf) -> None:
    late_scan = {**case_of(7)["events"][0], "kind": "delivered", "event_id": "e-2"}
    bad = {**case_of(7), "events": [late_scan, {**late_scan, "happened_at": None}]}
    twice = {**case_of(9), "events": [late_scan, late_scan]}
    items = ask_many(client, case_of(6), bad, {"cases": "none"}, twice, case_of(8))
    assert [item["proposal"] is None for item in items] == [False, True, True, True, False]
    assert [item["problem"] is None for item in items] == [True, False, False, False, True]
    assert items[1]["problem"]["item"] == 1
    assert (items[1]["problem"]["table"], items[1]["problem"]["column"]) == ("events", "happened_at")
    assert (items[3]["problem"]["code"], items[3]["problem"]["row"]) == ("D07", 2)


def test_as_of_is_now_unless_it_is_named_and_is_said_in_the_answer(client: TestClient, case_of: CaseOf) -> None:
    before = iso(time.time_ns() // 1000)
    assert before <= ask(client, case_of(3))["as_of"] <= iso(time.time_ns() // 1000)
    assert ask(client, {**case_of(3), "as_of": "2026-01-05T13:00:00+01:00"})["as_of"] == LATER


@pytest.mark.parametrize("as_of", ["2999-01-01T00:00:00Z", "2026-01-05T12:00:00", "2026-01-05", 1767614400, ""])
def test_an_instant_to_come_or_without_an_offset_is_refused(client: TestClient, case_of: CaseOf, as_of: Any) -> None:
    assert refused(client, {**case_of(3), "as_of": as_of})["column"] == "as_of"


def test_a_case_that_was_not_open_yet_is_refused(client: TestClient, case_of: CaseOf) -> None:
    problem = refused(client, {**case_of(3), "as_of": "2020-01-01T00:00:00Z"})
    assert (problem["table"], problem["column"]) == ("cases", "opened_at")


def test_a_problem_names_table_row_column_case_and_what_was_expected(client: TestClient, case_of: CaseOf) -> None:
    body = case_of(3)
    body["orders"][0]["paid_cents"] = 12.5
    problem = refused(client, body)
    assert problem["detail"] == (
        "orders.paid_cents, row 1 of case c7-00003: expected a whole number of cents, 0 or more."
    )
    assert [problem[name] for name in ("table", "row", "column", "case_id")] == ["orders", 1, "paid_cents", "c7-00003"]


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"escalated_at": "2024-01-01T00:00:00Z"}, "escalated_at", "D06"),
        ({"currency": "EUR"}, "currency", "D10"),
        ({"currency": "usd"}, "currency", "D03"),
        ({"case_id": " "}, "case_id", "D01"),
        ({"reason": "witchcraft"}, "reason", None),
        ({"opened_at": None}, "opened_at", None),
        ({"claimed_cents": -1}, "claimed_cents", None),
        ({"surprise": 1}, None, None),
        ({"attr_x": True}, None, None),
        ({"attr_<b>": "x"}, None, None),
    ],
)
def test_a_row_that_breaks_the_contract_is_refused_where_it_breaks_it(
    client: TestClient, case_of: CaseOf, changes: Body, column: str | None, code: str | None
) -> None:
    problem = refused(client, with_case(case_of(3), **changes))
    assert (problem["table"], problem.get("column"), problem.get("code")) == ("cases", column, code)


def test_rows_of_another_case_are_refused(client: TestClient, case_of: CaseOf) -> None:
    body = case_of(3)
    body["events"][0]["case_id"] = "c7-00004"
    assert refused(client, body)["column"] == "case_id"
    items = ask_many(client, body, case_of(4))
    assert items[0]["problem"]["column"] == "case_id"
    assert items[1]["proposal"]


@pytest.mark.parametrize("table", ["volumes", "labels"])
def test_a_table_that_is_not_about_a_case_is_refused(client: TestClient, case_of: CaseOf, table: str) -> None:
    assert "the tables cases, orders" in refused(client, {**case_of(3), table: []})["detail"]


@pytest.mark.parametrize("case_id", ["../../etc/passwd", "x' OR 1=1 --", "订单一", "a" * 65])
def test_a_case_id_that_is_not_plain_is_answered_but_not_repeated(
    client: TestClient, case_of: CaseOf, case_id: str
) -> None:
    body = with_case(case_of(3), case_id=case_id)
    for answer in (ask(client, body), ask_many(client, body)[0]["proposal"]):
        assert answer["case_id"] is None
        assert case_id not in str(answer)


def test_what_is_null_is_told_with_its_cause(client: TestClient, make_case: MakeCase, sent: Sent) -> None:
    body = sent(make_case(escalated_at="2026-09-01T00:00:00Z", buyer_id=None, attr_score="high"))
    del body["cases"][0]["attr_tier"]
    told = {name: gap["code"] for gap in ask(client, {**body, "as_of": LATER})["unknown"] for name in gap["features"]}
    assert told["hours_to_escalation"] == "U03"
    assert told["attr_tier"] == "U02"
    assert told["attr_score"] == "U06"
    assert told["history.buyer.seller.all"] == "U05"


def test_a_column_left_out_of_a_row_is_null_and_an_attribute_left_out_was_not_supplied(
    client: TestClient, case_of: CaseOf
) -> None:
    nulled = with_case({**case_of(3), "as_of": LATER}, reason=None, seller_id=None, escalated_at=None)
    left_out = {**nulled, "cases": [{name: v for name, v in nulled["cases"][0].items() if v is not None}]}
    assert ask(client, left_out) == ask(client, nulled)


def test_an_attribute_that_the_bundle_does_not_read_is_ignored_and_told(client: TestClient, case_of: CaseOf) -> None:
    plain = ask(client, {**case_of(3), "as_of": LATER})
    more = ask(client, {**with_case(case_of(3), attr_more="x", audit_more="y"), "as_of": LATER})
    assert more.pop("ignored_attributes") == ["attr_more"]
    assert plain.pop("ignored_attributes") == []
    assert more == plain


def test_the_answer_is_said_in_the_language_asked_for(client: TestClient, case_of: CaseOf) -> None:
    english = ask(client, {**case_of(3), "as_of": LATER})
    chinese = ask(client, {**case_of(3), "as_of": LATER}, params={"language": "zh"})
    accepted = ask(client, {**case_of(3), "as_of": LATER}, headers={"accept-language": "zh-CN,zh;q=0.9"})
    assert chinese == accepted
    assert chinese["contrast"]["sentence"].startswith("判断倾向于")
    assert chinese["probabilities"] == english["probabilities"]
    assert client.post("/v1/proposals", json=case_of(3), params={"language": "tlh"}).status_code == 422


def test_classes_that_were_not_trained_are_null(
    client_of: Callable[[Bundle], TestClient], small_bundle: Bundle, case_of: CaseOf
) -> None:
    head = small_bundle.heads["liability"]
    X = np.tile(small_bundle.golden, (10, 1))
    trees = Trees.fit(
        head.seen(X), np.arange(len(X)) % 2, np.ones(len(X)), classes=2, rounds=3, categorical=(),
        params=TreeParams(min_cases_in_leaf=10),
    )  # fmt: skip
    two = replace(
        head, classes=("seller", "none"), prior=(0.5, 0.5), trees=trees, calibration=Calibration.none(2)
    )  # fmt: skip
    with client_of(replace(small_bundle, heads={"liability": two})) as client:
        shown = ask(client, case_of(3))
    given = {party for party, p in shown["probabilities"].items() if p is not None}
    assert given == {"seller", "none"} == {shown["contrast"]["leading"], shown["contrast"]["runner_up"]}


def test_without_a_trained_model_nothing_is_claimed(
    client_of: Callable[[Bundle], TestClient], small_bundle: Bundle, case_of: CaseOf
) -> None:
    with client_of(replace(small_bundle, heads={})) as client:
        shown = ask(client, case_of(3))
    assert shown["abstention"]["code"] == "A01"
    assert [shown[name] for name in ("liable", "confidence", "contrast", "citable", "reasons")] == [None] * 4 + [[]]
    assert set(shown["probabilities"].values()) == {None}


def test_a_batch_is_answered_at_once_and_not_case_by_case(
    client: TestClient, case_of: CaseOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[int] = []
    true = build

    def counted(tables: Tables, asks: Asks, *args: Any, **kwargs: Any) -> Any:
        built.append(len(asks))
        return true(tables, asks, *args, **kwargs)

    monkeypatch.setattr("serving.desk.build", counted)
    ask_many(client, *(case_of(place) for place in range(100)))
    assert built == [100]


@pytest.mark.parametrize("items", [[], [{}] * 1001, None, {}])
def test_a_batch_holds_one_to_a_thousand_cases(client: TestClient, items: Any) -> None:
    answer = client.post("/v1/proposals/batch", json={"items": items})
    assert answer.status_code == 422
    assert answer.json()["expected"] == "a list of 1 to 1000 cases"


def test_clients_at_the_same_time_get_the_answers_they_get_alone(client: TestClient, case_of: CaseOf) -> None:
    bodies = [{**case_of(place), "as_of": LATER} for place in range(24)]
    alone = [ask(client, body) for body in bodies]
    with ThreadPoolExecutor(8) as clients:
        assert list(clients.map(lambda body: ask(client, body), bodies * 3)) == alone * 3


def test_a_case_that_lost_many_rows_is_told_of_the_first(client: TestClient, case_of: CaseOf) -> None:
    event = case_of(3)["events"][0]
    body = {**case_of(3), "events": [event, *[{**event, "amount_cents": 1, "currency": "XXX"}] * 500]}
    for problem in (refused(client, body), ask_many(client, case_of(4), body)[1]["problem"]):
        assert (problem["table"], problem["row"], problem["column"]) == ("events", 2, "currency")
