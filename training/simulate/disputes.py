"""Everything that can be observed of some disputes before they are decided, and how it reads."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from features.tables import NEVER, NULL_INSTANT, Instants
from training.simulate.answers import Answers, answers
from training.simulate.claims import Claims, claims
from training.simulate.columns import Flags, Floats, Ints
from training.simulate.desk import Desk, ask, ask_again, take
from training.simulate.draws import Draws
from training.simulate.files import Files
from training.simulate.files_buyer import files_of_buyers
from training.simulate.files_carrier import files_of_carriers
from training.simulate.files_seller import files_of_sellers
from training.simulate.findings import Findings, findings
from training.simulate.intake import asked_at_intake
from training.simulate.lives import Lives
from training.simulate.market import Market
from training.simulate.reading import Experience
from training.simulate.requests import Requests
from training.simulate.submission import Handed, everything, handed_in
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
    requests: Requests
    said: Talk
    messages: Messages
    desk: Desk


def opening(world: World, market: Market, life: Lives, draws: Draws) -> Opening:
    """Let the parties of some disputes say and hand in what they will."""
    claim = claims(world, life, draws)
    trace = traces(world, market.calendar, life, draws)
    answer = answers(world, market, life, claim, trace, draws)
    offers = files_of_buyers(life, claim, draws) | files_of_sellers(life, claim, trace, draws)
    files = Files.of(offers | files_of_carriers(world, life, claim, trace, draws))
    handed = handed_in(world, life, files, answer, trace, draws)
    requests, handed = asked_at_intake(world, market, life, claim, answer, files, handed, draws)
    said, messages = talk(world, life, answer, draws)
    desk = take(world, market, life, answer, requests, draws)
    return Opening(life, claim, answer, trace, files, handed, requests, said, messages, desk)


def found_in(seen: Opening, handed: Handed, requests: Requests) -> Findings:
    """What can be found in the files of these disputes as handed in and asked for."""
    return findings(seen.life, seen.claim, seen.answer, seen.trace, seen.files, handed, requests, seen.said)


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
        requests = Requests(*(getattr(r, name)[:, rows] for name in Requests.__slots__))
        return type(self)(
            Opening(
                seen.life.take(rows), seen.claim.take(rows), seen.answer.take(rows), seen.trace.take(rows), files,
                handed, requests, seen.said.take(rows), _following(seen.messages, rows), seen.desk.take(rows),
            ),
            handed,
            self.desk.take(rows),
            requests,
            self.reading[rows],
            self.reading_of_all[rows],
        )  # fmt: skip


def closed(disputes: Disputes, ruled_at: Instants) -> Disputes:
    """The same without what parties would have said, answered or handed in after the ruling."""
    seen, handed = disputes.seen, disputes.handed
    of_parties = (seen.files.parties <= 1)[:, None]
    known_at = np.where(of_parties & (handed.known_at > ruled_at), NEVER, handed.known_at)
    in_time = seen.messages.sent_at < ruled_at[seen.messages.case]
    changed_at = np.where(seen.claim.changed_at < ruled_at, seen.claim.changed_at, NULL_INSTANT)
    seen = replace(seen, messages=seen.messages.take(in_time), claim=replace(seen.claim, changed_at=changed_at))
    return replace(
        disputes, seen=seen, handed=replace(handed, known_at=known_at), requests=disputes.requests.until(ruled_at)
    )


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
    late = np.where(desk.heard_at == NULL_INSTANT, desk.taken_at, desk.heard_at)
    return np.where(desk.clear, desk.taken_at, late)


def at_the_desk(world: World, market: Market, seen: Opening, experience: Experience, draws: Draws) -> Disputes:
    """Let the desk read, ask, wait, close the evidence, and ask again where it is found wanting."""
    life, claim, reason, files = seen.life, seen.claim, seen.claim.reason, seen.files
    before = found_in(seen, seen.handed, seen.requests)
    first = experience.read(reason, before.at(seen.desk.taken_at))
    desk, requests, handed = ask(
        world, market, life, claim, seen.answer, files, seen.handed, seen.requests, seen.desk, first, draws
    )
    closed = found_in(seen, handed, requests)
    second = experience.read(reason, closed.at(decided_on(seen, desk)))
    desk, requests, handed = ask_again(world, market, life, claim, files, handed, requests, desk, second, draws)
    after = found_in(seen, handed, requests)
    known = after.at(decided_on(seen, desk))
    skipped = _skipped(world, desk, known.shape, draws)
    on_file = replace(handed, known_at=np.minimum(handed.known_at, everything(files)))
    full = found_in(seen, on_file, requests).at(np.maximum(decided_on(seen, desk), life.opened_at))
    return Disputes(
        seen, handed, desk, requests, experience.read(reason, known & ~skipped), experience.read(reason, full | known)
    )


def _skipped(world: World, desk: Desk, shape: tuple[int, ...], draws: Draws) -> Flags:
    """What arbitrators do not look at; the more loaded, the more."""
    return np.asarray(draws.of("skipped").random(shape) < world.skips * desk.load)
