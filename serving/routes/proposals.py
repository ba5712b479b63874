"""Who is probably liable, for one case or for up to a thousand, each answered by itself."""

import time
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, Field, ValidationError

from serving.answer import ProposalOut
from serving.body import strict_route
from serving.current import CurrentDesk, CurrentMetrics, CurrentPool, CurrentWords, work
from serving.desk import Answer, Answered, Desk
from serving.examples import BATCHES, CASES
from serving.problems import ProblemOut, misplaced, sent_case_id
from serving.question import Question
from serving.unreadable import first_error
from serving.wire import READ_CASE, BatchIn, CaseIn
from serving.words import Words

_PROBLEM: dict[str, Any] = {"model": ProblemOut}
_PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 413, 415, 422, 503), _PROBLEM)


class ItemOut(BaseModel):
    """The answer to one case of a batch: a proposal, or the problem with the case."""

    item: int = Field(description="the place in the batch, counted from 0")
    proposal: ProposalOut | None = None
    problem: ProblemOut | None = None


class BatchOut(BaseModel):
    """The answers to a batch, in its order."""

    items: list[ItemOut]


async def propose(
    question: Annotated[CaseIn, Body(openapi_examples=CASES)],
    request: Request,
    desk: CurrentDesk,
    words: CurrentWords,
    metrics: CurrentMetrics,
    pool: CurrentPool,
) -> ProposalOut:
    """Who is probably liable in one case, or nobody, and why, as known at ``as_of``."""
    request.state.case_id = question.case_id
    now = _now()
    proposal = await work(pool, lambda: ProposalOut.of(desk.answer(question, now), words))
    metrics.count_proposal(proposal)
    return proposal


async def propose_batch(
    batch: Annotated[BatchIn, Body(openapi_examples=BATCHES)],
    desk: CurrentDesk,
    words: CurrentWords,
    metrics: CurrentMetrics,
    pool: CurrentPool,
) -> BatchOut:
    """The same for up to 1,000 cases: a proposal or a problem for each, none depending on another."""
    now = _now()
    items = await work(pool, lambda: _answer_batch(desk, batch.items, words, now))
    for item in items:
        if item.proposal:
            metrics.count_proposal(item.proposal)
        elif item.problem:
            metrics.count_refusal(item.problem.table)
    return BatchOut(items=items)


def proposals_router(*, max_case_bytes: int, max_batch_bytes: int) -> APIRouter:
    """The routes under which proposals are asked for, with the sizes of the largest bodies they take."""
    router = APIRouter(prefix="/v1", tags=["proposals"])
    routes = (("/proposals", propose, max_case_bytes), ("/proposals/batch", propose_batch, max_batch_bytes))
    for path, answer, most in routes:
        router.add_api_route(
            path, answer, methods=["POST"], responses=_PROBLEMS, route_class_override=strict_route(most)
        )
    return router


def _answer_batch(desk: Desk, sent: list[Any], words: Words, now: int) -> list[ItemOut]:
    read = [_read(item, raw) for item, raw in enumerate(sent)]
    questions = [found for found in read if isinstance(found, Question)]
    answers = iter(desk.answer_each(questions, now))
    return [
        ItemOut(item=item, problem=found) if isinstance(found, ProblemOut) else _item(item, next(answers), words)
        for item, found in enumerate(read)
    ]


def _read(item: int, raw: Any) -> Question | ProblemOut:
    try:
        return READ_CASE.validate_python(raw)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return misplaced(first_error(found, sent_case_id(raw)), item)


def _item(item: int, answer: Answer, words: Words) -> ItemOut:
    if isinstance(answer, Answered):
        return ItemOut(item=item, proposal=ProposalOut.of(answer, words))
    return ItemOut(item=item, problem=misplaced(answer.drop, item))


def _now() -> int:
    return time.time_ns() // 1000
