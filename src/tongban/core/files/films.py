"""An MP4 without what stands beside its pictures and its sound: position, time, the device's name.

Cameras write these into many places: boxes of their own (``udta``, ``meta``, ``uuid``, ``gps ``), what calls itself free
room, the times in the headers, and tracks of their own beside the film's (GoPro's ``gpmd``, Android's ``camm``, an iPhone's
``mebx``, a drone's subtitles, the clock of a ``tmcd``). So what is kept is named here, and all else becomes empty room of
the same size: no picture moves, and no table has to be made anew.

What the pictures and the sound themselves hold stays: a time drawn into them, what packed them, a voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tongban.core.files.samples import Crowded, Span, spans

#: What a player needs, by the box in which it stands; "" is the file itself. A name that is no key is kept whole.
_KEPT: dict[bytes, frozenset[bytes]] = {
    box: frozenset(names.split())
    for box, names in {
        b"": b"ftyp styp moov mdat moof mfra sidx ssix wide",
        b"moov": b"mvhd trak mvex iods",
        b"trak": b"tkhd edts mdia tapt",
        b"mdia": b"mdhd hdlr minf elng",
        b"minf": b"vmhd smhd gmhd hdlr dinf stbl",
        b"dinf": b"dref",
        b"stbl": b"stsd stts ctts cslg stss stps stsh stsc stsz stz2 stco co64 padb stdp sdtp sbgp sgpd subs saiz saio",
        b"moof": b"mfhd traf",
        b"traf": b"tfhd tfdt trun sdtp sbgp sgpd subs saiz saio",
    }.items()
}
_PLAYED = (b"vide", b"soun")
# Headers that begin with version and flags, and then say when they were made and when changed.
_TIMED = (b"mvhd", b"tkhd", b"mdhd")
_BOXES = 100_000  # of one file: more than any film of this size has, and soon looked at
# In the description of pictures: the place and the length of the name of what packed them.
_PACKER, _PACKER_BYTES = 50, 32
# A dash camera's position among the pictures themselves, as a box of its own: its length stands before it.
_AMONG = b"freeGPS "


@dataclass(frozen=True, slots=True)
class _Box:
    """One box: where it begins, where its content does, where it ends."""

    name: bytes
    at: int
    body: int
    end: int


def tidy(content: bytes) -> bytes:
    """The film with empty room in place of what stands beside it; nothing where it holds more than films do."""
    film = _Film(bytearray(content))
    try:
        film.walk(b"", 0, len(content))
    except Crowded:
        return b""
    film.empty_samples()
    return bytes(film.content)


class _Film:
    """One film while it is gone through."""

    def __init__(self, content: bytearray) -> None:
        self.content, self._left, self._handler = content, _BOXES, b""
        self._media: list[Span] = []  # where pictures and sound lie, and what was removed from among them
        self._removed: list[Span] = []
        self._tracks: set[bytes] = set()  # the removed ones' numbers

    def walk(self, name: bytes, at: int, end: int) -> None:
        """Go through the boxes in a box, keeping those that a player needs; what begins like no box is emptied."""
        for box in self._boxes(at, end):
            at = box.end
            if box.name not in _KEPT[name]:
                self._empty(box.at, box.end)
            elif box.name == b"mdat":
                self._media.append((box.body, box.end))
            elif box.name == b"trak" and not self._is_played(box):
                self._remove(box)
            elif box.name == b"traf" and self._of_removed(box):
                self._empty(box.at, box.end)
            elif box.name in _KEPT:
                self.walk(box.name, box.body, box.end)
            else:
                self._unname(box)
        self._empty(at, end)

    def empty_samples(self) -> None:
        """Empty what the removed tracks held, where it lies among the film's pictures, and a dash camera's positions."""
        done = 0
        for begin, end in sorted(self._removed):
            # Spans may overlap, and each byte is emptied once: a forged table costs no more than the file is long.
            for first, last in self._media:
                self._zero(max(begin, first, done), min(end, last))
            done = max(done, end)
        for first, last in self._media:
            at = first
            while (at := self.content.find(_AMONG, at, last)) >= 0:
                size = max(self._number(at - 4, 4) - 4, len(_AMONG))
                self._zero(at, min(at + size, last))

    def _boxes(self, at: int, end: int) -> Iterator[_Box]:
        """The boxes from ``at`` on, up to what begins like none. A film that was cut short has its pictures to the end."""
        while at + 8 <= end:
            self._left -= 1
            if not self._left:
                raise Crowded
            name, size, head = bytes(self.content[at + 4 : at + 8]), self._number(at, 4), 8
            if size == 1:
                size, head = self._number(at + 8, 8), 16
            size = size or end - at
            if name == b"mdat":
                size = min(size, end - at)
            if size < head or at + size > end:
                return
            yield _Box(name, at, at + head, at + size)
            at += size

    def _inner(self, box: _Box, *path: bytes) -> _Box | None:
        """The first box on this path of names."""
        for name in path:
            found = next((b for b in self._boxes(box.body, box.end) if b.name == name), None)
            if found is None:
                return None
            box = found
        return box

    def _is_played(self, track: _Box) -> bool:
        handler = self._inner(track, b"mdia", b"hdlr")
        self._handler = bytes(self.content[handler.body + 8 : handler.body + 12]) if handler is not None else b""
        return self._handler in _PLAYED

    def _remove(self, track: _Box) -> None:
        head, table = self._inner(track, b"tkhd"), self._inner(track, b"mdia", b"minf", b"stbl")
        if head is not None:
            at = head.body + (20 if self._is_long(head) else 12)
            self._tracks.add(bytes(self.content[at : at + 4]))
        if table is not None:
            parts = {b.name: bytes(self.content[b.body : b.end]) for b in self._boxes(table.body, table.end)}
            self._removed += spans(parts)
            if len(self._removed) > _BOXES:
                raise Crowded
        self._empty(track.at, track.end)

    def _of_removed(self, fragment: _Box) -> bool:
        head = self._inner(fragment, b"tfhd")
        return head is not None and bytes(self.content[head.body + 4 : head.body + 8]) in self._tracks

    def _unname(self, box: _Box) -> None:
        """Empty what a box that is kept says of time, place and device."""
        if box.name in _TIMED:
            self._zero(box.body + 4, min(box.body + (20 if self._is_long(box) else 12), box.end))
        elif box.name == b"hdlr":
            self._zero(box.body + 24, box.end)
        elif box.name == b"dref":
            for entry in self._boxes(box.body + 8, box.end):
                self._zero(entry.body + 4, entry.end)
        elif box.name == b"stsd" and self._handler == b"vide":
            for entry in self._boxes(box.body + 8, box.end):
                self._zero(entry.at + _PACKER, min(entry.at + _PACKER + _PACKER_BYTES, entry.end))

    def _is_long(self, head: _Box) -> bool:
        """Whether a header's times have eight bytes each instead of four."""
        return self.content[head.body : head.body + 1] == b"\1"

    def _empty(self, at: int, end: int) -> None:
        if end - at >= 8:
            self.content[at : at + 8] = (end - at).to_bytes(4, "big") + b"free"
            at += 8
        self._zero(at, end)

    def _zero(self, at: int, end: int) -> None:
        if at < end:
            self.content[at:end] = bytes(end - at)

    def _number(self, at: int, size: int) -> int:
        return int.from_bytes(self.content[at : at + size], "big")
