"""Instants of a world: nothing is known before it happened, nothing happens before the order, nothing after the end."""

from datetime import UTC, datetime

END = datetime(2026, 11, 1, tzinfo=UTC)


def test_nothing_is_known_before_it_happened(simulated):
    assert all(row["known_at"] >= row["happened_at"] for row in simulated.rows("events"))
    assert all(row["known_at"] >= row["captured_at"] for row in simulated.rows("evidence"))


def test_nothing_happens_before_the_order_was_placed(simulated):
    placed = {row["order_id"]: row["placed_at"] for row in simulated.rows("orders")}
    assert all(row["happened_at"] >= placed[row["order_id"]] for row in simulated.rows("events"))
    assert all(row["opened_at"] > placed[row["order_id"]] for row in simulated.rows("cases"))


def test_a_case_goes_through_its_moments_in_order(simulated):
    for row in simulated.rows("cases"):
        there = [row[c] for c in ("opened_at", "escalated_at", "evidence_closed_at") if row[c]]
        assert there == sorted(there)


def test_nothing_is_known_after_the_worlds_last_day(simulated):
    for name, clock in (("events", "known_at"), ("evidence", "known_at"), ("rulings", "ruled_at"), ("ledger", "at")):
        assert max(simulated.column(name, clock)) < END, name
    assert all(d is None or d < END for d in simulated.column("appeals", "decided_at"))


def test_a_ruling_comes_after_the_evidence_was_closed(simulated):
    closed = {row["case_id"]: row["evidence_closed_at"] for row in simulated.rows("cases")}
    for row in simulated.rows("rulings"):
        assert closed[row["case_id"]] is None or row["ruled_at"] > closed[row["case_id"]]


def test_some_scans_arrive_days_late(simulated):
    lags = [(r["known_at"] - r["happened_at"]).days for r in simulated.rows("events") if r["kind"] == "hub_in"]
    assert max(lags) >= 3


def test_appeals_come_within_the_window(simulated):
    ruled = {r["case_id"]: r["ruled_at"] for r in simulated.rows("rulings") if not r["provisional"]}
    assert all(0 <= (r["appealed_at"] - ruled[r["case_id"]]).days <= 21 for r in simulated.rows("appeals"))


def test_what_an_appeal_brings_is_on_file_from_then_on(simulated):
    brought = {r["case_id"]: r["appealed_at"] for r in simulated.rows("appeals") if r["new_evidence"]}
    filed = {(r["case_id"], r["known_at"]) for r in simulated.rows("evidence")}
    assert brought
    assert all(pair in filed for pair in brought.items())


def test_parties_say_and_hand_in_nothing_after_the_ruling_but_in_an_appeal(simulated):
    ruled = {r["case_id"]: r["ruled_at"] for r in simulated.rows("rulings") if not r["provisional"]}
    brought = {r["case_id"]: r["appealed_at"] for r in simulated.rows("appeals")}
    for row in simulated.rows("messages"):
        assert row["case_id"] not in ruled or row["sent_at"] < ruled[row["case_id"]]
    for row in simulated.rows("evidence"):
        case = row["case_id"]
        if case in ruled and row["party"] in ("buyer", "seller") and row["known_at"] > ruled[case]:
            assert row["known_at"] == brought[case]
