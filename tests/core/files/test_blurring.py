"""What is hidden on a picture cannot be seen any more, and what is not hidden can."""

from __future__ import annotations

import io
import time
from itertools import pairwise

import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.pictures import jpeg
from tongban.core.files.blurring import PATCHES, Region, blur, suggested
from tongban.core.refusals import Refused


def plate(number: str) -> bytes:
    """A picture of one plate at a quarter of its height, and of the same words below."""
    picture = Image.new("RGB", (800, 600), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(60)
    draw.text((200, 130), number, fill="black", font=font)
    draw.text((200, 430), number, fill="black", font=font)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=95)
    return out.getvalue()


REGION = Region(20, 18, 60, 20)


def pixels(content: bytes, box: tuple[int, int, int, int]) -> Image.Image:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("L").crop(box)


def test_two_plates_look_alike_once_hidden_and_differ_where_they_are_not() -> None:
    one, two = (blur(plate(n), [REGION])[0] for n in ("A 8K371", "A 3B117"))
    hidden, shown = (170, 110, 630, 230), (170, 420, 630, 520)

    def apart(box: tuple[int, int, int, int]) -> int:
        a, b = (list(pixels(c, box).get_flattened_data()) for c in (one, two))
        return max(abs(x - y) for x, y in zip(a, b, strict=True))

    assert apart(shown) > 200
    assert apart(hidden) < 40


def test_a_region_holds_no_more_than_a_few_patches() -> None:
    content = blur(plate("A 8K371"), [REGION])[0]
    part = pixels(content, (170, 112, 630, 224))
    # Nothing finer than a patch is left: halving it twice and doubling it again changes next to nothing.
    coarse = part.resize((PATCHES * 4, PATCHES)).resize(part.size, Image.Resampling.BICUBIC)
    apart = [abs(a - b) for a, b in zip(part.get_flattened_data(), coarse.get_flattened_data(), strict=True)]
    assert sum(apart) / len(apart) < 6


def test_the_copy_is_made_anew_and_knows_nothing_beside_its_pixels() -> None:
    content, width, height = blur(jpeg(), [])
    assert (width, height) == (320, 240)
    assert b"PhoneMaker" not in content
    assert b"SecretPlace" not in content


@pytest.mark.parametrize("region", [Region(0, 0, 100, 100), Region(99.9, 99.9, 100, 100), Region(0, 0, 0.01, 0.01)])
def test_a_box_at_the_edge_is_a_box(region: Region) -> None:
    assert blur(jpeg(), [region])[1:] == (320, 240)


def test_a_box_over_everything_leaves_no_edge() -> None:
    content = blur(jpeg(), [Region(0, 0, 100, 100)])[0]
    with Image.open(io.BytesIO(content)) as picture:
        row = [picture.getpixel((x, 120))[0] for x in range(320)]
    assert max(abs(a - b) for a, b in pairwise(row)) < 30, "the edge of red and blue is soft"


@pytest.mark.parametrize("typed", [["", "1", "2", "3"], ["1", "2", "3", "nan"], ["-1", "0", "5", "5"], ["0", "0", "0", "5"],
                                   ["0", "0", "101", "5"], ["1", "2", "3"], ["a", "b", "c", "d"], ["inf", "0", "5", "5"]])  # fmt: skip
def test_numbers_that_are_no_box_are_refused_by_their_line(typed: list[str]) -> None:
    with pytest.raises(Refused) as refusal:
        Region.read(typed, 3)
    assert "3" in refusal.value.sentence("zh")


def test_numbers_may_say_percent() -> None:
    assert Region.read([" 10 ", "20%", "30.5", "40％"], 1) == Region(10, 20, 30.5, 40)


def reds(picture: bytes) -> list[Region]:
    """A finder, as a county may name one: where it is red."""
    with Image.open(io.BytesIO(picture)) as seen:
        left, top, right, bottom = seen.convert("RGB").getchannel("R").point(lambda v: 255 if v > 180 else 0).getbbox()  # type: ignore[misc]
        return [Region(100 * left / seen.width, 100 * top / seen.height, 100 * (right - left) / seen.width,
                       100 * (bottom - top) / seen.height)]  # fmt: skip


def test_a_finder_that_is_named_suggests_and_without_one_nothing_is_suggested(settings) -> None:  # type: ignore[no-untyped-def]
    assert suggested(jpeg()) == []
    settings.TONGBAN_FINDER = f"{__name__}.reds"
    assert suggested(jpeg()) == [Region(0, 0, 50, 100)]


def large() -> bytes:
    """As large as a stored picture is."""
    out = io.BytesIO()
    Image.effect_noise((2048, 2048), 80).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_boxes_that_cover_the_picture_again_and_again_are_refused_before_any_is_drawn() -> None:
    start = time.process_time()
    with pytest.raises(Refused) as refusal:
        blur(large(), [Region(0, n / 100, 100, 99) for n in range(60)])
    assert refusal.value.code == "region.over"
    assert time.process_time() - start < 0.5


def test_as_much_as_may_be_covered_is_covered_within_two_seconds() -> None:
    start = time.process_time()
    blur(large(), [Region(0, 0, 100, 100), *(Region(n, n, 20, 8) for n in range(59)), Region(1, 1, 98, 98)])
    assert time.process_time() - start < 2


def test_the_same_box_twice_is_one_box() -> None:
    boxes = [Region(10, 10, 50, 50)] * 60
    assert blur(jpeg(), boxes)[0] == blur(jpeg(), boxes[:1])[0]
