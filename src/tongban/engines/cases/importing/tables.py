"""Opening a foreign table: workbook or text. Runs only in the bounded child process; standard library and calamine."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from tongban.engines.cases.importing.bounds import CELL_SIGNS, CELLS, COLUMNS, ROWS, SHEETS, Unreadable, check_archive

ZIP = b"PK\x03\x04"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = ("xl/workbook.xml", "xl/workbook.bin")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows as they stand in the file, from its first row on; empty cells are empty text."""

    rows: Iterable[list[Any]]
    name: str = ""
    unread: tuple[str, ...] = ()  # other sheets that hold something


def open_table(path: Path) -> Sheet:
    """The table in the file, whatever its name ends in; raises :class:`Unreadable`."""
    with path.open("rb") as file:
        head = file.read(4096)
    if not head.strip(b"\0 \t\r\n"):
        raise Unreadable("import.file.empty")
    if head.startswith(ZIP):
        check_archive(path)
        return _workbook(path, zipped=True)
    if head.startswith(OLE):
        return _workbook(path, zipped=False)
    return _text(path, head)


# -- workbooks ---------------------------------------------------------------------------------------------------------


def _workbook(path: Path, *, zipped: bool) -> Sheet:
    if zipped:
        with zipfile.ZipFile(path) as archive:
            if not set(_WORKBOOK) & set(archive.namelist()):
                raise Unreadable("import.file.kind")
    elif _LOCKED in path.read_bytes():
        raise Unreadable("import.file.locked")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        sheets = [
            s.name for s in book.sheets_metadata
            if s.typ == SheetTypeEnum.WorkSheet and s.visible == SheetVisibleEnum.Visible
        ]  # fmt: skip
        return _filled(book, sheets[:SHEETS])
    except PasswordError:
        raise Unreadable("import.file.locked") from None
    except (CalamineError, ValueError, OSError):
        raise Unreadable("import.file.broken") from None


def _filled(book: Any, names: list[str]) -> Sheet:
    """The first sheet that holds anything; the names of the others that do."""
    found, unread = None, []
    for name in names:
        sheet = book.get_sheet_by_name(name)
        if sheet.end is None:
            continue
        if found is not None:
            unread.append(name)
            continue
        found = sheet
    if found is None:
        raise Unreadable("import.file.empty")
    last_row, last_column = found.end
    if last_row > ROWS:
        raise Unreadable("import.file.rows", most=ROWS)
    if (last_row + 1) * (last_column + 1) > CELLS:
        raise Unreadable("import.file.cells", most=CELLS)
    return Sheet(_rows_of(found), found.name, tuple(unread))


def _rows_of(sheet: Any) -> Iterator[list[Any]]:
    """The rows from the sheet's first one on; calamine leaves out the empty columns before the first filled one."""
    before = [""] * sheet.start[1]
    for row in sheet.iter_rows():
        yield before + row


# -- text --------------------------------------------------------------------------------------------------------------


def _text(path: Path, head: bytes) -> Sheet:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"<!doctype", b"<html", b"<head", b"<table", b"<meta", b"<?xml", b"<div", b"mime-version:")):
        raise Unreadable("import.file.page")
    if start.startswith((b"%pdf", b"{\\rtf", b"\x89png", b"\xff\xd8\xff", b"rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Unreadable("import.file.kind")
    text = decode(path.read_bytes())
    if "\x00" in text:
        raise Unreadable("import.file.kind")
    return Sheet(_records(text))


def decode(raw: bytes) -> str:
    """Text in UTF-8 (with or without a mark), UTF-16 with a mark, or GB 18030; tried in this order."""
    encodings = ["utf-8-sig", "gb18030"]
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("import.file.signs")


def _records(text: str) -> Iterator[list[Any]]:
    csv.field_size_limit(max(CELL_SIGNS * 4, 131_072))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text), strict=False)
    try:
        for number, record in enumerate(reader):
            if number > ROWS:
                raise Unreadable("import.file.rows", most=ROWS)
            yield list(record)
    except csv.Error:
        raise Unreadable("import.file.quotes", row=number + 2) from None


def delimiter(text: str) -> str:
    """What divides the cells: whichever of comma, semicolon, tab and bar occurs most in the first record, outside quotes.

    >>> delimiter('编号;"a,b,c";时间')
    ';'
    """
    counts = dict.fromkeys(",;\t|", 0)
    quoted = False
    for sign in text[:20_000].lstrip():
        if sign == '"':
            quoted = not quoted
        elif sign == "\n" and not quoted:
            break
        elif sign in counts and not quoted:
            counts[sign] += 1
    return max(counts, key=lambda sign: counts[sign])


def check_width(row: list[Any]) -> list[Any]:
    """The row without the empty cells at its end; refused if it is wider than a table of requests can be."""
    last = len(row)
    while last and row[last - 1] in ("", None):
        last -= 1
    if last > COLUMNS:
        raise Unreadable("import.file.columns", most=COLUMNS)
    return row[:last]
