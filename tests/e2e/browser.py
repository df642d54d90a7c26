"""Find a Chromium for the tests, or get one.

``python -m tests.e2e.browser`` prints the path of one that works. In this order: the one that LOOPSCOPE_CHROMIUM names,
one on the machine, Playwright's own, Playwright's own after its download, the system's package (as root, with apt).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypedDict

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "microsoft-edge")
MAC_PATHS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
PACKAGES = ("chromium", "fonts-dejavu-core")
VERSION_SECONDS = 30
INSTALL_SECONDS = 600
ADVICE = (
    "The tests need Chromium and found none. Install one (Debian: apt install chromium), "
    "or name one: LOOPSCOPE_CHROMIUM=/path/to/chromium make test"
)


class Launch(TypedDict):
    """What Playwright's `launch` takes to start the Chromium that was found."""

    executable_path: str
    args: list[str]


def launch_options() -> Launch:
    """How to launch it here. Root may not use Chromium's sandbox."""
    return {"executable_path": find(), "args": ["--no-sandbox"] if os.geteuid() == 0 else []}


def find() -> str:
    """The path of a Chromium that works. Raises LookupError, saying what to do, when there is none."""
    named = os.environ.get("LOOPSCOPE_CHROMIUM")
    if named:
        if not works(named):
            raise LookupError(f"LOOPSCOPE_CHROMIUM={named} does not start.")
        return named
    for path in candidates():
        if works(path):
            return path
    raise LookupError(ADVICE)


def candidates() -> Iterator[str]:
    """Paths to try, each source asked only when those before it gave nothing that works."""
    for source in (on_this_machine, playwrights_own, downloaded, from_the_system):
        yield from source()


def on_this_machine() -> Iterator[str]:
    """Chromium and its kin, as the machine names them."""
    for name in (*NAMES, *MAC_PATHS):
        if path := shutil.which(name):
            yield path


def playwrights_own() -> Iterator[str]:
    """The build that Playwright keeps for this user, when it was downloaded before."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if Path(path).exists():
        yield path


def downloaded() -> Iterator[str]:
    """The same after a download; where that is not possible it fails within seconds."""
    if run([sys.executable, "-m", "playwright", "install", "chromium"]):
        yield from playwrights_own()


def from_the_system() -> Iterator[str]:
    """Debian's package, when we may install packages."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        run(["apt-get", "update", "-qq"])
        if run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]):
            yield from on_this_machine()


def works(path: str) -> bool:
    """Whether it starts at all; a stub that only advertises a package does not."""
    try:
        result = subprocess.run([path, "--version"], capture_output=True, timeout=VERSION_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return result.returncode == 0


def run(command: list[str]) -> bool:
    """Run an installer with its output on stderr, since stdout is for the path; whether it succeeded."""
    print("$", " ".join(command), file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, stdout=sys.stderr, env=environment, timeout=INSTALL_SECONDS).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    try:
        print(find())
    except LookupError as error:
        sys.exit(str(error))
