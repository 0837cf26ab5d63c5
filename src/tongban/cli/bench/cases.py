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

from tongban.cli.bench import lists, shown
from tongban.cli.bench.counties import county
from tongban.cli.bench.databases import Measurer, kinds
from tongban.cli.bench.goals import MILLION, SMALL, Found, Row, complete, project, rounded, whole
from tongban.cli.bench.lists import KINDS, NO_SERVER, no_million

_FILE = "messages/messages_with_replies.xlsx"


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are done. A run with few cases only shows that all of it works."""

    bulk: int = 6_000
    creates: int = 200
    pairs: int = 7
    rounds: int = 25


_LITTLE = Effort(bulk=200, creates=5, pairs=1, rounds=2)


def measure(args: argparse.Namespace) -> list[Row]:
    """All rows of the group. One thing is measured at a time; only the large counties are built side by side."""
    there = kinds()
    found: Found = {}
    details: dict[str, Any] = {"cases": args.cases}
    effort = Effort() if whole(args) else _LITTLE
    with ExitStack() as stack:
        bar = stack.enter_context(shown.progress())
        small = {k: county(stack, k, "small") for k in there}
        for kind, one in small.items():
            one.ask("build", shown.bar(bar, f"{kind}: a county of {SMALL:,} cases"), cases=min(SMALL, args.cases))
        for kind, one in small.items():
            details[kind] = _small(bar, kind, one, effort)
        details["import"] = _import(bar, small["sqlite"], found)
        large = lists.years(stack, bar, args.cases)
        for kind, (one, built) in large.items():
            details[kind]["build"] = built
            details[kind]["lists"] = lists.called(bar, kind, one, args.cases)
            details[kind]["mix"] = _mix(bar, kind, small[kind], one, effort)
    found |= _rows(details, there, args.cases)
    rows = complete("cases", found)
    args.json.parent.mkdir(parents=True, exist_ok=True)
    args.json.with_suffix(".details.json").write_text(json.dumps(details, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return rows


def _small(bar: Progress, kind: str, one: Measurer, effort: Effort) -> dict[str, Any]:
    """What needs no large county: in one of ten thousand cases."""
    return {
        "bulk": one.ask("bulk", shown.bar(bar, f"{kind}: bulk writer"), cases=effort.bulk),
        "create": one.ask("create", shown.bar(bar, f"{kind}: opening a case"), calls=effort.creates),
    }


def _import(bar: Progress, one: Measurer, found: Found) -> dict[str, Any]:
    folder = Path(os.environ.get("TONGBAN_SHARED_DATA") or project().parent / "shared" / "data")
    file = folder / _FILE
    if not file.is_file():
        why = f"the shared data are absent: TONGBAN_SHARED_DATA names their folder (it lacks {_FILE})"
        found |= {"import_rate": why, "import_longest_lock": why}
        return {}
    result = one.ask("take_over", shown.bar(bar, "sqlite: import of real messages"), file=str(file))
    found |= {"import_rate": rounded(result["rate"]), "import_longest_lock": rounded(result["lock"])}
    return result


def _mix(bar: Progress, kind: str, small: Measurer, large: Measurer, effort: Effort) -> dict[str, Any]:
    """Interleaved, so that what else the machine does falls on both."""
    told = shown.bar(bar, f"{kind}: the mix")
    for one in (small, large):
        one.ask("mix", rounds=max(1, effort.rounds // 5))
    pairs = []
    for i in range(effort.pairs):
        pairs.append((small.ask("mix", rounds=effort.rounds)["rate"], large.ask("mix", rounds=effort.rounds)["rate"]))
        told(i + 1, effort.pairs)
    return {"pairs": pairs, "ratio": median(b / a for a, b in pairs)}


def _rows(details: dict[str, Any], kinds: list[str], cases: int) -> Found:
    found = lists.rows({kind: details[kind]["lists"] for kind in kinds}, cases)
    found["create_queries"] = max(details[k]["create"]["queries"] for k in kinds)
    for kind in KINDS:
        names = {
            f"create_cpu_{kind}": lambda d: d["create"]["cpu"],
            f"bulk_write_{kind}": lambda d: d["bulk"]["openings"],
            f"mix_million_over_ten_thousand_{kind}": lambda d: d["mix"]["ratio"],
        }
        for name, value in names.items():
            if kind not in kinds:
                found[name] = NO_SERVER
            elif "million" in name and cases < MILLION:
                found[name] = no_million(cases)
            else:
                found[name] = rounded(value(details[kind]))
    return found
