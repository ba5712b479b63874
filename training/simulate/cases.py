"""The tables ``cases`` and ``orders`` of a block."""

import numpy as np
import pyarrow as pa

from features.vocabulary import FULFILMENTS, LABEL_OWNERS, REASONS, REMEDIES, STAGES
from training.simulate.block import Block
from training.simulate.orders import CHANNELS
from training.simulate.routes import CARRIERS, LANES, ORIGINS, REGIONS, SERVICES
from training.simulate.rows import Ids, cents, instants, numbers, rows, words
from training.simulate.sellers import CATEGORIES, LANGUAGES, SIZES

OPENERS = ("buyer", "seller")


def cases_table(block: Block, ids: Ids, end: int, texts: pa.Array) -> pa.Table:
    """One row per dispute, as at opening."""
    life, claim, desk = block.disputes.seen.life, block.disputes.seen.claim, block.disputes.desk
    return rows(
        "cases",
        {
            "case_id": ids.of("c", block.names.case),
            "opened_at": instants(life.opened_at),
            "escalated_at": instants(block.disputes.seen.answer.escalated_at),
            "evidence_closed_at": instants(desk.closed_at),
            "stage": words(claim.stage, STAGES),
            "initiator": words(claim.by_seller.astype(np.int64), OPENERS),
            "order_id": ids.of("o", block.names.order),
            "line_id": "1",
            "buyer_id": ids.of("b", block.names.buyer),
            "seller_id": ids.of("s", life.sold.seller),
            "reason": words(claim.reason, REASONS),
            "claimed_cents": cents(claim.claimed),
            "remedy_asked": words(claim.remedy, REMEDIES),
            "claim_text": texts,
            "language": words(claim.language, LANGUAGES),
            "refund_already_cents": cents(claim.refunded),
            "address_id": ids.of("a", block.names.address),
            "device_id": ids.of("d", block.names.device),
            "payment_id": ids.of("p", block.names.payment),
            "currency": "USD",
            "attr_channel": words(life.sold.channel, CHANNELS),
            "attr_parcels": numbers(np.where(life.sold.two_parcels, 2.0, 1.0)),
            "attr_free_returns": words(life.seller.free_returns.astype(np.int64), ("no", "yes")),
            "audit_seller_size": words(life.seller.size, SIZES),
            "audit_region": words(life.buyer.region, REGIONS),
        },
        end,
    )


def orders_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """One row per disputed order's line."""
    first = np.flatnonzero(block.first_of_order)
    life = block.disputes.seen.life.take(first)
    sold = life.sold
    return rows(
        "orders",
        {
            "order_id": ids.of("o", block.names.order[first]),
            "line_id": "1",
            "known_at": instants(sold.placed_at),
            "placed_at": instants(sold.placed_at),
            "ship_by_at": instants(sold.ship_by_at),
            "promised_at": instants(sold.promised_at),
            "category": words(life.goods.category, CATEGORIES),
            "sku": ids.of("k", sold.product),
            "quantity": cents(sold.quantity),
            "unit_price_cents": cents(sold.unit_cents),
            "paid_cents": cents(sold.paid),
            "shipping_cents": cents(sold.shipping),
            "tax_cents": cents(sold.tax),
            "seller_discount_cents": cents(sold.seller_discount),
            "platform_discount_cents": cents(sold.platform_discount),
            "fulfilment": words(sold.fulfilment, FULFILMENTS),
            "carrier": words(sold.carrier, CARRIERS),
            "service": words(sold.express.astype(np.int64), SERVICES),
            "lane": words(sold.lane, LANES),
            "origin": words(sold.origin, ORIGINS),
            "destination": words(sold.destination, REGIONS),
            "label_owner": words((sold.fulfilment == 1).astype(np.int64), LABEL_OWNERS),
            "currency": "USD",
        },
        end,
    )
