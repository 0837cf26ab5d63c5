"""The rows of lists at a million cases, which more than one group promises."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from typing import Any

from rich.progress import Progress

from tongban.cli.bench import shown
from tongban.cli.bench.counties import large
from tongban.cli.bench.databases import Measurer
from tongban.cli.bench.goals import MILLION, SMALL, Found, rounded
from tongban.cli.words import ERR

KINDS = ("sqlite", "postgresql")
ROWS = frozenset({"list_queries_worst", *(f"list_p95_at_million_{kind}" for kind in KINDS)})
NO_SERVER = "no PostgreSQL answers, neither at DATABASE_URL nor locally"
_CALLS, _FEW_CALLS = 200, 2

Lists = dict[str, dict[str, Any]]


def years(stack: ExitStack, bar: Progress, cases: int) -> dict[str, tuple[Measurer, dict[str, Any]]]:
    """On each database a county with three years of so many cases."""
    return large(stack, bar, "build", cases, f"a county of {cases:,} cases")


def called(bar: Progress, kind: str, one: Measurer, cases: int) -> Lists:
    """Every list of that county by its name: the 95th hundredth of its time (ms), and its queries."""
    calls = _CALLS if cases >= SMALL else _FEW_CALLS
    return one.ask("lists", shown.bar(bar, f"{kind}: lists at {cases:,}"), calls=calls)


def measure(args: argparse.Namespace) -> Found:
    """The rows, in counties of their own."""
    with ExitStack() as stack:
        bar = stack.enter_context(shown.progress())
        counties = years(stack, bar, args.cases)
        return rows({kind: called(bar, kind, one, args.cases) for kind, (one, _) in counties.items()}, args.cases)


def rows(found: dict[str, Lists], cases: int) -> Found:
    """Database → its lists, as rows; the slowest are told on the terminal."""
    told: Found = {"list_queries_worst": max(one["queries"] for lists in found.values() for one in lists.values())}
    for kind in KINDS:
        name = f"list_p95_at_million_{kind}"
        if kind not in found:
            told[name] = NO_SERVER
        elif cases < MILLION:
            told[name] = no_million(cases)
        else:
            told[name] = rounded(max(one["p95"] for one in found[kind].values() if one["calls"] >= _CALLS))
    for kind, lists in found.items():
        for name, one in sorted(lists.items(), key=lambda x: -x[1]["p95"])[:3]:
            ERR.print(f"{kind}: {name}: {one['p95']:.1f} ms, {one['queries']} queries", markup=False)
    return told


def no_million(cases: int) -> str:
    """Why a run with so few has no figure for a million."""
    return f"this run has {cases:,} cases, not a million"
