"""Did they count at the same time? Told from the CPUs that they had together and from the loop's heartbeat."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from labs.sdk.events import Event
from labs.sdk.judge import Measured, answer, cite, count, finding, rivals
from labs.sdk.recording import Recording
from labs.workers.act import MANY, Act

FEW, SEVERAL = 1.15, 1.25
"""Fewer CPUs than the first were used by taking turns; more than the second by running at the same time."""

SCARCE = 0.75
"""With less than this there were not enough CPUs to be had to tell one from the other."""

SWITCH = 0.005
"""Seconds after which a waiting thread may demand the GIL, where a program does not say."""


@dataclass(frozen=True)
class Evidence:
    """Repeats of one way: CPUs had while several counts were under way, and the loop's lag beyond that in calm."""

    cpus: Measured | None
    more_lag: Measured | None
    switch: float

    @classmethod
    def of(cls, acts: list[Act], calm: Mapping[str, float]) -> Evidence:
        """`calm`: the lag in calm, by part."""
        more = [a.lag - calm[a.part.id] for a in acts if a.lag is not None and a.part.id in calm]
        cpus = Measured.of(a.cpus for a in acts if a.cpus is not None)
        return cls(cpus, Measured.of(more), float(acts[0].part.host.get("switch", SWITCH)))

    @property
    def together(self) -> bool:
        return self.cpus is not None and self.cpus.surely_above(SEVERAL)

    @property
    def in_turns(self) -> bool:
        return self.cpus is not None and self.cpus.surely_below(FEW)

    @property
    def served(self) -> bool:
        """Whether about one CPU was there for them all the time."""
        return self.cpus is not None and self.cpus.surely_above(SCARCE)

    @property
    def late(self) -> bool:
        """Whether the loop waited for half a switch interval or more, each time."""
        return self.more_lag is not None and self.more_lag.surely_above(self.switch / 2)

    def later_than(self, others: Iterable[Evidence]) -> bool:
        """Whether the loop waited each time, and each time longer than beside workers that share no lock with it.

        Where there are none to compare with, CPUs must not have been scarce: who lacks a CPU is late as well.
        """
        known = [other.more_lag for other in others if other.more_lag is not None]
        if not self.late or self.more_lag is None:
            return False
        if known:
            return all(other.high < self.more_lag.low for other in known)
        return self.cpus is None or self.served


def gil_card(recording: Recording, acts: dict[str, list[Act]], calm: Mapping[str, float]) -> Event:
    """Threads of Python: what they had, beside what Python says about its lock."""
    threads = acts["thread"]
    seen = Evidence.of(threads, calm)
    others = {w: Evidence.of(acts[w], calm) for w in ("process", "interpreter") if w in acts}
    cites = cite(threads[0].part, *(s.id for s in threads[0].spans[:4]))
    locked = bool(threads[0].part.host.get("gil", True))
    text = _numbers(recording, threads, seen, calm)
    for way, other in others.items():
        if other.cpus:
            text += f" {MANY[way].capitalize()} had {other.cpus.words()}."
    apart, late = any(other.together for other in others.values()), seen.later_than(others.values())
    if not locked:
        return _free_threaded(seen, apart, text, cites)
    rule = "This Python has a GIL: one thread at a time may run Python code, and the loop's thread is one of them."
    if seen.together:
        return finding("gil", "no", "At the same time", f"{text} {rule} Yet these threads ran at the same time.", cites)
    if (seen.in_turns and (apart or late)) or (seen.cpus is None and late):
        headline = "Threads took turns" if seen.in_turns and seen.served else "The loop waits its turn"
        return finding("gil", "yes", headline, f"{text} {rule}", cites)
    return finding("gil", "cannot-tell", "Cannot tell", f"{text} {rule} {_why_not(recording, seen, apart)}", cites)


