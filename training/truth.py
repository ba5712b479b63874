"""Answers held against what truly happened, where a simulator wrote it down: the only place that reads the truth.

Everybody is judged on the same asks: the model, what simpler answers would have been worth, the practical ceiling where
one was written beside the truth, and the arbitrators, by the rulings the model is otherwise judged by.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from features.errors import TriageError
from features.tables import Numbers, positions_in
from features.vocabulary import MOMENTS
from models import metrics
from models.metrics import UNSEEN, Judged
from training import slices
from training.evaluate import Evaluation

CEILING: Final = "ceiling.parquet"
"""Beside the truth, where there is one: case_id, moment and p_<class>, the answers nothing learnt could well beat."""

BY_CATEGORY: Final = "prior by category"

Masks = dict[str, NDArray[np.bool_]]


class NoTruth(TriageError):
    """The folder that was named holds no truth about these cases."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What truly happened: by case who is liable and what kind of case it is; ``tags`` pairs a case and a scenario."""

    cases: pa.Table
    tags: pa.Table
    ceiling: pa.Table | None

    @classmethod
    def read(cls, folder: Path) -> "Truth":
        """The truth that `triage simulate --truth` wrote to a folder."""
        for name in ("truth", "tags"):
            if not (folder / f"{name}.parquet").is_file():
                raise NoTruth(f"there is no {folder / name}.parquet; name a folder that triage simulate --truth wrote.")
        ceiling = folder / CEILING
        cases, tags = (pq.read_table(folder / f"{name}.parquet") for name in ("truth", "tags"))
        return cls(cases, tags, pq.read_table(ceiling) if ceiling.is_file() else None)


def against_truth(found: Evaluation, baselines: Mapping[str, Judged], truth: Truth) -> dict[str, Any]:
    """How close to the truth everybody came, in all and by scenario, reason, moment, language and size of seller.

    Raises
    ------
    NoTruth
        Where the truth is about other cases.
    """
    ids = found.tables.case_ids.take(pa.array(found.asks.case))
    row = positions_in(ids, truth.cases.column("case_id").combine_chunks())
    if (row < 0).any():
        raise NoTruth(f"the truth says nothing of {int((row < 0).sum())} of these asks; it is of another world.")
    words = truth.cases.column("liable").to_pylist()
    label = np.array([found.head.classes.index(w) if w in found.head.classes else UNSEEN for w in words])[row]
    answers = {"model": found.judged.probability, **{name: theirs.probability for name, theirs in baselines.items()}}
    if truth.ceiling is not None:
        answers["ceiling"] = _ceiling(truth.ceiling, found, ids)

    def figures(part: NDArray[np.bool_]) -> dict[str, Any]:
        return _figures({n: p[part] for n, p in answers.items()}, found.judged.label[part], label[part], case[part])

    case, parts = found.asks.case, _parts(found, truth, ids, row)
    return {
        "in_all": figures(np.ones(len(row), dtype=bool)),
        **{by: {name: figures(mask) for name, mask in masks.items() if mask.any()} for by, masks in parts},
    }


def _figures(
    answers: Mapping[str, Numbers], ruled: NDArray[np.int64], label: NDArray[np.int64], case: NDArray[np.int64]
) -> dict[str, Any]:
    """Accuracy and log-loss of each, the arbitrators' accuracy, and how much of the gap to the ceiling is closed."""
    of = {name: Judged.of(probability, label, case) for name, probability in answers.items()}
    rulings = Judged.of(np.eye(answers["model"].shape[1])[ruled], label, case)
    found: dict[str, Any] = {
        "n": of["model"].cases,
        "arbitrators": {"accuracy": 1.0 - metrics.error(rulings)},
        **{n: {"accuracy": 1.0 - metrics.error(j), "log_loss": metrics.log_loss(j)} for n, j in of.items()},
    }
    if "ceiling" in of and BY_CATEGORY in of:
        start, end = found[BY_CATEGORY]["log_loss"], found["ceiling"]["log_loss"]
        found["gap_closed"] = (start - found["model"]["log_loss"]) / (start - end)
    return found


def _parts(found: Evaluation, truth: Truth, ids: pa.Array, row: NDArray[np.int64]) -> Iterator[tuple[str, Masks]]:
    tagged = truth.tags.column("case_id").combine_chunks()
    tags = np.array(truth.tags.column("tag").to_pylist(), dtype=object)
    yield (
        "by_tag",
        {str(tag): positions_in(ids, tagged.filter(pa.array(tags == tag))) >= 0 for tag in np.unique(tags.astype(str))},
    )
    yield "by_reason", slices.by_reason(found.tables, found.asks)
    yield "by_moment", slices.by_moment(found.asks)
    for by, column in (("by_language", "language"), ("by_seller_size", "seller_size")):
        values = np.array(truth.cases.column(column).to_pylist(), dtype=str)[row]
        yield by, {str(value): values == value for value in np.unique(values)}


def _ceiling(ceiling: pa.Table, found: Evaluation, ids: pa.Array) -> Numbers:
    """The ceiling's probabilities (asks, classes) for the same asks."""
    answered = zip(ceiling["case_id"].to_pylist(), ceiling["moment"].to_pylist(), strict=True)
    asked = zip(ids.to_pylist(), (MOMENTS[m] for m in found.asks.moment), strict=True)
    row = positions_in(pa.array([f"{m} {c}" for c, m in asked]), pa.array([f"{m} {c}" for c, m in answered]))
    if (row < 0).any():
        raise NoTruth(f"{CEILING} answers other asks; make it anew for this world.")
    columns = [ceiling[f"p_{name}"].to_numpy() for name in found.head.classes]
    return np.stack(columns, axis=1)[row]
