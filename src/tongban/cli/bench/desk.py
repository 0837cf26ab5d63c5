"""The group ``desk``: what a county's desk promises beyond its lists. Each row has a measure of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tongban.cli.bench import pressing, ready, shown
from tongban.cli.bench.databases import Measurer, database
from tongban.cli.bench.goals import LATER, Row, complete, goals

SEQUENCES = 10_000
# With so few cases, the run only shows that all works.
_FEW, _TRIED = 10_000, 20


def undo_differences(args: argparse.Namespace) -> float | str:
    """What random sequences of merging, splitting, working and undoing leave different from what stood before."""
    whole = args.cases >= _FEW
    sequences = SEQUENCES if whole else _TRIED
    with shown.progress() as bar, database("sqlite", "undo") as environment, Measurer(environment) as one:
        task = bar.add_task(f"{sequences:,} sequences of merge, split and undo", total=None)
        found = one.ask(
            "undo", lambda done, of: bar.update(task, completed=done, total=of), sequences=sequences
        )["differences"]  # fmt: skip
    if found or whole:
        return float(found)
    return f"this run has {sequences} sequences, not {SEQUENCES:,}"


# Row → what measures it, or says in a sentence why this run cannot.
MEASURES: dict[str, Callable[[argparse.Namespace], float | str]] = {
    "undo_differences_of_10000_sequences": undo_differences,
    "demo_full_ready": ready.demo_full_ready,
    "escalations_not_exactly_once_of_1000_kills": pressing.escalations_killed,
    "escalation_latest": pressing.escalation_latest,
}


def measure(args: argparse.Namespace) -> list[Row]:
    """All rows of the group, one after another; those without a measure say so."""
    found = {goal.name: MEASURES[goal.name](args) if goal.name in MEASURES else LATER for goal in goals()["desk"]}
    return complete("desk", found)
