"""What is taken in, what is left of it, and what it costs to refuse it."""

from __future__ import annotations

import io
import resource
from pathlib import Path

import pytest
from PIL import Image

from tests.films import SECRET, film, played
from tests.pictures import BESIDE, claiming, jpeg, office, png
from tongban.core.files import sealed, store
from tongban.core.files.taking import FILE_BYTES, Taken, take_in
from tongban.core.refusals import Refused

FIXTURES = Path(__file__).parents[2] / "fixtures" / "files"


def content(taken: Taken, *, small: bool = False) -> bytes:
    stored = taken.small if small else taken.whole
    assert stored is not None
    return b"".join(sealed.unseal(store.path_of(stored.token), taken.key))


def test_a_picture_keeps_its_pixels_and_nothing_beside_them() -> None:
    brought = jpeg()
    assert all(word in brought for word in BESIDE)
    taken = take_in([brought], "IMG_0001.jpg")
    for kept in (content(taken), content(taken, small=True)):
        assert not [word for word in (*BESIDE, b"Exif", b"PREVIEW", b"adobe") if word in kept]
        with Image.open(io.BytesIO(kept)) as picture:
            assert picture.format == "JPEG"
            assert not picture.getexif()
            red, blue = picture.getpixel((10, 20)), picture.getpixel((picture.width - 10, 20))
        assert red[0] - red[2] > 140
        assert blue[2] - blue[0] > 140


def test_a_picture_is_turned_as_it_was_held_before_it_forgets_how() -> None:
    taken = take_in([jpeg(320, 240, orientation=6)], "upright.jpg")  # to be turned a quarter clockwise
    assert (taken.width, taken.height) == (240, 320)
    with Image.open(io.BytesIO(content(taken))) as picture:
        assert picture.getpixel((120, 20))[0] > 200, "what was left is on top"
        assert picture.getpixel((120, 300))[2] > 200


def test_a_large_picture_becomes_one_that_can_be_seen() -> None:
    taken = take_in([jpeg(5000, 3000)], "large.jpg")
    assert (taken.width, taken.height) == (2048, 1229)
    with Image.open(io.BytesIO(content(taken, small=True))) as small:
        assert max(small.size) == 320


def test_what_was_transparent_is_white_and_a_text_in_a_png_is_gone() -> None:
    kept = content(take_in([png()], "screen.png"))
    with Image.open(io.BytesIO(kept)) as picture:
        assert min(picture.getpixel((5, 5))) > 245
    assert b"SecretPlace" not in kept


def test_a_phone_s_heic_becomes_a_jpeg_without_its_position() -> None:
    brought = (FIXTURES / "phone.heic").read_bytes()
    assert b"PhoneMaker" in brought
    taken = take_in([brought], "IMG.HEIC")
    assert (taken.kind.code, taken.width, taken.height) == ("jpeg", 96, 64)
    assert b"PhoneMaker" not in content(taken)


def test_a_film_loses_its_position_and_none_of_its_pictures_moves() -> None:
    brought = film()
    kept = content(take_in([brought], "VID.mp4"))
    assert SECRET in brought
    assert SECRET not in kept
    assert len(kept) == len(brought)
    assert played(kept) == played(brought)[:2]


def test_a_sound_loses_its_tags() -> None:
    sound = b"\xff\xfb\x90\x00" + bytes(500)
    brought = b"ID3\x04\0\0\0\0\0\x10" + b"TALB SecretPlace" + sound + b"TAG" + b"SecretPlace".ljust(125)
    assert content(take_in([brought], "voice.mp3")) == sound
    twice = b"ID3\x03\0\0\0\0\0\x10" + b"TXXX SecretPlace" + brought
    assert content(take_in([twice], "voice.mp3")) == sound


@pytest.mark.parametrize(
    ("name", "brought", "code"),
    [
        ("a.exe", b"%PDF-1.7\n%%EOF", "pdf"),
        ("a.jpg", office(), "docx"),
        ("a.bin", office("xl/workbook.xml"), "xlsx"),
        ("a.docx", "泖口村路灯坏了".encode(), "txt"),
        ("a.docx", "泖口村路灯坏了".encode("gb18030"), "txt"),
    ],
)
def test_the_content_says_what_a_file_is_not_its_name(name: str, brought: bytes, code: str) -> None:
    assert take_in([brought], name).kind.code == code


@pytest.mark.parametrize(
    ("brought", "code"),
    [
        (b"", "file.empty"),
        (b"MZ\x90\0" + bytes(100), "file.kind"),
        (b"<html><script>alert(1)</script>", "file.kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "file.kind"),
        (b"\xef\xbb\xbf <html><script>alert(1)</script>", "file.kind"),
        (b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(100), "file.broken"),
        (b"GIF89a" + bytes(40), "file.kind"),
        (office(word__vbaProject=b"x"), "file.kind"),
        (office(word__embeddings__setup=b"x"), "file.kind"),
        (office("other.xml"), "file.kind"),
        (b"PK\x03\x04 and no archive", "file.kind"),
        (jpeg()[:500], "file.broken"),
        (b"\xff\xd8\xff" + bytes(3000), "file.broken"),
        (b"\0\0\0\x18ftypheic" + bytes(3000), "file.broken"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(50), "file.broken"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence_and_leaves_nothing(brought: bytes, code: str) -> None:
    before = set(store.folder().rglob("*"))
    with pytest.raises(Refused) as refusal:
        take_in([brought] if brought else [], "来信.jpg")
    assert refusal.value.code == code
    assert "来信.jpg" in refusal.value.sentence("zh")
    assert "来信.jpg" in refusal.value.sentence("en")
    assert {p for p in store.folder().rglob("*") if p.is_file()} - before == set()


def test_what_is_too_large_is_refused_before_it_is_read_to_its_end() -> None:
    read = []

    def pieces() -> object:
        while True:
            read.append(1)
            yield bytes(1024 * 1024)

    with pytest.raises(Refused) as refusal:
        take_in(pieces(), "film.mp4")  # type: ignore[arg-type]
    assert refusal.value.code == "file.size"
    assert len(read) == FILE_BYTES // 1024**2 + 1


@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (50_000, 20), (5_100, 5_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_claims_more_than_it_may_is_refused_unopened(width: int, height: int) -> None:
    bomb = claiming(width, height, body=1)
    assert len(bomb) < 1000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(Refused) as refusal:
        take_in([bomb], "bomb.png")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert refusal.value.code in ("file.pixels", "file.broken")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 5


def test_a_picture_at_the_bound_is_taken_within_the_child_s_memory() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (5_000, 5_000), (9, 9, 9, 9)).save(out, "PNG")
    assert take_in([out.getvalue()], "poster.png").width == 2048


def test_a_name_is_never_a_path(tmp_path: Path) -> None:
    taken = take_in([jpeg()], "../../../../etc/cron.d/张三的照片.jpg")
    assert taken.name == "张三的照片.jpg"
    for stored in taken.tokens:
        assert store.path_of(stored).is_file()
        assert store.folder() in store.path_of(stored).parents
    assert not list(store.folder().rglob("*张三*"))
    for wrong in ("../" + "a" * 29, "A" * 32, "", "a" * 31):
        with pytest.raises(ValueError, match="no name"):
            store.path_of(wrong)
