"""What is to be said about the rows of an import: kept in a file for a month, shown in the reader's language.

It holds what people wrote, so that they can mend it; it is therefore no row of the database and no part of the ledger.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from tongban.core.files import uploads
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.importing.columns import FIELDS
from tongban.engines.cases.importing.reading import FORMULA, Cell, text_of


class Sort(StrEnum):
    """What kind of note it is."""

    REFUSED = "refused"  # the row was left out
    DIFFERS = "differs"  # the row is known, and reads differently now
    TWICE = "twice"  # the row says again what an earlier row of the file says
    REMARK = "remark"  # the row was taken all the same
    FILE = "file"  # about the file, not a row


SORTS = {
    Sort.REFUSED: Label("没导入", "left out"),
    Sort.DIFFERS: Label("有出入", "differs"),
    Sort.TWICE: Label("没变", "unchanged"),
    Sort.REMARK: Label("请留意", "please note"),
    Sort.FILE: Label("文件", "file"),
}


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to be said about one row. Row 0 is the file itself."""

    sort: Sort
    row: int
    refusal: Refused
    cells: tuple[str, ...] = ()

    def column(self, headings: Sequence[str], places: Mapping[str, int]) -> Label | None:
        """Which column it is about: by its heading in the file, else by the field's name."""
        name = self.refusal.field
        place = places.get(name) if name else None
        if place is not None and place < len(headings) and headings[place]:
            return Label(headings[place], headings[place])
        return FIELDS.get(name) if name else None

    def line(self, language: str) -> str:
        """The note on one line, with its row and field."""
        said = self.refusal.sentence(language)
        if not self.row:
            return said
        about = FIELDS.get(self.refusal.field or "")
        what = (
            f"{SORTS[self.sort].text(language)} · {about.text(language)}" if about else SORTS[self.sort].text(language)
        )
        return Label("第 {row} 行 [{what}] {said}", "Row {row} [{what}] {said}").text(
            language, row=self.row, what=what, said=said
        )


def path_of(batch: int) -> Path:
    """Where the report of a batch lies."""
    return uploads.folder() / f"batch-{batch}.jsonl"


class Report:
    """The report of one batch, being written: it begins anew when an import is taken up again."""

    def __init__(self, path: Path, headings: Sequence[str], places: Mapping[str, int]) -> None:
        self.path, self.fresh = path, path.with_suffix(".new")
        self._file: TextIO = os.fdopen(
            os.open(self.fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        )
        self._say({"headings": list(headings), "places": dict(places)})

    def add(self, note: Note) -> None:
        """One more note."""
        cells = note.cells if note.sort is Sort.REFUSED else ()
        params = {k: [v.zh, v.en] if isinstance(v, Label) else v for k, v in note.refusal.params.items()}
        self._say([note.sort.value, note.row, note.refusal.code, note.refusal.field, params, list(cells)])

    def close(self) -> None:
        """From now on this is the report."""
        self._file.close()
        self.fresh.replace(self.path)

    def _say(self, value: Any) -> None:
        self._file.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


@dataclass(frozen=True, slots=True)
class Finished:
    """A report as its readers take it."""

    headings: tuple[str, ...]
    places: Mapping[str, int]
    notes: tuple[Note, ...]

    def of(self, *sorts: Sort) -> list[Note]:
        """The notes of these kinds, by row."""
        return [n for n in self.notes if n.sort in sorts]


def read(path: Path) -> Finished | None:
    """The report in ``path``; None where there is none (any more)."""
    try:
        with path.open(encoding="utf-8") as file:
            head = json.loads(next(file))
            return Finished(tuple(head["headings"]), head["places"], tuple(map(_note, file)))
    except (OSError, StopIteration, ValueError):
        return None


def _note(line: str) -> Note:
    sort, row, code, field, params, cells = json.loads(line)
    given = {k: Label(*v) if isinstance(v, list) else v for k, v in params.items()}
    return Note(Sort(sort), row, Refused(code, field=field, **given), tuple(cells))


# -- the refused rows as a table -----------------------------------------------------------------------------------------


def safe(cell: str) -> str:
    """A cell that no spreadsheet program takes for a formula; the import takes the apostrophe off again.

    >>> safe("=HYPERLINK(1)"), safe("@x"), safe("2019/4/25")
    ("'=HYPERLINK(1)", "'@x", '2019/4/25')
    """
    return f"'{cell}" if cell.lstrip(" \t\r\n")[:1] in FORMULA or cell[:1] in ("\t", "\r", "\n") else cell


def table(finished: Finished, language: str) -> Iterator[str]:
    """The refused rows as CSV: row, column and reason in front, then the cells as they came, to be mended."""
    yield "\ufeff"
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")

    def flushed(cells: Iterable[str]) -> str:
        writer.writerow([safe(c) for c in cells])
        text = out.getvalue()
        out.seek(0)
        out.truncate()
        return text

    words = [
        Label("原表行号", "Row in the file"),
        Label("哪一列", "At fault"),
        Label("为什么没导入", "Why it was left out"),
    ]
    yield flushed([*(w.text(language) for w in words), *finished.headings])
    rows: dict[int, list[Note]] = {}
    for note in finished.of(Sort.REFUSED):
        rows.setdefault(note.row, []).append(note)
    for row, notes in rows.items():
        columns = [c.text(language) for n in notes if (c := n.column(finished.headings, finished.places))]
        reasons = " ".join(n.refusal.sentence(language) for n in notes)
        yield flushed([str(row), "; ".join(dict.fromkeys(columns)), reasons, *notes[0].cells])


def write_table(batch: int, language: str) -> Path | None:
    """The refused rows of a batch as a CSV file beside its report; None if there are none."""
    finished = read(path_of(batch))
    if finished is None or not finished.of(Sort.REFUSED):
        return None
    path = path_of(batch).with_suffix(".csv")
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
    ) as out:
        out.writelines(table(finished, language))
    return path


def texts(cells: Iterable[Cell]) -> tuple[str, ...]:
    """A line's cells as they are shown and kept."""
    return tuple(text_of(cell) for cell in cells)
