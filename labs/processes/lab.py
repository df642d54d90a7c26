"""Processes: a running cluster in a table, and what its visitors notice when something happens to a worker."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Self

from pydantic import model_validator

from labs.processes.findings import findings
from labs.processes.slots import MOST_WORKERS
from labs.sdk.action import Action
from labs.sdk.host import usable_cpus
from labs.sdk.lab import Change, Chart, Choice, Lab, Prediction, Question, Runtime, Settings, Step, interleave
from labs.sdk.params import Inputs, Params, choice, choices, slider
from labs.sdk.slow import COMMAND as SLOW_SERVER

FOLDER = Path(__file__).parent
RUNTIMES = {"gunicorn": "gunicorn", "node": "Node.js"}
START_SECONDS = 6.0
"""Start and end of a cluster; a guess for the time left."""
LONGEST_SECONDS = 240
"""All parts of a run together: within the time that a run may take."""


class ProcessesParams(Params):
    """A cluster, its visitors, and who acts."""

    mode: Literal["hands", "tour"] = choice(
        "hands", {"hands": "I act", "tour": "Guided tour"}, "Who acts",
        "With “I act” buttons appear while it runs. The tour does the same acts at the same points of every run.",
    )  # fmt: skip
    workers: int = slider(
        0, 0, MOST_WORKERS, "Workers",
        f"How many the cluster starts with. 0 is auto: one for each usable CPU, at most {MOST_WORKERS}.",
        words={"0": "auto"},
    )  # fmt: skip
    seconds: int = slider(60, 20, 240, "Seconds", "How long visitors come. “Finish” ends it earlier.")
    rate: int = slider(
        30, 5, 100, "Visitors per second",
        "They come at this rate, whether answers come or not (open arrivals). A wait counts from when one was due.",
    )  # fmt: skip
    latency: int = slider(
        100, 20, 500, "Wait elsewhere, milliseconds",
        "Every request computes a little and then waits so long for another server. While it waits, it can be lost.",
        advanced=True,
    )  # fmt: skip
    runtimes: list[Literal["gunicorn", "node"]] = choices(  # type: ignore[assignment]
        ["gunicorn"], RUNTIMES, "Server",
        "Whose workers they are: gunicorn's, or those of Node's cluster module. Several are taken one after the other.",
    )  # fmt: skip
    repeats: int = slider(1, 1, 5, "Repeats", "How often the tour is done.", when={"mode": "tour"}, advanced=True)

    @model_validator(mode="after")
    def _in_time(self) -> Self:
        if (total := self.seconds * len(self.runtimes) * self.repeats) > LONGEST_SECONDS:
            raise ValueError(
                f"would take {total} s in all; seconds × servers × repeats must not be more than {LONGEST_SECONDS}"
            )
        return self


class WhichWorker(Inputs):
    """A row of the table."""

    worker: int = slider(1, 1, 32, "worker", "Its number in the table.")


class HowOften(Inputs):
    """For a crash."""

    times: int = slider(3, 1, 5, "times", "How often a start fails before the code is repaired.")


def plan(params: ProcessesParams) -> list[Step]:
    """One cluster for each server and repeat."""

    def step(runtime: str, _: None, repeat: int) -> Step:
        return Step(
            runtime=runtime,
            label=RUNTIMES[runtime],
            settings={
                "runtime": runtime,
                "workers": params.workers or min(MOST_WORKERS, usable_cpus()),
                "seconds": params.seconds,
                "rate": params.rate,
                "latency": params.latency,
                "mode": params.mode,
            },
            repeat=repeat,
            seconds=START_SECONDS + params.seconds,
            limit=params.seconds + 90,
        )

    return interleave(params.runtimes, [None], params.repeats, step)


def prepare(params: ProcessesParams) -> Settings:
    """Where the slow server is."""
    return {"slow": SLOW_SERVER}


BY_HAND = {"mode": "hands"}
ACTIONS = (
    Action("kill", "Kill −9", "The kernel ends this worker at once, in the middle of whatever it does.", WhichWorker,
           danger=True, row="worker", when=BY_HAND),
    Action("restart", "Restart", "This worker may answer what it has taken, then ends; a new one comes.", WhichWorker,
           row="worker", when=BY_HAND),
    Action("leak", "Leak", "From now on this worker keeps 256 kB of every request that it answers.", WhichWorker,
           danger=True, row="worker", when=BY_HAND),
    Action("reload", "Reload all", "SIGHUP: new workers come, the old ones answer what they have taken and go.",
           when=BY_HAND),
    Action("up", "One more", "SIGTTIN: the master starts one worker more.", when=BY_HAND),
    Action("down", "One fewer", "SIGTTOU: the master ends its oldest worker, gracefully.", when=BY_HAND),
    Action("crash", "Crash on start", "New code that fails when a worker starts it; then one worker is restarted.",
           HowOften, danger=True, when=BY_HAND),
    Action("finish", "Finish", "No visitors come any more; what happened is counted.", when=BY_HAND),
)  # fmt: skip

lab = Lab(
    slug="processes",
    title="Processes under your thumb",
    section="Scaling",
    order=2,
    lead="A cluster serves visitors while you kill, restart, reload and break its workers. Who notices, and how long?",
    folder=FOLDER,
    params=ProcessesParams,
    runtimes=(
        Runtime("gunicorn", "gunicorn", FOLDER / "on_gunicorn.py", through=FOLDER / "manage.py"),
        Runtime("node", "Node.js", FOLDER / "on_node.mjs", through=FOLDER / "manage.py"),
    ),
    plan=plan,
    prepare=prepare,
    findings=findings,
    charts=(
        Chart("table", "processes", "The processes", unit="requests",
              help="One row for each place of a worker. CPU in per cent of one CPU, memory as the system counts it "
                   "for the process (resident)."),
        Chart("visitors", "line", "What the visitors got, per second", unit="requests/s",
              series=("answered", "late", "lost"),
              help="Counted when a request ended. Late: a quarter of a second later than the wait elsewhere."),
        Chart("wait", "line", "The longest wait of each half second", unit="ms", series=("longest wait",),
              help="From the moment a visitor meant to come to the answer, or until it was given up."),
        Chart("memory", "line", "Memory of each worker", unit="MB", help="Resident memory. A new worker starts small."),
    ),
    predictions=(
        Prediction("bar", "One worker is killed with kill −9. How many of the visitors' requests are lost?", "requests",
                   "Drag the end. They come at the rate you chose, and each waits elsewhere as long as you chose.",
                   max="rate * latency / 250"),
    ),
    question=Question(
        "costliest", "Which act cost the visitors most answers?",
        (
            Choice("kill", "kill −9 of a worker"),
            Choice("restart", "a graceful restart"),
            Choice("reload", "the reload of all"),
            Choice("scale", "a worker more or fewer"),
            Choice("crash", "the crash on start"),
            Choice("none", "no request was lost"),
        ),
    ),
    changes=(
        Change("The guided tour", {"mode": "tour"}),
        Change("One worker only", {"workers": 1, "mode": "tour"}),
        Change("Four workers", {"workers": 4}),
        Change("On Node.js", {"runtimes": ["node"]}),
        Change("The tour on both servers", {"runtimes": ["gunicorn", "node"], "mode": "tour"}),
        Change("Long requests", {"latency": 500, "mode": "tour"}),
        Change("Twice the visitors", {"rate": 60, "mode": "tour"}),
    ),
    actions=ACTIONS,
)  # fmt: skip
