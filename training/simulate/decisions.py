"""The tables ``rulings`` and ``appeals`` of a block."""

import numpy as np
import pyarrow as pa

from features.tables import NULL_INSTANT
from features.vocabulary import BASES, LIABLE, PARTIES, REASONS, REMEDIES, RULED
from training.simulate.block import Block
from training.simulate.claims import REASON
from training.simulate.columns import Ints
from training.simulate.rows import Ids, cents, flags, instants, numbers, rows, words
from training.simulate.rulings import UNDETERMINED
from training.simulate.stories import REASON_WEIGHTS

BEARERS = (*PARTIES, "shared")
CLAUSES = ("ABUSE-BLOCK", "NAD-MATERIAL", "CARR-COV", "PLAT-ERR", "DMG-PACK", "WIN-30", "TIE-REVIEW")


def rulings_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """Provisional rulings and final ones."""
    ruling, remedy, life = block.ruling, block.remedy, block.disputes.seen.life
    final = np.arange(len(life))
    early = np.flatnonzero(ruling.first_at != NULL_INSTANT)
    case = np.concatenate([final, early])
    provisional = np.arange(len(case)) >= len(final)
    at = np.where(provisional, ruling.first_at[case], ruling.at[case])
    liable = np.where(provisional, ruling.first_liable[case], ruling.liable[case])
    order = np.lexsort((at, case))
    case, at, liable, provisional = case[order], at[order], liable[order], provisional[order]
    shares = _shares(liable)
    sufficient = ruling.sufficient[case]
    return rows(
        "rulings",
        {
            "case_id": ids.of("c", block.names.case[case]),
            "ruled_at": instants(at),
            "liable": words(liable, RULED),
            "entitled": flags(remedy.entitled[case]),
            "cost_bearer": words(remedy.bearer[case], BEARERS),
            "share_buyer": numbers(shares[:, 0]),
            "share_seller": numbers(shares[:, 1]),
            "share_carrier": numbers(shares[:, 2]),
            "share_platform": numbers(shares[:, 3]),
            "reason_found": words(_reason_found(block, liable, case), REASONS),
            "remedy": words(remedy.remedy[case], REMEDIES),
            "refund_cents": cents(remedy.refund[case]),
            "evidence_sufficient": flags(sufficient == 1, (sufficient >= 0) & ~provisional),
            "basis": words(ruling.basis[case], BASES),
            "provisional": flags(provisional),
            "saw_proposal": flags(ruling.saw_proposal[case]),
            "arbitrator_id": words(
                np.where(ruling.basis[case] == 0, block.disputes.desk.arbitrator[case], -1), _people(ids, block)
            ),
            "clause_ids": words(liable, CLAUSES),
            "currency": "USD",
        },
        end,
    )


def _people(ids: Ids, block: Block) -> pa.Array:
    return ids.of("j", np.arange(int(block.disputes.desk.arbitrator.max(initial=0)) + 1))


def _shares(liable: Ints) -> np.ndarray:
    """The parties' shares of fault; null where nobody is named."""
    shares = np.full((len(liable), 4), np.nan)
    one = liable < 4
    shares[one] = np.eye(4)[liable[one]]
    shares[liable == LIABLE.index("shared")] = (0.0, 0.5, 0.5, 0.0)
    return shares


def _reason_found(block: Block, liable: Ints, case: Ints) -> Ints:
    """What had happened, as found: the story's own reason where fault was found right, else what was claimed."""
    life, claim = block.disputes.seen.life, block.disputes.seen.claim
    usual = np.argmax(REASON_WEIGHTS, axis=1)[life.story[case]]
    right = (liable == life.liable[case]) & (liable != UNDETERMINED)
    regret = np.isin(liable, (LIABLE.index("none"), LIABLE.index("buyer"))) & (claim.remedy[case] == 1)
    found = np.where(right, usual, claim.reason[case])
    return np.where(right & regret & (liable == LIABLE.index("none")), REASON["changed_mind"], found)


def appeals_table(block: Block, ids: Ids, end: int) -> pa.Table:
    """The appeals."""
    appeal = block.appeal
    case = np.flatnonzero(appeal.at != NULL_INSTANT)
    return rows(
        "appeals",
        {
            "case_id": ids.of("c", block.names.case[case]),
            "appealed_at": instants(appeal.at[case]),
            "decided_at": instants(appeal.decided_at[case]),
            "new_evidence": flags(appeal.new[case]),
            "overturned": flags(appeal.overturned[case]),
            "liable_after": words(appeal.liable_after[case], RULED),
        },
        end,
    )
