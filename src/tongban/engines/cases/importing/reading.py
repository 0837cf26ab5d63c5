"""Reading a foreign table safely: a child process opens it, this side only takes plain values from a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tongban.core.refusals import Refused
from tongban.engines.cases.importing import refusals as _sentences  # noqa: F401 - declares them
from tongban.engines.cases.importing.bounds import FILE_BYTES, MIB, WALL_SECONDS
from tongban.engines.cases.importing.columns import heading_row

Cell = str | float | int | bool | datetime | date
_LOOKED_AT = 10  # rows among which the headings are sought: exports like to put a name above them
_CHILD = "tongban.engines.cases.importing.child"


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table. ``number`` is what a spreadsheet program shows beside it."""

    number: int
    cells: list[Cell]


@dataclass(slots=True)
class Table:
    """An open table: its headings, and the lines below them, to be taken once."""

    headings: list[str]
    lines: Iterator[Line]
    sheet: str = ""
    unread: tuple[str, ...] = ()


@contextmanager
def open_table(path: Path) -> Iterator[Table]:
    """The table in ``path``; refused with a sentence if it cannot be read, even when only its end is broken."""
    _check_file(path)
    child = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
        [sys.executable, "-I", "-m", _CHILD, str(path.resolve())],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="ascii",
    )  # fmt: skip
    watch = _Watch(child)
    try:
        yield _table(_values(child, watch))
    finally:
        watch.over.set()
        child.kill()
        if child.stdout:
            child.stdout.close()
        child.wait()


class _Watch:
    """Ends a child that has kept us waiting for one line too long; how long we take over the line is our own affair."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self.child, self.over = child, threading.Event()
        self.since: float | None = None
        threading.Thread(target=self._look, name="import-watch", daemon=True).start()

    def _look(self) -> None:
        while not self.over.wait(min(1.0, WALL_SECONDS / 4)):
            since = self.since
            if since is not None and time.monotonic() - since > WALL_SECONDS:
                self.child.kill()
                return


def _check_file(path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError:
        raise Refused("import.file.missing", path=path.name) from None
    if not path.is_file():
        raise Refused("import.file.missing", path=path.name)
    if size == 0:
        raise Refused("import.file.empty")
    if size > FILE_BYTES:
        raise Refused("import.file.size", most=FILE_BYTES // MIB)


def _values(child: subprocess.Popen[str], watch: _Watch) -> Iterator[Any]:
    """What the child says, until it says that it is done; a child that just ends was stopped by its limits."""
    assert child.stdout is not None
    while True:
        watch.since = time.monotonic()
        line = child.stdout.readline()
        watch.since = None
        if not line.endswith("\n"):
            break
        value = json.loads(line)
        if isinstance(value, dict) and "trouble" in value:
            raise Refused(value["trouble"], **value["params"])
        if isinstance(value, dict) and "end" in value:
            return
        yield value
    raise Refused("import.file.slow" if child.wait() < 0 else "import.file.broken")


def _table(values: Iterator[Any]) -> Table:
    about = next(values)
    first: list[Line] = []
    for row in values:
        first.append(Line(len(first) + 1, [_cell(c) for c in row]))
        if len(first) == _LOOKED_AT:
            break
    at = heading_row([line.cells for line in first])
    if at is None:
        raise Refused("import.file.empty")
    headings = [text_of(cell) for cell in first[at].cells]
    return Table(headings, _lines(first[at + 1 :], values, len(first)), about["name"], tuple(about["unread"]))


def _lines(first: list[Line], values: Iterator[Any], read: int) -> Iterator[Line]:
    for line in first:
        if any(cell != "" for cell in line.cells):
            yield line
    for number, row in enumerate(values, read + 1):
        cells = [_cell(c) for c in row]
        if any(not isinstance(c, str) or c.strip() for c in cells):
            yield Line(number, cells)


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        kind, text = next(iter(value.items()))
        return datetime.fromisoformat(text) if kind == "moment" else date.fromisoformat(text)
    return "" if value is None else value


def text_of(cell: Cell) -> str:
    """A cell as text: whole numbers without a point, and without the apostrophe that kept a formula from running.

    >>> text_of(2549.0), text_of("'=1+1"), text_of(" 0573\\t")
    ('2549', '=1+1', '0573')
    """
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return f"{cell.date()} {cell:%H:%M:%S}"
    text = str(cell).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA else text


FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
