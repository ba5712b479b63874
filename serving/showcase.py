"""Three cases out of a scored backlog that show what the answers are like."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray


def showcase(scores: Path) -> dict[str, str]:
    """By what each shows the id of a case: the surest answer, the most contested one, and one that names nobody."""
    found = pq.read_table(scores, columns=["case_id", "liable", "confidence"])
    ids, confidence = found["case_id"].to_pylist(), found["confidence"].to_numpy()
    named = found["liable"].is_valid().to_numpy()
    chosen = {
        "clear": _first(-confidence, named),
        "contested": _first(confidence, named),
        "nobody is named": _first(confidence, ~named),
    }
    if chosen["contested"] == chosen["clear"]:
        del chosen["contested"]
    return {shows: ids[row] for shows, row in chosen.items() if row is not None}


def _first(order: NDArray[np.float64], among: NDArray[np.bool_]) -> int | None:
    rows = np.flatnonzero(among)
    return int(rows[np.argmin(order[rows])]) if len(rows) else None
