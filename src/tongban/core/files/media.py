"""Films and sounds without what their makers wrote beside them: position, time, the device's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tongban.core.files import films, sounds


def tidy(path: Path, kind: str) -> Iterator[bytes]:
    """The content of a film or a sound to be kept, nothing if it cannot be read; of any other kind all of it."""
    content = path.read_bytes()
    if kind == "mp4":
        content = films.tidy(content)
    if kind == "mp3":
        content = sounds.tidy(content)
    yield content
