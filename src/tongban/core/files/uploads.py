"""Files on their way through the county: kept in ``TONGBAN_DATA/uploads`` under a random name until they are done with.

They are no part of the record: whoever brings one has his own copy, so what is left lying is removed after a while.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings

from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare

declare(
    {
        "upload.size": Label(
            "文件超过 {most} MiB，没有收下。请拆成几个文件再上传。",
            "The file is larger than {most} MiB, so it was not taken. Please split it and upload the parts.",
        ),
        "upload.empty": Label("文件是空的，请重新选择。", "The file is empty; please choose another."),
        "upload.gone": Label(
            "上传的文件已不在了（用完即删，最多放一天）。请重新上传。",
            "The uploaded file is gone: it is removed once used, and after a day at most. Please upload it again.",
        ),
    }
)

#: An upload that nobody came back for, and what is kept for reading (a list of rows to be mended).
ORPHANED, KEPT = timedelta(days=1), timedelta(days=30)
_TOKEN = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken in. ``name`` is what its owner called it: shown, never used as a path."""

    token: str
    name: str
    size: int
    sha256: str
    notes: Mapping[str, Any]

    @property
    def path(self) -> Path:
        """Where it lies."""
        return _path(self.token)


def folder() -> Path:
    """The folder of uploads; only its owner may read it."""
    found = Path(settings.TONGBAN_DATA) / "uploads"
    found.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def take_in(pieces: Iterable[bytes], *, name: str, most: int, notes: Mapping[str, Any]) -> Upload:
    """Store a file piece by piece, refusing it as soon as it is larger than ``most``."""
    token = secrets.token_hex(16)
    digest, size = hashlib.sha256(), 0
    path = _path(token)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise Refused("upload.size", field="file", most=most // 1024**2)
                digest.update(piece)
                file.write(piece)
        if not size:
            raise Refused("upload.empty", field="file")
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    made = Upload(token, tidy_name(name), size, digest.hexdigest(), dict(notes))
    _write_card(made)
    return made


def tidy_name(name: str) -> str:
    """A file's name without its folders and without signs that do not print.

    >>> tidy_name("C:\\\\Users\\\\me\\\\来信.xlsx"), tidy_name("../../etc/passwd")
    ('来信.xlsx', 'passwd')
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(c for c in last if c.isprintable())[:120] or "file"


def upload(token: str) -> Upload:
    """The upload with this token; refused once it is gone."""
    if not _TOKEN.fullmatch(token):
        raise Refused("upload.gone", field="file")
    try:
        card = json.loads(_card(token).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise Refused("upload.gone", field="file") from None
    if not _path(token).is_file():
        raise Refused("upload.gone", field="file")
    return Upload(token, card["name"], card["size"], card["sha256"], card["notes"])


def drop(token: str) -> None:
    """Remove an upload that is done with; removing it twice is no mistake."""
    if _TOKEN.fullmatch(token):
        _path(token).unlink(missing_ok=True)
        _card(token).unlink(missing_ok=True)


def touch(token: str) -> None:
    """Somebody still needs it: it becomes an orphan a day from now."""
    for path in (_path(token), _card(token)):
        if path.exists():
            os.utime(path)


def collect(now: float | None = None) -> int:
    """Remove orphans, and lists that were kept long enough; gives the number of files removed."""
    now, removed = time.time() if now is None else now, 0
    for path in folder().iterdir():
        most = KEPT if path.name.startswith("batch-") else ORPHANED
        try:
            if path.is_file() and path.stat().st_mtime < now - most.total_seconds():
                path.unlink()
                removed += 1
        except FileNotFoundError:
            continue
    return removed


def _path(token: str) -> Path:
    return folder() / f"{token}.upload"


def _card(token: str) -> Path:
    return folder() / f"{token}.json"


def _write_card(made: Upload) -> None:
    card = {"name": made.name, "size": made.size, "sha256": made.sha256, "notes": dict(made.notes)}
    with os.fdopen(
        os.open(_card(made.token), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as out:
        json.dump(card, out, ensure_ascii=False)
