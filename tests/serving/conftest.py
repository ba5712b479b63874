"""Which fixture to choose.

``data``      a folder with the history that ``small_bundle`` was trained on
``settings``  settings that name that folder and that bundle
``desk``      an open desk over both; shared, read-only
``client``    a client of the app over that desk; shared, read-only
``case_of``   a case of that history as a client would send it: ``case_of(3)`` is the fourth
``sent``      turns rows by table (``make_case``) into a body: instants as text
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from models.bundle import Bundle
from serving.app import create_app
from serving.desk import Desk
from serving.settings import Settings

Body = dict[str, Any]


@pytest.fixture(scope="session")
def raw(make_world: Callable[..., dict[str, pa.Table]]) -> dict[str, pa.Table]:
    return make_world(cases=500, seed=7)


@pytest.fixture(scope="session")
def data(raw: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    for name, table in raw.items():
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="session")
def settings(data: Path, small_bundle_path: Path) -> Settings:
    return Settings(data=data, bundle=small_bundle_path)


@pytest.fixture(scope="session")
def desk(settings: Settings) -> Desk:
    return Desk.open(settings, lambda said: None)


@pytest.fixture(scope="session")
def client(settings: Settings, desk: Desk) -> Iterator[TestClient]:
    with TestClient(create_app(settings, desk)) as found:
        yield found


@pytest.fixture(scope="session")
def client_of(settings: Settings, desk: Desk) -> Callable[[Bundle], TestClient]:
    """A client of an app that answers with another bundle over the same history."""

    def make(bundle: Bundle) -> TestClient:
        return TestClient(create_app(settings, Desk(bundle, desk.past, desk.currency)))

    return make


def as_sent(value: Any) -> Any:
    """Rows as JSON has them."""
    if isinstance(value, dict):
        return {name: as_sent(found) for name, found in value.items()}
    if isinstance(value, list):
        return [as_sent(found) for found in value]
    return value.isoformat() if isinstance(value, datetime) else value


@pytest.fixture(scope="session")
def sent() -> Callable[[Any], Body]:
    return as_sent


@pytest.fixture(scope="session")
def case_of(raw: dict[str, pa.Table]) -> Callable[[int], Body]:
    belongs = {"orders": "order_id", "events": "order_id", "messages": "case_id"}
    rows = {name: raw[name].to_pylist() for name in ("cases", *belongs)}

    def make(place: int) -> Body:
        case = rows["cases"][place]
        about = {name: [row for row in rows[name] if row[by] == case[by]] for name, by in belongs.items()}
        found: Body = as_sent({"cases": [case], **about})
        return found

    return make
