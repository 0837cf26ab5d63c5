"""Counties to measure in: each with a process and a database of its own."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Thread
from typing import Any

from rich.progress import Progress

from tongban.cli.bench import shown
from tongban.cli.bench.databases import Measurer, database, kinds


def county(stack: ExitStack, kind: str, name: str) -> Measurer:
    """A process that measures in a new database, both gone when the stack is left."""
    environment = stack.enter_context(database(kind, f"{kind}_{name}"))
    return stack.enter_context(Measurer(environment))


def large(
    stack: ExitStack, bar: Progress, do: str, cases: int, what: str
) -> dict[str, tuple[Measurer, dict[str, Any]]]:
    """A county on each database, and what came of building it with ``do``.

    Side by side: each has a processor of its own, and how long that takes is no row.
    """
    counties = {kind: county(stack, kind, do) for kind in kinds()}
    built: dict[str, dict[str, Any]] = {}

    def build(kind: str) -> None:
        built[kind] = counties[kind].ask(do, shown.bar(bar, f"{kind}: {what}"), cases=cases)

    threads = [Thread(target=build, args=(kind,), daemon=True) for kind in counties]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():  # so that Ctrl-C is heard
            thread.join(0.5)
    for kind in counties:
        if kind not in built:
            raise RuntimeError(f"the county on {kind} could not be built")
    return {kind: (one, built[kind]) for kind, one in counties.items()}
