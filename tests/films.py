"""Films as phones and cameras make them, made here, and a reader that finds their samples as a player does."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

#: What stands beside the pictures and must be gone, in whatever box or track.
SECRET = b"+30.6958+121.0172/"
MADE = 3_800_000_000  # seconds since 1904: the summer of 2024
DISK = b"the disk of CameraMaker"
PICTURES, SOUNDS = (b"first picture", b"second", b"the third one"), (b"la", b"lala")


def box(name: bytes, content: bytes = b"") -> bytes:
    """One box of an MP4."""
    return (len(content) + 8).to_bytes(4, "big") + name + content


def large(name: bytes, content: bytes) -> bytes:
    """One whose size has eight bytes."""
    return b"\0\0\0\1" + name + (len(content) + 16).to_bytes(8, "big") + content


def times(long: bool) -> bytes:
    """How a header begins: version, flags, when it was made and when changed."""
    return b"\1\0\0\0" + struct.pack(">2Q", MADE, MADE) if long else bytes(4) + struct.pack(">2I", MADE, MADE)


def track(
    key: int, handler: bytes, samples: Sequence[bytes], places: Sequence[int], *, long: bool = False, wide: bool = False
) -> bytes:
    """A track whose samples lie in chunks of two, each at its place."""
    sizes = struct.pack(f">3I{len(samples)}I", 0, 0, len(samples), *map(len, samples))
    runs = [(1, 2, 1)] if len(samples) % 2 == 0 else [(1, 2, 1), (len(places), 1, 1)]
    if len(places) == 1:
        runs = [(1, len(samples), 1)]
    chunks = struct.pack(f">2I{len(places)}{'Q' if wide else 'I'}", 0, len(places), *places)
    entry = box(b"avc1", bytes(42) + b"\x0cCameraMaker\0".ljust(32) + bytes(4) + box(b"avcC", b"how to unpack"))
    stbl = (
        box(b"stsd", struct.pack(">2I", 0, 1) + (entry if handler == b"vide" else box(handler, bytes(28))))
        + box(b"stts", struct.pack(">4I", 0, 1, len(samples), 40))
        + box(b"stsc", struct.pack(">2I", 0, len(runs)) + b"".join(struct.pack(">3I", *run) for run in runs))
        + box(b"stsz", sizes) + box(b"co64" if wide else b"stco", chunks) + box(b"gpsx", SECRET)
    )  # fmt: skip
    minf = box(b"vmhd", bytes(12)) + box(b"dinf", box(b"dref", bytes(7) + b"\1" + box(b"alis", b"\0\0\0\1" + DISK)))
    mdia = (
        box(b"mdhd", times(long) + b"mdhd's own") + box(b"skip", SECRET)
        + box(b"hdlr", bytes(8) + handler + bytes(12) + b"CameraMaker\0") + box(b"minf", minf + box(b"stbl", stbl))
    )  # fmt: skip
    return box(
        b"trak",
        box(b"tkhd", times(long) + key.to_bytes(4, "big") + b"tkhd's own") + box(b"edts", b"edits")
        + box(b"free", SECRET) + box(b"udta", box(b"\xa9xyz", SECRET)) + box(b"mdia", mdia),
    )  # fmt: skip


def film(*, long: bool = False, wide: bool = False, last: bool = False, beside: bytes = b"meta") -> bytes:
    """An MP4 with pictures, sound and a track (``beside``) of positions, and these also wherever else makers write them.

    ``long``: times of eight bytes; ``wide``: chunks' places of eight bytes; ``last``: the tables behind the pictures.
    """
    positions = (b"one " + SECRET, b"another " + SECRET)
    among = struct.pack(">I", 40) + b"freeGPS " + SECRET.ljust(28)
    parts = [b"".join(PICTURES[:2]), SOUNDS[0] + SOUNDS[1], b"".join(positions), among, PICTURES[2]]
    head, media = box(b"ftyp", b"isom\0\0\2\0isommp42"), b"".join(parts)

    def moov(at: int) -> bytes:
        places = [at + sum(map(len, parts[:n])) for n in range(len(parts))]
        more = {"long": long, "wide": wide}
        return box(
            b"moov",
            box(b"mvhd", times(long) + b"mvhd's own") + track(1, b"vide", PICTURES, [places[0], places[4]], **more)
            + box(b"gps ", SECRET) + track(2, b"soun", SOUNDS, [places[1]], **more)
            + track(3, beside, positions, [places[2]], **more) + box(b"free", SECRET) + large(b"skip", SECRET)
            + box(b"udta", box(b"\xa9xyz", SECRET)) + box(b"meta", SECRET) + SECRET[:5],
        )  # fmt: skip

    loose = box(b"free", SECRET) + box(b"uuid", SECRET) + box(b"skip", SECRET) + box(b"GPS0", SECRET) + box(b"wide")
    begin = len(head) + len(loose) + 8
    if last:
        return head + loose + box(b"mdat", media) + moov(begin) + box(b"GPS1", SECRET) + SECRET
    return head + loose + moov(begin + len(moov(0))) + box(b"mdat", media) + box(b"GPS1", SECRET) + SECRET


def boxes(content: bytes, at: int = 0, end: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    """Name, begin and end of the content of each box."""
    end = len(content) if end is None else end
    while at + 8 <= end:
        size, name, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        assert size >= head, name
        yield name, at + head, at + size
        at += size


def inside(content: bytes, *path: bytes) -> list[bytes]:
    """The contents of all boxes on this path of names."""
    found = [content]
    for name in path:
        found = [part[a:b] for part in found for n, a, b in boxes(part) if n == name]
    return found


def played(content: bytes) -> list[tuple[bytes, list[bytes]]]:
    """Each track's handler and its samples, found in the file by its tables."""
    tracks = []
    for trak in inside(content, b"moov", b"trak"):
        (handler,) = inside(trak, b"mdia", b"hdlr")
        tables = {n: inside(trak, b"mdia", b"minf", b"stbl", n) for n in (b"stsz", b"stsc", b"stco", b"co64")}
        sizes = [n for (n,) in struct.iter_unpack(">I", tables[b"stsz"][0][12:])]
        runs = list(struct.iter_unpack(">3I", tables[b"stsc"][0][8:]))
        shape, where = (">Q", b"co64") if tables[b"co64"] else (">I", b"stco")
        samples = []
        for chunk, (begin,) in enumerate(struct.iter_unpack(shape, tables[where][0][8:]), 1):
            at = begin
            for _ in range(next(count for first, count, _ in reversed(runs) if first <= chunk)):
                size = sizes[len(samples)]
                samples.append(content[at : at + size])
                at += size
        tracks.append((handler[8:12], samples))
    return tracks
