"""The statement of reasons for a case, as a document for the buyer, the seller or an arbitrator."""

import time
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import Response

from serving.body import strict_route
from serving.current import CurrentDesk, CurrentPool, CurrentWords, work
from serving.examples import CASES
from serving.problems import ProblemOut
from serving.reader import Audience, Form
from serving.stating import MEDIA, Wanted, statement
from serving.wire import CaseIn

_PROBLEM: dict[str, Any] = {"model": ProblemOut}
_PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 406, 409, 413, 415, 422, 503), _PROBLEM)
_SAFE: Final = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
"""A page shows text and its own style, and does nothing."""

_DOCUMENT: dict[str, Any] = {"content": {media.partition(";")[0]: {} for media in MEDIA.values()}}


async def state(
    question: Annotated[CaseIn, Body(openapi_examples=CASES)],
    request: Request,
    desk: CurrentDesk,
    words: CurrentWords,
    pool: CurrentPool,
    reader: Annotated[Audience, Query(description="who is to read it")],
    form: Annotated[Form, Query(description="the form of the document")] = "html",
) -> Response:
    """What is proposed in one case and why, each sentence with the clause, evidence, event or sum it rests on."""
    request.state.case_id = question.case_id
    now, wanted = time.time_ns() // 1000, Wanted(reader, words, form)
    document = await work(pool, lambda: statement(desk.answer(question, now), question.case_id, wanted))
    return Response(
        document,
        media_type=MEDIA[form],
        headers=_SAFE,
    )


def statements_router(*, max_case_bytes: int) -> APIRouter:
    """The route under which statements are asked for, with the size of the largest body it takes."""
    router = APIRouter(prefix="/v1", tags=["statements"])
    router.add_api_route(
        "/statements", state, methods=["POST"], response_class=Response, responses={200: _DOCUMENT, **_PROBLEMS},
        route_class_override=strict_route(max_case_bytes),
    )  # fmt: skip
    return router
