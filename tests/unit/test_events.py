"""Lines of a program: whatever it prints, one event or one clear refusal."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labs.sdk.events import LONGEST_TEXT, BadEvent, log, parse
from labs.sdk.process import LineBuffer


def test_a_good_line_becomes_an_event() -> None:
    event = parse(b'{"e":"begin","t":0.5,"id":7,"lane":"thread 1","more":[1]}')
    assert event == {"e": "begin", "t": 0.5, "id": "7", "lane": "thread 1", "more": [1]}


def test_a_program_cannot_forge_what_others_add() -> None:
    assert parse(b'{"e":"done","t":0,"seq":9,"part":"x"}') == {"e": "done", "t": 0}


@pytest.mark.parametrize(
    "line",
    [
        b"", b"hello", b"[]", b"null", b"{}", b'{"e":"done"}', b'{"e":"done","t":null}', b'{"e":"done","t":true}',
        b'{"e":"done","t":"1"}', b'{"e":"done","t":NaN}', b'{"e":"done","t":1e999}', b'{"e":["done"],"t":0}',
        b'{"e":"run","t":0,"state":"finished"}', b'{"e":"part","t":0}', b'{"e":"finding","t":0}',
        b'{"e":"begin","t":0}',
        b'{"e":"begin","t":0,"id":{},"lane":"a"}', b'{"e":"sample","t":0,"series":"a","value":"1"}',
        b'{"e":"sample","t":0,"series":"a","value":true}', b"\xff\xfe",
    ],
)  # fmt: skip
def test_a_bad_line_is_refused(line: bytes) -> None:
    with pytest.raises(BadEvent):
        parse(line)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_parser(line: bytes) -> None:
    try:
        event = parse(line)
    except BadEvent:
        return
    orjson.dumps(event)


def test_long_text_is_cut_and_says_so() -> None:
    text = log("x" * 9000, 0.0)["text"]
    assert text.startswith("x" * LONGEST_TEXT)
    assert "5000 more characters" in text


@given(st.lists(st.binary(max_size=12).filter(lambda b: b"\n" not in b)), st.integers(1, 7))
def test_lines_survive_any_cut(lines: list[bytes], size: int) -> None:
    whole = b"".join(line + b"\n" for line in lines)
    buffer, found = LineBuffer(), []
    for at in range(0, len(whole), size):
        found += buffer.feed(whole[at : at + size])[0]
    assert found + buffer.finish() == [line for line in lines if line.strip()]


@given(st.integers(1, 5), st.integers(11, 40))
def test_an_endless_line_is_forgotten_once_and_the_next_is_kept(size: int, length: int) -> None:
    whole = b"before\n" + b"x" * length + b"\nafter\n"
    buffer, found, dropped = LineBuffer(longest=10), [], 0
    for at in range(0, len(whole), size):
        lines, cut = buffer.feed(whole[at : at + size])
        found += lines
        dropped += cut
    assert found == [b"before", b"after"]
    assert dropped == 1
