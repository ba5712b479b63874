"""Sentences for codes, in the reader's language: the only place where a reason becomes words.

The messages are ours and stand in ``en.json`` and ``zh.json`` under the same keys. What a client sent is only
ever put into a message, never used as one.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from math import exp
from typing import Final

from features.build import OTHER
from features.catalog import Feature
from features.checklist import Lack
from features.fact import Fact
from features.vocabulary import EVIDENCE_KINDS, LIABLE
from models.clause_tree import Scalar
from models.reasons import Parameter, Reason
from serving.reader import LANGUAGES

_COUNTED: Final = re.compile(r"n/\(n\+(\d+)\)")
"""The unit of a count that counts as a share of itself and so many more; people are told the count."""

_ENOUGH: Final = {True: "enough.yes", False: "enough.no", None: "enough.unsure"}
_ENTITLED: Final = {True: "finding.entitled.yes", False: "finding.entitled.no", None: "finding.entitled.open"}

HOURS_IN: Final = {"hours": 1.0, "days": 24.0}

_SPOKEN_AS: Final = {"reason": "reason_claimed"}
"""The fact whose words are those of a feature of another name."""

MANY_HOURS: Final = 72.0
"""From so many hours on a length of time is told in days."""

TOLD: Final = 3
"""A contrast names at most so many reasons."""


class Words:
    """The messages of one language."""

    def __init__(self, language: str, messages: Mapping[str, str]) -> None:
        self.language = language
        self._messages = messages

    def reason(self, reason: Reason) -> str:
        """What a reason says, as a sentence."""
        return self._sentence(self._clause(reason))

    def abstention(self, code: str) -> str:
        """Why nobody is named."""
        return self._sentence(self._messages[f"abstention.{code}"])

    def enough(self, enough: bool | None) -> str:
        """Whether what is known is enough to rule on; None where that is not sure."""
        return self._sentence(self._messages[_ENOUGH[enough]])

    def lack(self, lack: Lack) -> str:
        """What a party was required to show and did not, and whether it was asked for."""
        kinds = self._messages["list.or"].join(self._messages[f"kind.{kind}"] for kind in lack.any_of)
        return self._sentence(self._say(f"lack.{lack.state}", party=self._messages[f"who.{lack.party}"], kinds=kinds))

    def unknown(self, feature: Feature, cause: str) -> str:
        """What is not known about a case, and why."""
        title = self._title(feature.name, feature.subject, feature.reason)
        return self._sentence(self._say("unknown", title=title, cause=self._messages[f"unknown.{cause}"]))

    def contrast(self, leading: str, runner_up: str, reasons: Sequence[Reason]) -> str:
        """Why one party leads another, by the strongest reasons for it that may be told to a party."""
        told = [self._clause(r) for r in reasons if r.citable and r.log_odds > 0.0][:TOLD]
        pair = {"leading": self._messages[f"party.{leading}"], "runner_up": self._messages[f"party.{runner_up}"]}
        if not told:
            return self._sentence(self._say("contrast.alone", **pair))
        return self._sentence(self._say("contrast.because", reasons=self._joined(told), **pair))

    def entitled(self, entitled: bool | None) -> str:
        """Whether the buyer is entitled to a remedy; None where that is still open."""
        return self._sentence(self._messages[_ENTITLED[entitled]])

    def fault(self, liable: str | None) -> str:
        """Whose fault it is; None where that is still open."""
        return self._sentence(self._messages[f"finding.fault.{liable or 'open'}"])

    def bears(self, cost_bearer: str | None) -> str:
        """Who bears the cost; None where that is still open."""
        return self._sentence(self._messages[f"finding.cost_bearer.{cost_bearer or 'open'}"])

    def conflict(self, code: str) -> str:
        """How policy and the model disagree."""
        return self._sentence(self._messages[f"conflict.{code}"])

    def line(self, code: str) -> str:
        """What a line of money is for."""
        return self._sentence(self._messages[f"line.{code}"])

    def step(self, code: str) -> str:
        """What the owner of a step of a plan does."""
        return self._sentence(self._messages[f"step.{code}"])

    def lapse(self, name: str) -> str:
        """What ends where a step is not done in time."""
        return self._sentence(self._messages[f"lapse.{name}"])

    def remedy(self, name: str) -> str:
        """A remedy or an action that a ruling may order, as a few words."""
        return self._messages[f"remedy.{name}"]

    def fact(self, name: str) -> str:
        """What a fact is about, as a few words."""
        kind, _, says = name.rpartition("_")
        if kind in EVIDENCE_KINDS:
            return self._say(f"fact.kind.{says}", kind=self._messages[f"kind.{kind}"])
        return self._messages[f"fact.{name}"]

    def known(self, fact: Fact, value: Scalar | None, currency: str = "") -> str:
        """What is known of a fact; sums are told in the currency given."""
        title = self.fact(fact.name)
        if value is None:
            return self._sentence(self._say("missing", title=title))
        told = (
            self.money(round(float(value)), currency)
            if fact.unit == "cents"
            else self._value(_SPOKEN_AS.get(fact.name, fact.name), value, fact.unit)
        )
        return self._sentence(self._say("known", title=title, value=told))

    def waits(self, fact: str, parties: Sequence[str]) -> str:
        """Which fact is waited for, and who can supply it; a fact may have a sentence of its own for that."""
        if own := self._messages.get(f"waits.{fact}"):
            return self._sentence(own)
        told = self._messages["list.or"].join(self._messages[f"who.{party}"] for party in parties)
        return self._sentence(self._say("waits", fact=self.fact(fact), parties=told))

    def money(self, cents: int, currency: str) -> str:
        """A sum of money."""
        sign, (whole, part) = "-" if cents < 0 else "", divmod(abs(cents), 100)
        return f"{currency} {sign}{whole:,}.{part:02d}".strip()

    def count(self, number: int, unit: str) -> str:
        """So many hours or days."""
        return self._count(unit.removesuffix("s"), str(number))

    def phrase(self, message: str, /, **params: str) -> str:
        """A message of the catalog as it stands, with what belongs in it."""
        return self._say(message, **params)

    def tell(self, message: str, /, **params: str) -> str:
        """A message of the catalog as a sentence."""
        return self._sentence(self._say(message, **params))

    def _clause(self, reason: Reason) -> str:
        params, code = reason.params, reason.code
        if code == "R30":
            return self._past(reason)
        value = params.get("value")
        if value is None:
            return self._say("missing", title=self._title(reason.feature, reason.subject, code))
        if code == "R70":
            return self._wording(reason)
        key = f"reason.{code if code == 'R20' else reason.feature}"
        name = _plain(reason.subject) if code == "R20" else reason.feature
        if key not in self._messages:
            return self._say("reason.other", name=name)
        key, value = self._signed(key, value)
        return self._say(key, name=name, value=self._value(reason.feature, value, params.get("unit")))

    def _signed(self, key: str, value: Parameter) -> tuple[str, Parameter]:
        """The message of a value below zero where it has one of its own, which then says the amount alone."""
        negative = f"{key}.negative"
        if isinstance(value, str) or not value or value >= 0 or negative not in self._messages:
            return key, value
        return negative, -value

    def _past(self, reason: Reason) -> str:
        params = reason.params
        ratio, rulings, days = params.get("odds_ratio", params.get("ratio")), params["rulings"], params["window_days"]
        measure = str(params["measure"])
        if ratio is None and measure != "weight":
            return self._say("missing", title=self._title(reason.feature, reason.subject, reason.code))
        message = "reason.R30" if measure in LIABLE else f"reason.R30.{measure}"
        return self._say(
            "reason.R30.unseen" if rulings == 0 and "{rulings}" in self._messages[message] else message,
            key=self._key(str(params["key"])),
            since=self._say("since.days", days=str(days)) if days else self._messages["since.ever"],
            ruled=self._messages.get(f"ruled.{measure}", ""),
            ratio="" if ratio is None else _number(float(ratio)),
            rulings="?" if rulings is None else str(rulings),
        )

    def _wording(self, reason: Reason) -> str:
        """Which way the wording points; the last part of a score's name says for whom it is."""
        ruled = self._messages.get(f"ruled.{reason.feature.rpartition('.')[2]}", "")
        key, value = self._signed("reason.R70", reason.params["value"])
        return self._say(key, name=self._source(reason.subject), ruled=ruled, value=_number(float(value or 0.0)))

    def _source(self, subject: str) -> str:
        return self._messages.get(f"source.{subject}") or _plain(subject)

    def _title(self, feature: str, subject: str, code: str) -> str:
        if code == "R30":
            return self._say("title.R30", key=self._key(subject))
        if code == "R70":
            return self._say("title.R70", name=self._source(subject))
        if code == "R20":
            return self._say("title.R20", name=_plain(subject))
        return self._messages.get(f"title.{feature}") or self._say("title.other", name=_plain(feature))

    def _key(self, key: str) -> str:
        return self._messages.get(f"key.{key}") or _plain(key)

    def _value(self, feature: str, value: Parameter, unit: Parameter) -> str:
        if value == OTHER:
            return self._messages.get(f"value.{feature}.other") or self._messages["value.other"]
        if isinstance(value, str):
            return self._messages.get(f"value.{feature}.{value}", value)
        if unit == "flag":
            return self._messages["value.yes" if value else "value.no"]
        if unit in HOURS_IN:
            return self._time(float(value or 0.0) * HOURS_IN[unit])
        if unit == "metres":
            return self._count("metre", _number(float(value or 0.0)))
        return _with_unit(float(value or 0.0), unit)

    def _time(self, hours: float) -> str:
        """A length of time in hours, or in days where those are many."""
        return (
            self._count("day", _number(hours / 24)) if abs(hours) >= MANY_HOURS else self._count("hour", _number(hours))
        )

    def _count(self, unit: str, number: str) -> str:
        return self._say(f"unit.{unit}" if number == "1" else f"unit.{unit}s", number=number)

    def _say(self, message: str, /, **params: str) -> str:
        return self._messages[message].format(**params)

    def _sentence(self, clause: str) -> str:
        return clause[:1].upper() + clause[1:] + self._messages["sentence.end"]

    def _joined(self, clauses: list[str]) -> str:
        *first, last = clauses
        return self._messages["list.last"].join(filter(None, [self._messages["list.between"].join(first), last]))


@cache
def words(language: str) -> Words:
    """The messages of a language, one of LANGUAGES."""
    if language not in LANGUAGES:
        raise ValueError(f"there are no messages in {language!r}")
    text = resources.files(__name__).joinpath(f"{language}.json").read_text("utf-8")
    return Words(language, json.loads(text))


def _plain(name: str) -> str:
    return name.removeprefix("attr_").replace("_", " ")


def _with_unit(value: float, unit: Parameter) -> str:
    if unit == "share":
        return f"{value:.0%}"
    if unit == "log ratio":
        return _number(exp(value))
    if counted := _COUNTED.fullmatch(str(unit)):
        return _number(round(int(counted[1]) * value / (1.0 - value)))
    return f"{value:,.2f}" if unit == "currency units" else _number(value)


def _number(value: float) -> str:
    if value and abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) < 100 else f"{value:,.0f}"
