"""One proposal at a time: how long it takes in the process, and over HTTP from the client's side.

python -m benchmarks.proposal [--quick]
"""

import http.client
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.report import Row
from serving.answer import ProposalOut
from serving.desk import Desk
from serving.settings import Settings
from serving.wire import READ_CASE
from serving.words import words

WARM: Final = 20
"""Answers given before any is timed."""

Body = dict[str, Any]


def bodies(raw: dict[str, pa.Table], count: int) -> list[Body]:
    """The last cases of a world as a client sends them, each with its order."""
    cases = raw["cases"].slice(raw["cases"].num_rows - count)
    orders = raw["orders"].filter(pc.is_in(raw["orders"]["order_id"], value_set=cases["order_id"].combine_chunks()))
    by_order = {row["order_id"]: _as_sent(row) for row in orders.to_pylist()}
    return [{"cases": [_as_sent(row)], "orders": [by_order[row["order_id"]]]} for row in cases.to_pylist()]


def _as_sent(row: Body) -> Body:
    given = {name: value for name, value in row.items() if value is not None}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in given.items()}


def in_process(desk: Desk, sent: list[Body]) -> list[float]:
    """Seconds for each answer from a read body to the answer in words."""
    english = words("en")

    def answer(body: Body) -> None:
        found = desk.answer(READ_CASE.validate_python(body), time.time_ns() // 1000)
        ProposalOut.of(found, english).model_dump_json()

    return _timed(answer, sent)


def over_http(address: tuple[str, int], sent: list[Body]) -> list[float]:
    """Seconds for each answer as one client waits for it on one connection."""
    connection = http.client.HTTPConnection(*address)

    def answer(body: Body) -> None:
        connection.request("POST", "/v1/proposals", json.dumps(body), {"content-type": "application/json"})
        found = connection.getresponse()
        text = found.read()
        assert found.status == 200, text

    seconds = _timed(answer, sent)
    connection.close()
    return seconds


def _timed(answer: Callable[[Body], None], sent: list[Body]) -> list[float]:
    seconds = []
    for body in sent:
        start = time.perf_counter()
        answer(body)
        seconds.append(time.perf_counter() - start)
    return seconds[WARM:]


@contextmanager
def serving(data: Path, bundle: Path) -> Iterator[tuple[str, int]]:
    """The service, started and stopped; where it listens."""
    command = [sys.executable, "-m", "triage", "serve", "--data", str(data), "--bundle", str(bundle), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = next(filter(None, (re.search(r"http://(127\.0\.0\.1):(\d+)", line) for line in process.stderr)))
            yield found[1], int(found[2])
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate()


def measure(raw: dict[str, pa.Table], data: Path, bundle: Path, asked: int) -> list[Row]:
    """Ask in the process, then over HTTP, about the same last cases of a world that stands in ``data``."""
    sent = bodies(raw, WARM + asked)
    desk = Desk.open(Settings(data=data, bundle=bundle), lambda said: None)
    rows = [_row("in the process", in_process(desk, sent))]
    with serving(data, bundle) as address:
        rows.append(_row("over HTTP, one client", over_http(address, sent)))
    return rows


def _row(way: str, seconds: list[float]) -> Row:
    found = np.quantile(seconds, [0.5, 0.95, 0.99]) * 1000
    return {
        "one proposal": way,
        "proposals": len(seconds),
        **{f"{name}, ms": float(ms) for name, ms in zip(("p50", "p95", "p99"), found, strict=True)},
    }
