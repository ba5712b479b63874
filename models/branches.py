"""The trees of a text as plain numbers: what each split asks, where it leads, and how many training cases went on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

END: Final = "end of trees"


@dataclass(frozen=True, slots=True)
class Split:
    """One question about one feature, answered left or right.

    Attributes
    ----------
    missing
        Which values count as missing: 0 none (an unknown value is zero), 1 zero and unknown ones, 2 unknown ones.
    categories
        Bits of the categories that go left, in words of 32; None where the question is whether a number is at
        most the threshold.
    """

    feature: int
    threshold: float
    missing: int
    left_if_missing: bool
    categories: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Tree:
    """One tree; a child below zero is the leaf of that number's complement.

    ``shares`` are of the training cases at a split those that went left and right.
    """

    splits: tuple[Split, ...]
    children: tuple[tuple[int, int], ...]
    shares: tuple[tuple[float, float], ...]
    values: tuple[float, ...]

    @classmethod
    def of(cls, block: str) -> Self:
        """The tree of one checked block of text.

        Raises
        ------
        ValueError
            When its leaves hold linear functions, which no table can stand for.
        """
        fields = dict(line.split("=", 1) for line in block.splitlines() if "=" in line)
        if fields["is_linear"] != "0":
            raise ValueError("trees with linear leaves cannot be explained")
        values = tuple(map(float, fields["leaf_value"].split()))
        if len(values) == 1:
            return cls((), (), (), values)
        children = tuple(zip(_wholes(fields["left_child"]), _wholes(fields["right_child"]), strict=True))
        inside, outside = _wholes(fields["internal_count"]), _wholes(fields["leaf_count"])
        counts = [tuple(inside[c] if c >= 0 else outside[~c] for c in sides) for sides in children]
        shares = tuple((left / whole, right / whole) for (left, right), whole in zip(counts, inside, strict=True))
        return cls(tuple(_splits(fields)), children, shares, values)

    def leaves_below(self) -> list[int]:
        """How many leaves hang below each split."""
        found = [0] * len(self.splits)
        for node in reversed(range(len(found))):
            found[node] = sum(found[child] if child >= 0 else 1 for child in self.children[node])
        return found


def trees_of(text: str) -> tuple[int, list[Tree]]:
    """The number of trees grown a round, and all trees in their order."""
    head, *blocks = text[: text.index(END)].split("\nTree=")
    fields = dict(line.split("=", 1) for line in head.splitlines() if "=" in line)
    return int(fields["num_tree_per_iteration"]), [Tree.of(block) for block in blocks]


def _splits(fields: dict[str, str]) -> Iterator[Split]:
    starts, words = (_wholes(fields.get(name, "")) for name in ("cat_boundaries", "cat_threshold"))
    asked = zip(*(fields[name].split() for name in ("split_feature", "threshold", "decision_type")), strict=True)
    for feature, threshold, told in asked:
        kind = int(told)
        if kind & 1:
            place = int(threshold)
            yield Split(int(feature), 0.0, 0, False, tuple(words[starts[place] : starts[place + 1]]))
        else:
            yield Split(int(feature), float(threshold), kind >> 2 & 3, bool(kind & 2), None)


def _wholes(words: str) -> list[int]:
    return [int(word) for word in words.split()]
