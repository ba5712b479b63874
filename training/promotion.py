"""Which model was put in use, when, by whose words and despite what: an append-only ledger, and the champion file.

The ledger is written and on disk before the champion file changes, so that no model goes live unrecorded.
"""

import fcntl
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from features.errors import TriageError
from models.bundle import load
from models.champion import Champion, write_champion

LEDGER = "promotions.jsonl"


class CannotPromote(TriageError):
    """A version may not be put in use, or there is none to go back to."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A registered version: its number, its bundle, and the gates that did not hold."""

    version: int
    bundle: str
    path: Path
    failed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promotion:
    """One line of the ledger: from ``at`` (ISO 8601, UTC) on this bundle was in use."""

    at: str
    act: Literal["promote", "rollback"]
    version: int
    bundle: str
    path: str
    failed: tuple[str, ...] = ()
    why: str = ""


def promotions(home: Path) -> list[Promotion]:
    """Every promotion and rollback in order; a line torn by a crash never happened."""
    path = home / LEDGER
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    found = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
    return [Promotion(**{**line, "failed": tuple(line["failed"])}) for line in found]


def live_at(home: Path, instant: datetime) -> Promotion | None:
    """The promotion in force at the instant, or None where no model was in use."""
    past = [p for p in promotions(home) if datetime.fromisoformat(p.at) <= instant]
    return past[-1] if past else None


def promote(home: Path, candidate: Candidate, at: datetime, *, force: bool = False, why: str = "") -> Promotion:
    """Put a version in use; one whose gates failed only by force, and with words that say why."""
    if candidate.failed and not (force and why):
        raise CannotPromote(
            f"version {candidate.version} failed {', '.join(candidate.failed)}; "
            "train a better one, or promote it with --force --why and the reason."
        )
    found = Promotion(
        at.isoformat(), "promote", candidate.version, candidate.bundle, str(candidate.path), candidate.failed, why
    )
    return _put_in_use(home, found)


def rollback(home: Path, at: datetime) -> Promotion:
    """Go back to the version that was in use before the present one."""
    stack = _in_use(promotions(home))
    if len(stack) < 2:
        raise CannotPromote("no version was in use before this one; promote another version instead.")
    earlier = stack[-2]
    found = Promotion(at.isoformat(), "rollback", earlier.version, earlier.bundle, earlier.path, earlier.failed)
    return _put_in_use(home, found)


def _in_use(history: Sequence[Promotion]) -> list[Promotion]:
    """The promotions that no rollback has undone."""
    stack: list[Promotion] = []
    for entry in history:
        if entry.act == "promote":
            stack.append(entry)
        else:
            stack.pop()
    return stack


def _put_in_use(home: Path, promotion: Promotion) -> Promotion:
    load(Path(promotion.path))
    home.mkdir(parents=True, exist_ok=True)
    with (home / LEDGER).open("a+b") as ledger:
        fcntl.flock(ledger, fcntl.LOCK_EX)
        line = json.dumps(asdict(promotion), ensure_ascii=True, sort_keys=True).encode("ascii")
        ledger.write(b"\n" * _torn(ledger.fileno()) + line + b"\n")
        ledger.flush()
        os.fsync(ledger.fileno())
        since = round(datetime.fromisoformat(promotion.at).timestamp() * 1_000_000)
        write_champion(home, Champion(Path(promotion.path), promotion.bundle, since))
    return promotion


def _torn(file: int) -> bool:
    """Whether the last line of the ledger lacks its end."""
    size = os.fstat(file).st_size
    return size > 0 and os.pread(file, 1, size - 1) != b"\n"
