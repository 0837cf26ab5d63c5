"""Pictures and papers that nobody took: drawn from a seed number, each with 演示 on it.

The two signs are drawn stroke by stroke: a machine without Chinese fonts draws them too.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from math import cos, sin, tau
from random import Random
from time import gmtime

from PIL import Image, ImageDraw

from tongban.core.files.blurring import Region

Brush = ImageDraw.ImageDraw
Colour = tuple[int, int, int]
_SIZE = (1600, 1200)  # drawn twice as large as it is kept, so that its edges are smooth
_GROUND = 800  # where the road begins
_NIGHT, _DAY, _GREY = (24, 32, 58), (176, 208, 230), (150, 160, 170)
# 演示, each in a box of 100 by 100.
_SIGNS = (
    (
        ((14, 10), (24, 19)), ((8, 36), (18, 45)), ((8, 92), (26, 58)), ((62, 3), (65, 13)), ((36, 30), (36, 19), (94, 19), (91, 30)),
        ((44, 33), (86, 33)), ((43, 46), (43, 78)), ((43, 46), (87, 46), (87, 78)), ((43, 62), (87, 62)), ((43, 78), (87, 78)),
        ((65, 33), (65, 78)), ((56, 83), (38, 97)), ((74, 83), (93, 97)),
    ),
    (((24, 15), (76, 15)), ((8, 40), (92, 40)), ((50, 40), (50, 94), (38, 86)), ((28, 55), (12, 82)), ((70, 55), (90, 80))),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """One thing that can be shown: the name of its file, and what of it is hidden before everybody sees it."""

    name: str
    draws: Callable[[Brush, Random], None] | None
    hidden: tuple[Region, ...] = ()


def content(code: str, seed: str, position: tuple[float, float] | None) -> bytes:
    """The file as a phone would send it: with the place (longitude, latitude) in it, if one is given."""
    rng = Random(seed)  # noqa: S311 - draws a picture, guards nothing
    found = DRAWINGS[code]
    if found.draws is None:
        return _LIST.encode()
    large = Image.new("RGB", _SIZE, "white")
    found.draws(ImageDraw.Draw(large), rng)
    _sign(ImageDraw.Draw(large))
    picture, out = large.reduce(2), io.BytesIO()
    if found.name.endswith(".pdf"):
        day = gmtime(0)
        picture.save(out, "PDF", resolution=96.0, creationDate=day, modDate=day)
    else:
        picture.save(out, "JPEG", quality=80, exif=_exif(position))
    return out.getvalue()


def _exif(position: tuple[float, float] | None) -> Image.Exif:
    """What a phone writes beside the pixels."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Demo", "Drawn by a program"
    if position is not None:
        longitude, latitude = position
        exif.get_ifd(0x8825).update({1: "N", 2: _degrees(latitude), 3: "E", 4: _degrees(longitude)})
    return exif


def _degrees(value: float) -> tuple[float, float, float]:
    minutes = value % 1 * 60
    return float(int(value)), float(int(minutes)), round(minutes % 1 * 60, 2)


def _sign(brush: Brush) -> None:
    """演示 in the lower right corner."""
    brush.rounded_rectangle((1260, 1040, 1570, 1180), 24, fill=(255, 255, 255), outline=(190, 60, 50), width=6)
    for place, strokes in enumerate(_SIGNS):
        for stroke in strokes:
            points = [(1285 + place * 140 + x * 1.2, 1050 + y * 1.2) for x, y in stroke]
            brush.line(points, fill=(190, 60, 50), width=9, joint="curve")