def apart_card(
    recording: Recording, runtime: str, acts: dict[str, list[Act]], calm: Mapping[str, float]
) -> Event | None:
    """Workers that share no lock with the loop or with each other: did they run at the same time?"""
    ways = [w for w in ("thread", "process", "interpreter") if w in acts and (w != "thread" or runtime == "node")]
    if not ways:
        return None
    seen = {way: Evidence.of(acts[way], calm) for way in ways}
    told = [_numbers(recording, acts[way], seen[way], calm) for way in ways]
    cites = [c for way in ways for c in cite(acts[way][0].part, *(s.id for s in acts[way][0].spans[:2]))]
    text = f"{recording.label(runtime)}: {' '.join(told)}"
    key, quiet = f"apart-{runtime}", bool(recording.host.get("quiet", True))
    if any(each.late for each in seen.values()):
        text += " The loop was late, though no lock ties it to these workers. It may have lacked a CPU."
    if all(each.together for each in seen.values()):
        return finding(key, "yes", "At the same time", text, cites)
    if all(each.cpus is None for each in seen.values()):
        return finding(key, "cannot-tell", "One at a time", f"{text} Nothing was counted side by side.", cites)
    if all(each.in_turns and each.served for each in seen.values()) and recording.cpus > 1 and quiet:
        return finding(
            key, "no", "No more than one CPU", f"{text} More was not to be had, or something held them.", cites
        )
    return finding(key, "cannot-tell", "Cannot tell", f"{text} {_scarce(recording)}", cites)


def threads_answer(recording: Recording, acts: dict[str, list[Act]], calm: Mapping[str, float]) -> Event:
    """The answer to the lab's question, about Python's threads only."""
    if "thread" not in acts:
        return answer("threads", "cannot-tell", "No thread of Python counted in this run.", [])
    threads = acts["thread"]
    cites = cite(threads[0].part, *(s.id for s in threads[0].spans[:4]))
    seen = Evidence.of(threads, calm)
    text = _numbers(recording, threads, seen, calm)
    if max(act.at_once for act in threads) < 2:
        return answer("threads", "alone", f"{text} No two were under way at the same moment.", cites)
    if seen.together:
        return answer("threads", "together", text, cites)
    locked = bool(threads[0].part.host.get("gil", True))
    others = [Evidence.of(acts[way], calm) for way in ("process", "interpreter") if way in acts]
    sure = seen.served or seen.later_than(others) if locked else any(other.together for other in others)
    if seen.in_turns and sure:
        return answer("threads", "turns", text, cites)
    return answer("threads", "cannot-tell", f"{text} {_scarce(recording)}", cites)


def _numbers(recording: Recording, acts: list[Act], seen: Evidence, calm: Mapping[str, float]) -> str:
    way, workers = acts[0].way, max(act.at_once for act in acts)
    who = f"{workers} {MANY[way]}" if workers > 1 else f"one {way}"
    cpus = f"had {seen.cpus.words()} of {count(recording.cpus, 'CPU')} together" if seen.cpus else "counted alone"
    during = Measured.of(1000 * a.lag for a in acts if a.lag is not None)
    quiet = Measured.of(1000 * calm[a.part.id] for a in acts if a.part.id in calm)
    if during is None or quiet is None:
        return f"{who.capitalize()} {cpus}."
    return (
        f"{who.capitalize()} {cpus}; meanwhile the middle heartbeat of the loop was {during.words(1)} ms late, "
        f"in calm {quiet.words(1)} ms."
    )


def _free_threaded(seen: Evidence, apart: bool, text: str, cites: list[dict[str, str]]) -> Event:
    text += " This Python runs without a GIL (a free-threaded build): its threads may run Python code at the same time."
    if seen.together:
        return finding("gil", "yes", "At the same time", text, cites)
    if seen.in_turns and apart:
        return finding("gil", "no", "Threads took turns", f"{text} Yet they had no more than one CPU.", cites)
    return finding("gil", "cannot-tell", "Cannot tell", f"{text} This run does not show it.", cites)


def _why_not(recording: Recording, seen: Evidence, apart: bool) -> str:
    if recording.cpus < 2:
        return "But with one usable CPU everybody must take turns, and the heartbeat shows no difference here."
    if seen.cpus is None:
        return "But only one was under way at a time, and the heartbeat does not show it."
    if seen.in_turns and not apart:
        return "But nothing in this run shows that more CPUs were to be had. Let processes count as well."
    return "The repeats differ too much to show it."


def _scarce(recording: Recording) -> str:
    if recording.cpus < 2:
        return "With one usable CPU everybody must take turns."
    return f"The repeats differ too much, or not all CPUs were to be had, because of {rivals(recording)}."
