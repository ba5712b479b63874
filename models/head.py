"""A head answers one question about a case: trees, honest probabilities, and when to keep silent."""

from dataclasses import dataclass
from functools import cached_property

from features.catalog import Catalog
from models.calibration import Calibration, Numbers
from models.contributions import Contributor
from models.trees import Trees


@dataclass(frozen=True)
class Head:
    """One question, the classes it tells apart, and how.

    ``prior`` holds the classes' frequencies in training; ``columns`` the positions in the catalog of the
    features it may see; ``act_above`` is the lowest confidence at which it may name a class (ALWAYS_ABSTAIN:
    never; see abstention.py).
    """

    name: str
    classes: tuple[str, ...]
    prior: tuple[float, ...]
    columns: tuple[int, ...]
    trees: Trees
    calibration: Calibration
    act_above: float

    @cached_property
    def contributor(self) -> Contributor:
        """Explains this head's scores."""
        return Contributor(self.trees)

    def seen(self, values: Numbers) -> Numbers:
        """Of feature values (asks, catalog) the columns this head may see."""
        return seen_of(values, self.columns)

    def probabilities(self, values: Numbers, *, threads: int = 1) -> Numbers:
        """Calibrated probabilities for feature values (asks, catalog): (asks, classes)."""
        return self.calibration.probabilities(self.trees.scores(self.seen(values), threads=threads))


def seen_of(values: Numbers, columns: tuple[int, ...]) -> Numbers:
    """These columns of feature values (asks, catalog), without a copy where they are all."""
    return values if len(columns) == values.shape[1] else values[:, list(columns)]


def sufficiency_columns(catalog: Catalog) -> tuple[int, ...]:
    """The positions of the features that tell whether enough is known: all of them."""
    return tuple(range(len(catalog)))


def liability_columns(catalog: Catalog) -> tuple[int, ...]:
    """The positions of the features that may influence liability; the others never reach that head."""
    return tuple(i for i, feature in enumerate(catalog) if feature.influences)
