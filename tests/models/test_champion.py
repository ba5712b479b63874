"""The champion is what one file says, and it is the very bundle that was promoted."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from models.bundle import BundleMismatch, Parts, load, save
from models.champion import Champion, NoChampion, load_champion, read_champion, write_champion


def test_a_bundle_below_home_is_named_relative_to_it_so_that_home_can_move(small_parts: Parts, tmp_path: Path) -> None:
    home = tmp_path / "home"
    known_as = save(small_parts, home / "bundles" / "one")
    write_champion(home, Champion(home / "bundles" / "one", known_as, 123))
    moved = home.rename(tmp_path / "moved")
    assert read_champion(moved) == Champion(moved / "bundles" / "one", known_as, 123)
    assert load_champion(moved).id == known_as


def test_a_bundle_elsewhere_is_named_by_its_whole_path(small_bundle_path: Path, tmp_path: Path) -> None:
    known_as = load(small_bundle_path).id
    write_champion(tmp_path, Champion(small_bundle_path, known_as, 1))
    assert read_champion(tmp_path).path == small_bundle_path
    assert load_champion(tmp_path).id == known_as


def test_a_bundle_exchanged_after_promotion_is_refused(small_parts: Parts, tmp_path: Path) -> None:
    known_as = save(small_parts, tmp_path / "b")
    write_champion(tmp_path, Champion(tmp_path / "b", known_as, 1))
    shutil.rmtree(tmp_path / "b")
    save(replace(small_parts, trained_until=7), tmp_path / "b")
    with pytest.raises(BundleMismatch, match="promoted"):
        load_champion(tmp_path)


def test_without_a_champion_the_answer_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoChampion, match="promote"):
        read_champion(tmp_path)
    (tmp_path / "champion.json").write_text('{"id": 5}')
    with pytest.raises(NoChampion, match="promote"):
        read_champion(tmp_path)


def test_promoting_leaves_one_file_and_the_last_word_counts(tmp_path: Path) -> None:
    for instant in (1, 2, 3):
        write_champion(tmp_path, Champion(tmp_path / f"b{instant}", f"{instant}" * 64, instant))
    assert [p.name for p in tmp_path.iterdir()] == ["champion.json"]
    assert read_champion(tmp_path).promoted_at == 3
