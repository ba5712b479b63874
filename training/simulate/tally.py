"""Counts of what happened in a world, block by block, for the calibration table."""

from collections import defaultdict

import numpy as np

from features.tables import DAY, HOUR, NEVER, NULL_INSTANT
from features.vocabulary import LIABLE, REASONS
from training.simulate.answers import DEFAULT, MERITS, NO_ANSWER
from training.simulate.block import Block
from training.simulate.columns import Flags, Floats
from training.simulate.district import ABUSIVE, RING
from training.simulate.population import Population
from training.simulate.requests import NOT_ASKED
from training.simulate.returning import ORIGINAL
from training.simulate.routes import ABROAD
from training.simulate.stories import HONEST, is_one_of
from training.simulate.transit import NOWHERE


class Tally:
    """Sums and counts by name; a share is a sum over a count."""

    def __init__(self) -> None:
        self._sums: dict[str, float] = defaultdict(float)
        self._counts: dict[str, float] = defaultdict(float)
        self._days: list[Floats] = []

    def share(self, name: str) -> float:
        """The share or mean of that name; NaN where nothing was counted."""
        count = self._counts[name]
        return self._sums[name] / count if count else float("nan")

    def count(self, name: str) -> float:
        """Over how many the share was taken."""
        return self._counts[name]

    @property
    def days_to_ruling(self) -> Floats:
        """Days from opening to ruling, one per ruled case."""
        return np.concatenate(self._days) if self._days else np.array([np.nan])

    def _mean(self, name: str, values: Floats | Flags, among: Flags | None = None) -> None:
        kept = values if among is None else values[among]
        self._sums[name] += float(np.sum(kept))
        self._counts[name] += len(kept)

    def add(self, block: Block) -> None:
        """Count a block."""
        self._orders(block.population, block.orders_used)
        self._returns(block.population)
        self._cases(block)
        self._decisions(block)

    def _orders(self, people: Population, used: int) -> None:
        rows = slice(0, used)
        sold, ways, door = people.sold.take(rows), people.ways.take(rows), people.door.take(rows)
        story = people.story[rows]
        came, home = door.delivered, sold.origin != ABROAD
        self._mean("asked", people.selected.asked[rows])
        self._mean("paid", sold.paid / 100)
        self._mean("transit days", (door.delivered_at - people.packs.handed_at[rows]) / DAY, came & home)
        self._mean("on time", door.delivered_at <= sold.promised_at, came)
        self._mean("lost", ways.lost != NOWHERE)
        self._mean("box damaged", ways.crushed != NOWHERE, came)
        self._mean("item damaged", is_one_of(story, "crushed", "unpadded", "crushed_unpadded"), came)
        self._mean("stolen", door.stolen, came)
        self._mean("misdelivered", ways.strayed, came)
        denied = is_one_of(story, "stolen", "taken_in", "misdelivered", "false_denial")
        self._mean("denied", denied, came)
        self._mean("photo", door.photo, came)
        self._mean("geo", door.geo, came)
        sent_back = np.zeros(len(story), dtype=bool)
        sent_back[people.backs.order[people.backs.order < used]] = True
        self._mean("returned", sent_back)

    def _returns(self, people: Population) -> None:
        backs = people.backs
        foul = ("used_return", "switched", "altered_label", "never_dropped")
        self._mean("dishonest returns", is_one_of(backs.story, *foul))
        self._mean("graded original", backs.grade == ORIGINAL)

    def _cases(self, block: Block) -> None:
        seen = block.disputes.seen
        life, claim, answer, trace = seen.life, seen.claim, seen.answer, seen.trace
        n = len(life)
        self._sums["disputed"] += n
        self._counts["disputed"] += block.orders_used
        self._sums["escalated"] += float(np.sum(answer.escalated_at != NULL_INSTANT))
        self._counts["escalated"] += block.orders_used
        for place, reason in enumerate(REASONS):
            self._mean(f"reason {reason}", claim.reason == place)
        for place, party in enumerate(LIABLE):
            self._mean(f"liable {party}", life.liable == place)
        self._mean("answered in time", answer.answer != NO_ANSWER, ~claim.by_seller & ~answer.at_sight)
        lies = ~HONEST[life.story]
        self._mean("abusive", lies)
        few = np.isin(life.buyer.kind, (ABUSIVE, RING))
        self._mean("abusive by few", few, lies)
        weighed = ~np.isnan(trace.grams_first) | ~np.isnan(trace.grams_hub)
        self._mean("never weighed", ~weighed, trace.first_scan_at != NULL_INSTANT)
        files, handed = seen.files, block.disputes.handed
        filed = handed.known_at != NEVER
        photos = filed & (files.parties == 0)[:, None]
        self._mean("reused", handed.reused[photos])
        self._mean("synthetic", handed.synthetic[photos] > 0.6)
        useful = (files.exists & (files.serves > 0))[files.parties == 1]
        spoke = answer.answer != NO_ANSWER
        self._mean("attached", (filed[files.parties == 1] & useful).any(axis=0), useful.any(axis=0) & spoke)
        asked = block.disputes.requests
        of_buyer = (asked.answer != NOT_ASKED) & (files.parties == 0)[:, None]
        waited = np.where(asked.answered_at == NULL_INSTANT, NEVER, asked.answered_at) - asked.asked_at
        for hours in (24, 72):
            self._mean(f"buyer answers in {hours} h", waited[of_buyer] <= hours * HOUR)
        self._mean("paired", block.pair >= 0)

    def _decisions(self, block: Block) -> None:
        ruling, appeal, life = block.ruling, block.appeal, block.disputes.seen.life
        ruled = ruling.at < NEVER // 2
        merits = ruled & (ruling.basis == MERITS)
        named = merits & (ruling.liable < len(LIABLE))
        self._days.append((ruling.at[ruled] - life.opened_at[ruled]) / DAY)
        self._mean("buyer wins", block.remedy.entitled, merits)
        for reason in ("inr_lost_in_transit", "not_as_described", "inr_delivered_denied", "changed_mind"):
            self._mean(f"buyer wins {reason}", block.remedy.entitled, merits & block.disputes.seen.claim.says(reason))
        self._mean("erred", ruling.liable != life.liable, named)
        self._mean("default", ruling.basis == DEFAULT, ruled)
        seller_lost = ruled & np.isin(ruling.liable, (LIABLE.index("seller"), LIABLE.index("shared")))
        appealed = appeal.at != NULL_INSTANT
        self._mean("seller appeals", appealed, seller_lost)
        self._mean("overturned", appeal.overturned, appealed)
        self._mean("saw proposal", ruling.saw_proposal, merits)
