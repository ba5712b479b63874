"""A sentence of a statement and what it rests on: there is no sentence without an anchor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

AnchorKind = Literal["evidence", "event", "clause", "line", "record"]
ANCHORS: Final[tuple[AnchorKind, ...]] = get_args(AnchorKind)
"""What a sentence may rest on; a record is a policy (or a dated parameter of it) or a bundle, as put on record."""


class Unanchored(ValueError):
    """A sentence that rests on nothing."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One item of evidence, event, clause, line of money or record, by its id or code."""

    kind: AnchorKind
    id: str

    def __post_init__(self) -> None:
        if not self.id.strip():
            raise Unanchored(f"an anchor of the kind {self.kind} without an id is none")


Anchors = tuple[Anchor, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a statement, and what it rests on: one thing at least."""

    text: str
    anchors: Anchors

    def __post_init__(self) -> None:
        if not self.anchors:
            raise Unanchored(f"nothing is said to bear this out: {self.text}")


def resting_on(anchors: Sequence[Anchor], *texts: str) -> Iterator[Sentence]:
    """These sentences where there is something that they rest on; none where there is not."""
    if anchors:
        yield from (Sentence(text, tuple(anchors)) for text in texts)
