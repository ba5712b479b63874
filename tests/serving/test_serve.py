"""``triage serve`` says where it listens, answers, and stops when told to; without what it needs it does not start."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from serving.listen import open_door
from serving.settings import Settings
from triage import app


@pytest.fixture
def refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What ``triage serve`` says when it does not start."""
    monkeypatch.setenv("TRIAGE_HOME", str(tmp_path / "home"))

    def run(*arguments: str) -> str:
        found = CliRunner().invoke(app, ["serve", *arguments])
        assert found.exit_code == 2
        assert found.stdout == ""
        said: str = found.stderr
        return said

    return run


def test_a_served_case_gets_its_answer_and_ctrl_c_stops_the_service(
    data: Path, small_bundle_path: Path, case_of: Callable[[int], dict[str, Any]]
) -> None:
    command = [sys.executable, "-m", "triage", "serve", "--data", data, "--bundle", small_bundle_path, "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            found = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stderr)))
            request = urllib.request.Request(  # noqa: S310 - http on this machine
                f"{found[0]}/v1/proposals", json.dumps(case_of(3)).encode(), {"content-type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - http on this machine
                shown = json.load(answer)
            process.send_signal(signal.SIGINT)
            out, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert shown["case_id"] == "c7-00003"
    assert shown["bundle"] == (small_bundle_path / "id").read_text()
    assert (process.returncode, out) == (0, "")
    assert "stopped" in said


def test_it_does_not_start_without_a_champion_or_a_bundle(refused: Callable[..., str], data: Path) -> None:
    assert "promote a version or name a bundle" in refused("--data", str(data))


def test_it_does_not_start_with_an_altered_bundle(
    refused: Callable[..., str], data: Path, small_bundle_path: Path, tmp_path: Path
) -> None:
    altered = tmp_path / "altered"
    altered.mkdir()
    for file in small_bundle_path.iterdir():
        (altered / file.name).write_bytes(file.read_bytes())
    heads = altered / "heads.json"
    heads.write_bytes(heads.read_bytes().replace(b"1", b"2", 1))
    said = refused("--data", str(data), "--bundle", str(altered))
    assert "heads.json differs from its digest; it was altered" in said


def test_it_does_not_start_without_its_data(
    refused: Callable[..., str], small_bundle_path: Path, tmp_path: Path
) -> None:
    assert str(tmp_path / "none") in refused("--data", str(tmp_path / "none"), "--bundle", str(small_bundle_path))


def test_it_says_which_setting_cannot_be_used(
    refused: Callable[..., str], data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIAGE_WORKERS", "many")
    assert "TRIAGE_WORKERS cannot be used" in refused("--data", str(data))


def test_it_says_when_the_port_is_taken(refused: Callable[..., str], data: Path, small_bundle_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused("--data", str(data), "--bundle", str(small_bundle_path), "--port", port)
    assert f"cannot listen at 127.0.0.1, port {port}" in said


def test_the_end_of_an_answer_does_not_wait_for_the_beginning_to_be_acknowledged() -> None:
    with open_door("127.0.0.1", 0) as door:
        assert door.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_it_listens_to_this_machine_alone_unless_told_otherwise(data: Path) -> None:
    assert "TRIAGE_HOST" not in os.environ
    assert Settings(data=data).host == "127.0.0.1"
