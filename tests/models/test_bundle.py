"""A bundle answers as it did when it was written, or is refused; nothing in between, and never a crash."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.asks import Asks
from features.build import build
from features.catalog import Catalog
from features.tables import Tables
from models import sealed
from models.bundle import Bundle, BundleMismatch, Parts, case_hash, load, require_buildable, save, was_trained_on
from models.opinion import opinions, opinions_from_values


@pytest.fixture
def copy(small_bundle_path: Path, tmp_path: Path) -> Path:
    """A copy of the small bundle that a test may spoil."""
    return Path(shutil.copytree(small_bundle_path, tmp_path / "copy"))


def reseal(path: Path, **changed: bytes) -> None:
    """Seal a bundle anew with other bytes, as whoever may write to the folder can."""
    manifest = json.loads((path / "manifest.json").read_bytes())
    for stem, raw in changed.items():
        name = stem.replace("_", ".")
        (path / name).write_bytes(raw)
        manifest["files"][name] = {"bytes": len(raw), "sha256": sealed.digest(raw)}
    sealed_anew = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    (path / "manifest.json").write_bytes(sealed_anew)
    (path / "id").write_bytes(sealed.digest(sealed_anew).encode())


def test_two_writings_of_the_same_parts_are_the_same_bytes(small_parts: Parts, tmp_path: Path) -> None:
    assert save(small_parts, tmp_path / "a") == save(small_parts, tmp_path / "b")
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()
        assert file.stat().st_size > 0


def test_a_loaded_bundle_holds_what_was_saved(small_parts: Parts, small_bundle: Bundle) -> None:
    assert small_bundle.fitted == small_parts.fitted
    assert small_bundle.config == small_parts.config
    assert small_bundle.trained_until == small_parts.trained_until
    assert (small_bundle.case_hashes == small_parts.case_hashes).all()
    assert np.array_equal(small_bundle.golden, small_parts.golden, equal_nan=True)
    old, new = small_parts.heads["liability"], small_bundle.heads["liability"]
    assert (new.classes, new.prior, new.columns, new.act_above) == (old.classes, old.prior, old.columns, old.act_above)
    assert (new.probabilities(small_parts.golden) == old.probabilities(small_parts.golden)).all()


def test_the_id_is_the_digest_of_the_manifest_and_the_manifest_of_all_files(small_bundle_path: Path) -> None:
    manifest = (small_bundle_path / "manifest.json").read_bytes()
    assert (small_bundle_path / "id").read_bytes() == sealed.digest(manifest).encode()
    told = json.loads(manifest)
    assert manifest == json.dumps(told, sort_keys=True, separators=(",", ":")).encode("ascii")
    assert set(told["files"]) == {f.name for f in small_bundle_path.iterdir()} - {"manifest.json", "id"}


def test_another_bundle_is_never_overwritten_and_the_same_one_may_be_written_again(
    small_parts: Parts, tmp_path: Path
) -> None:
    once = save(small_parts, tmp_path / "b")
    assert save(small_parts, tmp_path / "b") == once
    with pytest.raises(BundleMismatch, match="another bundle"):
        save(replace(small_parts, trained_until=5), tmp_path / "b")
    assert load(tmp_path / "b").id == once
    assert [p.name for p in tmp_path.iterdir()] == ["b"]


def test_what_could_not_be_read_again_is_not_written(small_parts: Parts, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="golden"):
        save(replace(small_parts, golden=small_parts.golden[:0]), tmp_path / "b")
    hidden = replace(small_parts.fitted.catalog.features[0], influences=False)
    catalog = replace(small_parts.fitted.catalog, features=(hidden, *small_parts.fitted.catalog.features[1:]))
    with pytest.raises(ValueError, match="what it may not"):
        save(replace(small_parts, fitted=replace(small_parts.fitted, catalog=catalog)), tmp_path / "b")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("wrong", ["order", "names", "length", "letters"])
def test_weights_of_texts_that_do_not_fit_the_catalog_are_not_written(
    small_parts: Parts, tmp_path: Path, wrong: str
) -> None:
    blocks = small_parts.fitted.texts
    name, packed = next(iter(blocks[0].weights.items()))
    spoilt = {
        "order": blocks[::-1],
        "names": (replace(blocks[0], weights={name: packed}), *blocks[1:]),
        "length": (replace(blocks[0], weights={**blocks[0].weights, name: packed[4:]}), *blocks[1:]),
        "letters": (replace(blocks[0], weights={**blocks[0].weights, name: f"!{packed[1:]}"}), *blocks[1:]),
    }
    with pytest.raises(ValueError, match=r"text|base64"):
        save(replace(small_parts, fitted=replace(small_parts.fitted, texts=spoilt[wrong])), tmp_path / "b")


def test_stored_values_are_scored_and_told_without_building_features(
    small_bundle: Bundle, small_asks: tuple[Tables, Asks]
) -> None:
    built = build(*small_asks, small_bundle.fitted)
    stored = opinions_from_values(small_bundle, built.values)
    assert stored.reasons(3) == opinions(small_bundle, built).reasons(3)


def test_features_taught_otherwise_are_scored_but_not_built(small_bundle: Bundle) -> None:
    require_buildable(small_bundle)
    features = list(small_bundle.fitted.catalog.features)
    for place in (0, len(features) // 2, len(features) - 1):
        older = [*features[:place], replace(features[place], sentence="Once said so."), *features[place + 1 :]]
        fitted = replace(small_bundle.fitted, catalog=Catalog(tuple(older)))
        old = replace(small_bundle, fitted=fitted)
        with pytest.raises(BundleMismatch, match=features[place].name):
            require_buildable(old)
        told = opinions_from_values(small_bundle, small_bundle.golden).reasons(0)
        assert opinions_from_values(old, small_bundle.golden).reasons(0) == told


def test_the_cases_it_was_trained_on_are_known_by_their_hash(
    small_bundle: Bundle, small_asks: tuple[Tables, Asks]
) -> None:
    assert case_hash(["c1"])[0] == int(hashlib.sha256(b"c1").hexdigest()[:16], 16)
    trained = was_trained_on(small_bundle, [*small_asks[0].case_ids.to_pylist(), "never seen"])
    assert trained.sum() == len(small_bundle.case_hashes)
    assert not trained[-1]


Spoil = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture(scope="module")
def spoil(small_bundle_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Spoil:
    """Spoil copies in a process of their own and say what became of them; had it crashed, it would tell nothing."""

    @cache
    def spoil(*kinds_and_times: str | int) -> dict[str, dict[str, Any]]:
        script = Path(__file__).with_name("spoil_bundles.py")
        command = [sys.executable, script, small_bundle_path, tmp_path_factory.mktemp("spoilt"), *kinds_and_times]
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        found: dict[str, dict[str, Any]] = json.loads(done.stdout)
        return found

    return spoil


QUICKLY = ("altered", 500, "sealed", 20)


def test_five_hundred_altered_bundles_of_many_kinds_are_all_refused_without_a_crash(spoil: Spoil) -> None:
    found = spoil(*QUICKLY)["altered"]
    assert sum(found["tried"].values()) == 500
    assert len(found["tried"]) == 12
    assert min(found["tried"].values()) > 40
    assert found["refused"] == found["tried"]
    assert found["taken_for_the_promoted"] == 0


@pytest.mark.parametrize("times", [QUICKLY, pytest.param(("sealed", 1000), marks=pytest.mark.slow)], ids=str)
def test_a_spoilt_text_sealed_anew_never_crashes_and_never_passes_for_the_promoted_one(
    spoil: Spoil, times: tuple[str | int, ...]
) -> None:
    """Sealed anew by a forger, only an id noted elsewhere tells; what LightGBM could not read is refused before."""
    found = spoil(*times)["sealed"]
    assert sum(found["tried"].values()) == times[-1]
    assert found["refused"]["spoilt"] > 0.8 * found["tried"]["spoilt"]
    assert found["taken_for_the_promoted"] == 0


def turn_leaves(raw: bytes) -> bytes:
    """The same text with the first and the last leaf of each tree changed for each other."""
    lines = raw.split(b"\n")
    for i, line in enumerate(lines):
        if line.startswith(b"leaf_value="):
            first, *between, last = line.removeprefix(b"leaf_value=").split(b" ")
            lines[i] = b"leaf_value=" + b" ".join([last, *between, first])
    return b"\n".join(lines)


def test_a_bundle_sealed_anew_without_a_change_is_the_same_bundle(small_bundle: Bundle, copy: Path) -> None:
    reseal(copy, liability_txt=(copy / "liability.txt").read_bytes())
    assert load(copy, expected=small_bundle.id).id == small_bundle.id


def test_other_answers_sealed_anew_are_refused_by_the_golden_rows(copy: Path) -> None:
    reseal(copy, liability_txt=turn_leaves((copy / "liability.txt").read_bytes()))
    with pytest.raises(BundleMismatch, match="golden rows differently"):
        load(copy)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"slope":0.8', b'"slope":0.8000001'),
        (b'"buyer","seller"', b'"seller","buyer"'),
        (b'"slope":0.8', b'"slope":-1'),
    ],
)
def test_a_head_that_no_longer_answers_the_same_is_refused(copy: Path, old: bytes, new: bytes) -> None:
    heads = (copy / "heads.json").read_bytes()
    assert old in heads
    reseal(copy, heads_json=heads.replace(old, new, 1))
    with pytest.raises(BundleMismatch):
        load(copy)
