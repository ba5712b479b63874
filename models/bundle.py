"""A bundle: a folder of text and JSON that can score and explain stored feature values under any later code.

It is refused as a whole, always with BundleMismatch, when a byte of it changed since its id was noted, when it
cannot be read strictly, or when it answers its own golden rows differently. It knows no policy and no words.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from features.build import Fitted, not_buildable
from features.catalog import Catalog, Feature
from features.text import TextBlock, require_scorable
from features.vocabulary import LIABLE
from models import plain, sealed
from models.calibration import Calibration
from models.head import Head, liability_columns
from models.reasons import Grouping
from models.sealed import BundleMismatch
from models.tree_text import require_sound
from models.trees import Numbers, Trees

__all__ = ["Bundle", "BundleMismatch", "Parts", "case_hash", "load", "require_buildable", "save", "was_trained_on"]

Hashes = NDArray[np.uint64]

LIABILITY: Final = "liability"
"""The name of the head that answers who is liable."""

SUFFICIENCY: Final = "sufficiency"
"""The name of the head that answers whether what is known is enough to rule on."""

ENOUGH: Final = ("insufficient", "sufficient")
"""The classes of that head."""

_DATA: Final = ("catalog.json", "fitted.json", "heads.json", "config.json", "golden.json", "cases.bin")

SAME: Final = 1e-12
"""How far an answer to a golden row may lie from the stored one."""


@dataclass(frozen=True)
class Parts:
    """What a bundle is made of.

    Attributes
    ----------
    heads
        By name; "liability" answers who is liable.
    config
        The frozen training configuration, plain JSON data.
    trained_until
        The training cut, microseconds UTC: nothing known at or after it was learnt from.
    case_hashes
        Sorted hashes of the ids of all training cases; see ``case_hash``.
    golden
        (rows, features) values of some training asks; their answers are stored and must not change.
    """

    fitted: Fitted
    heads: dict[str, Head]
    config: dict[str, Any]
    trained_until: int
    case_hashes: Hashes
    golden: Numbers

    @cached_property
    def groupings(self) -> dict[str, Grouping]:
        """For each head which of its features are told together."""
        features = self.fitted.catalog.features
        return {name: Grouping(tuple(features[i] for i in head.columns), features) for name, head in self.heads.items()}


@dataclass(frozen=True)
class Bundle(Parts):
    """A loaded bundle and its id, the sha256 of its manifest."""

    id: str


@dataclass(frozen=True, slots=True)
class _StoredFitted:
    categories: dict[str, tuple[str, ...]]
    windows_days: tuple[int, ...]
    history_weight: float
    texts: tuple[TextBlock, ...]
    trained_until: int


@dataclass(frozen=True, slots=True)
class _StoredHead:
    classes: tuple[str, ...]
    prior: tuple[float, ...]
    columns: tuple[int, ...]
    slope: float
    offsets: tuple[float, ...]
    act_above: float


@dataclass(frozen=True, slots=True)
class _GoldenAnswers:
    probabilities: tuple[tuple[float, ...], ...]
    contributions: tuple[tuple[tuple[float, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class _StoredGolden:
    values: tuple[tuple[float | None, ...], ...]
    answers: dict[str, _GoldenAnswers]


def save(parts: Parts, path: Path) -> str:
    """Write a bundle in one step and return its id; another bundle at ``path`` is never overwritten.

    What could not be read again is not written: ValueError says what is wrong with it.
    """
    fitted = parts.fitted
    stored = {
        "catalog.json": fitted.catalog.to_json(),
        "fitted.json": {
            "categories": fitted.categories,
            "windows_days": fitted.windows_days,
            "history_weight": fitted.history_weight,
            "texts": [asdict(block) for block in fitted.texts],
            "trained_until": parts.trained_until,
        },
        "heads.json": {name: _head_data(head) for name, head in parts.heads.items()},
        "config.json": parts.config,
        "golden.json": {
            "values": [[None if np.isnan(v) else v for v in row] for row in parts.golden.tolist()],
            "answers": {name: _golden_data(head, parts.golden) for name, head in parts.heads.items()},
        },
    }
    files = {name: plain.dumps(data) for name, data in stored.items()}
    files |= {f"{name}.txt": head.trees.text.encode("ascii") for name, head in parts.heads.items()}
    files["cases.bin"] = parts.case_hashes.astype(">u8").tobytes()
    _read("", files)
    return sealed.seal(files, path)


def _head_data(head: Head) -> dict[str, object]:
    return {
        "classes": head.classes,
        "prior": head.prior,
        "columns": head.columns,
        "slope": head.calibration.slope,
        "offsets": head.calibration.offsets,
        "act_above": head.act_above,
    }


def _golden_data(head: Head, values: Numbers) -> dict[str, object]:
    found = head.contributor.explain(head.seen(values))
    return {"probabilities": head.probabilities(values).tolist(), "contributions": found.contributions.tolist()}


def load(path: Path, *, expected: str | None = None) -> Bundle:
    """The bundle at ``path``, checked byte for byte before anything in it is believed.

    Parameters
    ----------
    expected
        The id under which it was promoted. Digests alone show that a bundle is whole, not whose it is: whoever
        may write to the folder can seal it anew, and only an id noted elsewhere tells.

    Raises
    ------
    BundleMismatch
        Whenever anything about it is not as it was written.
    """
    known_as, files = sealed.unseal(path)
    if expected not in (None, known_as):
        raise BundleMismatch(f"{path} is not the bundle that was promoted; promote it again or restore it")
    try:
        return _read(known_as, files)
    except (ValueError, ArithmeticError) as error:
        raise BundleMismatch(f"{path} cannot be used: {error}") from None


def _read(known_as: str, files: Mapping[str, bytes]) -> Bundle:
    catalog = plain.read(tuple[Feature, ...], plain.loads(_file(files, "catalog.json")), "catalog")
    fitted = plain.read(_StoredFitted, plain.loads(_file(files, "fitted.json")), "fitted")
    stored = plain.read(dict[str, _StoredHead], plain.loads(_file(files, "heads.json")), "heads")
    golden = plain.read(_StoredGolden, plain.loads(_file(files, "golden.json")), "golden")
    heads = {name: _head(name, head, _file(files, f"{name}.txt"), len(catalog)) for name, head in stored.items()}
    bundle = Bundle(
        fitted=Fitted(Catalog(catalog), fitted.categories, fitted.windows_days, fitted.history_weight, fitted.texts),
        heads=heads,
        config=plain.read(dict[str, Any], plain.loads(_file(files, "config.json")), "config"),
        trained_until=fitted.trained_until,
        case_hashes=np.frombuffer(_file(files, "cases.bin"), dtype=">u8").astype(np.uint64),
        golden=np.array(golden.values, dtype=np.float64).reshape(len(golden.values), len(catalog)),
        id=known_as,
    )
    if set(files) != {*_DATA, *(f"{name}.txt" for name in heads)}:
        raise ValueError("it holds a file that this version does not know")
    if set(golden.answers) != set(heads) or not len(bundle.golden):
        raise ValueError("it lacks golden answers of a head")
    _require_knowledge(bundle)
    for name, head in heads.items():
        _require_golden(head, bundle.golden, golden.answers[name])
    return bundle


def _require_knowledge(bundle: Bundle) -> None:
    """What the catalog needs is there, and each head keeps to its classes; liability to what may influence it."""
    catalog, categories = bundle.fitted.catalog, bundle.fitted.categories
    if any(f.kind == "category" and f.name not in categories for f in catalog):
        raise ValueError("a category of its catalog has no words")
    require_scorable(bundle.fitted.texts, {f.name for f in catalog if f.family == "text"})
    head = bundle.heads.get(LIABILITY)
    ordered = head is None or head.classes == tuple(name for name in LIABLE if name in head.classes)
    if head and not (ordered and set(head.columns) <= set(liability_columns(catalog))):
        raise ValueError("its head of liability sees or names what it may not")
    enough = bundle.heads.get(SUFFICIENCY)
    if enough and enough.classes != ENOUGH:
        raise ValueError("its head of sufficiency has other classes")


def _file(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise ValueError(f"{name} is missing")
    return files[name]


def _head(name: str, stored: _StoredHead, text: bytes, features: int) -> Head:
    require_sound(text.decode("ascii"))
    trees = Trees(text.decode("ascii"))
    k = len(stored.classes)
    right = (
        k >= 2
        and len(set(stored.classes)) == len(stored.prior) == len(stored.offsets) == trees.classes == k
        and len(stored.columns) == trees.features
        and all(0 <= i < features for i in stored.columns)
        and stored.slope > 0.0
    )
    if not right:
        raise ValueError(f"the head {name} does not fit its trees or its catalog")
    calibration = Calibration(stored.slope, stored.offsets)
    return Head(name, stored.classes, stored.prior, stored.columns, trees, calibration, stored.act_above)


def _require_golden(head: Head, values: Numbers, expected: _GoldenAnswers) -> None:
    probabilities = head.probabilities(values)
    contributions = head.contributor.explain(head.seen(values)).contributions
    for found, wanted in ((probabilities, expected.probabilities), (contributions, expected.contributions)):
        stored = np.array(wanted, dtype=np.float64)
        if stored.shape != found.shape or not bool((np.abs(found - stored) <= SAME).all()):
            raise ValueError(f"the head {head.name} answers its golden rows differently than when it was written")


def require_buildable(bundle: Bundle) -> None:
    """Raise BundleMismatch unless this code builds every feature of the bundle's catalog as it was built.

    Only building needs this: stored values are scored and told under any later code.
    """
    other = not_buildable(bundle.fitted.catalog)
    if other:
        raise BundleMismatch(
            f"this version builds {len(other)} features otherwise than the bundle was taught, {other[0]} first; "
            "train a new bundle, or use the version that trained this one"
        )


def case_hash(case_ids: Iterable[str]) -> Hashes:
    """The first 8 bytes of the sha256 of each case id, as big-endian numbers, in the order given."""
    raw = b"".join(hashlib.sha256(case_id.encode()).digest()[:8] for case_id in case_ids)
    return np.frombuffer(raw, dtype=">u8").astype(np.uint64)


def was_trained_on(bundle: Bundle, case_ids: Iterable[str]) -> NDArray[np.bool_]:
    """Whether each of these cases was among those the bundle learnt from: (cases,)."""
    return np.isin(case_hash(case_ids), bundle.case_hashes)
