"""Ports: find a free one, tell whether one is taken."""

from __future__ import annotations

import random
import socket
from errno import EADDRINUSE

CHOICE = range(20_000, 32_000)
"""Where free ports are looked for: below the ports that systems lend to outgoing connections, so none of those
takes ours between the look and the use."""


def free_port(host: str = "127.0.0.1") -> int:
    """A TCP port of `host` that nothing listens on right now."""
    for port in random.sample(CHOICE, 200):
        if not is_taken(port, host):
            return port
    raise OSError(f"no free port on {host} between {CHOICE.start} and {CHOICE.stop}")


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something holds `port` of `host`. Raises OSError when `host` is no address of this machine."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
            probe.listen()
        except PermissionError:
            return True
        except OSError as error:
            if error.errno == EADDRINUSE:
                return True
            raise
    return False
