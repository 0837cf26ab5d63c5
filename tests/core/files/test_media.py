"""Films and sounds: what their makers wrote beside them is gone, and they still play."""

from __future__ import annotations

import struct
import tracemalloc
from pathlib import Path

import pytest

from tests.films import DISK, MADE, PICTURES, SECRET, SOUNDS, box, boxes, film, inside, played, track
from tongban.core.files.media import tidy
from tongban.core.files.taking import FILE_BYTES


@pytest.fixture
def kept(tmp_path: Path):  # type: ignore[no-untyped-def]
    """What is kept of a film or a sound."""

    def keep(content: bytes, kind: str = "mp4") -> bytes:
        path = tmp_path / "brought"
        path.write_bytes(content)
        return b"".join(tidy(path, kind))

    return keep


SHAPES = [{}, {"long": True}, {"wide": True}, {"last": True}, {"long": True, "wide": True, "last": True}]


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_pictures_and_sound_stay_where_they_are_and_nothing_beside_them_stays(shape, kept) -> None:  # type: ignore[no-untyped-def]
    brought = film(**shape)
    left = kept(brought)
    assert brought.count(SECRET) > 15
    assert SECRET[:5] not in left
    assert b"CameraMaker" not in left
    assert len(left) == len(brought)
    assert played(left) == [(b"vide", list(PICTURES)), (b"soun", list(SOUNDS))]
    for name in (b"stsd", b"stts", b"stsz", b"stsc", b"stco", b"co64"):
        path = (b"moov", b"trak", b"mdia", b"minf", b"stbl", name)
        before, after = inside(brought, *path)[:2], inside(left, *path)
        assert [part.replace(b"\x0cCameraMaker\0".ljust(32), bytes(32)) for part in before] == after
    assert inside(left, b"moov", b"trak", b"edts") == [b"edits"] * 2
    path = (b"moov", b"trak", b"mdia", b"minf", b"dinf")
    assert [part.replace(DISK, bytes(len(DISK))) for part in inside(brought, *path)[:2]] == inside(left, *path)


@pytest.mark.parametrize("long", [False, True])
def test_when_a_film_was_made_is_gone_and_all_else_in_its_headers_stays(long: bool, kept) -> None:  # type: ignore[no-untyped-def]
    brought = film(long=long)
    made = struct.pack(">Q" if long else ">I", MADE)
    assert brought.count(made) == 14
    left = kept(brought)
    assert left.count(made) == 0
    for path in ((b"moov", b"mvhd"), (b"moov", b"trak", b"tkhd"), (b"moov", b"trak", b"mdia", b"mdhd")):
        before, after = inside(brought, *path)[:2], inside(left, *path)
        assert [part.replace(made, bytes(len(made))) for part in before] == after


@pytest.mark.parametrize("handler", [b"meta", b"camm", b"tmcd", b"text", b"sbtl", b"data"])
def test_only_tracks_of_pictures_and_sound_are_kept(handler: bytes, kept) -> None:  # type: ignore[no-untyped-def]
    left = kept(film(beside=handler))
    assert [name for name, _ in played(left)] == [b"vide", b"soun"]
    assert SECRET not in left
    (moov,) = inside(left, b"moov")
    for name, begin, end in boxes(moov[:-5]):
        assert name != b"free" or not any(moov[begin:end]), "what is empty holds nothing"


def test_fragments_keep_pictures_and_lose_what_stands_beside_them(kept) -> None:  # type: ignore[no-untyped-def]
    def fragment(key: int) -> bytes:
        head = box(b"tfhd", bytes(4) + key.to_bytes(4, "big"))
        return box(b"traf", head + box(b"trun", b"runs of %d" % key) + box(b"uuid", SECRET))

    moov = box(b"moov", track(1, b"vide", (), [0]) + track(3, b"meta", (), [0]) + box(b"mvex", b"extends"))
    moof = box(b"moof", box(b"mfhd", bytes(8)) + fragment(1) + fragment(3))
    left = kept(box(b"ftyp", b"isom") + moov + moof + box(b"mdat", b"pixels") + box(b"prft", b"the time"))
    assert inside(left, b"moof", b"traf", b"trun") == [b"runs of 1"]
    assert inside(left, b"moov", b"mvex") == [b"extends"]
    assert left.count(SECRET) == left.count(b"the time") == 0


