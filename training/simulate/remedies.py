"""What follows from a finding of fault: is the buyer entitled, who bears the cost, which remedy, how much."""

from dataclasses import dataclass

import numpy as np

from features.vocabulary import LIABLE, PARTIES, REMEDIES
from training.simulate.answers import AUTO_RULE, SETTLEMENT, WITHDRAWN, Answers
from training.simulate.claims import Claims
from training.simulate.columns import Columns, Flags, Ints
from training.simulate.desk import Desk
from training.simulate.draws import Draws
from training.simulate.lives import Lives
from training.simulate.rulings import UNDETERMINED, Rulings
from training.simulate.stories import is_one_of

SHARED = len(PARTIES)
"""Follows the parties in the list of who bears the cost."""
FULL, RETURN, PART, EXCHANGE, RESHIP, REJECT = range(len(REMEDIES))


@dataclass(frozen=True, slots=True)
class Remedies(Columns):
    """What each ruling orders."""

    entitled: Flags
    bearer: Ints  # a place in PARTIES, or SHARED
    remedy: Ints
    refund: Ints


def entitled(life: Lives, liable: Ints) -> Flags:
    """Whether a remedy is owed where fault is so found: by whoever erred, for theft, and for timely regret."""
    others = np.isin(liable, [LIABLE.index(p) for p in ("seller", "carrier", "platform", "shared")])
    regret = is_one_of(life.story, "does_not_fit", "changed_mind", "stolen", "second_lost", "mislaid", "lost_on_return")
    nobody = (liable == LIABLE.index("none")) | (liable == UNDETERMINED)
    return np.asarray(others | (nobody & regret))


def remedies(life: Lives, claim: Claims, answer: Answers, desk: Desk, ruling: Rulings, draws: Draws) -> Remedies:
    """What each ruling orders."""
    chance = draws.of("remedies")
    n = len(life)
    owed = entitled(life, ruling.liable)
    owed = np.where(np.isin(answer.ends, (AUTO_RULE, SETTLEMENT)), True, owed) & (answer.ends != WITHDRAWN)
    own_label = life.sold.fulfilment == 1
    bearer = np.select(
        [ruling.liable == LIABLE.index(p) for p in ("buyer", "seller", "carrier", "platform", "shared", "none")],
        [0, 1, np.where(own_label, 1, 2), 3, SHARED, 3],
        3,
    )
    bearer = np.where(~owed, 0, bearer)
    remedy = np.where(claim.remedy == PART, PART, claim.remedy)
    keeps = (claim.claimed <= 1_000) | (
        life.goods.battery & is_one_of(life.story, "faulty")
    )  # nothing swollen is mailed
    remedy = np.where(keeps & np.isin(remedy, (RETURN, EXCHANGE, RESHIP)), FULL, remedy)
    remedy = np.where(answer.ends == SETTLEMENT, PART, remedy)
    lenient = (ruling.liable == LIABLE.index("shared")) & (chance.random(n) < 0.5)
    remedy = np.where(lenient, PART, remedy)
    remedy = np.where(owed, remedy, REJECT)
    refund = np.where(
        remedy == PART, np.minimum(claim.claimed, np.round(claim.claimed * chance.uniform(0.4, 1, n))), claim.claimed
    )
    refund = np.where(answer.ends == SETTLEMENT, np.maximum(answer.offer, 1), refund)
    paid_elsewhere = (claim.refunded > 0) | desk.chargeback_won  # nobody is paid twice
    refund = np.where(np.isin(remedy, (REJECT, EXCHANGE, RESHIP)) | paid_elsewhere, 0, refund)
    return Remedies(owed, bearer, remedy, refund.astype(np.int64))
