"""Equally long NumPy columns, one row per order, case or item, that are selected together."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Rows = NDArray[np.int64] | NDArray[np.bool_] | slice


@dataclass(frozen=True, slots=True)
class Columns:
    """A noun of the simulation, described by columns; its parts may be columns of their own."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: Rows) -> Self:
        """The same noun for these rows, in the order given."""
        return type(self)(**{f.name: _taken(getattr(self, f.name), rows) for f in fields(self)})


def _taken(part: Any, rows: Rows) -> Any:
    return part.take(rows) if isinstance(part, Columns) else part[rows]


def choose(chance: np.random.Generator, shares: tuple[float, ...], n: int) -> Ints:
    """(n,) positions drawn with these shares, which need not sum to 1."""
    steps = np.cumsum(shares)
    return np.searchsorted(steps[:-1] / steps[-1], chance.random(n), "right")


def allot(chance: np.random.Generator, weights: Floats, n: int) -> Ints:
    """(n,) positions drawn with these weights, in ascending order: quick where there are many weights."""
    return np.repeat(np.arange(len(weights)), chance.multinomial(n, weights / weights.sum()))


def one_of(chance: np.random.Generator, among: tuple[int, ...], n: int) -> Ints:
    """(n,) of these whole numbers, each as likely."""
    return np.array(among)[chance.integers(0, len(among), n)]


def pick_by_row(weights: Floats, chance: np.random.Generator) -> Ints:
    """For each row of weights (n, k) one position, drawn with the row's own weights."""
    steps = np.cumsum(weights, axis=1)
    return np.asarray((chance.random(len(weights))[:, None] * steps[:, -1:] > steps).sum(axis=1), dtype=np.int64)
