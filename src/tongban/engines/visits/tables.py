"""A table of who calls on whom: credit codes, officers, perhaps the day of the last visit; other columns are left alone."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from tongban.core.refusals import Refused
from tongban.engines.cases.importing.reading import Cell, open_table, text_of
from tongban.engines.visits import refusals as _refusals  # noqa: F401 - declares the sentences

_CODES = ("统一社会信用代码", "社会信用代码", "信用代码", "creditcode")
_OFFICERS = ("联络员登录名", "联络员用户名", "登录名", "用户名", "联络员", "username", "officer")
_LAST = ("上次走访日期", "上次走访", "lastvisit")
MOST = 1000


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it was written; ``last_visit`` is a day where the table holds one, else its text ("" for none)."""

    code: str
    officer: str
    last_visit: str | date = ""


def rows_in(content: bytes) -> list[Row]:
    """Each row of a workbook or text table that names a firm or an officer; at most :data:`MOST`."""
    with tempfile.NamedTemporaryFile(suffix=".table") as file:
        file.write(content)
        file.flush()
        with open_table(Path(file.name)) as table:
            code, officer = _column(table.headings, _CODES), _column(table.headings, _OFFICERS)
            last = _place(table.headings, _LAST)
            read = (Row(_text(x.cells, code), _text(x.cells, officer), _day(x.cells, last)) for x in table.lines)
            found = [row for row in read if row.code or row.officer]
    if len(found) > MOST:
        raise Refused("liaison.rows", field="file", most=MOST, rows=len(found))
    return found


def _column(headings: list[str], names: tuple[str, ...]) -> int:
    place = _place(headings, names)
    if place is None:
        raise Refused("liaison.table", field="file")
    return place


def _place(headings: list[str], names: tuple[str, ...]) -> int | None:
    plain = ["".join(heading.split()).lower() for heading in headings]
    return next((plain.index(name) for name in names if name in plain), None)


def _text(cells: Sequence[Cell], column: int) -> str:
    return text_of(cells[column]) if column < len(cells) else ""


def _day(cells: Sequence[Cell], column: int | None) -> str | date:
    if column is None or column >= len(cells):
        return ""
    cell = cells[column]
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else text_of(cell)
