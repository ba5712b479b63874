"""The catalog: every feature in the model's order, with what people are told about it.

A bundle stores its catalog resolved, so that it can score and explain stored values under any later code.
The hash of that resolved catalog is the fingerprint; it guards only the building of features.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its name, the sentence people are told, and what it may be used for.

    ``influences`` says whether it may influence liability at all; ``citable`` whether it may be given to a
    party as a reason (a party's history and writing style are not). ``reason`` and ``subject`` name the reason
    it is told under: all features of one (reason, subject) are told together. ``reads`` lists the columns it
    is computed from as ``table.column``. ``key``, ``measure`` and ``window_days`` (0: all time) are set for a
    history feature only.
    """

    name: str
    family: str
    kind: Literal["number", "category"]
    sentence: str
    unit: str
    reads: tuple[str, ...]
    reason: str
    subject: str = ""
    influences: bool = True
    citable: bool = True
    key: str = ""
    measure: str = ""
    window_days: int = 0


@dataclass(frozen=True, slots=True)
class Catalog:
    """The features of one model, in the order of its columns."""

    features: tuple[Feature, ...]

    def __len__(self) -> int:
        return len(self.features)

    def __iter__(self) -> Iterator[Feature]:
        return iter(self.features)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the features, in order."""
        return tuple(f.name for f in self.features)

    @property
    def categorical(self) -> tuple[int, ...]:
        """The positions of the features that are categories, not numbers."""
        return tuple(i for i, f in enumerate(self.features) if f.kind == "category")

    def to_json(self) -> list[dict[str, Any]]:
        """The catalog as plain data, the form a bundle stores."""
        return [asdict(f) for f in self.features]

    @classmethod
    def from_json(cls, entries: list[dict[str, Any]]) -> Self:
        """The catalog a bundle stored."""
        return cls(tuple(Feature(**{**e, "reads": tuple(e["reads"])}) for e in entries))

    def fingerprint(self) -> str:
        """The sha256 of the catalog: two catalogs with one fingerprint ask for the same columns."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()
