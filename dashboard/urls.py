"""URLs in settings: whether one can be used, and how it is shown."""

from __future__ import annotations

import re


def check_url(url: str, schemes: tuple[str, ...]) -> None:
    """Raise ValueError, saying what would do, unless `url` has one of the schemes and then a host (or socket path)."""
    scheme, _, rest = url.partition("://")
    authority = rest.split("/")[0].split("?")[0].rpartition("@")[2]
    usable = bool(rest) if scheme == "unix" else all(_is_host(host) for host in authority.split(","))
    if scheme not in schemes or not usable:
        raise ValueError(f"is not a URL like {schemes[0]}://host:port.")


def mask_url(url: str) -> str:
    """`url` with the password in it hidden, so that it can be printed."""
    scheme, separator, rest = url.partition("://")
    credentials, at, host = rest.rpartition("@")
    if not at:
        return url
    user, _, password = credentials.partition(":")
    return f"{scheme}{separator}{user}{':••••' if password else ''}@{host}"


def _is_host(text: str) -> bool:
    match = re.fullmatch(r"(?:\[[0-9a-fA-F:.]+\]|[^\s:\[\]]+)(?::(\d{1,5}))?", text)
    return match is not None and (match[1] is None or 0 < int(match[1]) < 65536)
