"""An answer as people read it: codes with their sentences, and numbers rounded once, here.

Numbers have six decimals. The account is added up again from what is shown: ``rest`` takes up what rounding leaves, so
that start + the log-odds of the reasons + rest is the contrast to the last decimal shown. The six probabilities are
rounded each by itself and may miss 1 by three in the last place.
"""

import math
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from features.build import FeatureTable
from features.checklist import LACKING, Lack
from features.tables import Numbers
from features.terminal import iso
from features.vocabulary import LIABLE, MOMENTS
from models.account import DECIMALS, Account
from models.opinion import NOBODY, UNSURE, Opinions, Sufficiency
from models.reasons import Parameter, Reason
from serving.desk import Answered
from serving.problems import plain_case_id
from serving.ruling_out import RulingOut
from serving.words import Words

_MICRO = 10**DECIMALS

Party = Annotated[str, WithJsonSchema({"type": "string", "enum": list(LIABLE)})]
LogOdds = Annotated[float, Field(description="logarithm of odds, rounded to six decimals")]


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AbstentionOut(_Out):
    """Why nobody is named."""

    code: str
    sentence: str


class ReasonOut(_Out):
    """One reason: how far it speaks for the leading party rather than the runner-up."""

    code: str
    sentence: str
    log_odds: LogOdds
    subject: str = Field(description="what the reason is about, where its code alone does not say; else empty")
    citable: bool = Field(description="whether it may be given to a party")
    feature: str = Field(description="the feature that did most in it")
    params: dict[str, Parameter]

    @classmethod
    def of(cls, reason: Reason, words: Words) -> Self:
        """A reason in words."""
        return cls(
            code=reason.code,
            sentence=words.reason(reason),
            log_odds=_micro(reason.log_odds) / _MICRO,
            subject=reason.subject,
            citable=reason.citable,
            feature=reason.feature,
            params={k: round(v, DECIMALS) if isinstance(v, float) else v for k, v in reason.params.items()},
        )


class ContrastOut(_Out):
    """Why the most probable party leads the runner-up: start + the reasons' log-odds + rest = log_odds."""

    leading: Party
    runner_up: Party
    log_odds: LogOdds
    start: LogOdds
    rest: LogOdds
    sentence: str


class CitableOut(_Out):
    """What the answer would be without what may not be told to a party."""

    probabilities: dict[Party, float | None]
    leading: Party


class SufficiencyOut(_Out):
    """Whether what is known is enough to rule on: start + the reasons' log-odds + rest = log_odds."""

    probability: float = Field(description="that it is enough")
    enough: bool | None = Field(description="null: the model is not sure enough to say")
    sentence: str
    log_odds: LogOdds = Field(description="of the likelier answer against the other")
    start: LogOdds
    rest: LogOdds
    reasons: list[ReasonOut] = Field(description="for the likelier answer, the strongest first")

    @classmethod
    def of(cls, found: Sufficiency, place: int, words: Words) -> "SufficiencyOut | None":
        """The answer in words; None where no head answers."""
        probability = float(found.enough.probability[place])
        if math.isnan(probability):
            return None
        told, reasons = int(found.enough.told[place]), found.reasons(place)
        return cls(
            probability=_micro(probability) / _MICRO,
            enough=None if told == UNSURE else bool(told),
            sentence=words.enough(None if told == UNSURE else bool(told)),
            reasons=[ReasonOut.of(reason, words) for reason in reasons],
            **_sum(found.account, place, reasons),
        )


class LackOut(_Out):
    """Something that a party was required to show and did not."""

    party: Party
    any_of: list[str] = Field(description="kinds of evidence, any one of which would do")
    state: Annotated[str, WithJsonSchema({"type": "string", "enum": list(LACKING)})]
    sentence: str


class UnknownOut(_Out):
    """What was null, and why."""

    code: str
    sentence: str
    features: list[str]


