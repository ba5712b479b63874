"""One case of a history explained, by the same path and in the same form as an answer over HTTP."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.asks import asks_as_of
from features.attributes import extra_attributes
from features.build import build
from features.check import Checked
from features.checklist import lacking
from features.tables import positions_in
from features.terminal import BadInput, iso, printable
from models.bundle import Bundle
from models.hearing import speaks, told
from models.opinion import opinions
from models.policy import Policy
from models.proposal import propose
from serving.answer import ProposalOut
from serving.asked import Ruling
from serving.desk import Answered, CaseNotFound
from serving.reader import LANGUAGES
from serving.words import words


def explain(checked: Checked, bundle: Bundle, case_id: str, as_of: int, policy: Policy | None = None) -> ProposalOut:
    """The answer about one case of the history as known at an instant, in words; see ``answer``."""
    answered = answer(checked, bundle, case_id, as_of, policy)
    return ProposalOut.of(answered, words(LANGUAGES[0])).model_copy(update={"case_id": case_id})


def answer(checked: Checked, bundle: Bundle, case_id: str, as_of: int, policy: Policy | None = None) -> Answered:
    """The answer about one case of the history as known at an instant.

    Raises
    ------
    CaseNotFound
        Where the history has no such case, or its row broke the contract.
    BadInput
        Where the case was opened only later.
    """
    case = _row(checked, case_id)
    opened = int(checked.tables.instants("cases", "opened_at")[case])
    if opened > as_of:
        raise BadInput(f"{_said(case_id)} was opened at {iso(opened)}, after {iso(as_of)}; ask about a later instant.")
    asks = asks_as_of(checked.tables, np.array([case]), np.array([as_of]))
    features = build(checked.tables, asks, bundle.fitted)
    ignored = extra_attributes(checked.tables, features.catalog)
    (lacks,) = lacking(checked.tables, asks)
    thought, asked = opinions(bundle, features), speaks(policy, checked.tables)
    ruling = None
    if asked is not None:
        facts, days = told(asked, checked.tables, asks)
        ruling = Ruling.of(propose(thought, asked, facts, days), asked, facts)
    return Answered(bundle, features, 0, thought, ruling, 0, lacks, ignored)


def _row(checked: Checked, case_id: str) -> int:
    row = int(positions_in(pa.array([case_id]), checked.tables.case_ids)[0])
    if row >= 0:
        return row
    drops = checked.drops
    own = drops.filter(pc.and_(pc.equal(drops.column("table"), "cases"), pc.equal(drops.column("case_id"), case_id)))
    if not own.num_rows:
        raise CaseNotFound(f"there is no case {_said(case_id)} in the data; see that the id is right.")
    drop = own.slice(0, 1).to_pylist()[0]
    wrong = f"row {drop['row']} of cases was dropped ({drop['code']}): {drop['column']} must be {drop['expected']}"
    raise CaseNotFound(f"{_said(case_id)} cannot be explained, because {wrong}; mend it.")


def _said(case_id: str) -> str:
    return repr(printable(case_id[:64]))
