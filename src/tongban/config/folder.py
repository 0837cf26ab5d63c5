"""The county's folder is its owner's alone: whoever else works on the machine reads neither database nor messages."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

_DATABASE = ("county.sqlite3", "county.sqlite3-wal", "county.sqlite3-shm")


def keep_private(folder: Path) -> None:
    """Have this process write for its owner alone, and close a county's folder that was made openly."""
    os.umask(0o077)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in (*(folder / name for name in _DATABASE), folder):
        with contextlib.suppress(OSError):
            _close(path)


def _close(path: Path) -> None:
    found = path.stat()
    open_to_others = stat.S_IMODE(found.st_mode) & 0o077
    if not open_to_others or found.st_uid != os.geteuid():
        return
    # A folder named by mistake (/tmp, a home) is not a county's, and closing it would shut others out of theirs.
    if stat.S_ISDIR(found.st_mode) and (found.st_mode & stat.S_ISVTX or not _is_county(path)):
        return
    path.chmod(stat.S_IMODE(found.st_mode) & ~0o077)


def _is_county(folder: Path) -> bool:
    return (folder / "keys" / "master-1.key").exists() or not any(folder.iterdir())
