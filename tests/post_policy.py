"""What an object storage must hold a signed form to: AWS Signature Version 4 for browser posts, written down once more.

From the documentation, not from the library that signs: nothing here imports botocore or the blog.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

ALGORITHM = "AWS4-HMAC-SHA256"
UNBOUND = {"policy", "x-amz-signature"}
"""Fields that no condition can name: the policy itself and what is made from it."""


class Broken(Exception):
    """A form that is not what was signed; `status`, `code` and the message are the storage's."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True)
class Signer:
    """Whose forms are believed, for which bucket."""

    bucket: str
    region: str
    key: str
    secret: str


def signature(secret: str, scope: str, text: str) -> str:
    """HMAC of `text` with a key made for `scope`: "20261123/us-east-1/s3/aws4_request"."""
    key = f"AWS4{secret}".encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), hashlib.sha256)
    return hmac.digest(key, text.encode(), hashlib.sha256).hex()


def check(fields: Mapping[str, str], size: int, signer: Signer, now: datetime) -> None:
    """Raise `Broken` unless these fields and a file of `size` bytes are what `signer` allowed, and still allows."""
    given = {name.lower(): value for name, value in fields.items()}
    _check_signature(given, signer)
    policy = _policy(given["policy"])
    if datetime.fromisoformat(policy["expiration"]) < now:
        raise _denied("Policy expired.")
    bound = {"bucket"} | UNBOUND
    for condition in policy["conditions"]:
        bound |= _check_condition(condition, {**given, "bucket": signer.bucket}, size)
    if extra := sorted(set(given) - bound):
        raise _denied(f"Extra input fields: {', '.join(extra)}")


def _check_signature(given: Mapping[str, str], signer: Signer) -> None:
    key, _, scope = given.get("x-amz-credential", "").partition("/")
    day = given.get("x-amz-date", "")[:8]
    if given.get("x-amz-algorithm") != ALGORITHM or scope != f"{day}/{signer.region}/s3/aws4_request":
        raise Broken(400, "InvalidArgument", "The algorithm, date or credential of the form is not as it must be.")
    if key != signer.key:
        raise Broken(403, "InvalidAccessKeyId", "The access key of the form does not exist.")
    right = signature(signer.secret, scope, given.get("policy", ""))
    if not hmac.compare_digest(right, given.get("x-amz-signature", "")):
        raise Broken(403, "SignatureDoesNotMatch", "The signature of the form does not match its policy.")


def _policy(text: str) -> Any:
    try:
        return orjson.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, orjson.JSONDecodeError):
        raise Broken(400, "InvalidPolicyDocument", "The policy of the form cannot be read.") from None


def _check_condition(condition: Any, given: Mapping[str, str], size: int) -> set[str]:
    """The fields that it binds."""
    if isinstance(condition, dict):
        [(name, value)] = condition.items()
        condition = ["eq", f"${name}", value]
    kind, first, second = condition
    if kind == "content-length-range":
        if size < first:
            raise Broken(400, "EntityTooSmall", "Your upload is smaller than the minimum allowed size")
        if size > second:
            raise Broken(400, "EntityTooLarge", "Your upload exceeds the maximum allowed size")
        return set()
    name = first.removeprefix("$").lower()
    value = given.get(name)
    if value is None or not (value == second if kind == "eq" else kind == "starts-with" and value.startswith(second)):
        raise _denied(f"Policy Condition failed: {orjson.dumps(condition).decode()}")
    return {name}


def _denied(why: str) -> Broken:
    return Broken(403, "AccessDenied", f"Invalid according to Policy: {why}")
