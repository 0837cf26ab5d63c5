"""Where the samples of one track of an MP4 lie in the file, by the tables of the track (``stsz``, ``stsc``, ``stco``)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

#: From where to where in the file.
Span = tuple[int, int]
_ROWS = 200_000  # of one table: what is written beside a film of 20 MiB has some thousands


class Crowded(Exception):
    """More than a film of this size has."""


def spans(tables: Mapping[bytes, bytes]) -> list[Span]:
    """The chunks of a track by the contents of its tables; nothing where one of them is missing."""
    sizes, runs = tables.get(b"stsz", b""), _rows(tables.get(b"stsc", b"")[8:], ">3I")
    chunks = _rows(tables.get(b"stco", b"")[8:], ">I") or _rows(tables.get(b"co64", b"")[8:], ">Q")
    if len(sizes) < 12 or not runs:
        return []
    all_alike = int.from_bytes(sizes[4:8], "big")
    each = [size for (size,) in _rows(sizes[12:], ">I")]
    found, sample, run = [], 0, 0
    for number, (begin,) in enumerate(chunks, 1):
        while run + 1 < len(runs) and runs[run + 1][0] <= number:
            run += 1
        count = runs[run][1]
        found.append((begin, begin + (all_alike * count or sum(each[sample : sample + count]))))
        sample += count
    return found


def _rows(table: bytes, shape: str) -> list[tuple[int, ...]]:
    size = struct.calcsize(shape)
    if len(table) // size > _ROWS:
        raise Crowded
    return list(struct.iter_unpack(shape, table[: len(table) // size * size]))
