"""Whether the service lives, whether it is ready, and what it has counted."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import BaseModel

from features.terminal import iso
from serving.current import CurrentDesk, CurrentMetrics
from serving.problems import ProblemOut

router = APIRouter(tags=["health"])


class AliveOut(BaseModel):
    """The service lives; whether it can answer is another question."""

    status: str = "alive"


class ReadyOut(BaseModel):
    """The service can answer."""

    status: str = "ready"
    bundle: str
    cases: int
    last_known: str


@router.get("/livez")
async def read_life() -> AliveOut:
    """Whether the service lives."""
    return AliveOut()


@router.get("/readyz", responses={503: {"model": ProblemOut}})
async def read_readiness(desk: CurrentDesk) -> ReadyOut:
    """Whether the service can answer, with which bundle, and how far its history reaches."""
    return ReadyOut(bundle=desk.bundle.id, cases=desk.past.count("cases"), last_known=iso(desk.past.last_known))


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def read_metrics(metrics: CurrentMetrics) -> Response:
    """What has been counted, as Prometheus reads it."""
    return Response(metrics.text(), media_type=CONTENT_TYPE_LATEST)
