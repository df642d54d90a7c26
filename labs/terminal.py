"""The labs in a terminal: `loopscope labs` and `loopscope run hashing --tasks 5 --pool 4 --runtime node`."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TextIO
from uuid import uuid4

import orjson

from labs.lanes import draw_lanes
from labs.sdk import registry
from labs.sdk.conductor import Conductor
from labs.sdk.events import Event
from labs.sdk.lab import Lab
from labs.sdk.params import ParamsError
from labs.sdk.process import end_tagged
from labs.sdk.servers import VARIABLES, ServersError, url
from labs.typed import Keyboard

MARKS = {"yes": "✓", "no": "✗", "cannot-tell": "?"}


Servers = Callable[[Sequence[str]], AbstractContextManager[Mapping[str, str]]]
"""Has the servers for these needs (`Lab.needs`) while it is open; gives the variables that say where they are."""


def named_servers(needs: Sequence[str]) -> AbstractContextManager[Mapping[str, str]]:
    """The servers that the environment names."""
    return nullcontext({VARIABLES[need]: url(need) for need in needs})


def main(argv: Sequence[str], servers: Servers = named_servers) -> int:
    """Exit code: 0 done, 1 the experiment failed, 2 bad arguments, 130 interrupted."""
    labs = registry.installed()
    if argv[:1] == ["labs"]:
        return list_labs(labs, sys.stdout)
    return run(labs, argv[1:], servers)


def list_labs(labs: Mapping[str, Lab], out: TextIO) -> int:
    """A line for each lab."""
    for lab in labs.values():
        runtimes = ", ".join(runtime.key for runtime in lab.runtimes)
        print(f"{lab.slug:16} {lab.title}  ({lab.section}; {runtimes})", file=out)
    print("\nRun one: loopscope run NAME --help", file=out)
    return 0


def run(labs: Mapping[str, Lab], argv: Sequence[str], servers: Servers = named_servers) -> int:
    """Run one lab: progress on stderr, results (or, with --json, events) on stdout."""
    lab, options = _arguments(labs, argv)
    as_json = options.pop("json")
    try:
        params = lab.params.read({k: v for k, v in options.items() if v is not None}, strict=False)
    except ParamsError as refused:
        for field, message in refused.errors:
            print(f"loopscope run {lab.slug}: --{_flag(field)} {message}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with servers(lab.needs) as environ:
            return _conduct(Conductor(lab, params, uuid4().hex, environ=environ), as_json)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except ServersError as error:
        print(f"loopscope run {lab.slug}: {error}", file=sys.stderr)
        return 1


def _conduct(conductor: Conductor, as_json: bool) -> int:
    last: Event = {}
    try:
        with Keyboard(conductor):
            for batch in conductor.events():
                for event in batch:
                    last = event
                    _show(event, as_json)
    except (KeyboardInterrupt, BrokenPipeError):
        end_tagged(conductor.tag)
        raise
    if not as_json and last.get("state") == "finished":
        _report(conductor)
    return 0 if last.get("state") == "finished" else 1


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _flag(field: str) -> str:
    """`--runtime node` may be given several times for the list `runtimes`."""
    return field.removesuffix("s") if field == "runtimes" else field


def _arguments(labs: Mapping[str, Lab], argv: Sequence[str]) -> tuple[Lab, dict[str, Any]]:
    parser = argparse.ArgumentParser(prog="loopscope run", description="Run one lab here.")
    names = parser.add_subparsers(dest="lab", required=True, metavar="LAB")
    for lab in labs.values():
        sub = names.add_parser(lab.slug, help=lab.title, description=lab.lead)
        sub.add_argument("--json", action="store_true", help="print the events, one a line")
        for name, schema in lab.params.model_json_schema()["properties"].items():
            _add(sub, name, schema)
    options = vars(parser.parse_args(argv))
    return labs[options.pop("lab")], options


def _add(parser: argparse.ArgumentParser, name: str, schema: Mapping[str, Any]) -> None:
    help = schema.get("description", "")
    if "minimum" in schema:
        help += f" {schema['minimum']} to {schema['maximum']}, default {schema['default']}."
    if "labels" in schema:
        help += f" One of {', '.join(schema['labels'])}."
    many: dict[str, Any] = {"action": "append"} if schema.get("type") == "array" else {}
    parser.add_argument(f"--{_flag(name)}", dest=name, metavar=_flag(name).upper(),
                        help=help.replace("%", "%%"), **many)  # fmt: skip


def _show(event: Event, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(orjson.dumps(event).decode() + "\n")
        sys.stdout.flush()
    elif event["e"] == "progress" and event["text"] and not event.get("spent"):
        left = f", about {event['left']:.0f} s left" if event.get("left") else ""
        print(f"[{event['done'] + 1}/{event['of']}] {event['text']}{left}", file=sys.stderr)
    elif event["e"] == "run" and event["state"] == "failed":
        print(f"failed: {event['reason']}", file=sys.stderr)
    elif event["e"] == "log" and event.get("part"):
        print(f"  {event['stream']}: {event['text']}", file=sys.stderr)
    elif event["e"] == "mark":
        print(f"  {event['t']:6.2f} s  {event['text']}", file=sys.stderr)
    elif event["e"] == "action" and event["state"] == "missed":
        print(f"  {event['label']}: {event['reason']}", file=sys.stderr)
    elif event["e"] == "trust":
        print(f"\n{event['text']}. {event['cpus']} usable CPUs.")
    elif event["e"] == "result":
        low, high = event["spread"]
        at = f" at {event['x']}" if "x" in event else ""
        name = f"{event.get('label', '')} {event['name']}{at}".strip()
        print(f"  {name:40} {event['value']:9.3f} {event['unit']:7} ({low:.3f} to {high:.3f})")
    elif event["e"] == "finding" and event["role"] == "finding":
        print(f"\n{MARKS[event['verdict']]} {event['headline']}\n  {event['text']}")


def _report(conductor: Conductor) -> None:
    """Lanes of the repeat in the middle, for each thing that was measured."""
    parts = [part for part in conductor.recording.ended() if part.spans]
    for label in dict.fromkeys(part.label for part in parts):
        same = [part for part in parts if part.label == label]
        same.sort(key=lambda part: max((span.end or 0 for span in part.complete()), default=0))
        print(f"\n{label}")
        print(draw_lanes(same[len(same) // 2]))
