"""The specimen app: what one request waits for."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from labs.blog.findings import findings
from labs.sdk.action import Action
from labs.sdk.lab import Change, Chart, Choice, Lab, Pane, Prediction, Question, Runtime, Step
from labs.sdk.params import Params, choice, choices, slider

FOLDER = Path(__file__).parent
VISITORS = {"tour": "A script", "visit": "You"}
CACHE = {"off": "no cache", "on": "cached"}
START_SECONDS = 2.0
REQUEST_SECONDS = 0.03


class BlogParams(Params):
    """Who uses the blog, and how much of it."""

    runtimes: list[Literal["tour", "visit"]] = choices(  # type: ignore[assignment]
        ["tour"], VISITORS, "Who uses the blog",
        "A script takes the same way each time. You use it in the pane beside the chart.",
    )  # fmt: skip
    posts: int = slider(3, 1, 12, "Posts the script writes", "Each is a request of its own.")
    picture: Literal["50", "500", "5000"] = choice(
        "500", {"50": "50 KB", "500": "500 KB", "5000": "5 MB"}, "Its picture",
        "The script sends one picture of this size. It travels in pieces of 255 KB.",
    )  # fmt: skip
    cache: Literal["both", "off", "on"] = choice(
        "both", {"both": "Without and with", "off": "Without", "on": "With"}, "The query cache",
        "With it, what one person reads again comes from Redis; a new post clears it. For the script.",
    )  # fmt: skip
    seconds: int = slider(
        120, 5, 240, "Seconds for you", "How long your own requests are shown. You can finish earlier.", advanced=True
    )


def plan(params: BlogParams) -> list[Step]:
    """The script takes its tour `repeats` times, each on a blog started afresh; you visit once, afterwards."""
    settings = {"posts": params.posts, "picture": int(params.picture), "seconds": params.seconds}
    ways = {"both": ["off", "on"], "off": ["off"], "on": ["on"]}[params.cache]
    seconds = START_SECONDS + (12 + params.posts) * REQUEST_SECONDS + int(params.picture) / 5000
    tours = range(1, params.repeats + 1) if "tour" in params.runtimes else ()
    steps = [
        Step("tour", f"{VISITORS['tour']}, {CACHE[way]}", {**settings, "cache": way}, repeat, seconds, variant=way)
        for repeat in tours
        for way in (ways if repeat % 2 else ways[::-1])
    ]
    if "visit" in params.runtimes:
        steps.append(
            Step("visit", VISITORS["visit"], {**settings, "cache": "on"}, 1, params.seconds, limit=params.seconds + 30)
        )
    return steps


lab = Lab(
    slug="blog",
    title="What a request waits for",
    section="Data",
    order=1,
    lead="A real small web app: sign-in, posts, pictures. Each request asks others before it answers. "
    "Whom, how often, and for how long?",
    folder=FOLDER,
    params=BlogParams,
    runtimes=(
        Runtime("tour", "A script", FOLDER / "tour.py",
                lambda s: {"LOOPSCOPE_BLOG_CACHED": "yes" if s.get("cache") == "on" else "no"}),
        Runtime("visit", "You", FOLDER / "visit.py"),
    ),
    plan=plan,
    findings=findings,
    needs=("mongodb", "redis"),
    keys=("lab:blog:*",),
    pane=Pane("The blog", "/blog/", runtime="visit"),
    actions=(Action("finish", "Finish my visit", "Ends the visit and computes the findings.",
                    when={"runtimes": ["visit"]}),),
    charts=(
        Chart("timeline", "timeline", "Every request, from its own beginning", unit="s", least=0.02,
              help="A row is a request. Its pieces: our own code, and whom it waits for. All rows begin at 0."),
        Chart("totals", "strip", "The slowest request", unit="s", help="One point a visit, the tick is the median."),
    ),
    predictions=(
        Prediction("bar", "The script sends a picture of {picture} KB, among other things. "
                   "How long does its slowest request take?", "s",
                   "Drag the end, in seconds. Reading a page, signing in, writing, sending the picture: which is it?",
                   when={"runtimes": ["tour"]}, max="1"),
        Prediction("bar", "You will sign in, write and read. How long will your slowest request take?", "s",
                   "Drag the end, in seconds. Which of your clicks will it be?",
                   when={"runtimes": ["visit"]}, max="1"),
    ),
    question=Question(
        "most", "Over all these requests: what took the most time?",
        (
            Choice("cpu", "The app's own code"),
            Choice("db", "Waiting for MongoDB"),
            Choice("net", "Waiting for the sign-in provider"),
            Choice("other", "Something else"),
        ),
    ),
    changes=(
        Change("A picture of 5 MB", {"picture": "5000"}),
        Change("With the cache only", {"cache": "on"}),
        Change("Twelve posts", {"posts": 12}),
        Change("Use it yourself", {"runtimes": ["visit"]}),
    ),
)  # fmt: skip
