"""The error floor: two cases of a pair are alike in everything that is known at every moment of theirs."""

import re
from collections import defaultdict

import pytest

ID = re.compile(r"^w\d+-[a-z]\d+$")
CLOCKS = {
    "cases": "opened_at", "orders": "known_at", "events": "known_at", "evidence": "known_at", "messages": "sent_at",
    "requests": "asked_at", "returns": "issued_at",
}  # fmt: skip
MOMENTS = ("opened_at", "escalated_at", "evidence_closed_at")


def shape(row, until):
    """A row as known then, without what only names it: ids stand for themselves, digests for some file."""
    if row.get("answered_at") and row["answered_at"] > until:
        row = row | {"answered_at": None, "answer": None}
    return {
        name: "id" if isinstance(value, str) and ID.match(value) else "file" if name in ("sha256", "phash") else value
        for name, value in row.items()
    }


@pytest.fixture(scope="module")
def pairs(simulated):
    """The cases of each pair: (case, its truth, what was known at its last moment by table)."""
    truth = {row["case_id"]: row for row in simulated.rows("truth") if row["floor_pair"]}
    cases = {row["case_id"]: row for row in simulated.rows("cases") if row["case_id"] in truth}
    of_order = {row["order_id"]: case for case, row in cases.items()}
    last = {case: max(row[m] for m in MOMENTS if row[m]) for case, row in cases.items()}
    known = defaultdict(lambda: defaultdict(list))
    for name, clock in CLOCKS.items():
        for row in simulated.rows(name):
            case = row.get("case_id") or of_order.get(row.get("order_id"))
            if case in cases and row[clock] <= last[case]:
                known[case][name].append(shape(row, last[case]))
    found = defaultdict(list)
    for case, row in truth.items():
        found[row["floor_pair"]].append((case, row, known[case]))
    return list(found.values())


def test_pairs_make_up_the_share_the_world_says(pairs):
    assert 2 * len(pairs) / 2000 == pytest.approx(0.03, abs=0.002)


def test_the_two_of_a_pair_differ_in_truth(pairs):
    assert all(one["liable"] != two["liable"] for (_, one, _), (_, two, _) in pairs)


def test_the_two_of_a_pair_are_alike_in_all_that_is_known(pairs):
    for (case, _, one), (_, _, two) in pairs:
        assert one == two, case
