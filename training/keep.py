"""What is kept of a training: the bundle's folder, and in the registry its account, its pictures and its number."""

import math
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from features.errors import TriageError
from features.terminal import Tell, finite, iso
from models.bundle import save
from training.gates import failed
from training.registry import BUNDLES, Record, Registry
from training.report import plots
from training.train import Trained

_NOT_TAKEN: Final = re.compile(r"[^\w.\- ]")


class CannotKeep(TriageError):
    """The place where a bundle is to be written is taken."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A training as it was kept; ``failed`` names the gates that did not hold."""

    version: int
    bundle: str
    folder: Path
    failed: tuple[str, ...]


def require_free(out: Path | None) -> None:
    """Raise CannotKeep if something is there already: better said before an hour of training than after it."""
    if out is not None and out.exists():
        raise CannotKeep(f"{out} exists already; name a new folder, or remove it first.")


def keep(
    trained: Trained, ledger: Mapping[str, Any], home: Path, out: Path | None, registry: Registry, *, tell: Tell
) -> Kept:
    """Write the bundle to ``out``, else under ``home`` by its id, and register it, whatever the gates said."""
    bundle, folder = _write(trained, home, out)
    missed = tuple(failed(trained.gates))
    tell("drawing pictures")
    record = Record(
        bundle=bundle,
        folder=folder,
        params={**trained.parts.config, "trained_until": iso(trained.parts.trained_until)},
        metrics=dict(_metrics(trained.figures)),
        documents={
            "ledger.json": finite(ledger),
            "gates.json": finite(trained.gates),
            "figures.json": finite(trained.figures),
        },
        plots=plots(trained),
        failed=missed,
    )
    tell("registering a version")
    return Kept(registry.register(record), bundle, folder, missed)


def _write(trained: Trained, home: Path, out: Path | None) -> tuple[str, Path]:
    if out is not None:
        return save(trained.parts, out), out
    bundles = home / BUNDLES
    bundles.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".new.", dir=bundles) as room:
        bundle = save(trained.parts, Path(room) / "bundle")
        if not (bundles / bundle).exists():
            (Path(room) / "bundle").rename(bundles / bundle)
    return bundle, bundles / bundle


def _metrics(figures: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """The figures as numbers by name; MLflow takes letters, digits and a few signs, and no figure that is not."""
    for head, shown in figures.items():
        yield f"{head}.rounds", float(shown["rounds"])
        for part in ("out_of_fold", "slices"):
            for name, found in shown[part].items():
                for figure, value in found.items():
                    if isinstance(value, int | float) and math.isfinite(value):
                        yield _NOT_TAKEN.sub("_", f"{head}.{part}.{name}")[:200] + f".{figure}", float(value)
