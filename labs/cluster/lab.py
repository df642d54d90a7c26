"""The cluster: one port, n workers, and visitors."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from labs.cluster.findings import findings
from labs.sdk.hash_size import iterations_for
from labs.sdk.host import usable_cpus
from labs.sdk.judge import count
from labs.sdk.lab import (
    Change,
    Chart,
    Choice,
    Lab,
    Prediction,
    Question,
    Runtime,
    Settings,
    Step,
    interleave,
)
from labs.sdk.params import Params, choice, choices, slider

FOLDER = Path(__file__).parent

LOAD_HASH_SECONDS = 0.01
"""One hash where hundreds are asked for; in the other experiment the learner chooses."""

FAST_PER_HASH = 10
"""/fast is asked so often in the time of one hash."""

PROGRAM_SECONDS = 3.0
WORKER_SECONDS = 0.15
"""Starts of a server and of each worker, and what is timed alone; guesses for the time left."""

RUNTIMES = {"gunicorn": "gunicorn", "node": "Node.js"}
SWEEP = (1, 2, 3, 4, 6, 8, 12, 16)
MOST_ANSWERS = 60_000
"""Of one run: what a page can still show one by one."""


class ClusterParams(Params):
    """Which experiment, with how many workers, where."""

    mode: Literal["behind", "sweep", "arrivals"] = choice(
        "behind",
        {"behind": "Who waits behind whom", "sweep": "Sweep the workers", "arrivals": "Closed or open visitors"},
        "Experiment",
        "Slow requests among fast ones; the same load on 1, 2 … workers; or the same server, measured in two ways.",
    )
    workers: int = slider(1, 1, 16, "Workers", "Processes that serve the one port.",
                          titles=[{"when": {"mode": "sweep"}, "title": "Most workers"}],
                          suits={"when": {"mode": "sweep"}, "least": 2, "usual": 4})  # fmt: skip
    slow: int = slider(1, 1, 16, "Slow requests", "How many / are asked at the same moment.", when={"mode": "behind"})
    where: Literal["loop", "pool"] = choice(
        "loop", {"loop": "On the loop", "pool": "On a pool of one thread"}, "Where / computes its hash",
        "On the loop a worker can do nothing else meanwhile. On its pool one hash runs, and further ones wait for it.",
    )  # fmt: skip
    runtimes: list[Literal["gunicorn", "node"]] = choices(  # type: ignore[assignment]
        ["gunicorn"], RUNTIMES, "Server", "Both take turns, repeat by repeat, and are drawn on the same axes.",
    )  # fmt: skip
    size: int = slider(
        250, 50, 2000, "One hash in milliseconds", "Alone on this machine.", when={"mode": "behind"}, advanced=True
    )
    visitors: int = slider(
        50, 1, 200, "Visitors at once", "How many wait for an answer at the same time, as in ab -c.",
        when={"mode": ["sweep", "arrivals"]},
    )  # fmt: skip
    requests: int = slider(
        200, 10, 2000, "Requests", "How many are sent in each part, as in ab -n. One hash is 10 ms here.",
        when={"mode": ["sweep", "arrivals"]}, suits={"when": {"mode": "arrivals"}, "least": 400, "usual": 500},
    )  # fmt: skip
    share: int = slider(
        120, 20, 200, "Open visitors, in % of the closed rate",
        "At which rate they come, whatever the server does: 100 is what the closed visitors got.",
        when={"mode": "arrivals"},
    )  # fmt: skip
    connections: Literal["new", "kept"] = choice(
        "new", {"new": "A new one each time", "kept": "Kept"}, "Connections",
        "A kept connection stays with the worker that took it.", advanced=True,
    )  # fmt: skip

    @model_validator(mode="after")
    def _not_too_much(self) -> Self:
        if self.mode != "behind":
            sizes = len(sizes_of(self)) if self.mode == "sweep" else 2
            if self.requests * sizes * self.repeats * len(self.runtimes) > MOST_ANSWERS:
                raise ValueError(f"makes more than {MOST_ANSWERS:,} requests in a run; choose fewer, or fewer repeats")
        return self


def sizes_of(params: ClusterParams) -> list[int]:
    """Numbers of workers of this run; the asked one is the last, and as many as there are CPUs are among them."""
    if params.mode != "sweep":
        return [params.workers]
    return sorted(n for n in {*SWEEP, usable_cpus(), params.workers} if n <= params.workers)


def plan(params: ClusterParams) -> list[Step]:
    """Every number of workers on every server, interleaved, `repeats` times."""

    def step(runtime: str, workers: int, repeat: int) -> Step:
        return Step(
            runtime=runtime,
            label=f"{RUNTIMES[runtime]}, {count(workers, 'worker')}" if params.mode == "sweep" else RUNTIMES[runtime],
            settings={
                "mode": params.mode, "workers": workers, "where": params.where,
                "keep_alive": params.connections == "kept", **_load(params),
            },
            repeat=repeat,
            seconds=_seconds(params, workers),
            variant=f"w{workers}" if params.mode == "sweep" else "",
        )  # fmt: skip

    return interleave(params.runtimes, sizes_of(params), params.repeats, step)


def _load(params: ClusterParams) -> Settings:
    if params.mode == "behind":
        seconds = params.size / 1000
        return {"slow": params.slow, "rate": FAST_PER_HASH / seconds, "quiet": max(0.2, seconds)}
    return {"visitors": params.visitors, "requests": params.requests, "share": params.share}


def _seconds(params: ClusterParams, workers: int) -> float:
    at_once = min(workers, usable_cpus())
    starting = PROGRAM_SECONDS + WORKER_SECONDS * workers
    if params.mode == "behind":
        hashes = 8 + 2 + params.slow / at_once
        return starting + hashes * params.size / 1000
    one = params.requests * LOAD_HASH_SECONDS / at_once
    return starting + one if params.mode == "sweep" else starting + one * (1 + max(1.0, 100 / params.share))


def prepare(params: ClusterParams) -> Settings:
    """How many iterations make one hash here."""
    return {"iterations": iterations_for(params.size / 1000 if params.mode == "behind" else LOAD_HASH_SECONDS)}


lab = Lab(
    slug="cluster",
    title="The cluster",
    section="Scaling",
    order=1,
    lead="Several processes serve one port. While one is busy, another can answer. "
    "How many are worth having, and who measures that rightly?",
    folder=FOLDER,
    params=ClusterParams,
    runtimes=(
        Runtime("gunicorn", "gunicorn", FOLDER / "on_gunicorn.py", through=FOLDER / "visitors.py"),
        Runtime("node", "Node.js", FOLDER / "on_node.mjs", through=FOLDER / "visitors.py"),
    ),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("timeline", "timeline", "Which worker served whom", unit="hashes", when={"mode": "behind"},
              words={"cpu": "/ computes", "net": "/fast"},
              help="One row a worker. Solid: it works on a request. Hatched: a request was sent and waits."),
        Chart("sweep", "curve", "Time until all were answered", unit="hashes", x="workers", xlabel="workers",
              when={"mode": "sweep"}, help="One point a repeat; the line joins the medians."),
        Chart("percentiles", "percentiles", "How long the answers took", when={"mode": "arrivals"},
              series=("closed", "open, as due", "open, as sent"),
              help="Of the answered requests. Open ones count twice: from when they were due, and from when they were "
              "really sent."),
        Chart("lanes", "timeline", "Which worker served whom", unit="hashes", x="workers",
              when={"mode": ["sweep", "arrivals"]},
              help="One row a worker: of those at work now, and afterwards of any number you choose. Solid: it works "
              "on a request. Hatched: a request waits."),
        Chart("live", "line", "Answers a second, live", unit="requests/s", when={"mode": "sweep"},
              series=("answers, closed",),
              help="One line for each number of workers, over the last half second. It begins anew with each repeat."),
        Chart("throughput", "curve", "Answers a second", unit="requests/s", x="workers", xlabel="workers",
              when={"mode": "sweep"}, result="throughput", ideal="rising",
              help="One point a repeat, when the run has ended."),
        Chart("latency", "curve", "How long the middle request took", unit="ms", x="workers", xlabel="workers",
              when={"mode": "sweep"}, result="middle request", ideal=None,
              help="From when it was sent to its answer. One point a repeat, when the run has ended."),
        Chart("memory", "curve", "Memory of all workers together", unit="MB", x="workers", xlabel="workers",
              when={"mode": "sweep"}, result="memory of all workers", ideal=None,
              help="RSS counts a shared page in every worker, PSS divides it among them, USS leaves it out."),
        Chart("latencies", "percentiles", "How long the answers took", when={"mode": "behind"}, series=("/fast", "/"),
              help="So many per cent of the answered requests took so long, or less. Few are drawn one by one."),
        Chart("rate", "line", "Answers a second", unit="requests/s", when={"mode": ["behind", "arrivals"]},
              help="Counted over half a second by the process that sends the requests. A mark tells of each lost one."),
        Chart("lost", "line", "Lost requests, live", unit="requests lost", when={"mode": "sweep"},
              series=("all lost",), help="One line for each number of workers: how many so far. At 0: none."),
        Chart("errors", "line", "Lost requests", unit="requests lost", when={"mode": ["behind", "arrivals"]},
              help="How many so far: in all, and by what went wrong. A flat line at 0: none."),
    ),
    work=("requests",),
    predictions=(
        Prediction("bar", "Workers: {workers}. Slow requests at 0: {slow}. /fast just after: when is it answered?",
                   "hashes", "Drag the end. One unit is the time of a single hash on this machine.",
                   when={"mode": "behind"}, max="2 * slow"),
        Prediction("curve", "How long will {requests} requests take with each number of workers?", "hashes",
                   "Drag the points. One unit is the time of a single hash on this machine.",
                   when={"mode": "sweep"}, x="workers", max="requests"),
        Prediction("bar", "{visitors} visitors ask again and again. How many hashes long does the middle one wait?",
                   "hashes", "Drag the end. One unit is the time of a single hash on this machine.",
                   when={"mode": "arrivals"}, max="2 * visitors"),
    ),
    question=Question(
        "full", "What was full?",
        (
            Choice("workers", "The workers"),
            Choice("cpus", "The CPUs"),
            Choice("both", "Both"),
            Choice("neither", "Neither"),
        ),
    ),
    changes=(
        Change("Two workers", {"mode": "behind", "workers": 2, "slow": 1}),
        Change("Two workers, two slow requests", {"mode": "behind", "workers": 2, "slow": 2}),
        Change("The hash on a pool", {"mode": "behind", "workers": 1, "where": "pool"}),
        Change("Beside Node.js", {"mode": "behind", "workers": 2, "runtimes": ["gunicorn", "node"]}),
        Change("Sweep 1 to 4", {"mode": "sweep", "workers": 4}),
        Change("Closed against open", {"mode": "arrivals", "workers": 1, "requests": 500}),
    ),
)  # fmt: skip
