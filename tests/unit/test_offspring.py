"""Children that end with their program, even when it is killed while they compute."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from labs.sdk.lab import node_binary
from tests.family import alive
from tests.waiting import wait_until

SDK = Path(__file__).parents[2] / "labs" / "sdk"

POOL = """
import time
from labs.sdk.offspring import process_pool, ready
def busy():
    end = time.monotonic() + 600
    while time.monotonic() < end:
        pass
if __name__ == "__main__":
    pool = process_pool()
    pool.submit(ready).result()
    pool.submit(busy)
    print("busy", flush=True)
    time.sleep(600)
"""

HELPER = """
import { Helper, serve } from "SDK/workers.mjs";
if (process.argv[2] === "program") {
  const helpers = ["thread", "process"].map((way) => new Helper(way, new URL(import.meta.url)));
  await Promise.all(helpers.map((helper) => helper.ready));
  console.log(JSON.stringify(await Promise.all(helpers.map((helper) => helper.run(1)))));
  if (process.argv[3] === "busy") helpers.forEach((helper) => helper.run(600000));
  else await Promise.all(helpers.map((helper) => helper.close()));
} else {
  serve((milliseconds) => {
    const end = Date.now() + milliseconds;
    while (Date.now() < end);
    return { pid: process.pid, milliseconds };
  });
}
"""


def _kill_and_wait(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Once it has said that it is busy, end the program; its children must follow by themselves."""
    assert program.stdout is not None
    with program.stdout:
        assert program.stdout.readline()
        children = psutil.Process(program.pid).children(recursive=True)
        assert children
        program.send_signal(number)
        program.wait(60)
        wait_until(lambda: not any(map(alive, children)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_busy_pool_ends_with_its_program(tmp_path: Path, number: signal.Signals) -> None:
    file = tmp_path / "pool.py"
    file.write_text(POOL)
    _kill_and_wait(
        subprocess.Popen([sys.executable, str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL), number
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_busy_workers_of_node_end_with_their_program(tmp_path: Path, number: signal.Signals) -> None:
    command = [node_binary(), str(_helper(tmp_path)), "program", "busy"]
    _kill_and_wait(subprocess.Popen(command, stdout=subprocess.PIPE), number)


def test_workers_of_node_answer_and_close(tmp_path: Path) -> None:
    told = subprocess.run(
        [node_binary(), str(_helper(tmp_path)), "program"], capture_output=True, timeout=120, check=True
    )
    assert told.stdout.count(b'"milliseconds":1') == 2


def test_a_worker_of_node_that_breaks_breaks_the_program(tmp_path: Path) -> None:
    file = _helper(tmp_path)
    file.write_text(file.read_text().replace("return { pid", "throw new Error('broken'); return { pid"))
    told = subprocess.run([node_binary(), str(file), "program"], capture_output=True, timeout=120, check=False)
    assert told.returncode != 0


def _helper(folder: Path) -> Path:
    file = folder / "helper.mjs"
    file.write_text(HELPER.replace("SDK", SDK.as_posix()))
    return file


def test_a_child_ends_when_its_stdin_is_closed() -> None:
    code = "import time; from labs.sdk.offspring import end_with_parent; end_with_parent(); time.sleep(30)"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    assert child.stdin is not None
    child.stdin.close()
    assert child.wait(60) == 0


def test_a_pool_works_and_its_program_ends(tmp_path: Path) -> None:
    file = tmp_path / "pool.py"
    file.write_text(POOL.replace("pool.submit(busy)", "pool.shutdown(); raise SystemExit"))
    assert subprocess.run([sys.executable, str(file)], timeout=120, check=False).returncode == 0
