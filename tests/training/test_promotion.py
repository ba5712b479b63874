"""Which model was live when: promotions, rollbacks, and what they leave behind."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from models.bundle import Bundle, BundleMismatch
from models.champion import read_champion
from training.promotion import LEDGER, Candidate, CannotPromote, live_at, promote, promotions, rollback

T0 = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def candidate(small_bundle: Bundle, small_bundle_path: Path) -> Candidate:
    return Candidate(1, small_bundle.id, small_bundle_path, ())


def version(candidate: Candidate, number: int, failed: tuple[str, ...] = ()) -> Candidate:
    return Candidate(number, candidate.bundle, candidate.path, failed)


def test_a_promoted_version_is_the_champion(tmp_path: Path, candidate: Candidate) -> None:
    promote(tmp_path, candidate, T0)
    champion = read_champion(tmp_path)
    assert (champion.id, champion.path) == (candidate.bundle, candidate.path)


def test_the_ledger_says_which_version_was_live_at_any_instant(tmp_path: Path, candidate: Candidate) -> None:
    promote(tmp_path, candidate, T0)
    promote(tmp_path, version(candidate, 2), T0 + timedelta(days=1))
    rollback(tmp_path, T0 + timedelta(days=2))
    live = [live_at(tmp_path, T0 + timedelta(hours=hours)) for hours in (-1, 0, 23, 24, 47, 48)]
    assert [None if found is None else found.version for found in live] == [None, 1, 1, 2, 2, 1]


def test_a_version_that_failed_a_gate_needs_force_and_a_reason(tmp_path: Path, candidate: Candidate) -> None:
    failed = version(candidate, 3, ("G04",))
    for force, why in ((False, ""), (False, "because"), (True, "")):
        with pytest.raises(CannotPromote, match="G04"):
            promote(tmp_path, failed, T0, force=force, why=why)
    assert promotions(tmp_path) == []
    promote(tmp_path, failed, T0, force=True, why="the old one is worse")
    assert promotions(tmp_path)[0].why == "the old one is worse"


def test_rollbacks_go_back_one_version_at_a_time_and_then_say_no(tmp_path: Path, candidate: Candidate) -> None:
    for number in (1, 2, 3):
        promote(tmp_path, version(candidate, number), T0 + timedelta(days=number))
    assert [rollback(tmp_path, T0 + timedelta(days=4)).version for _ in range(2)] == [2, 1]
    with pytest.raises(CannotPromote):
        rollback(tmp_path, T0 + timedelta(days=5))


def test_a_damaged_bundle_is_never_promoted(tmp_path: Path, candidate: Candidate) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    for file in candidate.path.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / "liability.txt").write_bytes(b"tree\n")
    with pytest.raises(BundleMismatch):
        promote(tmp_path, Candidate(1, candidate.bundle, folder, ()), T0)
    assert promotions(tmp_path) == []


def test_a_line_torn_by_a_crash_never_happened_and_harms_no_later_one(tmp_path: Path, candidate: Candidate) -> None:
    promote(tmp_path, candidate, T0)
    with (tmp_path / LEDGER).open("ab") as ledger:
        ledger.write(b'{"act": "promote", "ver')
    promote(tmp_path, version(candidate, 2), T0 + timedelta(days=1))
    assert [p.version for p in promotions(tmp_path)] == [1, 2]


def test_the_ledger_is_one_plain_document_a_line(tmp_path: Path, candidate: Candidate) -> None:
    promote(tmp_path, candidate, T0)
    line = json.loads((tmp_path / LEDGER).read_text())
    assert line["at"] == "2025-01-01T00:00:00+00:00"
    assert line["bundle"] == candidate.bundle
