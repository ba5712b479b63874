"""What a fact is: a name that policy may read, what it means, and who could tell it while it is not known.

A fact is a function over a View, as a feature is. It is null throughout where a column that it needs was not supplied.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from features.own_rows import supplied
from features.tables import Numbers
from features.view import View, Words

Type = Literal["flag", "number", "word"]
Compute = Callable[[View], Numbers | Words]

BUYER: Final = ("buyer",)
SELLER: Final = ("seller",)
CARRIER: Final = ("carrier",)
PLATFORM: Final = ("platform",)


@dataclass(frozen=True, slots=True)
class Fact:
    """One named fact: its type and unit, the sentence people are told, and the columns it is read from.

    ``reads`` lists columns as ``table.column``; without those that it ``needs`` nothing is known of it. ``supplied_by``
    are the parties who can supply it while it is not known, ``asks_for`` the kinds of evidence that would tell it.
    ``values`` is the closed list of a word; () is open.
    """

    name: str
    type: Type
    unit: str
    sentence: str
    reads: tuple[str, ...]
    supplied_by: tuple[str, ...]
    asks_for: tuple[str, ...]
    values: tuple[str, ...]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a fact is read from and who could tell it: what it needs, and what it ``also`` reads where supplied."""

    needs: tuple[str, ...]
    by: tuple[str, ...]
    asks_for: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


ListedFact = tuple[Fact, Compute]


def flag(name: str, compute: Callable[[View], Numbers], told: Telling) -> ListedFact:
    """List a function of 0, 1 and NaN as a fact that is so, is not so, or is not known."""
    return _listed(name, "flag", compute, told, "flag")


def number(name: str, unit: str, compute: Callable[[View], Numbers], told: Telling) -> ListedFact:
    """List a function as a fact that is a number of that unit."""
    return _listed(name, "number", compute, told, unit)


def word(name: str, values: tuple[str, ...], compute: Callable[[View], Words], told: Telling) -> ListedFact:
    """List a function as a fact that is one of these words, or any where none are listed."""
    return _listed(name, "word", compute, told, "word", values)


def either(one: Numbers, other: Numbers) -> Numbers:
    """Whether one of two flags is set; NaN where neither is known to be and one is not known."""
    return np.where((one == 1) | (other == 1), 1.0, one + other)


def _listed(
    name: str, of: Type, compute: Compute, told: Telling, unit: str, values: tuple[str, ...] = ()
) -> ListedFact:
    def where_supplied(view: View) -> Numbers | Words:
        if all(supplied(view.tables, column) for column in told.needs):
            return compute(view)
        n = len(view.asks)
        return Words(np.full(n, -1), []) if of == "word" else np.full(n, np.nan)

    sentence = (compute.__doc__ or "").splitlines()[0]
    reads = (*told.needs, *told.also)
    return Fact(name, of, unit, sentence, reads, told.by, told.asks_for, values, told.needs), where_supplied
