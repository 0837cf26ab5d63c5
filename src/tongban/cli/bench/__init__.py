"""``tongban bench GROUP --json FILE``: measures one group of goals, and writes its rows."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import tempfile
from pathlib import Path

from tongban.cli.bench.goals import LATER, MILLION, Row, goals, unmeasured


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    parser = subparsers.add_parser(
        "bench",
        help="measure one group of goals",
        description="Measure one group of docs/goals.json in a county of its own, on SQLite and on PostgreSQL, and write "
        "its rows as JSON. A row that this run cannot measure has no value but a reason.",
    )
    parser.add_argument("group", metavar="GROUP", help="cases, desk, trust, triage or reach")
    parser.add_argument("--json", type=Path, required=True, metavar="FILE", help="where the rows are written")
    parser.add_argument("--peers", action="store_true", help="also measure the programs that goals are compared with")
    parser.add_argument(
        "--cases", type=int, default=MILLION, metavar="N",
        help=f"the size of the large county (default: {MILLION:,}; with fewer, rows that need them stay empty)",
    )  # fmt: skip
    parser.add_argument(
        "--only", nargs="+", metavar="ROW",
        help="measure these rows alone and leave the others as FILE has them (group desk, whose rows have counties each)",
    )  # fmt: skip
    return parser


def prepare(args: argparse.Namespace) -> None:
    """A folder of the bench's own before settings are read, so that the county at hand is never touched."""
    os.environ["TONGBAN_BENCH_DATABASE_URL"] = os.environ.pop("DATABASE_URL", "")
    os.environ["TONGBAN_DATA"] = tempfile.mkdtemp(prefix="tongban-bench-")
    os.environ["TONGBAN_MODE"] = "test"


def run(args: argparse.Namespace) -> int:
    """Measure, show and write; 1 if a row is missing or misnamed."""
    from tongban.cli.bench import cases, databases, desk, shown
    from tongban.cli.words import Trouble, complain, words

    if args.group not in goals():
        names = ", ".join(goals())
        raise Trouble("没有这一组：{group}。有：{names}。", "no group {group}; there are {names}.", status=2, group=args.group, names=names)  # fmt: skip
    strange = set(args.only or ()) - ({goal.name for goal in goals()["desk"]} if args.group == "desk" else set())
    if strange:
        raise Trouble(
            "{group} 组里不能单独测：{names}。", "of the group {group} these cannot be measured alone: {names}.", status=2,
            group=args.group, names=", ".join(sorted(strange)),
        )  # fmt: skip
    if args.group in ("cases", "desk") and not databases.server():
        complain(
            words(
                "没有应答的 PostgreSQL：两种数据库里取较差者的行，这次只是 SQLite 的。",
                "no PostgreSQL answers: rows that tell the worse of two databases are SQLite's alone in this run.",
            )
        )
    # However the run is ended, its processes, databases and folders go with it.
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        measured = {"cases": cases.measure, "desk": desk.measure}.get(args.group)
        rows = measured(args) if measured else unmeasured(args.group, LATER)
    finally:
        shutil.rmtree(os.environ["TONGBAN_DATA"], ignore_errors=True)
    _write(args.json, rows)
    shown.table(args.group, rows)
    return 0


def _interrupted(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _write(path: Path, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
