"""The wheel without extras is enough to serve: built, installed on its own, started, and asked."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serving.examples import CASES

ROOT = Path(__file__).parent.parent
UV = Path(sys.executable).parent / "uv"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment that holds the built wheel and what it needs, and nothing else."""
    room = tmp_path_factory.mktemp("base")
    _uv("build", "-q", "--wheel", "--out-dir", room / "dist")
    (wheel,) = (room / "dist").glob("*.whl")
    _uv("venv", "-q", "--python", sys.executable, room / "venv")
    _uv("pip", "install", "-q", "--python", room / "venv", "--constraints", "requirements.lock", wheel)
    return room / "venv" / "bin"


def _uv(*words: str | Path) -> None:
    subprocess.run((UV, *words), cwd=ROOT, check=True, capture_output=True)


@pytest.fixture
def address(base: Path, trained_home: Any) -> Iterator[str]:
    """Where the installed service answers."""
    words = (base / "triage", "serve", "--data", trained_home.data, "--bundle", trained_home.bundle, "--port", "0")
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, cwd=base, env={"PATH": os.defpath}) as server:
        assert server.stderr is not None
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", said)):
            line = server.stderr.readline()
            assert line, f"it ended with {server.wait()}: {said}"
            said += line
        yield found[0]
        server.terminate()


@pytest.mark.slow
def test_the_wheel_without_extras_serves_a_proposal(address: str) -> None:
    body = json.dumps(next(iter(CASES.values()))["value"]).encode()
    asked = urllib.request.Request(  # noqa: S310
        f"{address}/v1/proposals", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(asked, timeout=30) as answer:  # noqa: S310
        found = json.load(answer)
    assert sum(p for p in found["probabilities"].values() if p is not None) == pytest.approx(1, abs=1e-5)


@pytest.mark.slow
def test_training_without_its_extra_says_what_to_install(base: Path, trained_home: Any) -> None:
    found = subprocess.run(
        [base / "triage", "train", trained_home.data], capture_output=True, text=True, check=False, cwd=base
    )
    assert (found.returncode, found.stdout) == (2, "")
    assert "[train]" in found.stderr


@pytest.mark.slow
def test_the_wheel_holds_no_test(base: Path) -> None:
    inside = {p.name for p in (base.parent / "lib").glob("python*/site-packages/*")}
    assert {"features", "models", "serving", "training", "triage.py"} <= inside
    assert not {"tests", "benchmarks", "tools"} & inside
    assert not {"mlflow", "shap", "sklearn", "pandas"} & inside
