"""Files that could be evidence: whether each exists, what it shows, who holds it, and whether it serves its holder.

A file exists because somebody filmed, weighed or kept something, not because a case needs it. Whether it is ever
handed in is decided elsewhere (``submission.py``).
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from features.tables import Instants
from features.vocabulary import EVIDENCE_KINDS, PARTIES
from training.simulate.columns import Columns, Flags, Floats, Ints

SUPPORTS, UNCLEAR, CONTRADICTS = 1, 0, -1
"""What a file says of the buyer's claim."""


IMAGES: Final = (
    "item_photo", "outer_box_photo", "unboxing_video", "fault_video", "packing_photo", "packing_video",
    "delivery_photo", "shipping_label_image",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Offer(Columns):
    """One kind of file one party may hold, over all cases; ``made_up`` marks what is staged, reused or machine-made."""

    exists: Flags
    shows: Ints
    captured_at: Instants
    made_up: Flags


@dataclass(frozen=True, slots=True)
class Files:
    """All kinds of files by party: row o is what ``names[o]`` (kind, party) may hold; columns are cases."""

    names: tuple[tuple[str, str], ...]
    exists: Flags
    shows: Ints
    captured_at: Instants
    made_up: Flags

    @classmethod
    def of(cls, offers: dict[tuple[str, str], Offer]) -> Self:
        """The offers side by side."""
        rows = list(offers.values())
        return cls(
            tuple(offers),
            np.stack([o.exists for o in rows]),
            np.stack([o.shows for o in rows]),
            np.stack([o.captured_at for o in rows]),
            np.stack([o.made_up for o in rows]),
        )

    @property
    def kinds(self) -> Ints:
        """The kind of each row, a place in EVIDENCE_KINDS."""
        return np.array([EVIDENCE_KINDS.index(kind) for kind, _ in self.names])

    @property
    def parties(self) -> Ints:
        """The party of each row, a place in PARTIES."""
        return np.array([PARTIES.index(party) for _, party in self.names])

    @property
    def images(self) -> Flags:
        """(files, 1): which rows are pictures or films, of which a check can say what they look like."""
        return np.array([kind in IMAGES for kind, _ in self.names])[:, None]

    @property
    def serves(self) -> Ints:
        """Whether each file serves the one who holds it: 1, 0 or -1; who is no party to the quarrel is indifferent."""
        side = np.array([{"buyer": 1, "seller": -1}.get(party, 0) for _, party in self.names])
        return np.asarray(self.shows * side[:, None])


def shown(truth: Flags, clear: float | Floats, right: float | Floats, chance: np.random.Generator) -> Ints:
    """What files show where ``truth`` says whether all is as claimed: clear with one chance, right with another."""
    sign = np.where(truth, SUPPORTS, CONTRADICTS)
    n = len(sign)
    seen = np.where(chance.random(n) < right, sign, -sign)
    return np.where(chance.random(n) < clear, seen, UNCLEAR)
