"""Values of the query cache, for people; anything else is left as it is."""

from __future__ import annotations

import bson
import pytest
from bson import ObjectId

from dashboard.keys.cached import MOST_TEXT, cached
from labs.querycache import Seal
from labs.querycache.codec import TOO_LARGE, Codec, Entry, pack

POSTS = [{"_id": ObjectId("65" * 12), "title": f"Post {n}"} for n in range(5)]
ENTRY = Entry(b"".join(map(bson.encode, POSTS)), 1000, 2000)


@pytest.mark.parametrize("codec", ["bson", "json"])
def test_documents_are_counted_and_the_first_are_shown(codec: Codec) -> None:
    found = cached(pack(ENTRY, codec))
    assert found is not None
    assert (found["state"], found["documents"], found["at"], found["until"]) == ("kept", 5, 1000, 2000)
    assert len(found["shown"]) == 3
    assert found["shown"][1] == '{"_id": {"$oid": "' + "65" * 12 + '"}, "title": "Post 1"}'


def test_a_long_document_is_cut() -> None:
    found = cached(pack(Entry(bson.encode({"text": "x" * 9000}), 1, 2), "bson"))
    assert found is not None
    assert found["shown"][0].endswith("x…")
    assert len(found["shown"][0]) == MOST_TEXT + 1


def test_what_nests_without_end_does_no_harm() -> None:
    deep = b"\x05\0\0\0\0"
    for _ in range(2000):
        deep = (len(deep) + 8).to_bytes(4, "little") + b"\x03a\0" + deep + b"\0"
    found = cached(pack(Entry(deep, 1, 2), "bson"))
    assert found is None or found["documents"] == 1


def test_what_is_sealed_stays_so() -> None:
    found = cached(pack(ENTRY, "bson", Seal(bytes(32)), b"here"))
    assert found == {"state": "sealed", "documents": None, "at": 1000, "until": 2000, "shown": []}


def test_what_was_too_large_to_keep_is_said_so() -> None:
    found = cached(TOO_LARGE + b"1 99")
    assert found is not None
    assert found["state"] == "too large"


def test_somebody_is_asking_the_database() -> None:
    found = cached(b"\0Labc 99")
    assert found is not None
    assert found["state"] == "lease"


@pytest.mark.parametrize(
    "data",
    [
        b"", b"qc1 ", b"qc1 S x y", b"qc1 B 1 2 00000000 \nrubbish", b"hello", b"qc2 B 1 2 0 \n",
        pack(ENTRY, "bson")[:-1],
    ],
)  # fmt: skip
def test_anything_else_is_no_result(data: bytes) -> None:
    assert cached(data) is None
