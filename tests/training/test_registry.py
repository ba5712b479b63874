"""The registry: what was trained keeps its number, its bytes and its gates."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from models.bundle import Bundle, BundleMismatch
from training.promotion import CannotPromote
from training.registry import Record, Registry


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def registry(home: Path) -> Registry:
    return Registry(home, None)


@pytest.fixture(scope="module")
def record(small_bundle: Bundle, small_bundle_path: Path) -> Callable[..., Record]:
    def make(*failed: str) -> Record:
        return Record(
            bundle=small_bundle.id,
            folder=small_bundle_path,
            params={"seed": 1, "windows_days": [30, 90]},
            metrics={"model.log_loss": 0.5},
            documents={"gates.json": [{"code": "G01", "passed": True}]},
            plots={"empty.png": b"\x89PNG"},
            failed=failed,
        )

    return make


@pytest.mark.slow
def test_versions_keep_their_numbers_gates_and_bytes(
    home: Path, registry: Registry, record: Callable[..., Record]
) -> None:
    first, second = registry.register(record()), registry.register(record("G01", "G04"))
    assert (first, second) == (1, 2)
    assert [(v.version, v.failed) for v in registry.versions()] == [(2, ("G01", "G04")), (1, ())]

    candidate = registry.fetch(2)
    assert candidate.failed == ("G01", "G04")
    assert candidate.path.parent == home / "bundles"
    assert registry.fetch(2) == candidate

    registry.mirror_champion(1)
    assert [v.version for v in registry.versions() if v.is_champion] == [1]

    with pytest.raises(CannotPromote, match="no version 7"):
        registry.fetch(7)

    shutil.rmtree(candidate.path)
    stored = next((home / "mlruns").rglob("liability.txt"))
    for copy in (home / "mlruns").rglob("liability.txt"):
        copy.write_bytes(stored.read_bytes().replace(b"0", b"1", 1))
    with pytest.raises(BundleMismatch):
        registry.fetch(2)
