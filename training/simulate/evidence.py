"""The tables ``evidence``, ``requests``, ``messages`` and ``returns`` of a block."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.tables import DAY, NEVER, NULL_INSTANT
from features.vocabulary import ANSWERS, EVIDENCE_KINDS, GRADES, LABEL_OWNERS, PARTIES, REFUND_TRIGGERS
from training.simulate.block import Block
from training.simulate.pictures import Pictures
from training.simulate.returning import MAILBOX
from training.simulate.routes import REGIONS
from training.simulate.rows import Ids, flags, instants, numbers, rows, words
from training.simulate.sellers import LANGUAGES
from training.simulate.stories import RETURN, is_one_of

NODES = (*(f"warehouse {r}" for r in REGIONS), "seller")


def evidence_table(block: Block, ids: Ids, end: int, pictures: Pictures, number: int) -> pa.Table:
    """Every file that was handed in."""
    files, handed = block.disputes.seen.files, block.disputes.handed
    case, row = np.nonzero((handed.known_at != NEVER).T)
    kind = files.kinds[row]
    video = np.isin(kind, [EVIDENCE_KINDS.index(k) for k in ("packing_video", "unboxing_video", "fault_video")])
    shows = files.shows[row, case]
    file = block.names.case[case] * 100 + row
    image = files.images[row, 0]
    digest, looks = pictures.of(block, number, case, row)
    return rows(
        "evidence",
        {
            "evidence_id": ids.of("v", file),
            "case_id": ids.of("c", block.names.case[case]),
            "kind": words(kind, EVIDENCE_KINDS),
            "party": words(files.parties[row], PARTIES),
            "captured_at": instants(np.minimum(files.captured_at[row, case], handed.known_at[row, case])),
            "known_at": instants(handed.known_at[row, case]),
            "sha256": digest,
            "phash": pc.if_else(image, looks, None),
            "file": ids.of("f", file),
            "linked": flags(handed.linked[row, case]),
            "legible": flags(handed.legible[row, case]),
            "continuous": flags(handed.continuous[row, case], video),
            "catalogue_image": flags(handed.catalogue[row, case]),
            "supports_claim": flags(shows > 0, shows != 0),
            "synthetic_score": numbers(np.where(image, handed.synthetic[row, case], np.nan)),
        },
        end,
    )


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
