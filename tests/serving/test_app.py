"""The app around the answers: health, counters, its own description, limits, and problems in one form."""

import importlib
import json
import logging
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import features
import models
import serving
from features.errors import TriageError
from serving.app import create_app
from serving.desk import Desk
from serving.examples import BARE
from serving.problems import BEFORE_ANY_REQUEST, STATUS
from serving.reader import LANGUAGES
from serving.settings import Settings

Body = dict[str, Any]


@pytest.fixture
def app(settings: Settings, desk: Desk) -> FastAPI:
    return create_app(settings, desk)


def operations(app: FastAPI) -> Iterator[tuple[str, str, Body]]:
    for path, found in app.openapi()["paths"].items():
        for method, operation in found.items():
            yield path, method, operation


def test_a_service_that_is_still_starting_lives_but_is_not_ready(app: FastAPI) -> None:
    client = TestClient(app)
    assert client.get("/livez").status_code == 200
    for answer in (client.get("/readyz"), client.post("/v1/proposals", json=BARE)):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["status"] == 503


def test_the_app_opens_its_desk_before_it_listens(settings: Settings, desk: Desk) -> None:
    with TestClient(create_app(settings)) as client:
        assert client.get("/readyz").json()["bundle"] == desk.bundle.id
        assert client.post("/v1/proposals", json=BARE).status_code == 200


def test_being_ready_tells_the_bundle_and_how_far_the_history_reaches(client: TestClient, desk: Desk) -> None:
    ready = client.get("/readyz").json()
    assert ready["bundle"] == desk.bundle.id
    assert ready["cases"] == 500
    assert ready["last_known"].startswith("2025-")


def test_counters_tell_answers_outcomes_and_abstentions_and_nothing_of_a_case(
    app: FastAPI, case_of: Callable[[int], Body]
) -> None:
    with TestClient(app) as client:
        batch = {"items": [case_of(place) for place in range(40)]}
        named = [i["proposal"]["liable"] for i in client.post("/v1/proposals/batch", json=batch).json()["items"]]
        client.post("/v1/proposals", json={"cases": [{"case_id": "C-1"}]})
        client.get("/v1/nothing/here")
        told = client.get("/metrics").text
    assert f'triage_proposals_total{{liable="nobody"}} {float(named.count(None))}' in told
    assert f'triage_proposals_total{{liable="seller"}} {float(named.count("seller"))}' in told
    assert 'triage_abstentions_total{code="A02"}' in told
    assert 'triage_refused_cases_total{table="cases"} 1.0' in told
    assert 'triage_requests_total{route="/v1/proposals",status="422"} 1.0' in told
    assert 'triage_request_seconds_count{route="/v1/proposals/batch"} 1.0' in told
    assert "c7-0" not in told
    assert "nothing/here" not in told


def test_each_app_counts_for_itself(settings: Settings, desk: Desk) -> None:
    one, other = (create_app(settings, desk) for _ in range(2))
    with TestClient(one) as client, TestClient(other) as second:
        client.post("/v1/proposals", json=BARE)
        assert "triage_proposals_total{" in client.get("/metrics").text
        assert "triage_proposals_total{" not in second.get("/metrics").text


def test_every_example_of_the_description_works(app: FastAPI) -> None:
    posted = 0
    with TestClient(app) as client:
        for path, method, operation in operations(app):
            named = {p["name"]: p["schema"]["enum"][0] for p in operation.get("parameters", ()) if p["required"]}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for example in content["examples"].values():
                    answer = client.request(method, path, params=named, json=example["value"])
                    assert answer.status_code == 200
                    if answer.headers["content-type"] == "application/json":
                        assert all(item["proposal"] for item in answer.json().get("items", ()))
                    posted += 1
    assert posted >= 3


def test_the_description_names_every_column_of_a_case_and_every_problem(app: FastAPI) -> None:
    schemas = app.openapi()["components"]["schemas"]
    assert "claimed_cents" in schemas["CasesRow"]["properties"]
    assert "inr_lost_in_transit" in json.dumps(schemas["CasesRow"]["properties"]["reason"])
    assert "VolumesRow" not in schemas
    for path, method, operation in operations(app):
        if method == "post":
            assert {"400", "413", "415", "422", "503"} <= set(operation["responses"]), path
            assert "HTTPValidationError" not in json.dumps(operation)


def test_the_description_offers_the_languages_there_are(app: FastAPI) -> None:
    (parameter,) = (
        parameter
        for parameter in app.openapi()["paths"]["/v1/proposals"]["post"]["parameters"]
        if parameter["name"] == "language"
    )
    assert parameter["schema"]["anyOf"][0]["enum"] == list(LANGUAGES)


@pytest.mark.parametrize(("path", "limit"), [("/v1/proposals", 300), ("/v1/proposals/batch", 600)])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_over_the_limit_is_refused_whether_or_not_its_length_is_told(
    settings: Settings, desk: Desk, path: str, limit: int, told: bool
) -> None:
    small = settings.model_copy(update={"max_case_bytes": 300, "max_batch_bytes": 600})
    with TestClient(create_app(small, desk)) as client:
        for size, refused in ((limit, False), (limit + 1, True)):
            body = b" " * size
            content = body if told else iter([body[:100], body[100:]])
            answer = client.post(path, content=content, headers={"content-type": "application/json"})
            assert (answer.status_code == 413) is refused
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/nothing", 404), ("GET", "/v1/proposals", 405), ("POST", "/livez", 405), ("GET", "/docs", 404)],
)
def test_what_is_not_there_is_a_problem_like_any_other(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == answer.json()["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_answers_are_kept_by_nobody(client: TestClient) -> None:
    for answer in (client.get("/livez"), client.post("/v1/proposals", json=BARE), client.get("/none")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_what_nobody_foresaw_is_500_with_a_number_that_the_log_knows(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError(BARE["cases"][0]["opened_at"])

    monkeypatch.setattr(Desk, "answer", fail)
    with TestClient(app) as client, caplog.at_level(logging.ERROR, "triage"):
        answer = client.post("/v1/proposals", json=BARE)
        counted = client.get("/metrics").text
    assert answer.status_code == 500
    assert BARE["cases"][0]["opened_at"] not in answer.text + caplog.text
    number = answer.json()["detail"].rsplit(" ", 1)[1].rstrip(".")
    assert f"{number}: ZeroDivisionError in case C-1001 with bundle" in caplog.text
    assert "in fail" in caplog.text
    assert 'triage_requests_total{route="/v1/proposals",status="500"} 1.0' in counted


def below(error: type[TriageError]) -> Iterator[type[TriageError]]:
    for child in error.__subclasses__():
        yield child
        yield from below(child)


def test_every_expected_error_has_a_status_or_stops_the_start() -> None:
    for package in (features, models, serving):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)
    known = [e for e in below(TriageError) if e.__module__.partition(".")[0] in ("features", "models", "serving")]
    assert len(known) >= 8
    for error in known:
        answered = bool(set(error.__mro__) & set(STATUS))
        assert answered is not (error.__name__ in BEFORE_ANY_REQUEST), error
