"""The HTTP API: bad input gets a clear answer, nobody touches another's run, nothing is lost."""

from __future__ import annotations

import csv
import http.client
import io
import itertools
import re
from typing import Any
from urllib.parse import urlsplit

import orjson
import pytest

from tests.client import Answer, Client
from tests.copy import RunningCopy
from tests.waiting import wait_until


def problem(answer: Answer, status: int) -> Any:
    """The problem details, checked for their form (RFC 9457)."""
    assert answer.status == status, answer.body
    assert answer.type == "application/problem+json"
    assert answer.json["status"] == status
    assert answer.json["title"]
    assert answer.json["detail"]
    return answer.json


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b"{", 400, None),
        (b"", 400, None),
        (b"\xff", 400, None),
        (b"[]", 400, None),
        (b'{"lab": NaN}', 400, None),
        ({}, 422, "lab"),
        ({"lab": "nope"}, 422, "lab"),
        ({"lab": {"$gt": ""}}, 422, "lab"),
        ({"lab": "hashing", "params": {"tasks": 65}}, 422, "params.tasks"),
        ({"lab": "hashing", "params": {"tasks": "5"}}, 422, "params.tasks"),
        ({"lab": "hashing", "params": []}, 422, "params.params"),
        ({"lab": "hashing", "params": {"runtimes": [{"$ne": 1}]}}, 422, "params.runtimes"),
        ({"lab": "hashing", "params": {"$where": "1"}}, 422, "params.$where"),
        ({"lab": "hashing", "seconds": 1}, 422, "seconds"),
        ({"lab": "hashing", "prediction": 3}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "bar", "value": -1}}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "bar", "value": 1e300}}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "bar", "value": True}}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "bar", "value": 1, "x": 1}}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "curve", "points": []}}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "curve", "points": [[1, 2]] * 65}}, 422, "prediction"),
        ({"lab": "hashing", "prediction": {"kind": "curve", "points": [[1, "2"]]}}, 422, "prediction"),
        (b"x" * 70_000, 413, None),
    ],
)
def test_a_bad_start_is_refused_and_nothing_is_queued(
    body: Any, status: int, field: str | None, learner: Client
) -> None:
    found = problem(learner.call("POST", "/api/runs", body), status)
    assert field is None or field in [error["field"] for error in found["errors"]]
    assert learner.get("/api/runs?mine=1")["runs"] == []


def test_only_json_is_read(learner: Client) -> None:
    problem(learner.call("POST", "/api/runs", b"lab=hashing", **{"Content-Type": "text/plain"}), 415)


def test_a_body_in_chunks_has_the_same_bound(copy: RunningCopy) -> None:
    connection = http.client.HTTPConnection(urlsplit(copy.url).netloc, timeout=30)
    pieces = iter([b'{"lab":"hashing"}', b" " * 64 * 1024])
    connection.request("POST", "/api/runs", pieces, {"Content-Type": "application/json"}, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, b"larger than 64 kB" in answer.read()) == (413, True)
    connection.close()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:1", "javascript:alert(1)", "http://["]
)
def test_pages_of_other_origins_change_nothing(origin: str, learner: Client) -> None:
    problem(learner.call("POST", "/api/runs", {"lab": "steady"}, Origin=origin), 403)
    assert learner.get("/api/runs?mine=1")["runs"] == []


