"""The ladder's rows of the group ``desk``: measured in counties of their own, on both databases; the worse one counts."""

from __future__ import annotations

import argparse

from tongban.cli.bench import shown
from tongban.cli.bench.databases import Measurer, database, kinds
from tongban.cli.bench.goals import rounded, whole

_KILLS, _CASES, _AT_ONCE = 1000, 300, 1000
# So long before they fall due, so that all of them are there by then (s).
_AHEAD = 100


def escalations_killed(args: argparse.Namespace) -> float | str:
    """Rungs, slips and items of an agenda that are there more or less than once after 1,000 killed workers."""
    given = {"kills": _KILLS, "cases": _CASES} if whole(args) else {"kills": 40, "cases": 10}
    found = _worst("killed", "wrong", f"{given['kills']:,} workers killed", **given)
    return found if found or whole(args) else f"this run kills {given['kills']} workers, not {_KILLS:,}"


def escalation_latest(args: argparse.Namespace) -> float | str:
    """Seconds until the last of 1,000 is urged whose promises end at one closing: from then, or from a worker's later start."""
    given = {"cases": _AT_ONCE, "ahead": _AHEAD} if whole(args) else {"cases": 10, "ahead": 3}
    words = f"{given['cases']:,} promises end at once, %s"
    ways = {True: "then a worker starts"} | ({False: "while a worker runs"} if whole(args) else {})
    found = max(_worst("late", "seconds", words % way, **given, idle=idle) for idle, way in ways.items())
    return found if whole(args) else f"in this run {given['cases']} promises end at once, not {_AT_ONCE:,}"


def _worst(do: str, what: str, words: str, **given: int) -> float:
    found = []
    with shown.progress() as bar:
        for kind in kinds():
            with database(kind, do) as environment, Measurer(environment) as measurer:
                found.append(float(measurer.ask(do, shown.bar(bar, f"{words} ({kind})"), **given)[what]))
    return rounded(max(found))
