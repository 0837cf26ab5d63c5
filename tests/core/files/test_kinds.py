"""Office files: what they say of themselves is read within bounds, and what runs in them is refused."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest

from tests.pictures import office
from tongban.core.files.archives import is_plain
from tongban.core.files.kinds import kind_of
from tongban.core.files.taking import FILE_BYTES

RECORD, END = struct.Struct("<4s6H3I5H2I"), struct.Struct("<4s4H2IH")


def code(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    kind = kind_of(path)
    return kind.code if kind is not None else ""


def crowded(count: int, claimed: int) -> bytes:
    """An archive whose table holds ``count`` records of one empty name each and claims to hold ``claimed``."""
    first = b"PK\x03\x04" + bytes(26)
    record = RECORD.pack(b"PK\x01\x02", 20, 20, *([0] * 14))
    table = record * count
    return first + table + END.pack(b"PK\x05\x06", 0, 0, claimed, claimed, len(table), len(first), 0)


@pytest.mark.parametrize("claimed", [1, 2_000, 2**16 - 1])
def test_a_table_of_contents_costs_no_more_memory_than_it_may(tmp_path: Path, claimed: int) -> None:
    content = crowded(FILE_BYTES // RECORD.size - 2, claimed)
    assert FILE_BYTES * 0.99 < len(content) <= FILE_BYTES
    path = tmp_path / "crowded"
    path.write_bytes(content)
    tracemalloc.start()
    try:
        kind = kind_of(path)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kind is None
    # Whether it is a text is asked too, for which it is read whole (a copy to look for its first sign).
    assert most < 3 * FILE_BYTES


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("another count than the table's", lambda whole: whole[:-14] + struct.pack("<2H", 1, 2) + whole[-10:]),
        ("a table elsewhere", lambda whole: whole[:-6] + struct.pack("<I", 0) + whole[-2:]),
        ("a table larger than the file", lambda whole: whole[:-10] + struct.pack("<I", 2**31) + whole[-6:]),
        ("bytes behind its end", lambda whole: whole + b"more"),
        ("a longer comment than there is", lambda whole: whole[:-2] + b"\x05\0"),
        ("ZIP64", lambda whole: whole[:-22] + b"PK\x06\x07" + bytes(16) + whole[-22:]),
        ("no end", lambda whole: whole[:-22]),
        ("half an end", lambda whole: whole[:-2]),
    ],
)
def test_an_archive_that_does_not_end_as_ordinary_ones_is_no_office_file(tmp_path: Path, why: str, changed) -> None:  # type: ignore[no-untyped-def]
    whole = office()
    assert code(tmp_path / "a", whole) == "docx"
    assert code(tmp_path / "a", changed(whole)) == "", why


def test_an_archive_may_have_a_comment_and_just_so_many_parts(tmp_path: Path) -> None:
    path = tmp_path / "a"
    whole = office()
    assert code(path, whole[:-2] + struct.pack("<H", 7) + b"comment") == "docx"
    path.write_bytes(whole)
    assert is_plain(path, parts=2, table=1024)
    assert not is_plain(path, parts=1, table=1024)
    assert not is_plain(path, parts=2, table=100)


@pytest.mark.parametrize(
    ("part", "taken"),
    [
        ("xl/printerSettings/printerSettings1.bin", True),
        ("xl/printerSettings/printerSettings12.bin", True),
        ("xl/vbaProject.bin", False),
        ("xl/printerSettings/vbaProject.bin", False),
        ("xl/printerSettings/other.bin", False),
        ("xl/activeX/activeX1.bin", False),
        ("xl/activeX/xl/printerSettings/printerSettings1.bin", False),
        ("xl/embeddings/oleObject1.bin", False),
        ("xl/macrosheets/sheet1.bin", False),
    ],
)
def test_a_sheet_may_know_its_printer_and_bring_nothing_that_runs(tmp_path: Path, part: str, taken: bool) -> None:
    content = office("xl/workbook.xml", **{part.replace("/", "__"): b"x"})
    assert code(tmp_path / "a", content) == ("xlsx" if taken else "")
