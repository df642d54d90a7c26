"""Who is asking: an anonymous learner, known by a signed cookie and by nothing else."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin

from dashboard.problems import Problem
from dashboard.settings import Settings

SAFE = ("GET", "HEAD", "OPTIONS")
STATIC = "/static/"


class Cookie(SecureCookieSessionInterface):
    """Renewed by every answer but files: a browser cannot keep a file whose answer says that it is for one cookie."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Whether this answer brings the cookie along."""
        return not request.path.startswith(STATIC) and super().should_set_cookie(app, session)


def current() -> str:
    """The learner's id; a new learner gets one. Needs a request."""
    if "learner" not in session:
        session["learner"] = uuid4().hex
        session.permanent = True
    return str(session["learner"])


def install(app: Flask, settings: Settings) -> None:
    """Refuse to change anything for a page of another origin: the cookie alone is no consent."""
    app.session_interface = Cookie()

    @app.before_request
    def _same_origin() -> None:
        origin = request.headers.get("Origin")
        if request.method in SAFE or origin is None:
            return
        if not allowed(origin, request.host, settings):
            raise Problem(403, f"Requests from the origin {origin} are not allowed here.")


def allowed(origin: str, host: str, settings: Settings) -> bool:
    """Whether a page of `origin` may talk to a server that was addressed as `host`.

    A server that only this machine reaches has only names of this machine: anybody can make another name lead here.
    """
    try:
        parts = urlsplit(origin)
    except ValueError:  # "http://["
        return False
    own = parts.netloc == host and (not _is_here(settings.host) or _is_here(parts.hostname or ""))
    return own or origin.rstrip("/") in settings.origins


def _is_here(name: str) -> bool:
    """Whether a name or an address always means this machine."""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
