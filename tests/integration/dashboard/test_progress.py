"""Progress of a learner: told by real acts, the same in every tab, forgotten when asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.client import Client
from tests.copy import RunningCopy


def stop(learner: Client, slug: str = "steady") -> Any:
    found = learner.get("/api/progress")
    assert found["known"] is True
    return next(one for section in found["sections"] for one in section["labs"] if one["slug"] == slug)


def known(learner: Client) -> Client:
    """A learner who has a cookie already."""
    learner.call("GET", "/")
    return learner


def test_looking_at_the_catalogue_begins_nothing(learner: Client) -> None:
    known(learner)
    states = {one["state"] for section in learner.get("/api/progress")["sections"] for one in section["labs"]}
    assert states == {"new"}


def test_a_page_that_is_only_fetched_ahead_is_not_opened(learner: Client) -> None:
    known(learner)
    learner.call("GET", "/labs/hashing", **{"Sec-Purpose": "prefetch;prerender"})
    learner.call("HEAD", "/labs/hashing")
    assert stop(learner, "hashing")["done"] == []
    learner.call("GET", "/labs/hashing")
    assert stop(learner, "hashing")["done"] == ["opened"]


def test_each_act_counts_when_it_is_done(learner: Client) -> None:
    learner.call("GET", "/labs/hashing")
    assert stop(learner, "hashing")["left"] == ["predicted", "ran", "answered"]
    id = learner.start("hashing", {"kind": "bar", "value": 1}, tasks=1, repeats=1)
    assert "predicted" in stop(learner, "hashing")["done"]
    learner.wait(id, "finished")
    assert stop(learner, "hashing")["left"] == ["answered"]
    learner.call("PUT", f"/api/runs/{id}/answer", {"answer": "cpus"})
    assert stop(learner, "hashing")["state"] == "done"


@pytest.mark.parametrize("slug", ["crashing", "hanging"])
def test_a_run_that_did_not_come_to_its_end_is_not_one_to_the_end(slug: str, learner: Client) -> None:
    id = learner.start(slug)
    if slug == "hanging":
        learner.wait(id, "running")
        learner.call("POST", f"/api/runs/{id}/cancel")
    assert learner.wait(id)["state"] in ("failed", "cancelled")
    assert "ran" not in stop(learner, slug)["done"]


def test_progress_is_everybodys_own(copy: RunningCopy, learner: Client) -> None:
    learner.wait(learner.start("steady"))
    assert "ran" in stop(learner)["done"]
    assert stop(copy.client())["done"] == []


def test_many_tabs_at_once_open_each_lab_once(learner: Client) -> None:
    slugs = ["hashing", "workers", "multitask", "os-async"] * 4
    known(learner)
    with ThreadPoolExecutor(8) as tabs:
        answers = list(tabs.map(lambda slug: learner.call("GET", f"/labs/{slug}").status, slugs))
    assert set(answers) == {200}
    assert all(stop(learner, slug)["done"] == ["opened"] for slug in slugs)


def test_a_reset_forgets_what_was_done_and_keeps_the_runs(copy: RunningCopy, learner: Client) -> None:
    id = learner.start("steady")
    learner.wait(id, "finished")
    other = copy.client()
    other.call("GET", "/labs/steady")
    assert learner.call("POST", "/progress/reset").status == 200
    assert stop(learner)["state"] == "new"
    assert learner.run(id)["state"] == "finished"
    assert stop(other)["done"] == ["opened"]
    learner.wait(learner.start("steady"), "finished")
    assert "ran" in stop(learner)["done"]


def test_another_origin_cannot_reset(learner: Client) -> None:
    learner.call("GET", "/labs/steady")
    assert learner.call("POST", "/progress/reset", Origin="https://elsewhere.example").status == 403
    assert learner.call("GET", "/progress/reset").status == 405
    assert stop(learner)["done"] == ["opened"]


def test_pages_show_the_path(learner: Client) -> None:
    page = learner.call("GET", "/labs/hashing").body.decode()
    assert 'aria-label="Your place in' in page
    catalogue = learner.call("GET", "/").body.decode()
    assert "Continue with Hashing burst" in catalogue
    assert 'data-lab="hashing" data-progress="begun"' in catalogue
