"""An open desk has at hand all that an answer looks up in other cases."""

import shutil
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from features import mishaps, reuse, ties
from features.tables import Tables
from serving.app import create_app
from serving.desk import Desk
from serving.examples import BARE
from serving.settings import Settings
from serving.wire import READ_CASE

EVIDENCE = {"evidence_id": "e", "case_id": "c7-00001", "kind": "item_photo", "party": "buyer", "sha256": "h"}


def test_no_answer_has_to_wait_until_the_past_is_sorted(
    settings: Settings, tmp_path: Path, case_of: Callable[[int], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert settings.data
    folder = shutil.copytree(settings.data, tmp_path / "data")
    item = EVIDENCE | {"known_at": datetime(2025, 2, 1, tzinfo=UTC), "phash": "q", "catalogue_image": False}
    pq.write_table(pa.Table.from_pylist([item]), folder / "evidence.parquet")
    asked = settings.model_copy(update={"data": folder})
    desk = Desk.open(asked, lambda said: None)

    def sort(*_: object) -> None:
        raise AssertionError("the past is sorted when the desk is opened")

    for module, name in ((mishaps, "Met"), (reuse, "Uses"), (ties, "Spells")):
        monkeypatch.setattr(module, name, sort)
    sent = case_of(3) | {
        "evidence": [EVIDENCE | {"case_id": "c7-00003", "phash": "q", "known_at": "2025-02-01T00:00:00Z"}]
    }
    with TestClient(create_app(asked, desk)) as client:
        assert client.post("/v1/proposals", json=sent).status_code == 200


def test_a_desk_opens_over_a_history_without_cases(desk: Desk) -> None:
    empty = Tables({name: desk.past[name].slice(0, 0) for name in desk.past.names})
    opened = Desk(desk.bundle, empty, desk.currency)
    opened.warm()
    question = READ_CASE.validate_python(BARE)
    answered = opened.answer(question, time.time_ns() // 1000)
    assert answered.opinions.answers.probability[answered.place].sum() == pytest.approx(1.0)
