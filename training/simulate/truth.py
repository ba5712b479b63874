"""The truth tables: what physically happened in each case and whose fault it was. No product code reads them."""

import numpy as np
import pyarrow as pa

from features.vocabulary import LIABLE, RULED
from training.simulate.block import Block
from training.simulate.columns import Flags
from training.simulate.disputes import decided_on
from training.simulate.district import KINDS
from training.simulate.reading import margin
from training.simulate.remedies import entitled
from training.simulate.rows import Ids, cents, flags, instants, numbers, words
from training.simulate.scenarios import scenarios
from training.simulate.sellers import LANGUAGES, SIZES
from training.simulate.stories import CAUSES, HONEST, NAMES, STORIES


def truth_table(block: Block, ids: Ids) -> pa.Table:
    """One row per case: the true story, its cause, whose fault, what the arbitrator first made of it."""
    disputes, ruling = block.disputes, block.ruling
    life = disputes.seen.life
    liable = life.liable
    cause, second = life.causes_under(~life.packing_clause)
    merits = (ruling.basis == 0) & (ruling.liable < len(LIABLE))
    return pa.table(
        {
            "case_id": ids.of("c", block.names.case),
            "liable": words(liable, LIABLE),
            "entitled": flags(entitled(life, liable)),
            "sufficient": flags(enough(block)),
            "story": words(life.story, NAMES),
            "says": words(life.story, [s.says for s in STORIES]),
            "cause": words(cause, CAUSES),
            "second_cause": words(second, CAUSES),
            "honest_claim": flags(HONEST[life.story]),
            "floor_pair": words(block.pair, ids.of("y", block.names.case[0] + np.arange(len(life)))),
            "ruled_first": words(ruling.liable, RULED),
            "ruled_at": instants(np.minimum(ruling.at, 2**62)),
            "arbitrator_erred": flags(ruling.liable != liable, merits),
            "decided_on": instants(
                np.where(ruling.at < 2**62, decided_on(disputes.seen, disputes.desk), life.opened_at)
            ),
            "seller_size": words(life.seller.size, SIZES),
            "language": words(life.buyer.language, LANGUAGES),
            "buyer_kind": words(life.buyer.kind, KINDS),
            "packed_g": cents(life.packs.grams),
            "expected_g": cents(life.packs.expected_grams),
            "padded": flags(life.packs.padded),
            "door_distance_m": numbers(np.where(life.door.delivered, life.ways.distance_m, np.nan)),
            "returned_g": numbers(np.where(life.sent_back, life.back.grams, np.nan)),
        }
    )


def enough(block: Block) -> Flags:
    """Whether nothing that exists beside what is on file would change how the case reads."""
    read, of_all = block.disputes.reading, block.disputes.reading_of_all
    return np.asarray((np.argmax(read, axis=1) == np.argmax(of_all, axis=1)) & (margin(read) > 0.5))


def tags_table(block: Block, ids: Ids) -> pa.Table:
    """One row per case and scenario it belongs to."""
    found = [(tag, np.flatnonzero(rows)) for tag, rows in scenarios(block).items()]
    case = np.concatenate([rows for _, rows in found])
    tags = pa.array([tag for tag, rows in found for _ in range(len(rows))], pa.string())
    return pa.table({"case_id": ids.of("c", block.names.case[case]), "tag": tags})
