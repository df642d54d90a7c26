"""Stored results: what goes in comes out, byte for byte; what never went in is refused."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import bson
import pytest
from bson import Binary, Code, DBRef, Decimal128, Int64, MaxKey, MinKey, ObjectId, Regex, Timestamp
from hypothesis import given
from hypothesis import strategies as st

from labs.querycache.codec import Codec, Corrupt, Entry, pack, unpack
from labs.querycache.seal import Seal

KEYS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=6)
LEAVES = (
    st.none() | st.booleans() | st.integers(-(2**31), 2**31 - 1) | st.builds(Int64, st.integers(-(2**63), 2**63 - 1))
    | st.floats() | st.text(st.characters(codec="utf-8"), max_size=8) | st.builds(ObjectId)
    | st.binary(max_size=8) | st.builds(Binary, st.binary(max_size=8), st.sampled_from([0, 5, 128]))
    | st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)) | st.sampled_from([MinKey(), MaxKey()])
    | st.builds(Timestamp, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
    | st.builds(Regex, st.sampled_from(["x", "^a.b$"]))
    | st.builds(Code, st.just("f()")) | st.builds(Decimal128, st.sampled_from(["1.10", "NaN", "-0", "1E+3"]))
    | st.builds(lambda n: DBRef("c", n), st.builds(ObjectId)) | st.builds(Binary.from_uuid, st.uuids())
)  # fmt: skip
VALUES = st.recursive(LEAVES, lambda v: st.lists(v, max_size=3) | st.dictionaries(KEYS, v, max_size=3), max_leaves=8)
DOCUMENTS = st.lists(st.dictionaries(KEYS, VALUES, max_size=4), max_size=3)


@pytest.mark.parametrize("codec", ["bson", "json"])
@given(documents=DOCUMENTS, at=st.integers(0, 2**45), stamps=st.sampled_from([b"", b"a1", b"a1,b2"]))
def test_documents_come_back_byte_for_byte(codec: Codec, documents: list[Any], at: int, stamps: bytes) -> None:
    entry = Entry(b"".join(map(bson.encode, documents)), at, at + 5, stamps)
    assert unpack(pack(entry, codec)) == entry


def test_json_can_be_read_by_people() -> None:
    stored = pack(Entry(bson.encode({"title": "Grüße", "n": 1}), 1, 2), "json")
    assert stored.startswith(b"qc1 J 1 2 ")
    assert b'"n": {"$numberInt": "1"}' in stored


@pytest.mark.parametrize("document", [{"$oid": "x"}, {"a": {"$date": "nonsense"}}, {"a": {"$numberInt": "1"}}])
def test_what_json_would_change_is_stored_as_bson(document: dict[str, Any]) -> None:
    data = bson.encode(document)
    stored = pack(Entry(data, 1, 2), "json")
    assert stored.startswith(b"qc1 B ")
    assert unpack(stored).documents == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"rubbish",
        b"\0Labc",
        b"qc1 B 1 2",
        b"qc1 B x 2 0 \n",
        b"qc1 Z 1 2 352441c2 \nabc",
        b"qc2 B 1 2 0 \n",
        b"qc1 J 1 2 15d54739 \n{",
        b"\xff" * 99,
    ],
)
def test_what_was_never_stored_is_refused(data: bytes) -> None:
    with pytest.raises(Corrupt):
        unpack(data)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(Corrupt):
        assert unpack(data).documents is not None


@given(st.integers(1, 30), st.binary(min_size=1, max_size=1))
def test_cut_or_changed_documents_are_noticed(place: int, byte: bytes) -> None:
    at, uuid = datetime(2026, 1, 1, tzinfo=UTC), Binary.from_uuid(UUID(int=1))
    stored = pack(Entry(bson.encode({"a": 1, "at": at, "u": uuid, "r": re.compile("x")}), 1, 2), "bson")
    with pytest.raises(Corrupt):
        unpack(stored[:-place])
    with pytest.raises(Corrupt):
        unpack(stored + byte)


SEAL = Seal(bytes(range(32)))
SECRET = Entry(bson.encode({"title": "only for me"}), 10, 20, b"s1")


def test_a_sealed_result_opens_at_its_place_only() -> None:
    stored = pack(SECRET, "json", SEAL, b"lab:ada find posts")
    assert stored.startswith(b"qc1 S 10 20 ")
    assert b"only for me" not in stored
    assert unpack(stored, SEAL, b"lab:ada find posts") == SECRET
    assert pack(SECRET, "json", SEAL, b"lab:ada find posts") != stored, "a nonce is never used twice"


def resealed(stored: bytes, old: bytes, new: bytes) -> bytes:
    """Its first line changed, as somebody who may write to Redis can."""
    assert old in stored
    return stored.replace(old, new, 1)


@pytest.mark.parametrize(
    "forged",
    [
        lambda: pack(SECRET, "bson"),
        lambda: pack(SECRET, "bson", Seal(bytes(32)), b"here"),
        lambda: pack(SECRET, "bson", SEAL, b"there"),
        lambda: resealed(pack(SECRET, "bson", SEAL, b"here"), b" 10 20 ", b" 10 99 "),
        lambda: resealed(pack(SECRET, "bson", SEAL, b"here"), b" s1\n", b" s2\n"),
        lambda: b"qc1 S 10 20 00000000 s1\n",
    ],
    ids=["not sealed", "another key", "copied from another place", "longer life", "other stamps", "nothing inside"],
)
def test_who_may_write_redis_cannot_forge_a_sealed_result(forged: Any) -> None:
    with pytest.raises(Corrupt):
        unpack(forged(), SEAL, b"here")


def test_a_sealed_result_is_none_for_who_has_no_seal() -> None:
    with pytest.raises(Corrupt, match="unknown codec"):
        unpack(pack(SECRET, "bson", SEAL, b"here"))


def test_a_seal_needs_a_key_of_full_length() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 3"):
        Seal(b"abc")
