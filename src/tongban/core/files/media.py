"""Films and sound without what their makers wrote beside them: position, time, the device's name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# Boxes of an MP4 that hold other boxes on the way to what is written beside the film.
_INSIDE = (b"moov", b"trak")
# What is written beside it: Android's position stands in udta, an iPhone's in meta, Adobe's in uuid.
_BESIDE = (b"udta", b"meta", b"uuid")
_DEPTH, _BOXES = 3, 10_000


def tidy(path: Path, kind: str) -> Iterator[bytes]:
    """The content of a film or a sound to be kept; of any other kind all of it."""
    content = bytearray(path.read_bytes())
    if kind == "mp4":
        _blank(content, 0, len(content), _DEPTH, [_BOXES])
    if kind == "mp3":
        content = _without_tags(content)
    yield bytes(content)


def _blank(content: bytearray, at: int, end: int, depth: int, left: list[int]) -> None:
    """Turn what stands beside the film into empty room of the same size, so that no place in it moves."""
    while at + 8 <= end and left[0]:
        left[0] -= 1
        size, head = int.from_bytes(content[at : at + 4], "big"), 8
        name = bytes(content[at + 4 : at + 8])
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        if name in _BESIDE:
            content[at + 4 : at + 8] = b"free"
            content[at + head : at + size] = bytes(size - head)
        elif name in _INSIDE and depth:
            _blank(content, at + head, at + size, depth - 1, left)
        at += size


def _without_tags(content: bytearray) -> bytearray:
    """A sound without the ID3 tags before and behind it: some recorders put a second one before the first."""
    while content[:3] == b"ID3" and len(content) > 10:
        size = 0
        for seven in content[6:10]:
            size = size << 7 | (seven & 127)
        content = content[10 + size :]
    return content[:-128] if content[-128:-125] == b"TAG" else content