class ProposalOut(_Out):
    """Who is probably liable, or nobody, and why."""

    case_id: str | None = Field(description="null where the id is not plain text of at most 64 characters")
    as_of: str
    moment: str
    bundle: str
    probabilities: dict[Party, float | None] = Field(description="null: the class was not trained")
    liable: Party | None = Field(description="the party named by policy or the model; null: nobody")
    abstention: AbstentionOut | None
    confidence: float | None = Field(description="the largest probability")
    contrast: ContrastOut | None
    reasons: list[ReasonOut] = Field(description="the strongest first")
    citable: CitableOut | None
    sufficiency: SufficiencyOut | None = Field(description="null: the bundle has no head for it")
    missing_evidence: list[LackOut] | None = Field(description="null: it is not known what there is")
    unknown: list[UnknownOut]
    ignored_attributes: list[str] = Field(description="attributes sent that the bundle does not read")
    ruling: RulingOut | None = Field(description="null: no policy is asked, or the history has no reasons of claims")

    @classmethod
    def of(cls, answered: Answered, words: Words) -> Self:
        """An answer of the desk in words."""
        features, ask, proposals, place = answered.features, answered.ask, answered.opinions, answered.place
        answers, reasons = proposals.answers, proposals.reasons(place)
        named = answers if answered.ruling is None else answered.ruling.proposals.liability
        liable, abstained = int(named.liable[place]), str(named.abstained[place])
        head = int(answers.leading[place]) != NOBODY
        case = int(features.asks.case[ask])
        return cls(
            case_id=plain_case_id(features.tables.case_ids[case].as_py()),
            as_of=iso(int(features.asks.as_of[ask])),
            moment=MOMENTS[features.asks.moment[ask]],
            bundle=answered.bundle.id,
            probabilities=_by_party(answers.probability[place]),
            liable=None if liable == NOBODY else LIABLE[liable],
            abstention=AbstentionOut(code=abstained, sentence=words.abstention(abstained)) if abstained else None,
            confidence=_rounded(float(answers.confidence[place])),
            contrast=_contrast(proposals, place, reasons, words) if head else None,
            reasons=[ReasonOut.of(reason, words) for reason in reasons],
            citable=_citable(proposals, place) if head else None,
            sufficiency=SufficiencyOut.of(proposals.sufficiency, place, words),
            missing_evidence=_lacks(answered.lacks, words),
            unknown=_unknown(features, ask, words),
            ignored_attributes=list(answered.ignored),
            ruling=None if answered.ruling is None else RulingOut.of(answered.ruling, place, words),
        )


def _contrast(proposals: Opinions, place: int, reasons: tuple[Reason, ...], words: Words) -> ContrastOut:
    answers = proposals.answers
    leading, runner_up = LIABLE[answers.leading[place]], LIABLE[answers.runner_up[place]]
    sentence = words.contrast(leading, runner_up, reasons)
    return ContrastOut(
        leading=leading, runner_up=runner_up, sentence=sentence, **_sum(proposals.account, place, reasons)
    )


def _sum(account: Account, place: int, reasons: tuple[Reason, ...]) -> dict[str, float]:
    """The account added up again from what is shown: ``rest`` takes up what rounding leaves."""
    whole, start = _micro(float(account.contrast[place])), _micro(float(account.start[place]))
    rest = whole - start - sum(_micro(reason.log_odds) for reason in reasons)
    return {"log_odds": whole / _MICRO, "start": start / _MICRO, "rest": rest / _MICRO}


def _lacks(lacks: tuple[Lack, ...] | None, words: Words) -> list[LackOut] | None:
    if lacks is None:
        return None
    return [
        LackOut(party=lack.party, any_of=list(lack.any_of), state=lack.state, sentence=words.lack(lack))
        for lack in lacks
    ]


def _citable(proposals: Opinions, place: int) -> CitableOut:
    answers = proposals.answers
    return CitableOut(
        probabilities=_by_party(answers.citable_probability[place]), leading=LIABLE[answers.citable_leading[place]]
    )


def _unknown(features: FeatureTable, ask: int, words: Words) -> list[UnknownOut]:
    """The null features by what is said of them, so that one missing key is told once for all its features."""
    told: dict[tuple[str, str], list[str]] = {}
    for feature, code in features.unknown(ask):
        told.setdefault((code, words.unknown(feature, code)), []).append(feature.name)
    return [UnknownOut(code=code, sentence=said, features=names) for (code, said), names in told.items()]


def _by_party(probability: Numbers) -> dict[Party, float | None]:
    return {party: _rounded(p) for party, p in zip(LIABLE, probability.tolist(), strict=True)}


def _rounded(value: float) -> float | None:
    return _micro(value) / _MICRO if math.isfinite(value) else None


def _micro(value: float) -> int:
    return round(value * _MICRO)
