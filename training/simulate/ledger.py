"""The table ``ledger`` of a block: each movement of money goes from one party to another, so that all nets to zero."""

from typing import Final

import numpy as np
import pyarrow as pa

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from features.vocabulary import PARTIES
from training.simulate.block import Block
from training.simulate.columns import Ints
from training.simulate.remedies import SHARED
from training.simulate.rows import Ids, cents, instants, rows, words

BUYER, SELLER, CARRIER, PLATFORM = range(4)
KINDS: Final = (
    "order_payment", "sale_proceeds", "referral_fee", "voucher", "refund_before", "refund", "refund_borne",
    "voucher_reversal", "fee_credit", "refund_administration_fee", "return_label", "recovery", "compensation",
    "chargeback",
    "creator_commission",
    "commission_credit",
    "recharge",
)  # fmt: skip
NEVER_PAID: Final = 2**62
"""An instant after every world's end."""
COVER_CENTS: Final = 20_000
"""Default cover of a platform label: what is above it stays with the platform. [T17]"""


def ledger_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """All movements for the disputed orders and their cases."""
    parts = list(_movements(block))
    case, kind, payer, payee, amount, at, of_case = (np.concatenate(column) for column in zip(*parts, strict=True))
    kept = (amount > 0) & (payer != payee) & (at < NEVER_PAID)
    case, kind, payer, payee = case[kept], kind[kept], payer[kept], payee[kept]
    amount, at, of_case = amount[kept], at[kept], of_case[kept]
    order = np.lexsort((kind, at, case))
    nth = np.arange(len(case)) - np.searchsorted(case[order], case[order], "left")
    return rows(
        "ledger",
        {
            "entry_id": ids.of("l", block.names.case[case[order]] * 100 + nth),
            "case_id": words(np.where(of_case, case, -1)[order], ids.of("c", block.names.case)),
            "order_id": ids.of("o", block.names.order[case[order]]),
            "line_id": "1",
            "kind": words(kind[order], KINDS),
            "payer": words(payer[order], PARTIES),
            "payee": words(payee[order], PARTIES),
            "cents": cents(amount[order]),
            "at": instants(at[order]),
            "currency": "USD",
        },
        end,
    )


Movement = tuple[Ints, Ints, Ints, Ints, Ints, Instants, Ints]


def _movements(block: Block) -> list[Movement]:
    life, remedy, ruling = block.disputes.seen.life, block.remedy, block.ruling
    sold, n = life.sold, len(life)
    every, first = np.arange(n), block.first_of_order
    moves: list[Movement] = []

    def move(kind: str, payer: Ints | int, payee: Ints | int, amount: Ints, at: Instants, of_case: bool = True) -> None:
        payers, payees = np.broadcast_to(payer, n), np.broadcast_to(payee, n)
        moves.append(
            (
                every,
                np.full(n, KINDS.index(kind)),
                payers,
                payees,
                amount.astype(np.int64) * (first | of_case),
                at,
                np.full(n, of_case),
            )
        )

    fee = np.round(sold.paid * 0.06).astype(np.int64)
    paid_out = np.where(life.door.delivered, life.door.delivered_at, sold.promised_at) + 8 * DAY
    move("order_payment", BUYER, PLATFORM, sold.total, sold.placed_at, False)
    move("voucher", PLATFORM, SELLER, sold.platform_discount, paid_out, False)
    move("sale_proceeds", PLATFORM, SELLER, sold.paid + sold.shipping, paid_out, False)
    shown_by_creator = np.where(sold.channel <= 1, np.round(sold.paid * 0.1), 0)
    move("creator_commission", SELLER, PLATFORM, shown_by_creator, paid_out, False)
    move("referral_fee", SELLER, PLATFORM, fee, paid_out, False)
    seen = block.disputes.seen
    before = seen.claim.refunded
    move("refund_before", PLATFORM, BUYER, before, life.back.scanned_at + HOUR)
    done = np.where(block.refunded_at == NULL_INSTANT, NEVER_PAID, block.refunded_at)
    refund = remedy.refund
    move("refund", PLATFORM, BUYER, refund, done)
    half = np.where(remedy.bearer == SHARED, refund // 2, refund)
    seller_bears = np.isin(remedy.bearer, (SELLER, SHARED))
    move("refund_borne", SELLER, PLATFORM, np.where(seller_bears, half, 0), done + HOUR)
    share = refund / np.maximum(sold.total, 1)
    move(
        "voucher_reversal",
        SELLER,
        PLATFORM,
        np.where(seller_bears, np.round(sold.platform_discount * share), 0),
        done + HOUR,
    )
    credit = np.where(seller_bears, np.round(fee * share), 0)
    move(
        "commission_credit",
        PLATFORM,
        SELLER,
        np.where(seller_bears, np.round(shown_by_creator * share), 0),
        done + HOUR,
    )
    move("fee_credit", PLATFORM, SELLER, credit, done + HOUR)
    move(
        "refund_administration_fee", SELLER, PLATFORM, np.round(credit * 0.2), done + HOUR
    )  # a fifth of it is kept [T3]
    covered = np.minimum(np.where(remedy.bearer == CARRIER, refund, 0), COVER_CENTS)
    move("recovery", CARRIER, PLATFORM, covered, done + 12 * DAY)
    settled = np.where((before > 0) & (ruling.at < NEVER_PAID), ruling.at + HOUR, NEVER_PAID)
    move("refund_borne", SELLER, PLATFORM, before, life.back.scanned_at + 2 * HOUR)
    move("compensation", PLATFORM, SELLER, np.where(seller_bears, 0, before), settled)
    move("recharge", BUYER, PLATFORM, np.where(remedy.bearer == BUYER, before, 0), settled)
    move("recovery", CARRIER, PLATFORM, np.where(remedy.bearer == CARRIER, before, 0), settled + 12 * DAY)
    turned = block.appeal.overturned & (block.appeal.decided_at != NULL_INSTANT) & seller_bears
    move(
        "compensation",
        PLATFORM,
        SELLER,
        np.where(turned, half, 0),
        np.where(turned, block.appeal.decided_at + DAY, NEVER_PAID),
    )
    desk = block.disputes.desk
    charged = np.where(desk.chargeback_won, seen.claim.claimed, 0)
    move("chargeback", PLATFORM, BUYER, charged, np.where(desk.chargeback_won, desk.chargeback_closed_at, NEVER_PAID))
    labels = np.where(life.sent_back & (life.looks > 0), 650, 0)
    move("return_label", np.array([PLATFORM, SELLER, BUYER])[life.back.owner], CARRIER, labels, life.back.scanned_at)
    return moves
