"""The tables ``evidence``, ``requests``, ``messages`` and ``returns`` of a block."""

import numpy as np
import pyarrow as pa

from features.tables import DAY, NEVER, NULL_INSTANT
from features.vocabulary import ANSWERS, EVIDENCE_KINDS, GRADES, LABEL_OWNERS, PARTIES, REFUND_TRIGGERS
from training.simulate.block import Block
from training.simulate.draws import Draws
from training.simulate.returning import MAILBOX
from training.simulate.routes import REGIONS
from training.simulate.rows import Ids, flags, instants, numbers, rows, words
from training.simulate.sellers import LANGUAGES
from training.simulate.stories import RETURN, is_one_of

NODES = (*(f"warehouse {r}" for r in REGIONS), "seller")


def evidence_table(block: Block, ids: Ids, end: int, draws: Draws) -> pa.Table:
    """Every file that was handed in."""
    files, handed = block.disputes.seen.files, block.disputes.handed
    case, row = np.nonzero((handed.known_at != NEVER).T)
    kind = files.kinds[row]
    video = np.isin(kind, [EVIDENCE_KINDS.index(k) for k in ("packing_video", "unboxing_video", "fault_video")])
    shows = files.shows[row, case]
    number = block.names.case[case] * 100 + row
    digest = _digests(block, case, row, draws)
    return rows(
        "evidence",
        {
            "evidence_id": ids.of("v", number),
            "case_id": ids.of("c", block.names.case[case]),
            "kind": words(kind, EVIDENCE_KINDS),
            "party": words(files.parties[row], PARTIES),
            "captured_at": instants(np.minimum(files.captured_at[row, case], handed.known_at[row, case])),
            "known_at": instants(handed.known_at[row, case]),
            "sha256": digest,
            "phash": pa.array([d[:16] for d in digest.to_pylist()]),
            "file": ids.of("f", number),
            "linked": flags(handed.linked[row, case]),
            "legible": flags(handed.legible[row, case]),
            "continuous": flags(handed.continuous[row, case], video),
            "catalogue_image": flags(handed.catalogue[row, case]),
            "supports_claim": flags(shows > 0, shows != 0),
            "synthetic_score": numbers(handed.synthetic[row, case]),
        },
        end,
    )


def _digests(block: Block, case: np.ndarray, row: np.ndarray, draws: Draws) -> pa.Array:
    """A digest for each file; a catalogue picture and one that is used again have that of their first use."""
    handed, life = block.disputes.handed, block.disputes.seen.life
    chance = draws.of("digests")
    own = chance.integers(0, 2**63, (len(case), 4))
    seller, buyer = life.sold.seller[case], life.sold.buyer[case]
    stock = handed.catalogue[row, case]
    again = handed.reused[row, case]
    own[stock] = (seller[stock, None] + 1) * np.array([7919, 104729, 1299709, 15485863])
    own[again] = (buyer[again, None] % 41 + 1) * np.array([32452843, 49979687, 67867967, 86028121])
    text = own.astype(">u8").tobytes().hex()
    return pa.array([text[i : i + 64] for i in range(0, len(text), 64)], pa.string())


def requests_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """Every request for evidence."""
    files, asked = block.disputes.seen.files, block.disputes.requests
    case, row = np.nonzero((asked.asked_at != NULL_INSTANT).T)
    answered = asked.answered_at[row, case]
    return rows(
        "requests",
        {
            "request_id": ids.of("q", block.names.case[case] * 100 + row),
            "case_id": ids.of("c", block.names.case[case]),
            "kind": words(files.kinds[row], EVIDENCE_KINDS),
            "party": words(files.parties[row], PARTIES),
            "asked_at": instants(asked.asked_at[row, case]),
            "due_at": instants(asked.due_at[row, case]),
            "answered_at": instants(answered),
            "answer": words(np.where(answered == NULL_INSTANT, -1, asked.answer[row, case]), ANSWERS),
        },
        end,
    )


def messages_table(block: Block, ids: Ids, end: int, texts: pa.Array) -> pa.Table:
    """Every message, in the order of its case."""
    said = block.disputes.seen.messages
    order = np.lexsort((said.intent, said.sent_at, said.case))
    case = said.case[order]
    nth = np.arange(len(case)) - np.searchsorted(case, case, "left")
    return rows(
        "messages",
        {
            "message_id": ids.of("m", block.names.case[case] * 100 + nth),
            "case_id": ids.of("c", block.names.case[case]),
            "party": words(said.by_seller[order].astype(np.int64), PARTIES),
            "sent_at": instants(said.sent_at[order]),
            "language": words(said.language[order], LANGUAGES),
            "text": texts.take(pa.array(order)),
        },
        end,
    )


def returns_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """The returns that a dispute is about, and those that a ruling ordered."""
    return pa.concat_tables([_disputed_returns(block, ids, end), _ordered_returns(block, ids, end)])


def _ordered_returns(block: Block, ids: Ids, end: int) -> pa.Table:
    case = np.flatnonzero(block.later.issued_at != NULL_INSTANT)
    later, n = block.later.take(case), len(case)
    sent = later.dropped_at != NULL_INSTANT
    platform = np.zeros(n, dtype=np.int64)
    return rows(
        "returns",
        {
            "return_id": ids.of("x", block.names.case[case]),
            "case_id": ids.of("c", block.names.case[case]),
            "issued_at": instants(later.issued_at),
            "label_owner": words(platform, LABEL_OWNERS),
            "refund_trigger": words(platform + REFUND_TRIGGERS.index("received"), REFUND_TRIGGERS),
            "dropped_off_at": instants(later.dropped_at),
            "item_scanned": flags(later.item_scanned, sent),
            "first_scan_at": instants(later.scanned_at),
            "received_at": instants(later.received_at),
            "grade": words(np.where(sent, later.grade, -1), GRADES),
            "graded_at": instants(later.graded_at),
            "node": words(np.where(sent, len(REGIONS), -1), NODES),
        },
        end,
    )


def _disputed_returns(block: Block, ids: Ids, end: int) -> pa.Table:
    life = block.disputes.seen.life
    case = np.flatnonzero(life.sent_back & RETURN[life.looks])
    few = life.take(case)
    back = few.back
    dropped = ~is_one_of(few.looks, "never_dropped")
    arrived = dropped & ~is_one_of(few.looks, "lost_on_return", "mislaid", "receipt_denied", "altered_label")
    graded = arrived & ~is_one_of(few.looks, "refund_withheld")
    seen_drop = dropped & (back.place != MAILBOX)
    none = NULL_INSTANT
    return rows(
        "returns",
        {
            "return_id": ids.of("r", block.names.case[case]),
            "case_id": ids.of("c", block.names.case[case]),
            "issued_at": instants(np.maximum(back.dropped_at - 2 * DAY, few.sold.placed_at)),
            "label_owner": words(back.owner, LABEL_OWNERS),
            "refund_trigger": words(back.trigger, REFUND_TRIGGERS),
            "dropped_off_at": instants(np.where(seen_drop, back.dropped_at, none)),
            "item_scanned": flags(back.item_scanned, seen_drop),
            "first_scan_at": instants(np.where(dropped, back.scanned_at, none)),
            "received_at": instants(np.where(arrived, back.received_at, none)),
            "grade": words(np.where(graded, back.grade, -1), GRADES),
            "graded_at": instants(np.where(graded, back.graded_at, none)),
            "node": words(np.where(arrived, np.where(back.to_warehouse, back.node, len(REGIONS)), -1), NODES),
        },
        end,
    )