def test_a_film_that_was_cut_short_keeps_its_pictures(kept) -> None:  # type: ignore[no-untyped-def]
    brought = film()
    end = brought.index(PICTURES[2]) + 4
    assert kept(brought[:end]).endswith(PICTURES[2][:4])


def test_forged_boxes_and_tables_cost_no_more_than_the_file_is_long(kept) -> None:  # type: ignore[no-untyped-def]
    assert kept(box(b"ftyp", b"isom") + box(b"free") * 200_000) == b""
    crowd = FILE_BYTES // 4 - 1000
    assert kept(box(b"moov", track(3, b"meta", [b""] * 2, [0] * crowd))) == b""
    # Many chunks, each of which claims the whole file.
    whole = box(b"mdat", bytes(FILE_BYTES // 2))
    size = FILE_BYTES // 2
    many = track(3, b"meta", [bytes(size)], [0] * 50_000)
    many = many.replace(struct.pack(">4I", 0, 0, 1, size), struct.pack(">4I", 0, size, 1, size))
    assert struct.pack(">2I", size, 1) in many
    tracemalloc.start()
    left = kept(box(b"ftyp", b"isom") + whole + box(b"moov", many))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert inside(left, b"moov", b"trak") == []
    assert most < 6 * FILE_BYTES


# -- sounds ------------------------------------------------------------------------------------------------------------

SOUND = b"\xff\xfb\x90\x00" + bytes(500)


def ape(*, head: bool) -> bytes:
    """An APE tag, with its head or without."""
    items = struct.pack("<2I", len(SECRET), 0) + b"Place\0" + SECRET
    flags = 1 << 31 if head else 0
    shape = struct.Struct("<8s4I8x")
    foot = shape.pack(b"APETAGEX", 2_000, len(items) + 32, 1, flags)
    return (shape.pack(b"APETAGEX", 2_000, len(items) + 32, 1, flags | 1 << 29) if head else b"") + items + foot


LYRICS = b"LYRICSBEGIN" + b"IND0000200INF00018" + SECRET
BEHIND = {
    "ID3": b"TAG" + SECRET.ljust(125),
    "APE": ape(head=False),
    "APE with head": ape(head=True),
    "Lyrics3": LYRICS + b"%06d" % len(LYRICS) + b"LYRICS200",
    "the first Lyrics3": LYRICS + b"LYRICSEND",
    "ID3 with foot": b"ID3\4\0\x10\0\0\0\x12" + SECRET + b"3DI\4\0\x10\0\0\0\x12",
}


@pytest.mark.parametrize("tags", [[name] for name in BEHIND] + [list(BEHIND), list(reversed(BEHIND))], ids=str)
def test_a_sound_loses_whatever_tags_stand_behind_it(tags: list[str], kept) -> None:  # type: ignore[no-untyped-def]
    assert kept(SOUND + b"".join(BEHIND[name] for name in tags), "mp3") == SOUND


def test_a_sound_loses_whatever_tags_stand_before_it(kept) -> None:  # type: ignore[no-untyped-def]
    first = b"ID3\3\0\0\0\0\0\x12" + SECRET
    assert kept(first + BEHIND["ID3 with foot"] + BEHIND["APE with head"] + first + SOUND, "mp3") == SOUND


def test_a_tag_that_claims_too_much_leaves_nothing_and_many_tags_cost_little(kept) -> None:  # type: ignore[no-untyped-def]
    foot = struct.pack("<8s4I8x", b"APETAGEX", 2_000, 2**31, 1, 0)
    assert kept(SOUND + foot, "mp3") == b""
    assert kept(b"ID3\4\0\0\0\0\0\0" * 500_000 + SOUND, "mp3") == SOUND
