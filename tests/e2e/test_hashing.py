"""A learner and the hashing lab: predict, run, watch, understand, change one thing. (/labs/hashing)"""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from playwright.sync_api import Page, expect

from tests.copy import RunningCopy
from tests.e2e.conftest import Learner
from tests.e2e.lab_page import LabPage
from tests.kept import keep
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e
HASHING = "/labs/hashing?repeats=1"


def test_the_catalogue_leads_to_the_lab(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Hashing burst", exact=True).click()
    expect(page).to_have_url(re.compile("/labs/hashing"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hashing burst")


def test_the_prediction_comes_first(page: Page) -> None:
    lab = LabPage(page).open(HASHING)
    run = page.get_by_role("button", name="Run the experiment")
    expect(run).to_have_attribute("aria-disabled", "true")
    run.click(force=True)  # a person may click what is announced as not yet available
    expect(lab.guess).to_be_focused()
    expect(page.locator("main")).to_have_attribute("data-state", "idle")
    lab.guess.press("ArrowRight")
    expect(run).not_to_have_attribute("aria-disabled", "true")


def test_predict_run_and_understand(page: Page) -> None:
    lab = LabPage(page).open(f"{HASHING}&tasks=3&pool=2&runtimes=asyncio")
    expect(page.get_by_role("heading", name="When is hash 3 done?")).to_be_visible()
    lab.guess.focus()
    for _ in range(3):
        lab.guess.press("PageUp")
    guessed = lab.guess.get_attribute("aria-valuenow")
    lab.run().wait()

    lab.painted("Who ran when")
    expect(lab.chart("Who ran when")).to_contain_text("your guess")
    findings = page.get_by_role("group", name="Findings")
    expect(findings).to_contain_text("2 wide")
    expect(findings).to_contain_text("Hash 3 waited")
    expect(page.locator("#trust")).to_contain_text("1 repeat")
    rows = lab.table("Who ran when").get_by_role("row")
    expect(rows).to_have_count(4)

    findings.get_by_role("button", name="Span 3").click()
    source = lab.tab("Source")
    expect(source.get_by_role("status")).to_contain_text("Hash 3")
    expect(source.locator(".line.hit")).to_contain_text("emit.span")

    question = page.get_by_role("region", name="Which resource was full?")
    question.get_by_role("button", name="Neither").click()
    expect(question).to_contain_text(re.compile("The spans (say otherwise|agree with you|cannot tell)"))

    page.reload()
    lab.wait()
    expect(lab.chart("Who ran when")).to_contain_text("your guess")
    expect(lab.guess).to_have_attribute("aria-valuenow", guessed or "")
    expect(question.get_by_role("button", name="Neither")).to_have_attribute("aria-pressed", "true")


def test_the_bar_can_be_dragged(page: Page) -> None:
    lab = LabPage(page).open(HASHING)
    before = float(lab.guess.get_attribute("aria-valuenow") or 0)
    lab.guess.hover()  # waits until it lies still
    page.mouse.down()
    box = lab.guess.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x + 60, y, steps=4)
    page.mouse.up()
    wait_until(lambda: float(lab.guess.get_attribute("aria-valuenow") or 0) > before + 0.5)


def test_node_beside_python_on_the_same_axes(page: Page) -> None:
    lab = LabPage(page).open(f"{HASHING}&tasks=3&pool=2&runtimes=gevent&runtimes=node").skip()
    lab.wait()
    lab.painted("Who ran when")
    chart = lab.chart("Who ran when")
    expect(chart).to_contain_text("gevent")
    expect(chart).to_contain_text("Node.js")
    expect(lab.table("Who ran when").get_by_role("row")).to_have_count(8)  # a table for each runtime
    lab.painted("Time until the last hash was done")
    expect(page.get_by_role("group", name="Findings")).to_contain_text("Node.js took")
    lab.tab("Source")
    expect(page.get_by_role("radio", name="on_node.mjs")).to_be_attached()


def test_a_sweep_draws_the_curve(page: Page) -> None:
    lab = LabPage(page).open("/labs/hashing?mode=sweep&pool=3&tasks=3&repeats=1")
    expect(page.get_by_role("heading", name="How long will 3 hashes take with each pool?")).to_be_visible()
    points = page.locator("#prediction").get_by_role("slider")
    expect(points).to_have_count(3)
    points.nth(2).press("ArrowDown")
    lab.run().wait()
    lab.painted("Time for the whole burst")
    expect(lab.chart("Time for the whole burst")).to_contain_text("usable CPU")
    expect(lab.table("Time for the whole burst").get_by_role("row")).to_have_count(4)
    expect(page.get_by_role("group", name="Findings")).to_contain_text("the ideal")


def test_change_one_thing(page: Page) -> None:
    lab = LabPage(page).open(f"{HASHING}&tasks=2").skip()
    lab.wait()
    page.get_by_role("group", name="Now change one thing").get_by_role("button", name="Pool of 2").click()
    expect(lab.field("Threads in the pool")).to_have_value("2")
    expect(page.get_by_role("button", name="Run the experiment")).to_have_attribute("aria-disabled", "true")


def test_parameters_live_in_the_address(page: Page) -> None:
    lab = LabPage(page).open("/labs/hashing")
    lab.field("Hashes").fill("9")
    page.get_by_role("checkbox", name="Node.js").check()
    expect(page).to_have_url(re.compile("tasks=9"))
    page.reload()
    expect(lab.field("Hashes")).to_have_value("9")
    expect(page.get_by_role("checkbox", name="Node.js")).to_be_checked()


@pytest.mark.parametrize("query", ["tasks=999", "tasks=x", "runtimes=deno", "mode=<script>", "pool=-1", "repeats=3e5"])
def test_nonsense_in_the_address_falls_back_to_the_default(query: str, page: Page) -> None:
    LabPage(page).open(f"/labs/hashing?{query}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hashing burst")
    expect(page.get_by_role("button", name="Run the experiment")).to_be_visible()


def test_a_number_out_of_bounds_is_told_at_its_field(page: Page) -> None:
    lab = LabPage(page).open(HASHING)
    lab.field("Hashes").fill("65")
    page.get_by_role("button", name="Run without predicting").click()
    expect(page.locator("#error-tasks")).to_contain_text("64")
    expect(page.locator("main")).to_have_attribute("data-state", "idle")


def test_two_runs_side_by_side(page: Page) -> None:
    lab = LabPage(page).open(f"{HASHING}&tasks=2&pool=1").skip()
    first = lab.wait()
    lab.set(Threads_in_the_pool=2)
    lab.skip()
    page.wait_for_url(lambda url: "/runs/" in url and first not in url)
    second = lab.wait()
    lab.painted("Who ran when")
    runs = lab.tab("My runs")
    for name in ("Compare Run 1", "Compare Run 2"):
        runs.get_by_role("checkbox", name=name).check()
    runs.get_by_role("link", name="Compare 2").click()
    expect(page).to_have_url(re.compile(f"/compare\\?runs=({first},{second}|{second},{first})"))
    expect(page.get_by_role("list", name="Runs compared").get_by_role("listitem")).to_have_count(2)
    differences = page.locator("#differences")
    expect(differences).to_contain_text("run 2")
    expect(differences).to_contain_text(re.compile("×|cannot tell", re.IGNORECASE))
    lab.painted("Who ran when")


def test_a_run_can_be_replayed_slowly(page: Page, copy: RunningCopy) -> None:
    lab = LabPage(page).open(f"/runs/{keep(copy, 'burst-2-cpus')}")  # long enough to be paused in the middle
    lab.wait()
    lab.painted("Who ran when")
    page.get_by_role("button", name="Replay", exact=True).click()
    replay = page.get_by_role("group", name="Replay")
    replay.get_by_role("radio", name="Speed ¼").press("Space")
    replay.get_by_role("button", name="Pause the replay").click()
    position = replay.get_by_role("slider", name="Position in the replay")
    position.focus()
    position.press("Home")
    expect(position).to_have_attribute("aria-valuetext", re.compile(r"^0(\.0+)? of"))
    position.press("End")
    replay.get_by_role("button", name="Close").click()
    expect(replay).to_be_hidden()
    expect(page.get_by_role("group", name="Findings")).to_contain_text("4 wide")


def test_a_run_is_kept_when_redis_has_forgotten_it(page: Page, copy: RunningCopy) -> None:
    from redis import Redis

    lab = LabPage(page).open(f"{HASHING}&tasks=2&pool=1").skip()
    id = lab.wait()
    copy.client().wait(id)
    with Redis.from_url(copy._environ["REDIS_URL"]) as redis:
        assert redis.delete(f"loopscope:run:{id}:events") == 1
    page.goto("/")
    lab.open(f"/runs/{id}").wait()
    lab.painted("Who ran when")
    expect(lab.table("Who ran when").get_by_role("row")).to_have_count(3)


def test_export(page: Page, copy: RunningCopy) -> None:
    id = keep(copy, "two-tasks-2-cpus")
    LabPage(page).open(f"/runs/{id}").wait()
    for name, form in (("JSON", "json"), ("CSV", "csv"), ("Chrome trace", "trace.json")):
        page.get_by_role("button", name="Export").click()
        with page.expect_download() as told:
            page.get_by_role("link", name=name).click()
        assert told.value.suggested_filename == f"loopscope-hashing-{id}.{form}"
        text = Path(told.value.path()).read_bytes()
        assert text.startswith(b"run,part") if form == "csv" else orjson.loads(text)


def test_the_projector_follows_live(page: Page, learner: Learner) -> None:
    lab = LabPage(page).open(f"{HASHING}&tasks=4&pool=2")
    lab.guess.press("PageUp")
    lab.run()
    id = lab.wait("running", "finished")
    hall = learner(1920, 1080)
    LabPage(hall).open(f"/runs/{id}/projector").wait()
    expect(hall.locator("#headline")).to_contain_text("2 wide")
    expect(hall.locator("#guess")).to_contain_text("The guess")
    assert min(wait_until(lambda: _sizes_of_words(hall))) >= 28


def _sizes_of_words(hall: Page) -> list[float]:
    """Font sizes, in CSS pixels, of all that is written in the hall; empty until the charts are drawn."""
    sizes: list[float] = hall.evaluate(
        """() => [...document.querySelectorAll("h1, #headline, #guess, #said, #trust, #charts svg text")]
        .filter((one) => one.textContent.trim() && one.getClientRects().length)
        .map((one) => parseFloat(getComputedStyle(one).fontSize))"""
    )
    return sizes if len(sizes) > 8 else []
