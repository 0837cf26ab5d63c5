"""Where files lie: ``TONGBAN_DATA/files``, each under a random name. What belongs to nothing is collected.

A file is on disk before the row that names it is written, so that whatever dies in between leaves at most a file
without a row. Such files are removed once they are so old that nobody can still be about to write the row.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from tongban.core.files import sealed

#: How long something that was taken in waits to be sent with a form, and when what nothing names is removed. Between
#: the two lies a day, so that no file is removed while a row for it is being written.
WAITS, COLLECTED = timedelta(days=1), timedelta(days=2)
# What lies unsealed after so long was left by a process that died: looking at a file takes seconds.
_LOOKED_AT = timedelta(hours=1)
_TOKEN = re.compile(r"[0-9a-f]{32}")
_ASKED_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Stored:
    """One sealed file: its name in the store, its content's size in bytes, the SHA-256 of what lies on disk."""

    token: str
    size: int
    sha256: str


def folder() -> Path:
    """The folder of files; only its owner may read it."""
    return _private(Path(settings.TONGBAN_DATA) / "files")


def incoming() -> Path:
    """Where a file lies for the seconds in which it is looked at: on no other disk than the county's own."""
    return _private(folder() / "incoming")


def is_token(token: str) -> bool:
    """Whether this can be the name of a stored file: what a form sends is no path before it was asked."""
    return _TOKEN.fullmatch(token) is not None


def path_of(token: str) -> Path:
    """Where a stored file lies."""
    if not is_token(token):
        raise ValueError("no name of a stored file")
    return folder() / token[:2] / token


def put(pieces: Iterable[bytes], key: bytes) -> Stored:
    """Seal a file under a new random name."""
    token = secrets.token_hex(16)
    path = path_of(token)
    _private(path.parent)
    try:
        lying = sealed.seal(pieces, path, key)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Stored(token, lying.size, lying.sha256)


def remove(token: str) -> None:
    """Remove a file that nothing names; removing it twice is no mistake."""
    path_of(token).unlink(missing_ok=True)


def sweep(now: float | None = None) -> int:
    """Remove what a process that died left :func:`incoming`, unsealed; gives the number of files removed."""
    before = (time.time() if now is None else now) - _LOOKED_AT.total_seconds()
    return sum(_remove_old(path, before) for path in incoming().iterdir())


def collect(named: Callable[[list[str]], set[str]], now: float | None = None) -> int:
    """Remove what is older than :data:`COLLECTED` and not ``named`` (asked with some tokens, gives those in use)."""
    now, removed = time.time() if now is None else now, 0
    removed += sweep(now)
    old = (path for path in _lying() if _is_old(path, now - COLLECTED.total_seconds()))
    while paths := {path.name: path for path in islice(old, _ASKED_AT_ONCE)}:
        for token in paths.keys() - named(list(paths)):
            paths[token].unlink(missing_ok=True)
            removed += 1
    return removed


def _lying() -> Iterator[Path]:
    return (path for path in folder().glob("??/*") if is_token(path.name))


def _is_old(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:  # others remove files too
        return False


def _remove_old(path: Path, before: float) -> int:
    old = _is_old(path, before)
    if old:
        path.unlink(missing_ok=True)
    return int(old)


def _private(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
