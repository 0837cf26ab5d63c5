"""The group ``desk``: what a county's desk promises beyond its lists. Each row has a measure of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack

from tongban.cli.bench import lists, pressing, ready, shown
from tongban.cli.bench.counties import large
from tongban.cli.bench.databases import Measurer, database, kinds
from tongban.cli.bench.goals import MILLION, Row, complete, rounded, whole
from tongban.cli.bench.lists import no_million

SEQUENCES, REPLAYED, REPLAYS = 10_000, 100, 10
_TRIED = 20


def undo_differences(args: argparse.Namespace) -> float | str:
    """What random sequences of merging, splitting, working and undoing leave different from what stood before."""
    sequences = SEQUENCES if whole(args) else _TRIED
    with shown.progress() as bar, database("sqlite", "undo") as environment, Measurer(environment) as one:
        told = shown.bar(bar, f"{sequences:,} sequences of merge, split and undo")
        found = one.ask("undo", told, sequences=sequences)["differences"]
    if found or whole(args):
        return float(found)
    return f"this run has {sequences} sequences, not {SEQUENCES:,}"


def double_effects(args: argparse.Namespace) -> float | str:
    """What ten replays of every row, in any order, lead to beyond what each led to once; on both databases."""
    given = {"cases": REPLAYED, "replays": REPLAYS} if whole(args) else {"cases": 5, "replays": 1}
    found = 0.0
    with shown.progress() as bar:
        for kind in kinds():
            with database(kind, "replays") as environment, Measurer(environment) as one:
                result = one.ask(
                    "replayed", shown.bar(bar, f"{kind}: every row {given['replays']} times more"), **given
                )
            if result["failed"] or not result["outside"]:
                raise RuntimeError(f"the bench's outbox is not done: {result}")
            found += result["doubles"]
    return found if found or whole(args) else f"this run replays once what {given['cases']} cases send, not ten times"


def recompute(args: argparse.Namespace) -> float | str:
    """Seconds until a million open cases have their deadlines anew; the slower database counts."""
    with ExitStack() as stack:
        bar = stack.enter_context(shown.progress())
        counties = large(stack, bar, "opened", args.cases, f"{args.cases:,} open cases")
        found = [one.ask("recomputed", shown.bar(bar, f"{kind}: a day of rest")) for kind, (one, _) in counties.items()]
    return rounded(max(one["seconds"] for one in found)) if args.cases >= MILLION else no_million(args.cases)


# Row → what measures it, or says in a sentence why this run cannot.
MEASURES: dict[str, Callable[[argparse.Namespace], float | str]] = {
    "undo_differences_of_10000_sequences": undo_differences,
    "demo_full_ready": ready.demo_full_ready,
    "escalations_not_exactly_once_of_1000_kills": pressing.escalations_killed,
    "escalation_latest": pressing.escalation_latest,
    "outbox_double_effects_of_ten_replays": double_effects,
    "recompute_million_deadlines": recompute,
}


def measure(args: argparse.Namespace) -> list[Row]:
    """All rows of the group, one after another."""
    found = {name: row(args) for name, row in MEASURES.items()}
    return complete("desk", found | lists.measure(args))
