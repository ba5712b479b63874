"""Reading a JSON body strictly: UTF-8, finite numbers, no name twice, no lone surrogate, no compression.

What common readers quietly accept or choke on is refused here, before anything looks at what it means.
"""

import json
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

NAMES: Final = 1000
"""An object may have at most so many names: more could only be meant to keep the reader busy."""

_JSON: Final = "application/json"


class UnreadableBody(HTTPException):
    """The body is not the JSON it should be; ``detail`` says why in words of ours."""


def read_json(raw: bytes) -> Any:
    """The value that a body holds.

    Raises
    ------
    UnreadableBody
        When it is not strict JSON in UTF-8.
    """
    try:
        text = raw.decode("utf-8")
        found = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
        if "\\u" in text:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableBody(400, "The body is not UTF-8.") from None
    except UnicodeEncodeError:
        raise UnreadableBody(400, "The body holds half a surrogate pair, which is no character.") from None
    except RecursionError:
        raise UnreadableBody(400, "The body is nested too deeply.") from None
    except ValueError as error:
        said = error.args[0] if isinstance(error, _Refused) else "The body is not JSON."
        raise UnreadableBody(400, said) from None
    return found


class _Refused(ValueError):
    pass


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > NAMES:
        raise _Refused(f"An object in the body has more than {NAMES} names.")
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Refused("An object in the body has a name twice.")
    return found


def _refuse_constant(_: str) -> None:
    raise _Refused("NaN and Infinity are not JSON; leave the value out.")


class _StrictRequest(Request):
    most = 0

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            self._body = await self._read()
        return self._body

    async def json(self) -> Any:
        return read_json(await self.body())

    async def _read(self) -> bytes:
        found = bytearray()
        async for part in self.stream():
            found += part
            if len(found) > self.most:
                raise HTTPException(413)
        return bytes(found)


def strict_route(most: int) -> type[APIRoute]:
    """A kind of route that takes strict JSON of at most so many bytes, and nothing else."""

    class StrictRoute(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            answer = super().get_route_handler()

            async def answer_strictly(request: Request) -> Response:
                _require_plain_json(request, most)
                strict = _StrictRequest(request.scope, request.receive)
                strict.most = most
                return await answer(strict)

            return answer_strictly

    return StrictRoute


def _require_plain_json(request: Request, most: int) -> None:
    of = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if of != _JSON or packed not in ("", "identity"):
        raise HTTPException(415)
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length[:20]) > most:
        raise HTTPException(413)
