"""Small charts as SVG geometry: plain numbers in, paths and labels out. Drawn by the server, styled by classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A word at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Two lines over one scale from zero. ``now`` and ``then`` are path data; the last points are marked."""

    width: int
    height: int
    left: int
    right: int
    now: str
    then: str
    dot: tuple[float, float]
    grid: list[Mark]
    below: list[Mark]
    say_now: Mark
    say_then: Mark


def path(points: Sequence[tuple[float, float]]) -> str:
    """Path data through the points.

    >>> path([(0, 5), (10, 2.5)])
    'M0.0 5.0L10.0 2.5'
    """
    return "".join(f"{'L' if i else 'M'}{x:.1f} {y:.1f}" for i, (x, y) in enumerate(points))


def scale_top(most: int) -> int:
    """A round number at or above ``most``.

    >>> [scale_top(n) for n in (0, 3, 11, 42, 180, 1001)]
    [4, 4, 20, 60, 200, 2000]
    """
    if most <= 4:
        return 4
    power = 10 ** (len(str(most)) - 1)
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= most)


def trend(
    now: Sequence[int], then: Sequence[int], labels: Sequence[str], width: int = 860, height: int = 300
) -> Chart:  # fmt: skip
    """Both series from zero, with a grid of three lines, at most eight labels below, and the last values told."""
    top = scale_top(max([0, *now, *then]))
    left, right, floor = max(64, 24 + 17 * len(f"{top:,}")), width - 190, height - 44
    step = (right - left) / max(len(labels) - 1, 1)

    def place(index: int, value: int) -> tuple[float, float]:
        return left + index * step, floor - (floor - 24) * value / top

    def line(values: Sequence[int]) -> list[tuple[float, float]]:
        return [place(i, v) for i, v in enumerate(values)]

    first, second = line(now), line(then)
    every = max(1, -(-len(labels) // 8))
    last_now, last_then = first[-1][1], second[-1][1]
    if abs(last_now - last_then) < 26:  # two words never cover one another
        middle = (last_now + last_then) / 2
        upper = last_now <= last_then
        last_now, last_then = (middle - 13, middle + 13) if upper else (middle + 13, middle - 13)
    return Chart(
        width, height, left, right, path(first), path(second), first[-1],
        [Mark(left - 10, place(0, v)[1], f"{v:,}") for v in sorted({0, top // 2, top})],
        [Mark(place(i, 0)[0], height - 10, text) for i, text in enumerate(labels) if (len(labels) - 1 - i) % every == 0],
        Mark(right + 14, last_now + 6, f"{now[-1]:,}"), Mark(right + 14, last_then + 6, f"{then[-1]:,}"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spark:
    """A line as small as a word. ``fill`` closes the area below, for counts from zero alone."""

    line: str
    fill: str
    dot: tuple[float, float]


def spark(values: Sequence[float | None], *, filled: bool = False) -> Spark | None:
    """Within 220 × 46; a gap (None) is left out. Nothing for fewer than two values."""
    known = [(i, v) for i, v in enumerate(values) if v is not None]
    if len(known) < 2:
        return None
    low = 0.0 if filled else min(v for _, v in known)
    high = max(v for _, v in known)
    span = (high - low) or 1.0
    last = max(len(values) - 1, 1)
    points = [(4 + 212 * i / last, 41 - 36 * (v - low) / span) for i, v in known]
    line = path(points)
    area = f"{line}L{points[-1][0]:.1f} 46.0L{points[0][0]:.1f} 46.0z" if filled else ""
    return Spark(line, area, points[-1])
