"""A proposal as a row of a scored backlog, and many of them as columns."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from features.asks import Asks
from features.tables import Numbers, Tables
from features.vocabulary import LIABLE, REMEDIES
from models.account import DECIMALS
from models.bundle import Bundle
from models.opinion import Opinions
from models.proposal import SOURCES, Proposals

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
        ("named_by", pa.string()),
        ("why_nobody", pa.string()),
        ("conflict", pa.string()),
        ("entitled", pa.bool_()),
        ("remedy", pa.string()),
        ("refund_cents", pa.int64()),
        ("senior", pa.bool_()),
        ("policy", pa.string()),
    ]
)
"""The columns of a scored backlog.

A class that was not trained has a null probability; ``liable`` is null where nobody is named, and ``why_nobody`` is the
code that says why. ``reasons`` is a
JSON list, the strongest first, of code, subject, whether it may be given to a party (citable), and its share of the
log-odds between the most probable party and the runner-up. `triage explain` says them in words. ``p_sufficient`` is how
likely what is known is enough to rule on; null where the bundle has no head for it. What follows it is policy's, null
where none is asked or where it cannot say: who named the party, a conflict with the model, whether the buyer is
entitled, the remedy and the refund that would follow, and whether a senior must look.
"""


def rows(
    tables: Tables, asks: Asks, found: Opinions, proposed: Proposals | None, urgency: Numbers, bundle: Bundle
) -> pa.RecordBatch:
    """The proposals for these asks with their priorities (asks,), as rows of SCORES."""
    answers = found.answers
    said = answers if proposed is None else proposed.liability
    named = np.array([*LIABLE, None], dtype=object)[said.liable]  # NOBODY is the last place
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
        *_by_policy(said.abstained, proposed, len(asks)),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=SCORES)


def _by_policy(abstained: NDArray[np.str_], proposed: Proposals | None, asks: int) -> Iterator[pa.Array]:
    """The columns from ``named_by`` on."""
    if proposed is None:
        yield from (pa.nulls(asks, pa.string()), _codes(abstained))
        yield from (pa.nulls(asks, field.type) for field in list(SCORES)[-6:])
        return
    liability, follows = proposed.liability, proposed.follows
    yield pa.array(np.array(SOURCES)[liability.source])
    yield _codes(abstained)
    yield _codes(liability.conflict)
    yield _flags(follows.entitled)
    yield pa.array(np.array([*REMEDIES, None], dtype=object)[follows.remedy], pa.string())
    yield pa.array(follows.lines.refund(), pa.int64(), mask=~follows.priced)
    yield _flags(follows.findings.senior)
    yield pa.repeat(proposed.policy, asks)


def _codes(codes: NDArray[np.str_]) -> pa.Array:
    return pa.array(codes, pa.string(), mask=codes == "")


def _flags(told: NDArray[np.integer[Any]]) -> pa.Array:
    """1, 0 and -1 as yes, no and not known."""
    return pa.array(told == 1, pa.bool_(), mask=told < 0)


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
