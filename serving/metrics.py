"""What the service counts: how long answers take, how they end, whom they name. Nothing of a case is in it."""

import time
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.answer import ProposalOut

_SECONDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)


class Metrics:
    """The counters of one app, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = own = CollectorRegistry()
        self._seconds = Histogram(
            "triage_request_seconds", "How long requests took.", ["route"], buckets=_SECONDS, registry=own
        )
        self._requests = Counter("triage_requests", "Requests answered.", ["route", "status"], registry=own)
        self._proposals = Counter("triage_proposals", "Proposals made, by the party named.", ["liable"], registry=own)
        self._abstentions = Counter(
            "triage_abstentions", "Proposals that name nobody, by reason.", ["code"], registry=own
        )
        self._conflicts = Counter(
            "triage_conflicts", "Proposals where policy and model disagree, by kind.", ["code"], registry=own
        )
        self._refused = Counter(
            "triage_refused_cases", "Cases that broke the contract, by table.", ["table"], registry=own
        )
        self._bundle = Gauge("triage_bundle_info", "The bundle in use.", ["bundle"], registry=own)

    def use_bundle(self, known_as: str) -> None:
        """Tell which bundle answers."""
        self._bundle.labels(known_as).set(1)

    def count_proposal(self, proposal: ProposalOut) -> None:
        """Count one answer."""
        self._proposals.labels(proposal.liable or "nobody").inc()
        if proposal.abstention:
            self._abstentions.labels(proposal.abstention.code).inc()
        if proposal.ruling and proposal.ruling.conflict:
            self._conflicts.labels(proposal.ruling.conflict.code).inc()

    def count_refusal(self, table: str | None) -> None:
        """Count one case that broke the contract."""
        self._refused.labels(table or "").inc()

    def count_request(self, route: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._seconds.labels(route).observe(seconds)
        self._requests.labels(route, status).inc()

    def text(self) -> bytes:
        """All counters as Prometheus reads them."""
        return generate_latest(self._registry)


class Watch:
    """Times every request, and keeps answers out of caches and from being guessed at by browsers."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message["headers"], (b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"),
                ]  # fmt: skip
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "")
            self._metrics.count_request(route, status, time.perf_counter() - started)
