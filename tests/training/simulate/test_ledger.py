"""Money of a world: it moves from one party to another, nobody is refunded twice, and rulings are paid as ruled."""

from collections import defaultdict


def test_what_parties_gain_and_lose_nets_to_zero_and_nobody_pays_itself(simulated):
    gained = defaultdict(int)
    for row in simulated.rows("ledger"):
        assert row["payer"] != row["payee"]
        assert row["cents"] > 0
        gained[row["payee"]] += row["cents"]
        gained[row["payer"]] -= row["cents"]
    assert sum(gained.values()) == 0


def test_no_order_is_refunded_more_than_was_paid(simulated):
    paid = {r["order_id"]: r["paid_cents"] + r["shipping_cents"] + r["tax_cents"] for r in simulated.rows("orders")}
    back = defaultdict(int)
    for row in simulated.rows("ledger"):
        if row["kind"] in ("refund", "refund_before", "chargeback"):
            back[row["order_id"]] += row["cents"]
    assert all(cents <= paid[order] for order, cents in back.items())


def test_refunds_are_paid_as_ruled(simulated):
    ruled = {r["case_id"]: r["refund_cents"] for r in simulated.rows("rulings") if not r["provisional"]}
    refunds = [r for r in simulated.rows("ledger") if r["kind"] == "refund"]
    assert refunds
    assert all(ruled[r["case_id"]] == r["cents"] for r in refunds)


def test_what_the_buyer_paid_is_the_line_its_shipping_and_its_tax(simulated):
    orders = {r["order_id"]: r for r in simulated.rows("orders")}
    for row in simulated.rows("ledger"):
        if row["kind"] == "order_payment":
            order = orders[row["order_id"]]
            assert row["cents"] == order["paid_cents"] + order["shipping_cents"] + order["tax_cents"]
