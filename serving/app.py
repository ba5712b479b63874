"""The service over HTTP: an app is made by a function, and every error becomes a problem in one place.

Nothing happens on import. The desk is opened, and its model warmed, before the first request is listened to.
"""

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from anyio import CapacityLimiter
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from features.errors import TriageError
from serving.body import UnreadableBody
from serving.desk import CaseRefused, Desk
from serving.examples import CASES
from serving.last_resort import LastResort
from serving.metrics import Metrics, Watch
from serving.problems import MEDIA_TYPE, ProblemOut, misplaced, problem, sent_case_id, status_of
from serving.routes import health
from serving.routes.proposals import proposals_router
from serving.routes.statements import statements_router
from serving.settings import Settings
from serving.unreadable import first_error
from serving.wire import READ_CASE

_log: Final = logging.getLogger("triage")


def create_app(settings: Settings, desk: Desk | None = None) -> FastAPI:
    """The service for these settings; a desk that is open already is used as it is."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.pool = CapacityLimiter(settings.workers)
        app.state.desk = opened = desk or Desk.open(settings, _log.info)
        app.state.metrics.use_bundle(opened.bundle.id)
        _warm(opened)
        yield
        app.state.desk = None

    app = FastAPI(
        title="Dispute triage",
        summary="Who is probably liable in an e-commerce dispute, and why.",
        version="1",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.desk = None
    app.state.metrics = Metrics()
    app.include_router(health.router)
    app.include_router(
        proposals_router(max_case_bytes=settings.max_case_bytes, max_batch_bytes=settings.max_batch_bytes)
    )
    app.include_router(statements_router(max_case_bytes=settings.max_case_bytes))
    app.add_middleware(LastResort)
    app.add_middleware(Watch, metrics=app.state.metrics)
    app.add_exception_handler(TriageError, _answer_expected)
    app.add_exception_handler(RequestValidationError, _answer_unreadable)
    app.add_exception_handler(HTTPException, _answer_http)
    return app


def _warm(desk: Desk) -> None:
    """Answer the examples once, so that no client waits for what is made at the first answer."""
    examples = [READ_CASE.validate_python(example["value"]) for example in CASES.values()]
    desk.answer_each(examples, time.time_ns() // 1000)


def _reply(request: Request, said: ProblemOut, headers: dict[str, str] | None = None) -> Response:
    if said.status == 422:
        request.app.state.metrics.count_refusal(said.table)
    text = said.model_dump_json(exclude_none=True)
    return Response(text, said.status, headers=headers, media_type=MEDIA_TYPE)


async def _answer_expected(request: Request, error: Exception) -> Response:
    if isinstance(error, CaseRefused):
        return _reply(request, misplaced(error.drop))
    status = status_of(error) if isinstance(error, TriageError) else 500
    return _reply(request, problem(status), {"Retry-After": "5"} if status == 503 else None)


async def _answer_unreadable(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return _reply(request, misplaced(first_error(error.errors(), sent_case_id(error.body))))


async def _answer_http(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    detail = error.detail if isinstance(error, UnreadableBody) else ""
    return _reply(request, problem(error.status_code, detail), dict(error.headers or {}))
