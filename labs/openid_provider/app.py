"""The provider as a WSGI application of its own: discovery, keys, authorize, token."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from authlib.oauth2 import OAuth2Error
from flask import Flask, Response, abort, current_app, jsonify, render_template, request

from labs.openid_provider.grants import SCOPES, CodeGrant, IdToken, OneClient, Pkce, Server, issuer, person
from labs.openid_provider.store import SigningKey

CLIENT_ID = "blog"
LONGEST_NAME = 60
PEOPLE = ("Ada", "Grace", "Edsger")


@dataclass(frozen=True)
class Look:
    """Files that the page borrows from the app around it, relative to the provider's address."""

    styles: Sequence[str]
    theme: str
    icon: str


def create_app(secret: str, redirect_uri: Callable[[], str], look: Look, own_page: Callable[[], bool]) -> Flask:
    """`secret`: the client's; `redirect_uri()`: the one address that codes are sent to; `own_page()`: whether a page
    of this provider asks. Both are asked within a request.

    The database alias "lab" must be connected.
    """
    app = Flask(__name__, static_folder=None)
    app.config.update(MAX_CONTENT_LENGTH=16 * 1024, LOOK=look, OWN_PAGE=own_page, OAUTH2_SCOPES_SUPPORTED=SCOPES)

    def client(client_id: str) -> OneClient | None:
        return OneClient(CLIENT_ID, secret, redirect_uri()) if client_id == CLIENT_ID else None

    server = Server(app, query_client=client, save_token=lambda token, asked: None)
    server.register_grant(CodeGrant, [IdToken(require_nonce=True), Pkce(required=True)])
    app.extensions["openid_server"] = server
    app.add_url_rule("/.well-known/openid-configuration", "discovery", discovery)
    app.add_url_rule("/jwks", "jwks", jwks)
    app.add_url_rule("/authorize", "ask", ask)
    app.add_url_rule("/authorize", "allow", allow, methods=["POST"])
    app.add_url_rule("/token", "token", server.create_token_response, methods=["POST"])
    app.after_request(_headers)
    return app


def discovery() -> Response:
    """GET /.well-known/openid-configuration."""
    own = issuer()
    return jsonify(
        issuer=own, authorization_endpoint=f"{own}/authorize", token_endpoint=f"{own}/token", jwks_uri=f"{own}/jwks",
        response_types_supported=["code"], subject_types_supported=["public"], scopes_supported=list(SCOPES),
        id_token_signing_alg_values_supported=["RS256"], code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["client_secret_basic"],
    )  # fmt: skip


def jwks() -> Response:
    """GET /jwks: the public half of the signing key."""
    return jsonify(keys=[SigningKey.get().as_dict(private=False)])


def ask() -> str:
    """GET /authorize: who are you? 400, and no redirect, unless the request is one of the registered client."""
    _checked()
    return render_template("who.html", people=PEOPLE, longest=LONGEST_NAME, look=current_app.config["LOOK"])


def allow() -> Response:
    """POST /authorize with `name`: back to the client with a code."""
    if not current_app.config["OWN_PAGE"]():
        abort(403, description="Only the form of this provider may answer for you.")
    grant = _checked()
    name = " ".join(request.form.get("name", "").split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        abort(400, description=f"A name has 1 to {LONGEST_NAME} characters.")
    server: Server = current_app.extensions["openid_server"]
    response: Response = server.create_authorization_response(grant_user=person(name), grant=grant)
    return response


def _checked() -> CodeGrant:
    """The request, if it is one of the registered client."""
    server: Server = current_app.extensions["openid_server"]
    try:
        grant: CodeGrant = server.get_consent_grant(end_user=None)
        return grant
    except OAuth2Error as error:
        abort(400, description=f"The application asked wrongly: {error.description or error.error}")


def _headers(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; script-src 'self'; img-src 'self'; style-src 'self'; font-src 'self'; "
        "form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self'"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"  # with "no-referrer" a form says it comes from nowhere
    response.headers["Cache-Control"] = "no-store"
    return response
