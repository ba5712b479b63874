"""Spoils a bundle in many ways and says what became of each; run as a program, so that a crash is its own.

``spoil_bundles.py BUNDLE FOLDER altered 500 sealed 40`` spoils so many copies of either kind under FOLDER and prints
one JSON document: by kind of change how many were tried and refused, and how many passed for the promoted bundle.
``altered`` changes the folder; ``sealed`` spoils the text of trees and seals it anew, as a forger can.
"""

import json
import os
import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from models import sealed
from models.bundle import BundleMismatch, load

Change = Callable[[Path, random.Random], None]


def one_file(path: Path, chance: random.Random) -> Path:
    return chance.choice(sorted(path.iterdir()))


def flip_a_bit(path: Path, chance: random.Random) -> None:
    file = one_file(path, chance)
    raw = bytearray(file.read_bytes())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    file.write_bytes(raw)


def truncate(path: Path, chance: random.Random) -> None:
    file = one_file(path, chance)
    os.truncate(file, chance.randrange(file.stat().st_size))


def append(path: Path, chance: random.Random) -> None:
    file = one_file(path, chance)
    file.write_bytes(file.read_bytes() + chance.choice([b"\n", b" ", b"0", b"\0" * 100]))


def swap_two(path: Path, chance: random.Random) -> None:
    one, other = chance.sample(sorted(path.iterdir()), 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def remove(path: Path, chance: random.Random) -> None:
    one_file(path, chance).unlink()


def add(path: Path, chance: random.Random) -> None:
    name = chance.choice(["extra.json", ".hidden", "liability.txt.bak", "model.pkl", "code.py"])
    (path / name).write_bytes(chance.choice([b"", b"{}"]))


def link(path: Path, chance: random.Random) -> None:
    file = one_file(path, chance)
    file.rename(path.parent / "moved")
    file.symlink_to(path.parent / "moved")


def hide_a_folder(path: Path, chance: random.Random) -> None:
    file = one_file(path, chance)
    if chance.random() < 0.5:
        file.unlink()
        file.mkdir()
    else:
        (path / "code").mkdir()


def grow_huge(path: Path, chance: random.Random) -> None:
    os.truncate(one_file(path, chance), 1 << chance.choice([21, 31, 40]))


def become_a_pipe(path: Path, chance: random.Random) -> None:
    file = one_file(path, chance)
    file.unlink()
    os.mkfifo(file)


def forge_the_id(path: Path, chance: random.Random) -> None:
    known_as = (path / "id").read_bytes()
    forged = [known_as.upper(), known_as + b"\n", b" " + known_as, known_as[:-1], b"0" * 64, known_as * 2, b"\xff" * 64]
    (path / "id").write_bytes(chance.choice([f for f in forged if f != known_as]))


def rewrite_the_manifest(path: Path, chance: random.Random) -> None:
    raw = (path / "manifest.json").read_bytes()
    first = raw.index(b'"bytes"')
    forged = chance.choice(
        [
            raw.replace(b'"format":1', b'"format":2'),
            raw.replace(b",", b", ", 1),
            raw.replace(b'{"bytes"', b'{"bytes":1,"bytes"', 1),
            raw[:first] + b'"also":1,' + raw[first:],
            raw.replace(b"cases.bin", b"../cases.bin"),
            raw.replace(b'"format":1', b'"format":NaN'),
            raw.replace(b'"format":1', b'"format":1e999'),
            b"[" * 60_000,
            b"[]",
            b"\xef\xbb\xbf" + raw,
        ]
    )
    (path / "manifest.json").write_bytes(forged)
    (path / "id").write_bytes(sealed.digest(forged).encode())


CHANGES: tuple[Change, ...] = (
    flip_a_bit, truncate, append, swap_two, remove, add, link, hide_a_folder, grow_huge, become_a_pipe,
    forge_the_id, rewrite_the_manifest,
)  # fmt: skip


def altered(path: Path, seed: int) -> str:
    """Change something in a copy of a bundle; the name of what was done."""
    change = CHANGES[seed % len(CHANGES)]
    change(path, random.Random(seed))
    return change.__name__


def spoil(raw: bytes, chance: random.Random) -> bytes:
    """A text of trees with something wrong in it, near enough to the truth to be dangerous."""
    lines = raw.split(b"\n")
    i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(5):
        case 0:
            lines[i], lines[j] = lines[j], lines[i]
        case 1:
            lines[i] = lines[j]
        case 2:
            words = lines[i].split(b" ")
            words[chance.randrange(len(words))] = chance.choice(
                [b"-1", b"99999", b"2147483648", b"nan", b"1e400", b"0"]
            )
            lines[i] = b" ".join(words)
        case 3:
            del lines[i]
        case _:
            at = chance.randrange(len(raw))
            return raw[:at] + bytes([chance.randrange(32, 127)]) + raw[at + chance.randrange(3) :]
    return b"\n".join(lines)


def sealed_anew(path: Path, seed: int) -> str:
    """Spoil the text of trees in a copy of a bundle and seal it anew; "the same" where nothing was changed."""
    whole = (path / "liability.txt").read_bytes()
    spoilt = spoil(whole, random.Random(seed))
    manifest = json.loads((path / "manifest.json").read_bytes())
    manifest["files"]["liability.txt"] = {"bytes": len(spoilt), "sha256": sealed.digest(spoilt)}
    raw = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    for name, content in (("liability.txt", spoilt), ("manifest.json", raw), ("id", sealed.digest(raw).encode())):
        (path / name).write_bytes(content)
    return "the same" if spoilt == whole else "spoilt"


def spoil_many(bundle: Path, folder: Path, kind: str, times: int) -> dict[str, object]:
    """What became of so many copies."""
    tried: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    taken_for_the_promoted = 0
    known_as, path = load(bundle).id, folder / "copy"
    for seed in range(times):
        shutil.copytree(bundle, path)
        done = {"altered": altered, "sealed": sealed_anew}[kind](path, seed)
        tried[done] += 1
        try:
            load(path)
        except BundleMismatch:
            refused[done] += 1
        try:
            load(path, expected=known_as)
            taken_for_the_promoted += done != "the same"
        except BundleMismatch:
            pass
        shutil.rmtree(path)
    return {"tried": tried, "refused": refused, "taken_for_the_promoted": taken_for_the_promoted}


if __name__ == "__main__":
    bundle, folder, *wanted = sys.argv[1:]
    kinds = zip(wanted[::2], wanted[1::2], strict=True)
    found = {kind: spoil_many(Path(bundle), Path(folder), kind, int(times)) for kind, times in kinds}
    sys.stdout.write(json.dumps(found))
