"""A proposal as a row of a scored backlog, and many of them as columns."""

import json
from typing import Final

import numpy as np
import pyarrow as pa

from features.asks import Asks
from features.tables import Numbers, Tables
from features.vocabulary import LIABLE
from models.account import DECIMALS
from models.bundle import Bundle
from models.opinion import Opinions

SCORES: Final = pa.schema(
    [
        ("case_id", pa.string()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        *((f"p_{party}", pa.float64()) for party in LIABLE),
        ("liable", pa.string()),
        ("confidence", pa.float64()),
        ("priority", pa.float64()),
        ("reasons", pa.string()),
        ("bundle", pa.string()),
        ("p_sufficient", pa.float64()),
    ]
)
"""The columns of a scored backlog.

A class that was not trained has a null probability; ``liable`` is null where the model abstains. ``reasons`` is a
JSON list, the strongest first, of code, subject, whether it may be given to a party (citable), and its share of the
log-odds between the most probable party and the runner-up. `triage explain` says them in words. ``p_sufficient`` is how
likely what is known is enough to rule on; null where the bundle has no head for it.
"""


def rows(tables: Tables, asks: Asks, found: Opinions, urgency: Numbers, bundle: Bundle) -> pa.RecordBatch:
    """The proposals for these asks with their priorities (asks,), as rows of SCORES."""
    answers = found.answers
    named = np.array([*LIABLE, None], dtype=object)[answers.liable]  # NOBODY is the last place
    columns = [
        tables.case_ids.take(pa.array(asks.case)),
        pa.array(asks.as_of, pa.int64()).cast(pa.timestamp("us", tz="UTC")),
        *(_numbers(answers.probability[:, i]) for i in range(len(LIABLE))),
        pa.array(named, pa.string()),
        _numbers(answers.confidence),
        _numbers(urgency),
        pa.array(reasons_text(found), pa.string()),
        pa.repeat(bundle.id, len(asks)),
        _numbers(found.sufficiency.enough.probability),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCORES)


def reasons_text(found: Opinions) -> list[str]:
    """The reasons of each ask as a JSON list, made from columns at once: a backlog has millions of them."""
    begun = [
        f'{{"code":{json.dumps(code)},"subject":{json.dumps(subject)},"citable":{json.dumps(citable)},"log_odds":'
        for code, subject, citable in found.grouping.keys
    ]
    rounded = np.round(found.account.log_odds, DECIMALS)
    return [
        f"[{','.join(f'{begun[g]}{x:.6f}}}' for g, x in zip(groups, values, strict=True) if x != 0.0)}]"
        for groups, values in zip(found.account.group.tolist(), rounded.tolist(), strict=True)
    ]


def _numbers(values: Numbers) -> pa.Array:
    return pa.array(np.round(values, DECIMALS), pa.float64(), from_pandas=True)