def test_our_own_origin_may(learner: Client) -> None:
    answer = learner.call("POST", "/api/runs", {"lab": "steady"}, Origin=learner.url)
    assert answer.status == 201
    learner.wait(answer.json["run"]["id"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/runs/nope", 404), ("GET", "/api/runs/nope/events", 404), ("POST", "/api/runs/nope/cancel", 404),
        ("GET", "/api/runs/nope/export.json", 404), ("GET", "/api/runs/nope/export.exe", 404),
        ("GET", "/api/nothing", 404), ("DELETE", "/api/runs", 405), ("GET", "/api/runs?limit=x", 400),
        ("GET", "/api/runs?limit=-1", 400), ("GET", "/api/runs/%24where", 404), ("GET", "/api/runs/..%2f..%2fetc", 404),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told_so(method: str, path: str, status: int, learner: Client) -> None:
    problem(learner.call(method, path), status)


def test_another_learner_may_look_but_not_touch(copy: RunningCopy, learner: Client) -> None:
    id = learner.start("steady", amount=3)
    other = copy.client()
    assert other.run(id)["mine"] is False
    problem(other.call("POST", f"/api/runs/{id}/cancel"), 403)
    problem(other.call("PUT", f"/api/runs/{id}/answer", {"answer": "cpus"}), 403)
    assert learner.wait(id)["mine"] is True
    assert other.get("/api/runs?mine=1")["runs"] == []
    assert [run["id"] for run in learner.get("/api/runs?mine=1&lab=steady")["runs"]] == [id]
    assert learner.get("/api/runs?mine=1&lab=hashing")["runs"] == []


def test_a_forged_cookie_is_a_new_learner(learner: Client) -> None:
    id = learner.start("steady")
    for cookie in learner.jar:
        cookie.value = (cookie.value or "")[:-3] + "AAA"
    assert learner.run(id)["mine"] is False
    learner.wait(id)


def test_an_answer_must_be_one_of_the_labs(learner: Client) -> None:
    id = learner.start("hashing", tasks=1, repeats=1)
    learner.wait(id)
    for bad in ("everything", None, 1, {"$gt": ""}):
        problem(learner.call("PUT", f"/api/runs/{id}/answer", {"answer": bad}), 422)
    assert learner.call("PUT", f"/api/runs/{id}/answer", {"answer": "cpus"}).json["run"]["answer"] == "cpus"


def test_numbers_of_runs_count_each_learners_own(copy: RunningCopy, learner: Client) -> None:
    ids = [learner.start("steady"), learner.start("steady")]
    other = copy.client().start("steady")
    assert [learner.run(id)["number"] for id in [*ids, other]] == [1, 2, 1]
    for id in [*ids, other]:
        learner.wait(id)


def test_exports(learner: Client) -> None:
    id = learner.start("hashing", tasks=3, pool=2, repeats=1, runtimes=["asyncio", "node"])
    learner.wait(id)

    whole = learner.call("GET", f"/api/runs/{id}/export.json").json
    assert whole["run"]["id"] == id
    assert whole["events"] == learner.events(id)

    rows = list(csv.DictReader(io.StringIO(learner.call("GET", f"/api/runs/{id}/export.csv").body.decode())))
    hashes = {(row["runtime"], row["id"]): row for row in rows}
    assert list(hashes) == sorted(hashes, key=lambda hash: hash[0])
    assert hashes.keys() == {(runtime, n) for runtime in ("asyncio", "node") for n in "123"}
    assert len(rows) == len(hashes)
    assert all(float(row["end_s"]) >= float(row["begin_s"]) >= float(row["queued_s"]) for row in rows)
    assert float(hashes["asyncio", "3"]["waited_s"]) > 0

    check_trace(orjson.loads(learner.call("GET", f"/api/runs/{id}/export.trace.json").body)["traceEvents"])


def check_trace(events: list[Any]) -> None:
    """What Perfetto needs: named lanes, no overlap on a lane, every begin of a wait with its end."""
    names = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    assert sorted(names.values()) == ["thread 1", "thread 1", "thread 2", "thread 2"]
    assert {e["args"]["name"] for e in events if e["name"] == "process_name"} == {
        "asyncio, repeat 1",
        "Node.js, repeat 1",
    }
    spans = sorted((e["pid"], e["tid"], e["ts"], e["dur"]) for e in events if e["ph"] == "X")
    assert len(spans) == 6
    for (pid, tid, ts, dur), after in itertools.pairwise(spans):
        assert (pid, tid) != after[:2] or ts + dur <= after[2] + 1
    begins = sorted((e["pid"], e["id"]) for e in events if e["ph"] == "b")
    assert begins == sorted((e["pid"], e["id"]) for e in events if e["ph"] == "e")
    assert len(set(begins)) == len(begins) >= 2


def test_status_names_the_servers_that_answer(learner: Client) -> None:
    wait_until(lambda: learner.get("/api/status")["runner"])
    status = learner.get("/api/status")
    assert (status["ready"], status["runner"]) == (True, True)
    assert (status["redis"]["name"], status["mongodb"]["name"]) == ("Valkey", "SecantusDB")
    assert status["cpus"] >= 1
    wait_until(lambda: learner.get("/api/status")["busy"] is not None)


def test_labs_are_described(learner: Client) -> None:
    labs = {lab["slug"]: lab for lab in learner.get("/api/labs")["labs"]}
    assert [runtime["key"] for runtime in labs["hashing"]["runtimes"]] == ["gevent", "asyncio", "node"]


def test_files_are_the_same_for_everybody_and_pages_renew_the_cookie(learner: Client) -> None:
    """A file that came with a cookie could not be kept: each page would ask for all of them again."""
    page = learner.call("GET", "/labs/hashing")
    address = re.findall(rb"/static/css/tokens\.css\?v=\w+", page.body)[0].decode()
    file = learner.call("GET", address)
    assert "immutable" in file.headers["Cache-Control"]
    assert "Set-Cookie" not in file.headers
    assert "Cookie" not in file.headers["Vary"]
    assert "Set-Cookie" in page.headers
    assert "Set-Cookie" in learner.call("GET", "/labs/hashing").headers