def _street(brush: Brush, rng: Random, sky: Colour) -> None:
    """Sky, a row of houses and a road."""
    for y in range(_GROUND):
        brush.line((0, y, 1600, y), fill=_mix(sky, (235, 235, 225), y / _GROUND / 2))
    left, dark = -40, sum(sky) < 200
    while left < 1600:
        width, top = rng.randint(190, 300), rng.randint(330, 560)
        wall = _mix(rng.choice(((205, 190, 170), (186, 196, 200), (214, 205, 190))), sky, 0.72 if dark else 0.1)
        brush.rectangle((left, top, left + width, _GROUND), fill=wall)
        brush.polygon(
            ((left - 14, top), (left + width / 2, top - 80), (left + width + 14, top)),
            fill=_mix(wall, (60, 60, 70), 0.5),
        )
        for x in range(left + 34, left + width - 60, 80):
            for y in range(top + 50, _GROUND - 90, 110):
                lit = dark and rng.random() < 0.4
                brush.rectangle((x, y, x + 44, y + 60), fill=(250, 214, 120) if lit else _mix(wall, (40, 60, 90), 0.45))
        left += width + rng.randint(10, 60)
    brush.rectangle((0, _GROUND, 1600, 860), fill=_mix((190, 186, 176), sky, 0.6 if dark else 0.1))
    brush.rectangle((0, 860, 1600, 1200), fill=_mix((96, 98, 102), sky, 0.5 if dark else 0))
    for x in range(rng.randint(-120, 0), 1600, 260):
        brush.polygon(
            ((x, 1040), (x + 140, 1040), (x + 130, 1058), (x - 12, 1058)),
            fill=_mix((235, 235, 230), sky, 0.5 if dark else 0),
        )


def _lamp(brush: Brush, rng: Random, *, lit: bool) -> None:
    _street(brush, rng, _NIGHT)
    x = rng.randint(420, 1000)
    if lit:
        for wide in range(12):
            light = _mix(_NIGHT, (250, 226, 150), 0.25 + wide * 0.05)
            brush.ellipse((x - 250 + wide * 18, 800 + wide * 5, x + 530 - wide * 18, 1010 - wide * 5), fill=light)
    brush.rectangle((x - 11, 210, x + 11, 880), fill=(110, 116, 128))
    brush.rectangle((x - 36, 862, x + 36, 890), fill=(84, 88, 98))
    brush.arc((x, 150, x + 260, 330), 180, 272, fill=(110, 116, 128), width=18)
    brush.rounded_rectangle((x + 110, 138, x + 250, 172), 16, fill=(255, 236, 160) if lit else (70, 74, 84))
    if not lit:
        brush.ellipse((1330, 90, 1420, 180), fill=(226, 226, 204))
        brush.ellipse((1356, 80, 1438, 162), fill=_mix(_NIGHT, (235, 235, 225), 0.05))


def _blot(brush: Brush, rng: Random, colours: tuple[Colour, ...]) -> None:
    """Something flat and uneven on the road, each colour further in."""
    x, y = rng.randint(380, 760), rng.randint(960, 1000)
    edge = [rng.uniform(0.8, 1.15) for _ in range(14)]
    for inner, colour in enumerate(colours):
        share = 1 - inner * 0.24
        points = [
            (x + 300 * share * far * cos(n * tau / 14), y + 84 * share * far * sin(n * tau / 14))
            for n, far in enumerate(edge)
        ]
        brush.polygon(points, fill=colour)


def _pothole(brush: Brush, rng: Random) -> None:
    _street(brush, rng, _DAY)
    _blot(brush, rng, ((122, 118, 110), (84, 76, 66), (52, 46, 42)))
    for x in (250, 1120):
        brush.polygon(((x, 930), (x + 40, 780), (x + 80, 930)), fill=(228, 110, 50))
        brush.polygon(((x + 14, 880), (x + 24, 840), (x + 56, 840), (x + 66, 880)), fill=(250, 250, 245))


def _mended(brush: Brush, rng: Random) -> None:
    _street(brush, rng, _DAY)
    brush.polygon(
        ((420, 930), (1060, 930), (1130, 1110), (360, 1110)), fill=(66, 66, 70), outline=(50, 50, 54), width=6
    )


