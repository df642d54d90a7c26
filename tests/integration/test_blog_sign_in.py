"""Signing in to the blog, over real HTTP: the whole flow, and every forgery that must not work."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from dashboard.embedded import MongoDB
from labs.blog.settings import BlogSettings
from labs.openid_provider.grants import IdToken
from labs.openid_provider.store import Code, SigningKey
from tests.blog import Browser, serving


@pytest.fixture(scope="module")
def blog(mongodb: MongoDB) -> Iterator[str]:
    with serving(BlogSettings(mongodb_url=mongodb.url, secret="test")) as url:
        yield url


@pytest.fixture
def browser(blog: str) -> Browser:
    return Browser(blog)


def changed(address: str, **query: str | None) -> str:
    """The address with some of its query replaced, or left out where None."""
    parts = urlsplit(address)
    now = {**dict(parse_qsl(parts.query)), **query}
    return urlunsplit(parts._replace(query=urlencode({k: v for k, v in now.items() if v is not None})))


def nobody(browser: Browser) -> bool:
    return browser.get("/api/current_user").json is None


def test_the_whole_flow_signs_in_with_pkce_state_and_nonce(browser: Browser) -> None:
    assert nobody(browser)
    address = browser.begin()
    asked = parse_qs(urlsplit(address).query)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    assert b"Who are you?" in browser.get(address).body
    answer = browser.get(browser.allow(address, "Ada"))
    assert answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    user = browser.get("/api/current_user").json
    assert (user["name"], user["email"]) == ("Ada", "ada@example.org")


def test_the_same_person_is_the_same_user(browser: Browser, blog: str) -> None:
    browser.sign_in("Grace")
    again = Browser(blog)
    again.sign_in("Grace")
    assert browser.get("/api/current_user").json == again.get("/api/current_user").json


def test_a_callback_works_once(browser: Browser) -> None:
    callback = browser.allow(browser.begin(), "Ada")
    kept = dict(browser.cookies)
    assert browser.get(callback).status == 302
    thief = Browser(browser.url)
    thief.cookies = kept  # even with the cookie from before, the code is used up
    assert thief.get(callback).status == 400
    assert nobody(thief)


def test_a_callback_belongs_to_the_browser_that_began(browser: Browser, blog: str) -> None:
    """Nobody can be signed in as somebody else by following a link."""
    callback = browser.allow(browser.begin(), "Mallory")
    victim = Browser(blog)
    assert victim.get(callback).status == 400
    victim.begin()
    assert victim.get(callback).status == 400
    assert nobody(victim)


@pytest.mark.parametrize("state", ["", "guessed", None])
def test_a_wrong_state_is_refused(browser: Browser, state: str | None) -> None:
    callback = browser.allow(browser.begin(), "Ada")
    assert browser.get(changed(callback, state=state)).status == 400
    assert nobody(browser)


@pytest.mark.parametrize("code", ["", "guessed", None])
def test_a_wrong_code_is_refused(browser: Browser, code: str | None) -> None:
    callback = browser.allow(browser.begin(), "Ada")
    assert browser.get(changed(callback, code=code)).status == 400
    assert nobody(browser)


def test_an_old_code_is_refused(browser: Browser) -> None:
    callback = browser.allow(browser.begin(), "Ada")
    Code.objects.update(set__made=time_ago(120))
    assert browser.get(callback).status == 400
    assert nobody(browser)


def test_an_error_of_the_provider_signs_nobody_in(browser: Browser) -> None:
    callback = browser.allow(browser.begin(), "Ada")
    page = browser.get(changed(callback, error="access_denied", code=None), Accept="text/html")
    assert page.headers["Location"] == "/?refused=1"
    assert nobody(browser)


def time_ago(seconds: float) -> Any:
    from datetime import UTC, datetime, timedelta

    return datetime.now(UTC) - timedelta(seconds=seconds)


FORGERIES: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "another audience": {"aud": ["somebody-else"]},
    "another audience beside ours": {"aud": ["blog", "somebody-else"], "azp": "blog"},
    "no audience": {"aud": None},
    "another issuer": {"iss": "https://accounts.example.com"},
    "expired": {"exp": int(time.time()) - 3600},
    "no expiry": {"exp": None},
    "from the future": {"iat": int(time.time()) + 3600, "nbf": int(time.time()) + 3600},
    "nobody": {"sub": None},
    "an operator for a subject": {"sub": {"$gt": ""}},
    "another access token": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
}


@pytest.mark.parametrize("claims", FORGERIES.values(), ids=FORGERIES)
def test_a_wrong_claim_is_refused(browser: Browser, claims: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def forge(self: IdToken, token: Any, request: Any) -> str:
        honest = jwt.decode(honestly(self, token, request), SigningKey.get()).claims
        forged = {name: value for name, value in {**honest, **claims}.items() if value is not None}
        return jwt.encode(self.get_encode_header(request.client), forged, SigningKey.get())

    honestly = IdToken.encode_id_token
    monkeypatch.setattr(IdToken, "encode_id_token", forge)
    assert browser.sign_in().status == 400
    assert nobody(browser)


def test_the_forger_of_these_tests_could_succeed(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forging nothing, with the same code, signs in."""
    honestly = IdToken.encode_id_token

    def copy(self: IdToken, token: Any, request: Any) -> str:
        claims = jwt.decode(honestly(self, token, request), SigningKey.get()).claims
        return jwt.encode(self.get_encode_header(request.client), claims, SigningKey.get())

    monkeypatch.setattr(IdToken, "encode_id_token", copy)
    assert browser.sign_in().status == 302
    assert not nobody(browser)


