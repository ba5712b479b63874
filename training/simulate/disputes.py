"""Everything that can be observed of some disputes before they are decided, and how it reads."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from features.tables import NULL_INSTANT, Instants
from training.simulate.answers import Answers, answers
from training.simulate.claims import Claims, claims
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.desk import Desk, Requests, ask, everything, take
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.files_buyer import files_of_buyers
from training.simulate.files_carrier import files_of_carriers
from training.simulate.files_seller import files_of_sellers
from training.simulate.findings import Findings, findings
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.reading import Experience
from training.simulate.submission import Handed, handed_in
from training.simulate.talk import Messages, Talk, talk
from training.simulate.traces import Traces, traces
from training.simulate.world import World


@dataclass(frozen=True, slots=True)
class Opening:
    """Disputes up to the hands of the desk: what was claimed, recorded, answered, handed in and said."""

    life: Lives
    claim: Claims
    answer: Answers
    trace: Traces
    files: Files
    handed: Handed
    said: Talk
    messages: Messages
    desk: Desk


def opening(world: World, market: Market, life: Lives, draws: Draws) -> Opening:
    """Let the parties of some disputes say and hand in what they will."""
    claim = claims(world, life, draws)
    answer = answers(world, market, life, claim, draws)
    trace = traces(world, market.calendar, life, draws)
    offers = files_of_buyers(life, claim, draws) | files_of_sellers(life, claim, trace, draws)
    files = Files.of(offers | files_of_carriers(world, life, claim, trace, draws))
    handed = handed_in(world, life, files, answer, trace, draws)
    said, messages = talk(world, life, answer, draws)
    desk = take(world, market, life, answer, draws)
    return Opening(life, claim, answer, trace, files, handed, said, messages, desk)


def found_in(seen: Opening, handed: Handed) -> Findings:
    """What can be found in the files of these disputes as handed in."""
    return findings(seen.life, seen.claim, seen.answer, seen.trace, seen.files, handed, seen.said)


@dataclass(frozen=True, slots=True)
class Disputes:
    """Disputes up to the ruling. ``reading`` is how all that is on file reads when it is made."""

    seen: Opening
    handed: Handed
    desk: Desk
    requests: Requests
    reading: Floats
    reading_of_all: Floats  # ... if everything that exists were on file

    def take(self, rows: Ints) -> Self:
        """The same for some of the cases, which may come twice; messages follow their cases."""
        seen, h, r = self.seen, self.handed, self.requests
        names = ("exists", "shows", "captured_at", "made_up")
        files = replace(seen.files, **{n: getattr(seen.files, n)[:, rows] for n in names})
        handed = Handed(*(getattr(h, name)[:, rows] for name in Handed.__slots__))
        return type(self)(
            Opening(
                seen.life.take(rows), seen.claim.take(rows), seen.answer.take(rows), seen.trace.take(rows), files,
                handed, seen.said.take(rows), _following(seen.messages, rows), seen.desk.take(rows),
            ),
            handed,
            self.desk.take(rows),
            Requests(*(getattr(r, name)[:, rows] for name in Requests.__slots__)),
            self.reading[rows],
            self.reading_of_all[rows],
        )  # fmt: skip


def _following(messages: Messages, rows: Ints) -> Messages:
    order = np.argsort(messages.case, kind="stable")
    ranked = messages.case[order]
    first = np.searchsorted(ranked, rows, "left")
    times = np.searchsorted(ranked, rows, "right") - first
    offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    picked = messages.take(order[np.repeat(first, times) + offset])
    return replace(picked, case=np.repeat(np.arange(len(rows)), times))


def decided_on(seen: Opening, desk: Desk) -> Instants:
    """The instant by which what is on file counts for the ruling."""
    late = np.where(desk.closed_at == NULL_INSTANT, desk.taken_at, desk.closed_at)
    return np.where(desk.clear, desk.taken_at, late)


def at_the_desk(world: World, market: Market, seen: Opening, experience: Experience, draws: Draws) -> Disputes:
    """Let the desk read, ask, wait, and close the evidence."""
    reason = seen.claim.reason
    before = found_in(seen, seen.handed)
    first = experience.read(reason, before.at(seen.desk.taken_at))
    desk, requests, handed = ask(
        world, market, seen.life, seen.claim, seen.answer, seen.files, seen.handed, seen.desk, first, draws
    )
    after = found_in(seen, handed)
    known = after.at(decided_on(seen, desk))
    skipped = _skipped(world, desk, known.shape, draws)
    whole = found_in(seen, replace(handed, known_at=np.minimum(handed.known_at, everything(seen.files))))
    full = whole.at(np.maximum(decided_on(seen, desk), seen.life.opened_at))
    return Disputes(
        seen, handed, desk, requests, experience.read(reason, known & ~skipped), experience.read(reason, full | known)
    )


def _skipped(world: World, desk: Desk, shape: tuple[int, ...], draws: Draws) -> Flags:
    """What arbitrators do not look at; the more loaded, the more."""
    return np.asarray(draws.of("skipped").random(shape) < world.skips * desk.load)
