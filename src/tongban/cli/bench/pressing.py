"""The ladder's rows of the group ``desk``: measured in counties of their own, on both databases; the worse one counts."""

from __future__ import annotations

import argparse

from tongban.cli.bench import shown
from tongban.cli.bench.databases import Measurer, database, server

_KILLS, _CASES, _AT_ONCE = 1000, 300, 1000


def escalations_killed(args: argparse.Namespace) -> float | str:
    """Rungs, slips and items of an agenda that are there more or less than once after 1,000 killed workers."""
    return _worst(args, "killed", "wrong", "1,000 workers killed", kills=_KILLS, cases=_CASES)


def escalation_latest(args: argparse.Namespace) -> float | str:
    """Seconds from the closing at which 1,000 promises end to the last of them being urged."""
    return _worst(args, "late", "seconds", "1,000 promises end at once", cases=_AT_ONCE)


def _worst(args: argparse.Namespace, do: str, what: str, words: str, **given: int) -> float:
    del args
    found = []
    with shown.progress() as bar:
        for kind in ("sqlite", *(["postgresql"] if server() else [])):
            task = bar.add_task(f"{words} ({kind})", total=given.get("kills"))
            with database(kind, do) as environment, Measurer(environment) as measurer:
                found.append(float(measurer.ask(do, lambda done, _: bar.update(task, completed=done), **given)[what]))  # noqa: B023
    return float(f"{max(found):.4g}")
