"""Below the binding: the very OpenSSL function that `_hashlib` calls, found in the process that runs."""

from __future__ import annotations

import ctypes
import importlib
import time
from collections.abc import Callable
from ctypes import c_char_p, c_int, c_void_p
from dataclasses import dataclass
from typing import Any

SYMBOL = "PKCS5_PBKDF2_HMAC"
HOLLOW = "OpenSSL_version_num"
BYTES = 64
"""Length of the hash: one block of SHA-512, so that an iteration is one HMAC."""

Hash = Callable[[int], object]
"""Makes one hash of so many iterations."""


@dataclass(frozen=True)
class Native:
    """`releasing` lets the GIL go while it runs, `keeping` is the same function called with the GIL kept.

    `hollow` goes the same way, with the same arguments, to a function that does nothing with them: what ctypes costs.
    """

    file: str | None
    version: str | None
    releasing: Hash
    keeping: Hash
    hollow: Hash


class _Where(ctypes.Structure):
    _fields_ = (("file", c_char_p), ("base", c_void_p), ("symbol", c_char_p), ("address", c_void_p))


def find() -> Native | None:
    """None where this system does not show the function: hidden in the program, or another library than OpenSSL."""
    try:
        file = getattr(importlib.import_module("_hashlib"), "__file__", None)
        free, kept = ctypes.CDLL(file), ctypes.PyDLL(file)
        digest = free.EVP_sha512
        digest.restype = c_void_p
        address = ctypes.cast(getattr(free, SYMBOL), c_void_p)
        calls = (_caller(free, SYMBOL, digest()), _caller(kept, SYMBOL, digest()), _caller(free, HOLLOW, digest()))
        return Native(_file_of(address), _version(free), *calls)
    except (ImportError, OSError, AttributeError):
        return None


def keep_gil(seconds: float) -> Hash:
    """Where OpenSSL cannot be called: another C function that keeps the GIL, for as long, whatever n is."""
    size = 1 << 20
    while (took := _timed(size)) < seconds and size < 1 << 34:
        size = max(2 * size, round(size * seconds / took)) if took > 0.001 else 2 * size
    return lambda n: sum(range(size))


def _timed(size: int) -> float:
    begun = time.perf_counter()
    sum(range(size))
    return time.perf_counter() - begun


def _caller(library: Any, name: str, digest: int) -> Hash:
    function = library[name]  # a fresh one: argument types belong to it
    function.argtypes = (c_char_p, c_int, c_char_p, c_int, c_int, c_void_p, c_int, c_char_p)
    out = ctypes.create_string_buffer(BYTES)

    def call(n: int) -> bytes:
        if function(b"a", 1, b"b", 1, n, digest, BYTES, out) == 0:
            raise RuntimeError(f"{name} refused to work")
        return out.raw

    return call


def _version(library: Any) -> str | None:
    told = getattr(library, "OpenSSL_version", None)
    if told is None:
        return None
    told.restype = c_char_p
    return str(told(0).decode(errors="replace"))


def _file_of(address: c_void_p) -> str | None:
    """Which file an address was loaded from, as the dynamic linker says; None where it does not tell."""
    try:
        dladdr = ctypes.CDLL(None).dladdr
    except (AttributeError, OSError, TypeError):
        return None
    found = _Where()
    if not dladdr(address, ctypes.byref(found)) or not found.file:
        return None
    return str(found.file.decode(errors="replace"))
