"""What differs between two policies' rulings in the same cases, kind by kind, and how often each change occurs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from features.vocabulary import LIABLE, REMEDIES
from models.cents import Flags
from models.consequences import UNKNOWN
from models.lines import ACCOUNTS
from training.backtest.outcomes import BEARERS, Outcomes

KINDS: Final = ("fault", "entitled", "cost_bearer", "remedy", "amount")
"""What a ruling may flip in; the amount is what the buyer gets in the end."""

DECIDED: Final = "decided"
"""A case that one policy decides and the other does not is no flip, and counted by itself."""

_BUYER: Final = ACCOUNTS.index("buyer")

_WORDS: Final = {
    "fault": LIABLE,
    "entitled": ("not entitled", "entitled"),
    "cost_bearer": BEARERS,
    "remedy": REMEDIES,
    "amount": ("as before", "less", "more"),
    DECIDED: ("undecided", "decided"),
}

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: from one word to another, in how many cases, and the ask of the first of them."""

    kind: str
    before: str
    after: str
    cases: int
    example: int


def flips(old: Outcomes, new: Outcomes) -> Flags:
    """(asks, kinds) what differs where both policies answer it."""
    priced = old.priced & new.priced
    decided = old.decided & new.decided
    found = [
        _differ(old.fault, new.fault),
        _differ(old.entitled, new.entitled),
        decided & (old.bears != new.bears).any(axis=1),
        _differ(old.remedy, new.remedy),
        priced & (old.net[:, _BUYER] != new.net[:, _BUYER]),
    ]
    return np.stack(found, axis=1)


def changes(old: Outcomes, new: Outcomes) -> Iterator[Change]:
    """Every change there is, kind by kind, the most frequent first."""
    differs = dict(zip(KINDS, flips(old, new).T, strict=True)) | {DECIDED: old.decided != new.decided}
    for kind, where in differs.items():
        before, after = _places(kind, old, new)
        words, asks = _WORDS[kind], np.flatnonzero(where)
        pairs, first, times = np.unique(before[asks] * len(words) + after[asks], return_index=True, return_counts=True)
        for place in np.argsort(-times, kind="stable"):
            was, now = divmod(int(pairs[place]), len(words))
            yield Change(kind, words[was], words[now], int(times[place]), int(asks[first[place]]))


def _places(kind: str, old: Outcomes, new: Outcomes) -> tuple[Places, Places]:
    if kind == "amount":
        more = np.sign(new.net[:, _BUYER] - old.net[:, _BUYER])
        return np.zeros_like(more), np.where(more > 0, 2, np.where(more < 0, 1, 0))
    name = "bearer" if kind == "cost_bearer" else kind
    was, now = (np.asarray(getattr(outcomes, name)) for outcomes in (old, new))
    return was.astype(np.int64), now.astype(np.int64)


def _differ(old: NDArray[np.int8], new: NDArray[np.int8]) -> Flags:
    return np.asarray((old != new) & (old != UNKNOWN) & (new != UNKNOWN))
