"""What nobody foresaw: the client gets a number, the log what happened under it, and neither a value of the case."""

import logging
import traceback
import uuid
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.desk import Desk
from serving.problems import MEDIA_TYPE, plain_case_id, problem

_log: Final = logging.getLogger("triage")


class LastResort:
    """Answers 500 where an answer failed, and logs where it failed: in which lines, for which case and bundle.

    The message of an error may hold what a client sent, so it is not logged.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as error:
            if scope["type"] != "http":
                raise
            number = uuid.uuid4().hex
            _log.error("%s: %s in case %s with bundle %s\n%s", number, *_said(error, scope))
            if not begun:
                said = problem(500, f"Something unexpected failed; the log tells more under {number}.")
                await Response(said.model_dump_json(exclude_none=True), 500, media_type=MEDIA_TYPE)(
                    scope, receive, send
                )


def _said(error: Exception, scope: Scope) -> tuple[str, str, str, str]:
    desk = scope["app"].state.desk
    bundle = desk.bundle.id if isinstance(desk, Desk) else "none"
    case_id = plain_case_id(scope.get("state", {}).get("case_id")) or "unnamed"
    return type(error).__name__, case_id, bundle, "".join(traceback.format_tb(error.__traceback__))
