"""The training configuration: every key has a default, and a wrong one is named."""

from pathlib import Path

import pytest

from training.config import BadConfig, TrainingConfig


def write(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text)
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert TrainingConfig.read(write(tmp_path, "")) == TrainingConfig()


def test_keys_stand_at_the_top_and_change_what_they_name(tmp_path: Path) -> None:
    found = TrainingConfig.read(write(tmp_path, 'maturity_days = 0\nwindows_days = [7]\nleave_out = ["attr_x"]'))
    assert (found.maturity_days, found.windows_days, found.leave_out) == (0.0, (7,), ("attr_x",))


def test_what_a_bundle_stores_comes_back_the_same() -> None:
    config = TrainingConfig(maturity_days=3, leave_out=("attr_x",))
    assert TrainingConfig.from_mapping(config.to_json()) == config


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("matureness = 3", "matureness"),
        ("maturity_days = 'x'", "maturity_days"),
        ("maturity_days = nan", "maturity_days"),
        ("seed = 1.5", "seed"),
        ("folds = 1", "folds"),
        ("folds = true", "folds"),
        ("depth = 8", "depth"),
        ("depth = [8]", "depth"),
        ("depth = []", "depth"),
        ("windows_days = [0]", "windows_days"),
        ("windows_days = [7, 7]", "windows_days"),
        ("windows_days = 7", "windows_days"),
        ("leave_out = [1]", "leave_out"),
        ("seed =", "TOML"),
    ],
)
def test_a_key_that_cannot_be_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(BadConfig, match=named):
        TrainingConfig.read(write(tmp_path, text))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="there is no training configuration"):
        TrainingConfig.read(tmp_path / "config.toml")
