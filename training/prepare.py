"""What was known before an instant, made ready to be learnt from, or refused with the reason why it is too little."""

from typing import Final

import numpy as np

from features.build import resolve_catalog
from features.catalog import Catalog
from features.leaks import leaks
from features.tables import Tables
from features.vocabulary import LIABLE
from training.config import BadConfig, TrainingConfig
from training.dataset import CannotTrain, Past, asks_of_ruled_cases, known_before
from training.folds import History
from training.groups import groups
from training.labels import labels_before
from training.questions import QUESTIONS

FEWEST: Final = 50
"""With fewer labelled cases than this nothing can be said about later ones."""


def prepare(tables: Tables, until: int, config: TrainingConfig, catalog: Catalog | None = None) -> History:
    """What was known before the instant about who is liable, checked for being enough to learn from.

    The features are those of a ``catalog``, where one is given, else those that the tables have.
    """
    if not tables.count("rulings"):
        raise CannotTrain(
            "the history holds no ruling, so there is nothing to learn from; hand over the table rulings."
        )
    known = known_before(tables, until)
    labels = labels_before(known, until, config.maturity_days)
    found, counts = np.unique(labels.liable[labels.cases], return_counts=True)
    if len(labels.cases) < FEWEST:
        raise CannotTrain(
            f"only {len(labels.cases)} cases have a label, of {known.count('cases')} known by then "
            f"({_said(labels.counts())}); at least {FEWEST} are needed. Hand over more history, or lower maturity_days."
        )
    if len(found) < 2:
        raise CannotTrain(f"every label says '{LIABLE[found[0]]}' ({counts[0]} cases); there is nothing to tell apart.")
    catalog = catalog or _catalog(known, tuple(LIABLE[i] for i in found), config)
    past = Past(
        known, asks_of_ruled_cases(known), catalog, config.windows_days, config.history_weight,
        maturity_days=config.maturity_days,
    )  # fmt: skip
    return History(past, labels, groups(known), config, QUESTIONS[0])


def _catalog(known: Tables, classes: tuple[str, ...], config: TrainingConfig) -> Catalog:
    unknown = set(config.leave_out) - set(resolve_catalog(known, classes, config.windows_days).names)
    if unknown:
        raise BadConfig(f"leave_out names {', '.join(sorted(unknown))}, which this data does not have.")
    return resolve_catalog(known, classes, config.windows_days, config.leave_out)


def refuse_leaks(tables: Tables, config: TrainingConfig) -> None:
    """Raise CannotTrain where a column holds the answer; all of the history may show that, also what came later."""
    found = leaks(tables, config.leave_out)
    if found:
        raise CannotTrain(f"{'. '.join(leak.sentence for leak in found)}; or name it in leave_out.")


def _said(counts: dict[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items() if n and name != "label")
