"""The HTTP API of the key browser. Views only: what is not live."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

import orjson
from flask import Response, current_app, render_template, request
from jinja2.utils import htmlsafe_json_dumps
from redis.exceptions import RedisError

from dashboard.body import json_object
from dashboard.keys.browser import KeyBrowser
from dashboard.keys.bulk import BadPattern, unlink
from dashboard.keys.commandlog import slow_commands, slower_than
from dashboard.keys.names import BadKey, key_of
from dashboard.keys.page import LONGEST_FILTER, Filter, read_page
from dashboard.keys.rows import read_rows, server_now
from dashboard.keys.value import CURSORS, BadPlace, read_window
from dashboard.keys.wire import WireError
from dashboard.keys.words import BadLine, split
from dashboard.problems import Problem

P = ParamSpec("P")


def answering(view: Callable[P, dict[str, Any]]) -> Callable[P, Response]:
    """JSON that is never stored; a server that does not answer is 503, a bad key or place 400."""

    @functools.wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            body = view(*args, **kwargs)
        except (BadKey, BadPlace, BadPattern, BadLine) as error:
            raise Problem(400, str(error)) from None
        except (RedisError, WireError) as error:
            raise Problem(503, f"The learners' Redis does not answer: {error}") from None
        response = Response(orjson.dumps(body), mimetype="application/json")
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def keys_page() -> str:
    """GET /keys: with the labs whose runs touch keys."""
    labs = current_app.extensions["loopscope"].labs
    touching = [lab.slug for lab in labs.values() if lab.keys]
    return render_template("keys.html", data=htmlsafe_json_dumps({"labs": touching}))


@answering
def list_keys() -> dict[str, Any]:
    r"""GET /api/keys?cursor=0&filter= → `{rows, cursor, looked, total, now}`, see `read_page`.

    `filter` is typed as in the console: `"lab:\xff"` in quotes names any bytes.
    """
    return read_page(_browser().access.client(), _number("cursor", request.args.get("cursor", "0")), Filter(_filter()))


@answering
def read_value() -> dict[str, Any]:
    """POST /api/keys/value {id, at} → `{row, value, now}`; 404 for a key that is not there.

    It only reads, but a name may be longer than any address.
    """
    body = json_object()
    key, at = key_of(body.get("id")), body.get("at", "0")
    if not isinstance(at, str):
        raise Problem(400, 'Send {"id": the key\'s id, "at": "0" or as the last answer said}.')
    client = _browser().access.client()
    rows = read_rows(client, [key])
    if not rows:
        raise Problem(404, "There is no such key (any more).")
    value = read_window(client, key, rows[0]["type"], rows[0]["size"], at[:64])
    return {"row": rows[0], "value": value, "now": server_now(client)}


@answering
def unlink_keys() -> dict[str, Any]:
    """POST /api/keys/unlink {pattern, dry, cursor} → `{count, sample, looked, cursor, total}`, see `unlink`."""
    body = json_object()
    pattern, dry, cursor = body.get("pattern"), body.get("dry"), body.get("cursor", "0")
    if not (isinstance(pattern, str) and isinstance(dry, bool) and isinstance(cursor, str)):
        raise Problem(400, 'Send {"pattern": text, "dry": true or false, "cursor": "0" or as the last answer said}.')
    return unlink(_browser().access.client(), _word(pattern), _number("cursor", cursor), dry=dry)


@answering
def slow() -> dict[str, Any]:
    """GET /api/keys/slow → `{commands, above}`, as the server itself logged them; `above` so many microseconds."""
    access = _browser().access
    users = access.users()
    with users.app.client() as app:
        commands = slow_commands(access.client(), (users.app.name, users.browser.name))
        return {"commands": commands, "above": slower_than(app)}


@answering
def challenges(slug: str) -> dict[str, Any]:
    """GET /api/labs/<slug>/challenges → `{challenges: [{id, text, done}]}`, as the server's state says now."""
    lab = current_app.extensions["loopscope"].labs.get(slug)
    if lab is None:
        raise Problem(404, "There is no such lab.")
    client = _browser().access.client()
    return {"challenges": [{"id": one.id, "text": one.text, "done": one.done(client)} for one in lab.challenges]}


@answering
def commands() -> dict[str, Any]:
    """GET /api/keys/commands → `{commands}`: what a learner may run; `{why}` where there is no console."""
    users = _browser().access.users()
    if users.learner is None:
        return {"commands": [], "why": users.why}
    return {"commands": _browser().hints(), "why": ""}


def _browser() -> KeyBrowser:
    browser = current_app.extensions["loopscope"].keys
    assert isinstance(browser, KeyBrowser)
    return browser


def _filter() -> bytes:
    text = request.args.get("filter", "").strip()
    if len(text) > LONGEST_FILTER:
        raise Problem(400, f"A filter has {LONGEST_FILTER} characters at most.")
    return _word(text)


def _word(text: str) -> bytes:
    """As typed; in quotes it can name any bytes."""
    if not text.startswith('"'):
        return text.encode("utf-8", "replace")
    words = split(text)
    if len(words) > 1:
        raise Problem(400, "In quotes there must be one word.")
    return words[0]


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 20 and int(text) < CURSORS):
        raise Problem(400, f"{name} must be a whole number, from 0 to {CURSORS - 1}.")
    return int(text)
