"""Claims that the carrier's records settle when they are opened: the desk rules on most of them at sight."""

import numpy as np

from features.tables import DAY, HOUR, NULL_INSTANT, Instants
from training.simulate.claims import Claims
from training.simulate.columns import Flags
from training.simulate.lives import Lives
from training.simulate.traces import Traces


def plain(life: Lives, claim: Claims, trace: Traces) -> Flags:
    """Of each claim whether dates, scans or positions known at its opening leave little to ask for."""
    opened, sold = life.opened_at, life.sold

    def known(at: Instants) -> Flags:
        return np.asarray((at != NULL_INSTANT) & (at + trace.upload_lag <= opened))

    arrived = known(trace.delivered_at)
    absent = claim.says("not_shipped", "inr_lost_in_transit", "late_delivery", "delivery_failed_rts")
    overdue = opened > sold.ship_by_at + 4 * DAY
    elsewhere = (trace.distance_m > 80) & (trace.address_match == 0)
    early = (opened < sold.promised_at) & ~arrived & absent
    unscanned = claim.says("not_shipped") & ~known(trace.first_scan_at) & overdue
    lost = claim.says("inr_lost_in_transit") & known(trace.lost_declared_at)
    sent_back = claim.says("delivery_failed_rts") & known(trace.sent_back_at)
    astray = claim.says("inr_misdelivered", "inr_delivered_denied") & arrived & elsewhere
    lateness = trace.delivered_at - sold.promised_at
    dated = claim.says("late_delivery") & arrived & ((lateness < 0) | (lateness > 24 * HOUR))
    regretted = claim.says("changed_mind") & arrived & (opened - trace.delivered_at < 30 * DAY)
    return np.asarray((early | unscanned | lost | sent_back | astray | dated | regretted) & ~claim.by_seller)
