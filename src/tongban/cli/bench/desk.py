"""The group ``desk``: what a county's desk promises beyond its lists. Each row has a measure of its own."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack

from tongban.cli.bench import lists, pressing, ready, shown
from tongban.cli.bench.counties import large
from tongban.cli.bench.databases import Measurer, database, kinds
from tongban.cli.bench.goals import MILLION, Found, Row, complete, rounded, whole, written
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


def _alone(name: str, row: Callable[[argparse.Namespace], float | str]) -> Callable[[argparse.Namespace], Found]:
    return lambda args: {name: row(args)}


# What measures which rows, or says in a sentence why this run cannot; each in counties of its own.
MEASURES: tuple[tuple[frozenset[str], Callable[[argparse.Namespace], Found]], ...] = (
    *(
        (frozenset({name}), _alone(name, row))
        for name, row in {
            "demo_full_ready": ready.demo_full_ready,
            "outbox_double_effects_of_ten_replays": double_effects,
            "escalation_latest": pressing.escalation_latest,
            "escalations_not_exactly_once_of_1000_kills": pressing.escalations_killed,
            "undo_differences_of_10000_sequences": undo_differences,
            "recompute_million_deadlines": recompute,
        }.items()
    ),
    (lists.ROWS, lists.measure),
)


def measure(args: argparse.Namespace) -> list[Row]:
    """All rows of the group, or those that were asked for, one after another; the others stay as the file has them."""
    found = written("desk", args.json) if args.only else {}
    for names, row in MEASURES:
        if not args.only or names & set(args.only):
            found |= row(args)
    return complete("desk", found)
