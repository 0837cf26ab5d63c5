"""What a file really is, told by its content: its name and what a browser says of it count for nothing.

Standard library alone (and :mod:`archives`); the child process that opens pictures reads this too.
"""

from __future__ import annotations

import codecs
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tongban.core.files import archives
from tongban.core.labels import Label

HEAD = 4096
# A part of an office file that runs, or that brings another file with it.
_ACTIVE = re.compile(r"vbaProject|\.bin$|embeddings/|activeX/|\.exe$|\.js$", re.I)
# Excel writes one for each printer; nothing in it runs.
_PRINTER = re.compile(r"(?:xl|word|ppt)/printerSettings/printerSettings\d*\.bin", re.I)
_PARTS, _TABLE, _UNPACKED = 2_000, 1024 * 1024, 300 * 1024 * 1024
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
_MOVIES = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"qt  ", b"3gp4", b"3gp5")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file that is taken. ``mime`` and ``ending`` are what it is sent as, whatever it was called."""

    code: str
    mime: str
    ending: str
    label: Label
    picture: bool = False


_PICTURE = Label("图片", "picture")
KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("jpeg", "image/jpeg", "jpg", _PICTURE, picture=True),
        Kind("png", "image/png", "png", _PICTURE, picture=True),
        Kind("webp", "image/webp", "webp", _PICTURE, picture=True),
        Kind("heic", "image/heic", "heic", _PICTURE, picture=True),
        Kind("pdf", "application/pdf", "pdf", Label("PDF 文件", "PDF")),
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
             Label("Word 文件", "Word document")),
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
             Label("Excel 表格", "Excel sheet")),
        Kind("txt", "text/plain; charset=utf-8", "txt", Label("文本", "text")),
        Kind("mp4", "video/mp4", "mp4", Label("视频", "video")),
        Kind("mp3", "audio/mpeg", "mp3", Label("录音", "sound")),
    )
}  # fmt: skip
#: What a browser is told to offer. HEIC is left out on purpose: then a phone that photographs in it sends a JPEG.
ACCEPT = ".jpg,.jpeg,.png,.webp,.pdf,.docx,.xlsx,.txt,.mp4,.mp3"


def kind_of(path: Path) -> Kind | None:
    """The kind of the file at ``path``; None if it is none that is taken."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    code = _by_signs(head) or (_office(path) if head.startswith(b"PK\x03\x04") else "")
    if not code and _is_text(path):
        code = "txt"
    return KINDS.get(code)


def _by_signs(head: bytes) -> str:
    """By the first signs of a file.

    >>> _by_signs(bytes.fromhex("ffd8ffe0")), _by_signs(b"RIFF....WEBPVP8 "), _by_signs(b"MZ")
    ('jpeg', 'webp', '')
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head[4:8] == b"ftyp":
        return "heic" if head[8:12] in _HEIF else "mp4" if head[8:12] in _MOVIES else ""
    if head.startswith(b"%PDF-1.") or head.startswith(b"%PDF-2."):
        return "pdf"
    if head.startswith(b"ID3") or re.match(rb"\xff[\xf2\xf3\xfa\xfb]", head):
        return "mp3"
    return ""


def _office(path: Path) -> str:
    """An office file without macros that promises to unpack to a size that somebody can open; it is never unpacked here."""
    if not archives.is_plain(path, parts=_PARTS, table=_TABLE):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    names = {part.filename for part in parts}
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        return ""
    if "[Content_Types].xml" not in names or any(_runs(name) for name in names):
        return ""
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""


def _runs(name: str) -> bool:
    """Whether a part of an office file may be one that runs.

    >>> [_runs(n) for n in ("xl/vbaProject.bin", "xl/activeX/activeX1.bin", "xl/printerSettings/printerSettings1.bin")]
    [True, True, False]
    """
    return _ACTIVE.search(name) is not None and not _PRINTER.fullmatch(name)


def _is_text(path: Path) -> bool:
    raw = path.read_bytes()
    start = raw.removeprefix(codecs.BOM_UTF8).lstrip()
    if b"\0" in raw or start[:1] == b"<":  # a page or a drawing that a browser would run
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return not re.search(r"[\x01-\x08\x0e-\x1f\x7f]", text)
    return False
