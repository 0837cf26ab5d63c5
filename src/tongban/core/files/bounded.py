"""A picture opened elsewhere: in a child process that may take only so much (see :mod:`tongban.core.files.child`)."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from tongban.core.files.pictures import NoPicture, Tidied

WALL_SECONDS = 30
# Large pictures are honest and cost memory: of one process's threads two open one at a time, and the others wait.
_TWO = threading.BoundedSemaphore(2)


def in_child(path: Path, kind: str) -> Tidied:
    """The picture made anew by a child process; raises :class:`NoPicture`."""
    command = [sys.executable, "-I", "-m", "tongban.core.files.child", str(path), kind]
    try:
        with _TWO:
            done = subprocess.run(command, capture_output=True, timeout=WALL_SECONDS, check=False)  # noqa: S603 - our own
    except subprocess.TimeoutExpired:
        raise NoPicture("file.broken") from None
    head, _, rest = done.stdout.partition(b"\n")
    if done.returncode or not head:
        raise NoPicture("file.broken")
    said = json.loads(head)
    if "trouble" in said:
        raise NoPicture(said["trouble"])
    return Tidied(said["width"], said["height"], rest[: said["large"]], rest[said["large"] :])
