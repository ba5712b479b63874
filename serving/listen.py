"""Listening at an address until somebody says stop; nothing is listened to before the desk is open."""

import socket
from typing import Final

import typer
import uvicorn

from features import terminal
from features.errors import TriageError
from serving.app import create_app
from serving.desk import Desk
from serving.settings import Settings

GRACE_SECONDS: Final = 20
"""How long answers under way may take when the service is told to stop."""


class CannotListen(TriageError):
    """The address is taken, or is none of this machine's."""


def listen(settings: Settings) -> None:
    """Serve until interrupted.

    Raises
    ------
    BundleMismatch, NoChampion, BadMapping, CannotListen
        When there is nothing to answer with, or nowhere to listen.
    """
    with terminal.progress() as tell:
        desk = Desk.open(settings, tell)
    door = open_door(settings.host, settings.port)
    host, port = door.getsockname()[:2]
    where = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    app = create_app(settings, desk)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, timeout_graceful_shutdown=GRACE_SECONDS
    )
    typer.echo(f"triage: serving {where} with bundle {desk.bundle.id[:12]}; Ctrl-C stops it.", err=True)
    try:
        uvicorn.Server(config).run(sockets=[door])
    except KeyboardInterrupt:
        typer.echo("triage: stopped.", err=True)


def open_door(host: str, port: int) -> socket.socket:
    """A socket that listens at an address; CannotListen where that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family)
    except OSError as error:
        raise CannotListen(
            f"cannot listen at {host}, port {port}: {error.strerror}; name another port, or 0 for any that is free."
        ) from None
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else the end of an answer waits 40 ms for a receipt
    return door
