"""The authorization-code grant: OpenID Connect with PKCE required, on Authlib's server."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.integrations.flask_oauth2.requests import FlaskOAuth2Payload, FlaskOAuth2Request
from authlib.oauth2.rfc6749 import ClientMixin, InvalidRequestError, OAuth2Request, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core.grants import OpenIDCode
from flask import Request, request
from joserfc.jwk import RSAKey

from labs.openid_provider.store import Code, SigningKey

SCOPES = ("openid", "email", "profile")


@dataclass(frozen=True)
class Person:
    """Who signs in. There is no password: this is practice."""

    subject: str
    name: str
    email: str


@dataclass(frozen=True)
class OneClient(ClientMixin):
    """The one registered application. `redirect_uri` is compared whole."""

    id: str
    secret: str
    redirect_uri: str

    def get_client_id(self) -> str:
        return self.id

    def get_default_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return " ".join(word for word in scope.split() if word in SCOPES)

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return secrets.compare_digest(self.secret, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class CodeGrant(grants.AuthorizationCodeGrant):
    """Codes in the store, each good for one token request."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, asked: OAuth2Request) -> None:
        data = asked.payload.data
        Code(
            code=code, client=asked.client.id, subject=asked.user.subject, scope=asked.payload.scope,
            redirect_uri=asked.payload.redirect_uri, nonce=data.get("nonce"), made=datetime.now(UTC),
            code_challenge=data.get("code_challenge"), code_challenge_method=data.get("code_challenge_method"),
        ).save(force_insert=True)  # fmt: skip

    def query_authorization_code(self, code: str, client: OneClient) -> Code | None:
        return Code.take(code, client.id)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        """It is gone since it was asked for."""

    def authenticate_user(self, authorization_code: Code) -> Person:
        return person(str(authorization_code.subject))


class Pkce(CodeChallenge):
    """PKCE with SHA-256, and never without."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("This provider needs a code_challenge with the method S256.")
        super().validate_code_challenge(grant, redirect_uri)


class IdToken(OpenIDCode):
    """The ID token: RS256, for the one client, with the nonce that it sent."""

    def exists_nonce(self, nonce: str, asked: OAuth2Request) -> bool:
        return Code.objects(nonce=nonce).first() is not None

    def resolve_client_private_key(self, client: OneClient) -> RSAKey:
        return SigningKey.get()

    def get_client_algorithm(self, client: OneClient) -> str:
        return "RS256"

    def get_encode_header(self, client: OneClient) -> dict[str, str]:
        return {"alg": "RS256", "kid": str(SigningKey.get().kid)}

    def get_client_claims(self, client: OneClient) -> dict[str, Any]:
        return {"iss": issuer(), "aud": [client.id]}

    def generate_user_info(self, user: Person, scope: str) -> dict[str, str]:
        return {"sub": user.subject, "name": user.name, "email": user.email}


class LocalRequest(FlaskOAuth2Request):
    """Authlib takes plain http from this machine only. A classroom's network has no certificates: this is practice."""

    def __init__(self, asked: Request) -> None:
        OAuth2Request.__init__(self, asked.method, "http://localhost" + asked.full_path, headers=asked.headers)
        self._request = asked
        self.payload = FlaskOAuth2Payload(asked)


class Server(AuthorizationServer):
    """Authlib's server over plain http."""

    def create_oauth2_request(self, asked: object) -> LocalRequest:
        return LocalRequest(request)


def issuer() -> str:
    """Where the token, the keys and the discovery document were asked for. Needs a request."""
    return request.root_url.rstrip("/")


def person(subject: str) -> Person:
    """The person of this name; anybody may be anybody."""
    word = "".join(c for c in subject.lower() if c.isascii() and c.isalnum()) or "somebody"
    return Person(subject, subject, f"{word}@example.org")
