"""Where the web process listens, and the URL that people open."""

from __future__ import annotations

import socket
from collections.abc import Callable

from dashboard.embedded.ports import free_port, is_taken

ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}
"""Addresses that stand for all of a machine's, and the one that reaches it from itself."""

ELSEWHERE = "192.0.2.1"
"""An address of no machine (RFC 5737): the way there shows which of our addresses others see. Nothing is sent."""


class PortError(RuntimeError):
    """The web process cannot listen where it was asked to; the message says what to do."""


def choose_port(host: str, port: int, *, fixed: bool, say: Callable[[str], None]) -> int:
    """`port` when it is free; else, unless it is `fixed`, another one. Raises `PortError`."""
    try:
        if not is_taken(port, host):
            return port
    except OSError as error:
        raise PortError(f"LOOPSCOPE_HOST={host} cannot be listened on: {error.strerror}.") from None
    if fixed:
        raise PortError(f"Port {port} is taken. Stop what uses it, or choose another with LOOPSCOPE_PORT.")
    other = free_port(host)
    say(f"Port {port} is taken, so this copy uses {other}.")
    return other


def local_url(host: str, port: int) -> str:
    """The URL that reaches the web process from this machine."""
    return _url(ANY.get(host, host), port)


def public_url(host: str, port: int) -> str:
    """The URL to tell people: that of this machine in its network when the web process listens on all addresses."""
    return _url(_seen_from_elsewhere() if host in ANY else host, port)


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _seen_from_elsewhere() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((ELSEWHERE, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])
