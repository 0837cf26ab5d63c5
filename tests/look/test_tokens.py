"""Colours: every pair in use has its contrast, status marks stay apart, and no colour stands outside the tokens."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "src/tongban/web/static/web"
CSS = (STATIC / "tokens.css").read_text(encoding="utf-8")
STATES = ("late", "soon", "going", "done", "held")
Colours = dict[str, str]

# Words on what lies behind them: at least 4.5 : 1.
TEXT = [
    *(("ink", ground) for ground in ("ground", "surface", "sunken", "lamp-wash", "lake-wash")),
    *(("quiet", ground) for ground in ("ground", "surface", "sunken", "lake-wash", "lamp-wash", "land")),
    *(("lake", ground) for ground in ("surface", "ground", "lake-wash", "lamp-wash")),
    ("lake-deep", "lake-wash"), ("on-lake", "lake"), ("on-lake", "lake-deep"), ("surface", "ink"), ("late-ink", "ground"),
    *((f"{s}-ink", ground) for s in STATES for ground in (f"{s}-wash", "surface", "lake-wash", "lamp-wash")),
]  # fmt: skip
# Shapes and borders: at least 3 : 1.
MARKS = [
    ("edge", "surface"), ("edge", "ground"), ("lake", "surface"), ("data-rest", "surface"),
    *((f"data-{n}", "surface") for n in (1, 2, 3, 4)),
    *((name, "land") for name in ("near-1", "near-2", "near-3", "far")),
    *((s, ground) for s in STATES for ground in ("surface", f"{s}-wash")),
]  # fmt: skip
# Linear RGB as seen without one kind of cone (Machado, Oliveira, Fernandes 2009, full strength).
SIGHT = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
APART = 10  # dE76; below it the shapes alone would have to tell the states apart


def block(opening: str) -> str:
    begin = CSS.index("{", CSS.index(opening)) + 1
    depth, end = 1, begin
    while depth:
        depth += {"{": 1, "}": -1}.get(CSS[end], 0)
        end += 1
    return CSS[begin : end - 1]


def colours(text: str) -> Colours:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", text))


LIGHT = colours(block(":root {"))
DARK = {**LIGHT, **colours(block(':root[data-theme="dark"]'))}
THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]


def contrast(a: str, b: str) -> float:
    def light(colour: str) -> float:
        return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))

    bright, dim = sorted((light(a), light(b)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def lab(rgb: list[float]) -> tuple[float, float, float]:
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * p for m, p in zip(row, rgb, strict=True)) for row in matrix]
    x, y, z = (
        v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116
        for v in (p / n for p, n in zip(xyz, (0.9505, 1.0, 1.089), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def seen(colour: str, sight: str) -> tuple[float, float, float]:
    rgb = linear(colour)
    if sight != "normal":
        mixed = (sum(m * p for m, p in zip(row, rgb, strict=True)) for row in SIGHT[sight])
        rgb = [min(1.0, max(0.0, p)) for p in mixed]
    return lab(rgb)


@THEMES
def test_words_can_be_read_on_every_ground_in_use(theme: Colours) -> None:
    low = [(a, b, round(contrast(theme[a], theme[b]), 2)) for a, b in TEXT if contrast(theme[a], theme[b]) < 4.5]
    assert not low


@THEMES
def test_marks_and_borders_are_seen(theme: Colours) -> None:
    low = [(a, b, round(contrast(theme[a], theme[b]), 2)) for a, b in MARKS if contrast(theme[a], theme[b]) < 3]
    assert not low


@THEMES
def test_focus_is_seen_on_any_ground(theme: Colours) -> None:
    assert max(contrast(theme["ink"], theme["lamp"]), contrast(theme["lamp"], theme["surface"])) >= 3


@THEMES
@pytest.mark.parametrize("sight", ["normal", *SIGHT])
def test_states_stay_apart_for_colour_blind_eyes(theme: Colours, sight: str) -> None:
    for a, b in itertools.combinations(STATES, 2):
        away = sum((p - q) ** 2 for p, q in zip(seen(theme[a], sight), seen(theme[b], sight), strict=True)) ** 0.5
        assert away >= APART, (a, b, round(away))


def test_the_two_dark_blocks_are_equal() -> None:
    device, chosen = block("@media (prefers-color-scheme: dark)"), block(':root[data-theme="dark"]')
    inner = device[device.index("{") + 1 : device.rindex("}")]
    assert inner.split() == chosen.split()
    assert "color-scheme: dark" in chosen


@pytest.mark.parametrize("name", sorted(p.name for p in STATIC.glob("*.css") if p.name != "tokens.css"))
def test_no_colour_is_written_outside_the_tokens(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / name).read_text(encoding="utf-8"), flags=re.S)
    found = re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(", css)
    allowed = {"#13201d"}  # the character on a lamp-coloured pin, which is light in both themes
    assert set(found) <= allowed


@pytest.mark.parametrize("name", sorted(p.name for p in STATIC.glob("*.css")))
def test_every_name_that_is_used_is_a_token(name: str) -> None:
    known = set(re.findall(r"--([\w-]+)\s*:", CSS)) | {"when"}
    used = set(re.findall(r"var\(--([\w-]+)", (STATIC / name).read_text(encoding="utf-8")))
    assert used <= known


def test_every_drawing_that_a_template_names_is_on_the_sheet() -> None:
    web = STATIC.parents[1]
    sheet = set(re.findall(r'<symbol id="(\w+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    used = {
        name
        for path in (web / "templates").rglob("*.html")
        for name in re.findall(r'{% icon "(\w+)"', path.read_text(encoding="utf-8"))
    }
    assert used <= sheet


def test_no_template_holds_a_style_a_script_or_another_address() -> None:
    web = STATIC.parents[1]
    for path in (web / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|<style|\son\w+=\"", text), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name
        assert not re.search(r"(?:src|href)=\"(?:https?:)?//", text), path.name
