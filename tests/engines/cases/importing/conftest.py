"""The same invented letters in every form in which an office may send them, and one way to import them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlwt

from tests.engines.cases.conftest import County, county  # noqa: F401 - the county is a fixture of these tests too
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.engines.cases.importing import batches
from tongban.engines.cases.importing.batches import Totals
from tongban.engines.cases.importing.reports import Note, Sort
from tongban.engines.cases.importing.running import Plan, Running
from tongban.engines.cases.models import Batch

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
LETTERS = Path(__file__).resolve().parents[3] / "fixtures/imports/letters.csv"
HEADINGS = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]


def letters() -> list[list[str]]:
    with LETTERS.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def as_xlsx(path: Path, rows: list[list[object]], *, above: list[list[object]] | None = None) -> Path:
    """Numbers as numbers, and one time as a true Excel time, as spreadsheet programs like to have it."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [*(above or []), *rows]:
        sheet.append([_typed(cell) for cell in row])
    book.save(path)
    return path


def as_xls(path: Path, rows: list[list[object]]) -> Path:
    book = xlwt.Workbook()
    sheet = book.add_sheet("来信")
    day = xlwt.easyxf(num_format_str="yyyy/m/d h:mm:ss")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            typed = _typed(cell)
            sheet.write(r, c, typed, day) if isinstance(typed, datetime) else sheet.write(r, c, typed)
    book.save(str(path))
    return path


def as_csv(path: Path, rows: list[list[object]], *, encoding: str = "utf-8", delimiter: str = ",") -> Path:
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def _typed(cell: object) -> object:
    if cell == "2019/4/25 9:32:09":
        return datetime(2019, 4, 25, 9, 32, 9)
    if isinstance(cell, str) and cell.startswith("="):
        return f"'{cell}"  # text, not a formula: as our own list of refused rows writes it
    return float(cell) if isinstance(cell, str) and cell.isdigit() and len(cell) < 6 else cell


@dataclass
class Imported:
    """What an import did."""

    batch: Batch
    totals: Totals
    finished: bool
    notes: list[Note] = field(default_factory=list)

    def sentences(self, *sorts: Sort) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        for note in self.notes:
            if not sorts or note.sort in sorts:
                found.setdefault(note.row, []).append(note.refusal.code)
        return found


Import = Callable[..., Imported]


@pytest.fixture
def run_import(county: County) -> Import:  # noqa: F811
    """Import a file as the command does, with a clock that stands nearly still."""

    def run(
        path: Path, *, source: str = "letters", programme: str = "community", choice: dict[str, str] | None = None,
        by: Actor = COMMAND, batch: Batch | None = None, stop_after: int | None = None,
    ) -> Imported:  # fmt: skip
        ticks = iter(range(10**9))
        asked = iter(range(10**9))
        plan = Plan(path, programme, source, choice)
        made = batch or batches.begin(
            batches.new_batch(
                programme=programme, source=source, file_name=path.name, file_hash=batches.file_hash(path), by=by, at=NOW
            ),
            by=by, at=NOW,
        )  # fmt: skip
        notes: list[Note] = []
        work = Running(
            plan, made, by, lambda: NOW + timedelta(milliseconds=next(ticks)), note=notes.append,
            stop=lambda: stop_after is not None and next(asked) >= stop_after,
        )  # fmt: skip
        finished = work.run()
        return Imported(made, work.totals, finished, notes)

    return run
