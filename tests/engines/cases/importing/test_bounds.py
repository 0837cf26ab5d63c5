"""Hostile and broken files end in a sentence, quickly, and take nothing down with them."""

from __future__ import annotations

import io
import os
import resource
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tests.engines.cases.importing.conftest import LETTERS, as_csv, as_xlsx, letters
from tongban.core.refusals import Refused
from tongban.engines.cases.importing.bounds import FILE_BYTES, Allowance
from tongban.engines.cases.importing.reading import open_table

_HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_TAIL = "</sheetData></worksheet>"


def read(path: Path) -> tuple[list[str], int]:
    with open_table(path) as table:
        return table.headings, sum(1 for _ in table.lines)


def refused(path: Path) -> str:
    """The code of the refusal; it must come within the bounds that were promised for a small file."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    with pytest.raises(Refused) as refusal:
        read(path)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert used <= Allowance.of(path.stat().st_size).cpu + 1.2
    assert time.monotonic() - begun < 20
    for language in ("zh", "en"):
        assert refusal.value.sentence(language)
    return refusal.value.code


def with_sheet(path: Path, sheet: bytes | str, *, more: dict[str, bytes] | None = None) -> Path:
    """A workbook whose first sheet is this XML."""
    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for part in source.infolist():
            own = sheet if part.filename == "xl/worksheets/sheet1.xml" else source.read(part)
            out.writestr(part.filename, own)
        for name, content in (more or {}).items():
            out.writestr(name, content)
    return path


def test_a_small_file_that_unpacks_to_gigabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with_sheet(path, _HEAD + _TAIL, more={f"xl/media/{n}.bin": b"\0" * (100 * 1024**2) for n in range(4)})
    assert path.stat().st_size < 2 * 1024**2
    assert refused(path) == "import.file.bomb"


def test_400_000_rows_in_a_few_kilobytes_are_not_read(tmp_path: Path) -> None:
    rows = "<row><c><v>1</v></c><c><v>2</v></c></row>" * 400_000
    path = with_sheet(tmp_path / "rows.xlsx", _HEAD + rows + _TAIL)
    assert path.stat().st_size < 200_000
    assert refused(path) == "import.file.bomb"


def test_too_many_rows_are_counted_before_the_sheet_is_parsed(tmp_path: Path) -> None:
    # Each row differs, so that the file packs like an honest one.
    rows = "".join(f'<row r="{n}"><c><v>{n * 7919 % 1000003}</v></c></row>' for n in range(1, 130_000))
    assert refused(with_sheet(tmp_path / "many.xlsx", _HEAD + rows + _TAIL)) == "import.file.rows"


def test_a_part_that_promises_little_and_holds_much_is_broken(tmp_path: Path) -> None:
    path = with_sheet(tmp_path / "liar.xlsx", _HEAD + "<row><c><v>1</v></c></row>" * 200_000 + _TAIL)
    raw = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    size = part.file_size.to_bytes(4, "little")
    assert raw.count(size) >= 1
    path.write_bytes(bytes(raw).replace(size, (1000).to_bytes(4, "little")))
    assert refused(path) == "import.file.broken"


def test_one_cell_at_the_far_corner_does_not_take_the_memory(tmp_path: Path) -> None:
    sheet = (
        _HEAD + '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + _TAIL
    )
    assert refused(with_sheet(tmp_path / "corner.xlsx", sheet)) in (
        "import.file.rows", "import.file.slow", "import.file.bomb", "import.file.broken",
    )  # fmt: skip


def test_the_child_may_not_take_more_time_or_memory_than_it_was_allowed() -> None:
    def run(code: str) -> int:
        begin = "from tongban.engines.cases.importing.bounds import Allowance; Allowance.of(10).impose()\n"
        ended = subprocess.run([sys.executable, "-c", begin + code], capture_output=True, timeout=30, check=False)
        return ended.returncode

    assert run("while True: pass") < 0
    assert run("b = bytearray(400 * 1024**2)") == 1
    assert run("b = bytearray(40 * 1024**2)") == 0


def test_a_file_with_a_password_says_so(tmp_path: Path) -> None:
    path = tmp_path / "locked.xlsx"
    path.write_bytes(
        bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    assert refused(path) == "import.file.locked"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.xlsx", b"", "import.file.empty"),
        ("blank.csv", b" \r\n\r\n ", "import.file.empty"),
        ("page.xls", b"\xef\xbb\xbf<html><table><tr><td>1</td></tr></table></html>", "import.file.page"),
        ("xml.xls", b'<?xml version="1.0"?><Workbook/>', "import.file.page"),
        ("cut.xlsx", b"PK\x03\x04" + b"\x14\0" * 300, "import.file.broken"),
        ("cut.xls", bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 5000, "import.file.broken"),
        ("paper.pdf", b"%PDF-1.7 and so on", "import.file.kind"),
        ("binary.csv", b"a,b\n\x00\x01,2\n", "import.file.kind"),
        ("signs.csv", b"a,b\n\xff\xff\xff,2\n", "import.file.signs"),
        ("wide.csv", (",".join(f"c{n}" for n in range(101)) + "\n").encode(), "import.file.columns"),
        ("high.csv", b"a\n" * 100_002, "import.file.rows"),
        ("quote.csv", b'title,body\n1,"' + b"x" * 300_000, "import.file.quotes"),
    ],
)
def test_what_is_no_table_of_requests_is_named(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refused(path) == code


def test_an_archive_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    path = tmp_path / "holiday.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert refused(path) == "import.file.kind"


def test_a_file_over_twenty_mebibytes_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(FILE_BYTES + 1)
    assert refused(path) == "import.file.size"


def test_a_hundred_columns_and_long_cells_are_read(tmp_path: Path) -> None:
    rows: list[list[object]] = [[f"c{n}" for n in range(100)], ["x" * 30_000] * 3]
    assert read(as_csv(tmp_path / "a.csv", rows))[1] == 1
    assert len(read(as_xlsx(tmp_path / "a.xlsx", rows))[0]) == 100


def test_only_the_first_sheet_that_holds_something_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "空表"
    for name in ("来信", "另一张"):
        for row in letters()[:3]:
            if name not in book.sheetnames:
                book.create_sheet(name)
            book[name].append(row)
    hidden = book.create_sheet("藏起来的")
    hidden.append(["x"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "sheets.xlsx")
    with open_table(tmp_path / "sheets.xlsx") as table:
        assert (table.sheet, table.unread) == ("来信", ("另一张",))
        assert table.headings == letters()[0]


def test_formulas_are_read_as_what_they_last_showed(tmp_path: Path) -> None:
    sheet = (
        _HEAD
        + '<row r="1"><c r="A1" t="inlineStr"><is><t>标题</t></is></c><c r="B1" t="inlineStr"><is><t>内容</t></is></c></row>'
        + '<row r="2"><c r="A2" t="str"><f>UPPER("a")</f><v>A</v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
        + _TAIL
    )
    with open_table(with_sheet(tmp_path / "formula.xlsx", sheet)) as table:
        assert [line.cells for line in table.lines] == [["A", 2.0]]


def test_row_numbers_are_those_that_a_spreadsheet_shows(tmp_path: Path) -> None:
    rows: list[list[object]] = [["某平台导出"], [], ["标题", "内容"], [], ["甲", "一"], ["", ""], ["乙", "二"]]
    for path in (as_xlsx(tmp_path / "a.xlsx", rows), as_csv(tmp_path / "a.csv", rows)):
        with open_table(path) as table:
            assert table.headings[:2] == ["标题", "内容"]
            assert [line.number for line in table.lines] == [5, 7]


def test_nothing_of_the_child_is_left_when_reading_stops_early() -> None:
    with open_table(LETTERS) as table:
        next(table.lines)
    assert not [p for p in Path("/proc").glob("[0-9]*") if is_our_child(p)]


def is_our_child(process: Path) -> bool:
    try:
        parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        return parent == os.getpid() and b"importing.child" in (process / "cmdline").read_bytes()
    except OSError:
        return False
