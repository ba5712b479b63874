"""Returns that a ruling orders: they come after it, and so are no evidence for it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from features.tables import DAY, HOUR, NEVER, NULL_INSTANT, Instants
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.log import CARRIER, PLATFORM, SYSTEM, Log
from training.simulate.remedies import RETURN, Remedies
from training.simulate.returning import MINOR, ORIGINAL, OTHER_ITEM, SEVERE
from training.simulate.rulings import Rulings
from training.simulate.stories import is_one_of

NEVER_SENT: Final = 0.15
"""Share of ordered returns that buyers do not send. ASSUMED"""


@dataclass(frozen=True, slots=True)
class LaterReturns(Columns):
    """Ordered returns, one row per case; instants are NULL_INSTANT where nothing happens."""

    issued_at: Instants
    dropped_at: Instants
    scanned_at: Instants
    received_at: Instants
    graded_at: Instants
    grade: Ints
    item_scanned: Flags


def later_returns(life: Lives, ruling: Rulings, remedy: Remedies, draws: Draws) -> LaterReturns:
    """Which returns the rulings bring about."""
    chance = draws.of("later returns")
    n = len(life)
    ordered = (remedy.remedy == RETURN) & (ruling.at < NEVER // 2)
    sent = ordered & (chance.random(n) >= NEVER_SENT)
    issued = np.where(ordered, ruling.at + HOUR, 0)
    dropped = issued + ((0.5 + chance.gamma(2.0, 2.0, n)) * DAY).astype(np.int64)
    scanned = dropped + (chance.exponential(9, n) * HOUR).astype(np.int64)
    received = scanned + (chance.gamma(4.0, 1.0, n) * DAY).astype(np.int64) + 6 * HOUR
    graded = received + (chance.exponential(2.0, n) * DAY).astype(np.int64) + HOUR
    broken = is_one_of(life.looks, "crushed", "unpadded", "crushed_unpadded", "broken_by_buyer", "misused", "faulty")
    hurt = np.where(broken, SEVERE, np.where(chance.random(n) < 0.12, MINOR, ORIGINAL))
    hurt = np.where(is_one_of(life.looks, "wrong_item"), OTHER_ITEM, hurt)

    def when(there: Flags, at: Instants) -> Instants:
        return np.where(there, at // 1_000_000 * 1_000_000, NULL_INSTANT)

    return LaterReturns(
        issued_at=when(ordered, issued),
        dropped_at=when(sent, dropped),
        scanned_at=when(sent, scanned),
        received_at=when(sent, received),
        graded_at=when(sent, graded),
        grade=hurt,
        item_scanned=chance.random(n) < 0.35,
    )


def log_later_return(log: Log, later: LaterReturns) -> None:
    """The events of an ordered return."""
    log.add("return_label_issued", later.issued_at, SYSTEM)
    log.add("return_dropped_off", later.dropped_at, CARRIER)
    log.add("return_scan", later.scanned_at, CARRIER)
    log.add("return_delivered", later.received_at, CARRIER)
    log.add("return_inspected", later.graded_at, PLATFORM)
