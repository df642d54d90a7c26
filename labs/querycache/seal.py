"""Results that only this application can read and write, in a Redis that others may use too."""

from __future__ import annotations

import os

NONCE = 12
"""Bytes of a nonce of AES-GCM (NIST SP 800-38D)."""


class Broken(ValueError):
    """Sealed with another key, for another place, or changed since."""


class Seal:
    """AES-256-GCM. What is sealed for one place opens in no other: a copied result is refused, as a forged one is.

    Who may write that Redis can still delete results, and put an old one of the same place back while it lives.
    """

    def __init__(self, key: bytes) -> None:
        """`key`: 32 random bytes, the same in all processes of the application. Raises ValueError for fewer."""
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if len(key) != 32:
            raise ValueError(f"a seal's key has 32 bytes, not {len(key)}")
        self._cipher = AESGCM(key)

    def close(self, data: bytes, place: bytes) -> bytes:
        """`data`, sealed."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, data, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """What was sealed. Raises `Broken`."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], place)
        except (InvalidTag, ValueError):
            raise Broken("not sealed here") from None