SIGNERS = ("none", "another key", "our public key as a password", "no token")


@pytest.mark.parametrize("signer", SIGNERS)
def test_a_wrong_signature_is_refused(browser: Browser, signer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def forge(self: IdToken, token: Any, request: Any) -> str | None:
        claims = jwt.decode(honestly(self, token, request), SigningKey.get()).claims
        kid = SigningKey.get().kid
        if signer == "none":
            body = honestly(self, token, request).split(".")[1]
            return f"eyJhbGciOiJub25lIn0.{body}."
        if signer == "another key":
            return jwt.encode({"alg": "RS256", "kid": kid}, claims, RSAKey.generate_key(2048))
        if signer == "our public key as a password":
            secret = OctKey.import_key(b"k" * 32 + SigningKey.get().as_pem(private=False)[27:-26])
            return jwt.encode({"alg": "HS256", "kid": kid}, claims, secret)
        return None

    honestly = IdToken.encode_id_token
    monkeypatch.setattr(IdToken, "encode_id_token", forge)
    assert browser.sign_in().status == 400
    assert nobody(browser)


@pytest.mark.parametrize(
    "query",
    [
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": "//evil.example/auth/google/callback"},
        {"client_id": "another"},
        {"response_type": "token"},
        {"code_challenge": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"nonce": None},
        {"scope": "everything"},
    ],
    ids=str,
)
def test_the_provider_refuses_a_wrong_request_and_redirects_nowhere(
    browser: Browser, query: dict[str, str | None]
) -> None:
    address = changed(browser.begin(), **query)
    for answer in (
        browser.get(address),
        browser.ask("POST", address, b"name=Ada", Content_Type="application/x-www-form-urlencoded"),
    ):
        assert answer.status == 400
        assert "Location" not in answer.headers


def test_a_code_needs_its_verifier(browser: Browser, blog: str) -> None:
    """Who steals a code from the address bar has no use for it."""
    callback = browser.allow(browser.begin(), "Ada")
    code = parse_qs(urlsplit(callback).query)["code"][0]
    secret = BlogSettings(mongodb_url="", secret="test").key("practice client")
    from base64 import b64encode

    basic = b64encode(f"blog:{secret}".encode()).decode()
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": f"{blog}/auth/google/callback"}
    form["code_verifier"] = secrets.token_urlsafe(48)
    answer = browser.ask(
        "POST", "/practice/token", urlencode(form).encode(),
        Content_Type="application/x-www-form-urlencoded", Authorization=f"Basic {basic}",
    )  # fmt: skip
    assert answer.status == 400
    assert answer.json["error"] == "invalid_grant"


@pytest.mark.parametrize("name", ["", " ", "a" * 61, "\x00", "Ada\u202e"])
def test_the_provider_refuses_what_is_no_name(browser: Browser, name: str) -> None:
    answer = browser.ask(
        "POST", browser.begin(), urlencode({"name": name}).encode(), Content_Type="application/x-www-form-urlencoded"
    )
    assert answer.status == 400


def test_a_page_of_somebody_else_cannot_answer_for_the_person(browser: Browser) -> None:
    answer = browser.ask(
        "POST", browser.begin(), b"name=Ada",
        Content_Type="application/x-www-form-urlencoded", Origin="https://evil.example",
    )  # fmt: skip
    assert answer.status == 403


def test_a_changed_cookie_is_nobody(browser: Browser, blog: str) -> None:
    browser.sign_in()
    body, stamp, signature = browser.cookies["blog"].rsplit(".", 2)
    other = Browser(blog)
    other.sign_in("Grace")
    theirs = other.cookies["blog"].rsplit(".", 2)[0]
    for forged in (f"{theirs}.{stamp}.{signature}", f"{body}.{stamp}.", f"{body}.{stamp}.{signature[::-1]}", "x"):
        browser.cookies["blog"] = forged
        assert nobody(browser), forged
        assert browser.get("/api/blogs").status == 401


def test_signing_out_needs_our_own_page(browser: Browser) -> None:
    browser.sign_in()
    for method, headers in [
        ("GET", {"Sec_Fetch_Site": "cross-site"}),
        ("GET", {"Sec_Fetch_Site": "same-site"}),
        ("GET", {}),
        ("POST", {"Origin": "https://evil.example"}),
        ("POST", {"Sec_Fetch_Site": "cross-site"}),
    ]:
        assert browser.ask(method, "/auth/logout", None, **headers).status == 403
        assert not nobody(browser)
    assert browser.ask("POST", "/auth/logout", Origin=browser.url).status == 303
    assert nobody(browser)
    browser.sign_in()
    assert browser.get("/auth/logout", Sec_Fetch_Site="same-origin").status == 303
    assert nobody(browser)
