"""The command line: ``loopscope up | runner | settings | labs | run``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from dashboard.settings import TABLE, Settings, SettingsError, unknown_variables

Command = Callable[[list[str]], int]


def up(arguments: list[str]) -> int:
    """Start everything and print the one URL."""
    from dashboard.up import main

    return main(arguments)


def runner(arguments: list[str]) -> int:
    """Work through the queue of runs, one at a time."""
    argparse.ArgumentParser(prog="loopscope runner", description=runner.__doc__).parse_args(arguments)
    from dashboard.runs.supervisor import main

    return main()


def labs(arguments: list[str]) -> int:
    """List the labs."""
    from labs.terminal import main

    return main(["labs", *arguments])


def run(arguments: list[str]) -> int:
    """Run one lab in this terminal: loopscope run hashing --pool 4."""
    from dashboard.lab_servers import for_terminal
    from labs.terminal import main

    current = Settings.from_environment()
    return main(["run", *arguments], lambda needs: for_terminal(needs, current))


def settings(arguments: list[str]) -> int:
    """Show every setting, its value and where that comes from."""
    argparse.ArgumentParser(prog="loopscope settings", description=settings.__doc__).parse_args(arguments)
    current = Settings.from_environment()
    for row in TABLE:
        given = bool(os.environ.get(row.env, "").strip())
        value = row.mask(getattr(current, row.name)) if given else row.default_text
        print(f"{row.env:<28} {value or '(empty)':<32} {'from the environment' if given else 'default'}")
        print(f"{'':<28} {row.help}" + (f" Default: {row.default_text or '(empty)'}." if given else ""))
    for name in unknown_variables(os.environ):
        print(f"\n{name} is set, but there is no such setting.")
    return 0


COMMANDS: dict[str, Command] = {"up": up, "runner": runner, "settings": settings, "labs": labs, "run": run}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command named first in `arguments` (default: the process's own); returns the exit code.

    Exit code 2 and one line for each problem when the settings cannot be used.
    """
    parser = argparse.ArgumentParser(
        prog="loopscope",
        description="Predict, run and watch real experiments.",
        epilog="\n".join(f"  {name:<10}{command.__doc__}" for name, command in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"loopscope {version('loopscope')}")
    parser.add_argument("command", choices=COMMANDS, metavar="command", help="one of those below")
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = parser.parse_args(given[:1]).command
    try:
        return COMMANDS[command](given[1:])
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
