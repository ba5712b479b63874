"""The champion: which bundle is in use, said by one small file under the home folder and by nothing else."""

import os
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from features.errors import TriageError
from models import plain
from models.bundle import Bundle, load, require_buildable

FILE: Final = "champion.json"


class NoChampion(TriageError):
    """No bundle was named and none has been promoted."""


@dataclass(frozen=True, slots=True)
class Champion:
    """The bundle in use: its folder, its id, and when it was promoted (microseconds UTC)."""

    path: Path
    id: str
    promoted_at: int


@dataclass(frozen=True, slots=True)
class _Stored:
    path: str
    id: str
    promoted_at: int


def read_champion(home: Path) -> Champion:
    """The champion under ``home``; a path written relative to home comes back below it."""
    try:
        stored = plain.read(_Stored, plain.loads((home / FILE).read_bytes()), FILE)
    except FileNotFoundError:
        raise NoChampion(f"{home / FILE} does not exist; promote a version or name a bundle") from None
    except ValueError as error:
        raise NoChampion(f"{home / FILE} cannot be read: {error}; promote a version again") from None
    return Champion(home / stored.path, stored.id, stored.promoted_at)


def load_champion(home: Path) -> Bundle:
    """The bundle in use; refused with BundleMismatch unless it is, byte for byte, the one that was promoted."""
    champion = read_champion(home)
    return load(champion.path, expected=champion.id)


def load_usable(named: Path | None, home: Path) -> Bundle:
    """The bundle in the folder named, or else the one in use; refused unless this code can build its features."""
    bundle = load_champion(home) if named is None else load(named)
    require_buildable(bundle)
    return bundle


def write_champion(home: Path, champion: Champion) -> None:
    """Put ``champion`` in use in one step; whoever reads meanwhile sees the old one or the new one."""
    path = champion.path
    inside = path.is_relative_to(home)
    stored = _Stored(str(path.relative_to(home) if inside else path.resolve()), champion.id, champion.promoted_at)
    home.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{FILE}.", dir=home)
    with os.fdopen(handle, "wb") as file:
        file.write(plain.dumps(asdict(stored)))
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(home / FILE)
