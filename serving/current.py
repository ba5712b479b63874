"""What a route may ask for: the desk, the counters, the language, and a thread to work in."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Header, Query, Request, Response

from serving.desk import Desk, NotReady
from serving.metrics import Metrics
from serving.reader import Language
from serving.words import Words, words
from serving.words.language import choose_language

T = TypeVar("T")


async def current_desk(request: Request) -> Desk:
    """The desk that answers; NotReady before there is one."""
    desk = request.app.state.desk
    if not isinstance(desk, Desk):
        raise NotReady("the service is still starting; ask again in a moment.")
    return desk


async def current_metrics(request: Request) -> Metrics:
    """The counters of this app."""
    metrics: Metrics = request.app.state.metrics
    return metrics


async def current_words(
    response: Response,
    language: Annotated[Language | None, Query(description="goes before Accept-Language")] = None,
    accept_language: Annotated[str | None, Header()] = None,
) -> Words:
    """The messages in the client's language."""
    chosen = choose_language(language, accept_language)
    response.headers["Content-Language"] = chosen
    response.headers["Vary"] = "Accept-Language"
    return words(chosen)


async def current_pool(request: Request) -> CapacityLimiter:
    """How many requests may be worked on at a time."""
    pool: CapacityLimiter = request.app.state.pool
    return pool


async def work(pool: CapacityLimiter, job: Callable[[], T]) -> T:
    """Do a job in a thread of the pool, so that other requests are listened to meanwhile."""
    return await to_thread.run_sync(job, limiter=pool)


CurrentDesk = Annotated[Desk, Depends(current_desk)]
CurrentMetrics = Annotated[Metrics, Depends(current_metrics)]
CurrentWords = Annotated[Words, Depends(current_words)]
CurrentPool = Annotated[CapacityLimiter, Depends(current_pool)]
