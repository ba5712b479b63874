"""Writes docs/statements: one case, and what each of its readers is told about it, in English and in Chinese.

The case is made by hand and goes through the facts, the house policy, the price and the plan as any other does. Only
the opinion of the model is made up, so that the page for arbitrators shows where one would stand. ``make docs`` writes
the pages; ``--check`` fails where they no longer say what the code says.
"""

import datetime
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from features.asks import asks_as_of
from features.build import Fitted
from features.check import check
from features.facts import facts
from features.view import View
from models.account import Account
from models.course import steps
from models.opinion import Answers, Enough, Opinions, Sufficiency
from models.policy import HOUSE, load
from models.proposal import propose
from models.reasons import Grouping, Reason
from serving.letter import write
from serving.letter_page import html, markdown
from serving.reader import AUDIENCES, LANGUAGES
from serving.sources import Sources
from serving.statement import Advice, Statement, Weighed
from serving.statement_of import Occasion, statement_of
from serving.words import words

PAGES: Final = Path(__file__).parent.parent / "docs" / "statements"
VERSION: Final = re.compile("@[0-9a-f]{12}")
DAY: Final = datetime.date(2026, 6, 20)
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def instant(day: int, hour: int = 12) -> datetime.datetime:
    """An hour of a day in June 2026."""
    return datetime.datetime(2026, 6, day, hour, tzinfo=datetime.UTC)


def micro(when: datetime.datetime) -> int:
    """The instant in microseconds from 1970."""
    return (when - _EPOCH) // datetime.timedelta(microseconds=1)


ROWS: Final[dict[str, list[dict[str, Any]]]] = {
    "cases": [{
        "case_id": "C-2041", "opened_at": instant(20), "escalated_at": instant(22), "stage": "request",
        "initiator": "buyer", "order_id": "O-771", "line_id": "1", "buyer_id": "B-9", "seller_id": "S-4",
        "reason": "missing_item_parts", "claimed_cents": 8_900, "remedy_asked": "full_refund", "currency": "USD",
    }],
    "orders": [{
        "order_id": "O-771", "line_id": "1", "known_at": instant(10), "placed_at": instant(10),
        "ship_by_at": instant(12), "promised_at": instant(18), "category": "kitchen", "quantity": 1,
        "unit_price_cents": 8_900, "paid_cents": 8_900, "shipping_cents": 600, "tax_cents": 784,
        "platform_discount_cents": 500, "fulfilment": "platform_shipped", "label_owner": "platform", "currency": "USD",
    }],
    "events": [
        {"event_id": f"E-{i}", "order_id": "O-771", "kind": kind, "happened_at": instant(day), "weight_g": grams,
         "weight_measured": measured, "zip_match": matched}
        for i, (kind, day, grams, measured, matched) in enumerate([
            ("label_created", 11, 2_000.0, False, None),
            ("first_scan", 12, 1_210.0, True, None),
            ("hub_in", 13, 1_200.0, True, None),
            ("delivered", 17, None, None, True),
        ], start=1)
    ],
    "evidence": [
        {"evidence_id": name, "case_id": "C-2041", "kind": kind, "party": party, "known_at": instant(day),
         "linked": True, "legible": True, "supports_claim": supports}
        for name, kind, party, day, supports in [
            ("V-1", "unboxing_video", "buyer", 20, True), ("V-2", "packing_video", "seller", 21, False),
        ]
    ],
    "ledger": [{
        "entry_id": "M-1", "order_id": "O-771", "line_id": "1", "kind": "referral_fee", "payer": "seller",
        "payee": "platform", "cents": 712, "at": instant(10), "currency": "USD",
    }],
}  # fmt: skip


def example() -> Statement:
    """The statement that the pages show."""
    tables = check({table: pa.Table.from_pylist(rows) for table, rows in ROWS.items()}).tables
    asks = asks_as_of(tables, np.array([0]), np.array([micro(instant(23))]))
    policy = load(HOUSE)
    day = (DAY - datetime.date(1970, 1, 1)).days
    proposals = propose(_no_opinion(), policy, facts(tables, asks), np.array([day]))
    occasion = Occasion(
        case_id="C-2041", as_of=micro(instant(23)), bundle="an example", steps=steps(proposals.follows, 0)
    )
    sources = Sources(View(tables, asks), 0)
    found = statement_of(proposals, 0, policy, sources, occasion)
    weight = Reason("R47", "", True, "declared_weight_short", 1.31, (), {"value": 0.395, "unit": "share"})
    past = Reason("R30", "seller", False, "history.seller", -0.42, (), {
        "key": "seller", "measure": "seller", "window_days": 90, "rulings": 12, "odds_ratio": 0.7,
    })  # fmt: skip
    reads = ("events.kind", "events.weight_g", "events.weight_measured")
    return replace(
        found,
        reasons=(
            Weighed(weight, sources.of(weight.feature, reads)),
            Weighed(past, ()),
        ),
        advice=Advice(probability={"seller": 0.81, "carrier": 0.12, "buyer": 0.07}),
    )


def _no_opinion() -> Opinions:
    fitted = Fitted((), {}, (), 1.0)
    nothing = Sufficiency(Enough.none(1), Account.none(1), Grouping((), ()), fitted)
    return Opinions(Answers.none(1), Account.none(1), Grouping((), ()), fitted, nothing)


def pages() -> dict[str, str]:
    """Each page by the name of its file."""
    statement, found = example(), {}
    for audience in AUDIENCES:
        for language in LANGUAGES:
            letter, speak = write(statement, audience, words(language)), words(language)
            found[f"{audience}.{language}.md"] = markdown(letter, speak)
            found[f"{audience}.{language}.html"] = html(letter, speak)
    return found


def _undated(text: str) -> str:
    """The page whatever the version of the policy: only what is said to the case counts."""
    return VERSION.sub("@", text)


def main() -> int:
    """Write the pages, or with ``--check`` say whether they are fresh."""
    if "--check" not in sys.argv:
        PAGES.mkdir(exist_ok=True)
        for name, text in pages().items():
            (PAGES / name).write_text(text, encoding="utf-8")
        return 0
    stale = [name for name, text in pages().items() if _undated((PAGES / name).read_text("utf-8")) != _undated(text)]
    if stale:
        sys.stderr.write(f"docs/statements is not what the code says ({', '.join(stale)}); run: make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
