"""A sealed folder: files whose digests stand in a manifest, whose own digest is the folder's id.

Everything is compared as raw bytes before anybody reads meaning into it. A seal shows that nothing changed
since the id was noted; who may note an id is decided elsewhere (see champion.py).
"""

import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from features.errors import TriageError
from models import plain

MANIFEST: Final = "manifest.json"
ID: Final = "id"
FORMAT: Final = 1
MANIFEST_BYTES: Final = 65_536
FILE_BYTES: Final = 1 << 30
FILES: Final = 32

_ID = re.compile(rb"[0-9a-f]{64}")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}\.(json|txt|bin)")


class BundleMismatch(TriageError):
    """A bundle was altered, or it and the code disagree: it is refused as a whole."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What the manifest says of one file."""

    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed folder holds."""

    files: dict[str, Entry]
    format: int


def digest(raw: bytes) -> str:
    """The sha256 of some bytes, as 64 hex digits."""
    return hashlib.sha256(raw).hexdigest()


def seal(files: Mapping[str, bytes], path: Path) -> str:
    """Write a sealed folder at ``path`` in one step and return its id.

    The same folder may be written again; anything else at ``path`` is left alone and refused.
    """
    empty = [name for name, raw in files.items() if not raw]
    if empty:
        raise BundleMismatch(f"{empty[0]} would be empty; a bundle holds no empty file")
    entries = {name: asdict(Entry(len(raw), digest(raw))) for name, raw in files.items()}
    manifest = plain.dumps({"files": entries, "format": FORMAT})
    known_as = digest(manifest)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    try:
        for name, raw in {**files, MANIFEST: manifest, ID: known_as.encode()}.items():
            _write(new / name, raw)
        new.chmod(0o755)
        _put_in_place(new, path, known_as)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return known_as


def _write(path: Path, raw: bytes) -> None:
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(new: Path, path: Path, known_as: str) -> None:
    if not path.exists():
        new.rename(path)
    elif unseal(path)[0] != known_as:
        raise BundleMismatch(f"{path} already holds another bundle; name a new folder or remove it first")


def unseal(path: Path) -> tuple[str, dict[str, bytes]]:
    """The id and the files of a sealed folder, every byte of them checked.

    Raises
    ------
    BundleMismatch
        For an undeclared, missing, empty or oversized file, a symlink or folder inside, a wrong digest or id.
    """
    sizes = _sizes(path)
    manifest = _read(path, MANIFEST, sizes, MANIFEST_BYTES)
    known_as = _read(path, ID, sizes, 64)
    if not _ID.fullmatch(known_as) or known_as.decode() != digest(manifest):
        raise BundleMismatch(f"{path}: its id is not the digest of its manifest; it was altered")
    try:
        declared = plain.read(Manifest, plain.loads(manifest), MANIFEST)
    except ValueError as error:
        raise BundleMismatch(f"{path}: {MANIFEST} cannot be read: {error}") from None
    if declared.format != FORMAT or not all(_NAME.fullmatch(name) for name in declared.files):
        raise BundleMismatch(f"{path}: {MANIFEST} is of a kind this version does not know")
    _require_same_names(path, set(declared.files), set(sizes) - {MANIFEST, ID})
    for name, entry in declared.files.items():
        if sizes[name] != entry.bytes:
            raise BundleMismatch(f"{path}: {name} has not the size its manifest declares; it was altered")
    files = {name: _read(path, name, sizes, entry.bytes) for name, entry in declared.files.items()}
    for name, raw in files.items():
        if digest(raw) != declared.files[name].sha256:
            raise BundleMismatch(f"{path}: {name} differs from its digest; it was altered")
    return known_as.decode(), files


def _sizes(path: Path) -> dict[str, int]:
    """The size of each file in the folder; nothing but ordinary files may be there."""
    if not path.is_dir():
        raise BundleMismatch(f"{path} is not a folder; name the folder that training wrote")
    sizes: dict[str, int] = {}
    with os.scandir(path) as found:
        for entry in found:
            if len(sizes) == FILES or not entry.is_file(follow_symlinks=False):
                raise BundleMismatch(f"{path} holds something that is not a file of a bundle")
            sizes[entry.name] = entry.stat(follow_symlinks=False).st_size
            if not 0 < sizes[entry.name] <= FILE_BYTES:
                raise BundleMismatch(f"{path} holds an empty or an oversized file")
    return sizes


def _require_same_names(path: Path, declared: set[str], found: set[str]) -> None:
    if declared - found:
        raise BundleMismatch(f"{path}: {min(declared - found)} is missing")
    if found - declared:
        raise BundleMismatch(f"{path} holds a file that its manifest does not declare")


def _read(path: Path, name: str, sizes: Mapping[str, int], most: int) -> bytes:
    if name not in sizes:
        raise BundleMismatch(f"{path}: {name} is missing")
    if sizes[name] > most:
        raise BundleMismatch(f"{path}: {name} is too large")
    try:
        handle = os.open(path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise BundleMismatch(f"{path}: {name} cannot be opened: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise BundleMismatch(f"{path}: {name} is not an ordinary file")
        return file.read(most + 1)
