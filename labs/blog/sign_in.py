"""Signing in through OpenID Connect: authorization code with PKCE, state and nonce, and a checked ID token.

Google and the practice provider are the same code. Only the address of the discovery document, the id and the
secret differ.
"""

from __future__ import annotations

from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskOAuth2App, OAuth
from authlib.integrations.requests_client import OAuth2Session
from bson import ObjectId
from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from joserfc.errors import JoseError

from labs.blog.guard import asked_by_own_page
from labs.blog.models import User
from labs.blog.requests_seen import PROVIDER
from labs.blog.settings import GOOGLE, BlogSettings
from labs.blog.trace import waiting
from labs.openid_provider.app import CLIENT_ID
from labs.querycache import clear_hash

NAME = "google"
PRACTICE_PATH = "/practice"
LEEWAY_SECONDS = 30
PATIENCE_SECONDS = 10
KEPT = ("watch",)
"""What a session keeps when somebody signs in or out: it says nothing about who they are."""


class PatientSession(OAuth2Session):
    """Every request to the provider has a time limit and is a piece of the waterfall."""

    def request(self, method: str, url: str, **options: Any) -> Any:
        with waiting(f"{method} {url.partition('?')[0].rpartition('/')[2]}{PROVIDER}", "net"):
            return super().request(method, url, **{"timeout": PATIENCE_SECONDS, **options})


class Client(FlaskOAuth2App):
    """Authlib's client with the patient session."""

    client_cls = PatientSession


class LocalSession(PatientSession):
    """Talks to this very app, so never through a proxy that the environment names for the outside."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.trust_env = False


class PracticeClient(Client):
    """A client of the provider that lives in this app."""

    client_cls = LocalSession


class Clients(OAuth):
    """Authlib's registry with our client."""

    oauth2_client_cls = Client


def install(app: Flask) -> None:
    """The registry of providers; the one provider is entered at the first sign-in, when its address is known."""
    app.extensions["blog_clients"] = Clients(app)


def begin() -> ResponseReturnValue:
    """GET /auth/google: to the provider, with a fresh state, nonce and PKCE challenge kept in the session."""
    _forget_begun()
    try:
        return _client().authorize_redirect(_callback_url())  # type: ignore[no-any-return]
    except (requests.RequestException, AuthlibBaseError, ValueError) as error:
        return _refuse("The sign-in provider does not answer. Try again in a moment.", error, 503)


def callback() -> ResponseReturnValue:
    """GET /auth/google/callback: the answer of the provider; believed only if every check holds."""
    try:
        claims = _checked_claims()
    except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, TypeError) as error:
        return _refuse("This sign-in could not be trusted, so nobody was signed in. Begin again.", error, 400)
    user = _remember(claims)
    clear_hash(str(user.id))
    _fresh_session()
    session["user"] = str(user.id)
    session.permanent = True
    return redirect(url_for("front"))


def end() -> ResponseReturnValue:
    """POST /auth/logout, or GET from a link on our own page. A page of somebody else cannot sign anybody out."""
    if request.headers.get("Sec-Fetch-Site") != "same-origin" and not (
        request.method == "POST" and asked_by_own_page(_settings().origins)
    ):
        abort(403, description="Sign out with the button of the blog, or with POST.")
    clear_hash(str(session.get("user", "")))
    _fresh_session()
    return redirect(url_for("front"), 303)


def user() -> User | None:
    """Who is asking, looked up once a request; None if nobody is signed in (any more)."""
    if "user" not in g:
        known = session.get("user")
        g.user = (
            User.objects(id=known, provider=_provider_name()).cache(key=known).first()
            if isinstance(known, str) and ObjectId.is_valid(known)
            else None
        )
    found: User | None = g.user
    return found


def needed_user() -> User:
    """As `user`, or 401."""
    found = user()
    if found is None:
        abort(401, description="Sign in first.")
    return found


def _checked_claims() -> dict[str, Any]:
    """The claims of an ID token that was signed by the provider for us, now, for this very sign-in."""
    client = _client()
    expected = {
        "iss": {"essential": True, "value": client.load_server_metadata()["issuer"]},
        "aud": {"essential": True, "value": client.client_id},
    }
    token = client.authorize_access_token(leeway=LEEWAY_SECONDS, claims_options=expected)
    claims = dict(token["userinfo"])  # KeyError: there was no ID token
    if claims["aud"] != client.client_id and claims["aud"] != [client.client_id]:
        raise ValueError("the ID token is for others too")
    if not isinstance(claims["sub"], str) or not claims["sub"]:
        raise ValueError("the ID token names nobody")
    return claims


def _remember(claims: dict[str, Any]) -> User:
    name = str(claims.get("name") or claims.get("email") or "Somebody")[:200]
    found: User = User.objects(provider=_provider_name(), subject=claims["sub"]).modify(
        upsert=True, new=True, set__name=name, set__email=str(claims.get("email") or "")[:300]
    )
    return found


def _provider_name() -> str:
    return "google" if _settings().google else "practice"


def _client() -> Client:
    clients: Clients = current_app.extensions["blog_clients"]
    found: Client = clients.create_client(NAME) or clients.register(NAME, **_provider(_settings()))
    return found


def _provider(settings: BlogSettings) -> dict[str, Any]:
    """What distinguishes Google from practice: configuration, nothing else."""
    common: dict[str, Any] = {"client_kwargs": {"scope": "openid email profile", "code_challenge_method": "S256"}}
    if settings.google:
        return common | {
            "server_metadata_url": GOOGLE,
            "client_id": settings.google_client_id, "client_secret": settings.google_client_secret,
        }  # fmt: skip
    own = f"{_own_address()}{request.script_root}{PRACTICE_PATH}"
    return common | {
        "client_cls": PracticeClient,
        "server_metadata_url": f"{own}/.well-known/openid-configuration",
        "client_id": CLIENT_ID, "client_secret": settings.key("practice client"),
        # A browser comes from elsewhere than this process: it is sent to the same place by its own name for it.
        "authorize_url": f"{request.script_root}{PRACTICE_PATH}/authorize",
    }  # fmt: skip


def _own_address() -> str:
    """Where this process reaches itself. From the listening socket, never from what a client says."""
    host, port = str(request.environ["SERVER_NAME"]), request.environ["SERVER_PORT"]
    host = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _callback_url() -> str:
    public = _settings().public_url
    return public + url_for("callback") if public else url_for("callback", _external=True)


def _fresh_session() -> None:
    kept = {key: session[key] for key in KEPT if key in session}
    session.clear()
    session.update(kept)


def _forget_begun() -> None:
    """Sign-ins that were begun here cannot be ended any more."""
    for key in [key for key in session if key.startswith("_state_")]:
        session.pop(key)


def _refuse(said: str, error: Exception, status: int) -> ResponseReturnValue:
    """Nobody is signed in by it, and nobody is signed out: any link can lead here."""
    current_app.logger.warning("sign-in refused: %s: %s", type(error).__name__, error)
    _forget_begun()
    return redirect(url_for("front", refused="1")) if status == 400 and _is_page() else abort(status, description=said)


def _is_page() -> bool:
    return "text/html" in request.headers.get("Accept", "")


def _settings() -> BlogSettings:
    settings: BlogSettings = current_app.config["BLOG"]
    return settings
