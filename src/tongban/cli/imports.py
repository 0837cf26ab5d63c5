"""``tongban import requests FILE``: rows of a foreign table become cases."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tongban.cli.words import ERR, Trouble, language, words

if TYPE_CHECKING:
    from tongban.engines.cases.importing.batches import Totals
    from tongban.engines.cases.importing.reports import Note
    from tongban.engines.cases.importing.running import Plan

_SHOWN = 20  # notes that the terminal shows; the rest stands in the file
_SOURCE = "import"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Its name and arguments."""
    whole = subparsers.add_parser("import", help="take requests over from a table (.xlsx, .xls, CSV)")
    kinds = whole.add_subparsers(title="what", metavar="WHAT", required=True, dest="what")
    parser = kinds.add_parser(
        "requests",
        help="requests with what was already replied to them",
        description="Open a case for each row of a table, with its true times and the reply that was already given. "
        "A row that is known by source and number is left as it is. The last line of the output is, in every "
        "language, “N rows: N opened, N unchanged, N refused”.",
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help=".xlsx, .xls or CSV (UTF-8 or GBK; comma, semicolon, tab)"
    )
    parser.add_argument("--programme", required=True, metavar="CODE", help="whose requests they are, such as community")
    parser.add_argument(
        "--mapping", metavar="NAME", help="a saved choice of columns (default: guessed from the headings)"
    )
    parser.add_argument(
        "--column", action="append", default=[], metavar="FIELD=HEADING",
        help="which column a field is, when the guess is wrong, such as body=留言详情 (may be repeated)",
    )  # fmt: skip
    parser.add_argument("--save-mapping", metavar="NAME", help="keep the columns used here under a name")
    parser.add_argument(
        "--source", default=_SOURCE, metavar="NAME",
        help=f"the system that the rows come from; with it a row's number is known again (default: {_SOURCE})",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")
    return whole


def run(args: argparse.Namespace) -> int:
    """Import, with a bar on the terminal; problems on standard error, the totals last on standard output."""
    from tongban.cli.serve import require_tables
    from tongban.engines.cases.importing.running import Plan

    require_tables()
    plan = Plan(args.file, args.programme, args.source, _choice(args))
    if args.dry_run:
        return _preview(plan)
    return _import(plan, args.save_mapping)


def _choice(args: argparse.Namespace) -> dict[str, str] | None:
    """Field → heading: the saved mapping, then what was said by hand; None leaves it to the guess."""
    from tongban.engines.cases.importing.mappings import guessed, saved_mapping
    from tongban.engines.cases.importing.reading import open_table

    said = dict(_pair(text) for text in args.column)
    if args.mapping:
        return {**saved_mapping(args.programme, args.mapping), **said}
    if not said:
        return None
    with open_table(args.file) as table:
        return {f: h for f, h in guessed(table.headings).items() if h not in said.values()} | said


def _pair(text: str) -> tuple[str, str]:
    name, equals, heading = text.partition("=")
    if not equals or not heading:
        raise Trouble("--column 要写成 字段=表头。", "--column takes FIELD=HEADING.", status=2)
    return name.strip(), heading.strip()


def _preview(plan: Plan) -> int:
    from django.utils import timezone

    from tongban.engines.cases.importing.running import preview

    found = preview(plan, at=timezone.now(), most_notes=_SHOWN)
    _say_notes(found.notes, found.noted)
    t = found.totals
    _say_what_waits(t)
    ERR.print(words("只是预演，什么也没有写。", "Only tried out: nothing was written."), markup=False)
    _last(f"{t.rows} rows: {t.opened} would be opened, {t.unchanged} unchanged, {t.refused} refused")
    return 0


def _import(plan: Plan, save_as: str | None) -> int:
    from django.utils import timezone
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from tongban.core.ledger.actor import COMMAND
    from tongban.engines.cases.importing import batches, mappings, reports
    from tongban.engines.cases.importing.running import Running, count_rows

    plan.kind()
    rows, headings, columns = count_rows(plan)  # a file that cannot be read leaves no batch behind
    at = timezone.now()
    if save_as:  # first: a name that cannot be taken is said before anything is imported
        choice = {field: headings[place] for field, place in columns.places.items()}
        mappings.save_mapping(name=save_as, programme=plan.programme, choice=choice, by=COMMAND, at=at)
    batch = batches.begin(
        batches.new_batch(
            programme=plan.programme, source=plan.source, file_name=plan.path.name,
            file_hash=batches.file_hash(plan.path), by=COMMAND, at=at,
        ),
        by=COMMAND, at=at,
    )  # fmt: skip
    notes: list[Note] = []
    counted = 0

    def note(one: Note) -> None:
        nonlocal counted
        counted += 1
        if len(notes) < _SHOWN:
            notes.append(one)

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*parts, console=ERR, transient=not ERR.is_terminal) as bar:
        task = bar.add_task(words("导入", "Importing"), total=rows)
        work = Running(
            plan, batch, COMMAND, timezone.now, tell=lambda t: bar.update(task, completed=t.done), note=note
        )  # fmt: skip
        work.run()
    _say_notes(notes, counted)
    if work.totals.refused:
        _say_file(reports.write_table(batch.pk, language()))
    _say_what_waits(work.totals)
    _last(work.totals.line())
    return 0


def _say_notes(notes: list[Note], counted: int) -> None:
    for note in notes:
        ERR.print(note.line(language()), markup=False)
    if counted > len(notes):
        more = counted - len(notes)
        ERR.print(words("……还有 {n} 条", "… and {n} more", n=more), markup=False)


def _say_what_waits(totals: Totals) -> None:
    """What the opened ones mean for the desk: those without an answer join its queue."""
    if totals.opened:
        told = words(
            "新开的里面：{answered} 件带有答复，导入即办结；{waiting} 件没有答复（或只有收悉回执），进入待受理。",
            "Of those opened: {answered} with an answer, closed at once; {waiting} without one (or with a receipt only),"
            " which join the queue to be accepted.",
            answered=totals.answered, waiting=totals.waiting,
        )  # fmt: skip
        ERR.print(told, markup=False)


def _say_file(path: Path | None) -> None:
    if path is not None:
        told = words(
            "没导入的行在 {path}，改好后可以再导入。", "The rows left out are in {path}; mend and import it.", path=path
        )
        ERR.print(told, markup=False)


def _last(line: str) -> None:
    """Plain, unwrapped and last: scripts read it."""
    ERR.file.flush()
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
