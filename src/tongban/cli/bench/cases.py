"""The group ``cases``: opening, lists, the mix, the bulk writer and the import, on both databases."""

from __future__ import annotations

import argparse
import json
import os
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from rich.progress import Progress

from tongban.cli.bench import shown
from tongban.cli.bench.databases import Measurer, Told, database, server
from tongban.cli.bench.goals import Row, complete, project
from tongban.cli.words import ERR

MILLION, SMALL = 1_000_000, 10_000
_KINDS = ("sqlite", "postgresql")
_FILE = "messages/messages_with_replies.xlsx"
_NO_SERVER = "no PostgreSQL answers, neither at DATABASE_URL nor locally"


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done. A run with few cases only shows that all of it works."""

    bulk: int = 6_000
    creates: int = 200
    calls: int = 200
    pairs: int = 7
    rounds: int = 25


_LITTLE = Effort(bulk=200, creates=5, calls=2, pairs=1, rounds=2)

Found = dict[str, float | str]


def measure(args: argparse.Namespace) -> list[Row]:
    """All rows of the group. One thing is measured at a time; only the large counties are built side by side."""
    kinds = [k for k in _KINDS if k == "sqlite" or server()]
    found: Found = {}
    details: dict[str, Any] = {"cases": args.cases}
    effort = Effort() if args.cases >= SMALL else _LITTLE
    with ExitStack() as stack:
        bar = stack.enter_context(shown.progress())
        small = {k: _measurer(stack, k, "small") for k in kinds}
        for kind, one in small.items():
            one.ask("build", _bar(bar, f"{kind}: a county of {SMALL:,} cases"), cases=min(SMALL, args.cases))
        for kind, one in small.items():
            details[kind] = _small(bar, kind, one, effort)
        details["import"] = _import(bar, small["sqlite"], found)
        large = {k: _measurer(stack, k, "large") for k in kinds}
        _build(bar, large, args.cases, details)
        for kind, one in large.items():
            details[kind]["lists"] = one.ask("lists", _bar(bar, f"{kind}: lists at {args.cases:,}"), calls=effort.calls)
            details[kind]["mix"] = _mix(bar, kind, small[kind], one, effort)
    found |= _rows(details, kinds, args.cases)
    rows = complete("cases", found)
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.with_suffix(".details.json").write_text(json.dumps(details, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return rows


def _measurer(stack: ExitStack, kind: str, size: str) -> Measurer:
    environment = stack.enter_context(database(kind, f"{kind}_{size}"))
    return stack.enter_context(Measurer(environment))


def _bar(bar: Progress, what: str) -> Told:
    task = bar.add_task(what, total=None)
    return lambda done, whole: bar.update(task, completed=done, total=whole)


def _small(bar: Progress, kind: str, one: Measurer, effort: Effort) -> dict[str, Any]:
    """What needs no large county: in one of ten thousand cases."""
    return {
        "bulk": one.ask("bulk", _bar(bar, f"{kind}: bulk writer"), cases=effort.bulk),
        "create": one.ask("create", _bar(bar, f"{kind}: opening a case"), calls=effort.creates),
    }


def _import(bar: Progress, one: Measurer, found: Found) -> dict[str, Any]:
    folder = Path(os.environ.get("TONGBAN_SHARED_DATA") or project().parent / "shared" / "data")
    file = folder / _FILE
    if not file.is_file():
        why = f"the shared data are absent: TONGBAN_SHARED_DATA names their folder (it lacks {_FILE})"
        found |= {"import_rate": why, "import_longest_lock": why}
        return {}
    result = one.ask("take_over", _bar(bar, "sqlite: import of real messages"), file=str(file))
    found |= {"import_rate": _round(result["rate"]), "import_longest_lock": _round(result["lock"])}
    return result


def _build(bar: Progress, large: dict[str, Measurer], cases: int, details: dict[str, Any]) -> None:
    """Side by side: each has a processor of its own, and how long it takes is no row."""
    from threading import Thread

    built: dict[str, Any] = {}

    def build(kind: str) -> None:
        built[kind] = large[kind].ask("build", _bar(bar, f"{kind}: a county of {cases:,} cases"), cases=cases)

    threads = [Thread(target=build, args=(kind,), daemon=True) for kind in large]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():  # so that Ctrl-C is heard
            thread.join(0.5)
    for kind in large:
        if kind not in built:
            raise RuntimeError(f"the large county on {kind} could not be built")
        details[kind]["build"] = built[kind]


def _mix(bar: Progress, kind: str, small: Measurer, large: Measurer, effort: Effort) -> dict[str, Any]:
    """Interleaved, so that what else the machine does falls on both."""
    told = _bar(bar, f"{kind}: the mix")
    for one in (small, large):
        one.ask("mix", rounds=max(1, effort.rounds // 5))
    pairs = []
    for i in range(effort.pairs):
        pairs.append((small.ask("mix", rounds=effort.rounds)["rate"], large.ask("mix", rounds=effort.rounds)["rate"]))
        told(i + 1, effort.pairs)
    return {"pairs": pairs, "ratio": median(b / a for a, b in pairs)}


def _rows(details: dict[str, Any], kinds: list[str], cases: int) -> Found:
    found: Found = {
        "create_queries": max(details[k]["create"]["queries"] for k in kinds),
        "list_queries_worst": max(one["queries"] for k in kinds for one in details[k]["lists"].values()),
    }
    for kind in _KINDS:
        names = {
            f"create_cpu_{kind}": lambda d: d["create"]["cpu"],
            f"bulk_write_{kind}": lambda d: d["bulk"]["openings"],
            f"list_p95_at_million_{kind}": lambda d: max(o["p95"] for o in d["lists"].values() if o["calls"] >= 200),
            f"mix_million_over_ten_thousand_{kind}": lambda d: d["mix"]["ratio"],
        }
        for name, value in names.items():
            if kind not in kinds:
                found[name] = _NO_SERVER
            elif "million" in name and cases < MILLION:
                found[name] = f"this run has {cases:,} cases, not a million"
            else:
                found[name] = _round(value(details[kind]))
    for kind in kinds:
        worst = sorted(details[kind]["lists"].items(), key=lambda x: -x[1]["p95"])[:3]
        for name, one in worst:
            ERR.print(f"{kind}: {name}: {one['p95']:.1f} ms, {one['queries']} queries", markup=False)
    return found


def _round(value: float) -> float:
    """Four significant digits: more would claim what was not measured."""
    return float(f"{value:.4g}")
