"""What the provider keeps: its signing key, and codes that work once and for a minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

import mongoengine as me
from joserfc.jwk import RSAKey

ALIAS = "lab"
CODE_SECONDS = 60


class SigningKey(me.Document):
    """One key for all web processes: the first that needs one makes it."""

    meta = {"db_alias": ALIAS, "collection": "practice_key"}  # noqa: RUF012
    id = me.StringField(primary_key=True)
    pem = me.StringField(required=True)

    @classmethod
    def get(cls) -> RSAKey:
        """The key; made now if there is none."""
        found = cls.objects(id="signing").first()
        if found is None:
            pem = RSAKey.generate_key(2048).as_pem(private=True).decode()
            found = cls.objects(id="signing").modify(upsert=True, new=True, set_on_insert__pem=pem)
        return _key(str(found.pem))


@lru_cache(maxsize=4)
def _key(pem: str) -> RSAKey:
    """Reading a private key checks it, which takes long. Once is enough.

    It is named after its content: a client that remembers an older key notices that this is another.
    """
    key = RSAKey.import_key(pem)
    return RSAKey.import_key(pem, {"use": "sig", "alg": "RS256", "kid": key.thumbprint()})


class Code(me.Document):
    """An authorization code, with all that the token request must repeat. Authlib asks it by these methods."""

    meta = {  # noqa: RUF012
        "db_alias": ALIAS, "collection": "practice_codes",
        "indexes": [{"fields": ["made"], "expireAfterSeconds": 10 * CODE_SECONDS}, "nonce"],
    }  # fmt: skip
    code = me.StringField(primary_key=True)
    client = me.StringField(required=True)
    subject = me.StringField(required=True)
    scope = me.StringField(required=True)
    redirect_uri = me.StringField(required=True)
    nonce = me.StringField()
    code_challenge = me.StringField(required=True)
    code_challenge_method = me.StringField(required=True)
    made = me.DateTimeField(required=True)

    @classmethod
    def take(cls, code: str, client: str) -> Code | None:
        """The code, which is used up by this: of two that ask for it, one gets it. None when unknown or too old."""
        found: Code | None = cls.objects(code=code, client=client).modify(remove=True)
        fresh = datetime.now(UTC) - timedelta(seconds=CODE_SECONDS)
        return found if found is not None and found.made >= fresh else None

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)

    def get_scope(self) -> str:
        return str(self.scope)

    def get_nonce(self) -> str | None:
        return str(self.nonce) if self.nonce else None

    def get_auth_time(self) -> int:
        return int(self.made.timestamp())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None