def _puddle(brush: Brush, rng: Random) -> None:
    _street(brush, rng, _GREY)
    _blot(brush, rng, ((104, 126, 146), (130, 154, 176), (158, 182, 202)))
    for _ in range(90):
        x, y = rng.randint(0, 1600), rng.randint(0, 1100)
        brush.line((x, y, x - 12, y + 52), fill=(208, 216, 226), width=4)


def _drain(brush: Brush, rng: Random) -> None:
    _street(brush, rng, _DAY)
    brush.rounded_rectangle((620, 930, 1000, 1090), 14, fill=(58, 60, 64), outline=(40, 42, 46), width=8)
    for x in range(660, 990, 48):
        brush.rounded_rectangle((x, 956, x + 20, 1064), 8, fill=(24, 26, 30))


def _car(brush: Brush, rng: Random) -> None:
    _street(brush, rng, _DAY)
    paint = rng.choice(((92, 124, 160), (168, 84, 74), (120, 140, 110)))
    brush.rounded_rectangle((520, 560, 1080, 820), 90, fill=_mix(paint, (255, 255, 255), 0.1))
    brush.rounded_rectangle((566, 590, 1034, 760), 50, fill=(58, 76, 96))
    brush.rounded_rectangle((470, 740, 1130, 990), 60, fill=paint)
    for x in (510, 980):
        brush.rounded_rectangle((x, 960, x + 110, 1060), 26, fill=(40, 40, 44))
        brush.ellipse((x - 4, 800, x + 106, 880), fill=(246, 238, 200))
    brush.rounded_rectangle((640, 890, 960, 980), 10, fill=(40, 84, 170), outline=(240, 240, 240), width=6)
    for n in range(6):  # signs that say nothing
        x = 664 + n * 47
        brush.line(
            [(x + rng.randint(0, 32), 908 + rng.randint(0, 52)) for _ in range(5)], fill=(245, 245, 245), width=7
        )


def _page(brush: Brush, rng: Random, *, stamped: bool) -> None:
    """A page with lines for words."""
    brush.rectangle((0, 0, 1600, 1200), fill=(172, 150, 122))
    brush.polygon(((330, 60), (1240, 40), (1270, 1180), (310, 1180)), fill=(250, 248, 240))
    brush.rounded_rectangle((560, 130, 1010, 172), 12, fill=(60, 60, 66))
    y = 250
    while y < 1000:
        ends = rng.randint(620, 900) if rng.random() < 0.25 else rng.randint(1120, 1180)
        brush.rounded_rectangle((400, y, ends, y + 18), 9, fill=(150, 150, 156))
        y += 52
    if stamped:
        brush.ellipse((900, 860, 1120, 1080), outline=(196, 50, 46), width=10)
        brush.regular_polygon((1010, 970, 60), 5, rotation=0, fill=(196, 50, 46))


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of the other colour in the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


_LIST = "演示：用工需求清单（名字和数字都是编的）\n\n缝纫工  12 人  计件\n包装工   8 人  白班\n检验员   3 人  长白班\n"
DRAWINGS = {
    "lamp": Drawing("路灯不亮.jpg", lambda brush, rng: _lamp(brush, rng, lit=False)),
    "lamp_lit": Drawing("修好后.jpg", lambda brush, rng: _lamp(brush, rng, lit=True)),
    "pothole": Drawing("路面坑洞.jpg", _pothole),
    "mended": Drawing("修补后.jpg", _mended),
    "puddle": Drawing("积水.jpg", _puddle),
    "drain": Drawing("疏通后.jpg", _drain),
    "car": Drawing("现场照片.jpg", _car, (Region(40, 74, 20, 8),)),
    "letter": Drawing("来信.jpg", lambda brush, rng: _page(brush, rng, stamped=False)),
    "notice": Drawing("书面答复.pdf", lambda brush, rng: _page(brush, rng, stamped=True)),
    "list": Drawing("用工需求.txt", None),
}  # fmt: skip
