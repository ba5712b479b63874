"""How a model is to be trained: one frozen set of keys, each with a default, read from a TOML file.

The set a bundle was trained with is stored in it whole, and evaluation takes it from there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final, Self

from features.errors import TriageError
from models.trees import TreeParams


class BadConfig(TriageError):
    """A training configuration has a key that does not exist, or a value that cannot be."""


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """Every key of the training configuration and its default.

    ``maturity_days``: how long a ruling must have stood before it is a label. ``max_error``: the error promised
    above the abstention threshold. ``windows_days``: lengths of the history windows, all time is added.
    ``history_weight``: how many rulings the rate of all cases counts for when a key's rate is shrunk towards it.
    ``folds``: rolling folds, of equal numbers of cases opened after ``first_share`` of the labels was known.
    ``max_rounds`` and ``rounds_step``: up to how many trees are tried, and at what distance; fewer where growing
    on does not help.
    ``depth``: the depths of trees that are tried; the folds say which is best.
    ``leave_out``: names of ``attr_*`` columns or features not to be used. ``max_dropped_share``: a training stops where
    more of the rows of ``cases`` or ``rulings`` break the contract, for then the mapping is wrong. ``bins``: into how
    many steps a number is divided. ``most_features``: on how many features trees are grown, those that a first look
    finds most useful, and fewer in a small history; most of what the keys' past says is noise. The rest is how trees
    are grown; a leaf holds at least ``min_cases_in_leaf`` asks, or a hundredth of them in a small history.
    """

    maturity_days: float = 21.0
    max_error: float = 0.10
    seed: int = 1
    windows_days: tuple[int, ...] = (30, 90, 365)
    history_weight: float = 20.0
    leave_out: tuple[str, ...] = ()
    max_dropped_share: float = 0.5
    folds: int = 4
    first_share: float = 0.3
    max_rounds: int = 600
    rounds_step: int = 25
    learning_rate: float = 0.05
    leaves: int = 31
    bins: int = 63
    most_features: int = 256
    depth: tuple[int, ...] = (2, 3, 5, 7)
    min_cases_in_leaf: int = 100
    l2: float = 5.0
    feature_share: float = 0.6
    case_share: float = 0.8
    category_smoothing: float = 50.0

    def __post_init__(self) -> None:
        for field in fields(self):
            given = getattr(self, field.name)
            found = _of_type(given, field.default)
            if found is None:
                raise BadConfig(f"{field.name} must be {_TYPE_SAID[type(field.default)]}; change it or leave it out.")
            object.__setattr__(self, field.name, found)
            if field.name in _LIMITS and not all(
                _LIMITS[field.name][0] <= v <= _LIMITS[field.name][1]
                for v in (found if isinstance(found, tuple) else (found,))
            ):
                low, high = _LIMITS[field.name]
                raise BadConfig(f"{field.name} must lie between {low:g} and {high:g}; change it or leave it out.")
        for name in ("windows_days", "depth"):
            if len(set(getattr(self, name))) < len(getattr(self, name)):
                raise BadConfig(f"{name} names a number twice; name each once.")
        if not self.depth:
            raise BadConfig("depth names no depth to try; name one or leave it out.")

    def tree_params(self, asks: int, depth: int) -> TreeParams:
        """How to grow trees of a depth on so many asks."""
        return TreeParams(
            learning_rate=self.learning_rate,
            leaves=self.leaves,
            bins=self.bins,
            depth=depth,
            min_cases_in_leaf=max(1, min(self.min_cases_in_leaf, asks // 100)),
            l2=self.l2,
            feature_share=self.feature_share,
            case_share=self.case_share,
            category_smoothing=self.category_smoothing,
            seed=self.seed,
        )

    def to_json(self) -> dict[str, Any]:
        """The configuration as plain data, the form a bundle stores and MLflow logs."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self)}

    def changed(self, **keys: Any) -> Self:
        """The same configuration with some keys changed."""
        return replace(self, **keys)

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Self:
        """The configuration with these keys; raises BadConfig naming a key that does not exist."""
        known = {f.name for f in fields(cls)}
        for key in given:
            if key not in known:
                raise BadConfig(f"there is no training key {key[:64]!r}; the keys are {', '.join(sorted(known))}.")
        return cls(**given)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The configuration in a TOML file; raises BadConfig where it cannot be read."""
        try:
            given = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise BadConfig(f"there is no training configuration {path}; check the path.") from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise BadConfig(f"{path} is not TOML: {error}.") from error
        return cls.from_mapping(given)


_LIMITS: Final[dict[str, tuple[float, float]]] = {
    "maturity_days": (0, 3650),
    "max_error": (0.0, 0.5),
    "seed": (0, 2**31 - 1),
    "windows_days": (1, 36500),
    "history_weight": (0.01, 1e6),
    "max_dropped_share": (0.0, 1.0),
    "folds": (2, 50),
    "first_share": (0.01, 0.95),
    "max_rounds": (1, 10_000),
    "rounds_step": (1, 10_000),
    "learning_rate": (1e-4, 1.0),
    "leaves": (2, 128),
    "bins": (2, 255),
    "most_features": (1, 100_000),
    "depth": (1, 7),
    "min_cases_in_leaf": (1, 1_000_000),
    "l2": (0.0, 1e6),
    "feature_share": (0.01, 1.0),
    "case_share": (0.01, 1.0),
    "category_smoothing": (0.0, 1e6),
}
_TYPE_SAID: Final = {int: "a whole number", float: "a number", tuple: "a list of one kind"}


def _of_type(given: Any, default: Any) -> Any:
    """The value given as the type of the default, or None where it cannot be one."""
    if isinstance(default, tuple):
        of = int if default else str
        fits = isinstance(given, list | tuple) and all(isinstance(v, of) and not isinstance(v, bool) for v in given)
        return tuple(given) if fits else None
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    if isinstance(default, float):
        return float(given)
    return given if isinstance(given, int) else None


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
