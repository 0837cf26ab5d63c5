"""Rates that say what they count: numerator, denominator and cohort; rankings that are fair to small numbers; medians.

A rate without a denominator is "—", never 100%. Fewer than :data:`SMALL` cases are shown and not ranked.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Generic, TypeVar

from tongban.core.labels import Label

SMALL = 5
NOTHING = "—"
NOT_RANKED_SMALL = Label("件数不足 5，不排名", "fewer than 5, not ranked")
NOT_RANKED_NONE = Label("无应办，不排名", "none due, not ranked")

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Rate:
    """``numerator`` of ``denominator``, and in words which cases the denominator holds.

    >>> closed = Rate(7790, 7796, Label("本年受理", "accepted this year"))
    >>> closed.text, closed.percent(1)
    ('99.92%', '99.9')
    >>> Rate(0, 0, Label("本月应办", "due this month")).text
    '—'
    >>> Rate(3, 2, Label("本月", "this month"))
    Traceback (most recent call last):
    ValueError: a rate of 3 in 2 (this month) counts more than there is
    """

    numerator: int
    denominator: int
    cohort: Label

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            raise ValueError(
                f"a rate of {self.numerator} in {self.denominator} ({self.cohort.en}) counts more than there is"
            )

    @property
    def text(self) -> str:
        """The percentage with two decimals and its sign; "—" where nothing can be counted."""
        return f"{self.percent()}%" if self.denominator else NOTHING

    def percent(self, decimals: int = 2) -> str:
        """The percentage without its sign, rounded half up in whole numbers.

        >>> [Rate(n, 7796, Label("受理", "accepted")).percent() for n in (7789, 7790, 7791)]
        ['99.91', '99.92', '99.94']
        """
        if not self.denominator:
            return NOTHING
        scaled = rounded(self.numerator * 100 * 10**decimals, self.denominator)
        whole, rest = divmod(scaled, 10**decimals)
        return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)

    @property
    def of(self) -> str:
        """Numerator and denominator as people read them.

        >>> Rate(7790, 7796, Label("受理", "accepted")).of
        '7,790 / 7,796'
        """
        return f"{self.numerator:,} / {self.denominator:,}"

    @property
    def small(self) -> bool:
        """Too few to be compared with others."""
        return self.denominator < SMALL

    @property
    def exact(self) -> Fraction:
        """The value itself, for comparing; only with a denominator."""
        return Fraction(self.numerator, self.denominator)

    @property
    def per_mille(self) -> int:
        """0 to 1,000, for the length of a bar."""
        return rounded(self.numerator * 1000, self.denominator) if self.denominator else 0


def rounded(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` to the nearest whole number, halves up, without floating point.

    >>> rounded(5, 2), rounded(7, 3)
    (3, 2)
    """
    return (2 * numerator + denominator) // (2 * denominator)


@dataclass(frozen=True, slots=True)
class Ranked(Generic[K]):
    """One row of a ranking. ``place`` None: shown below, with the reason why it has none."""

    key: K
    rate: Rate
    place: int | None
    why_not: Label | None = None


def ranking(rates: Iterable[tuple[K, Rate]]) -> list[Ranked[K]]:
    """Best first; equal rates share the place and the next one counts on. Small and empty ones follow, unranked.

    >>> due = Label("应办", "due")
    >>> units = {"a": (9, 10), "b": (18, 20), "c": (5, 5), "d": (3, 3)}
    >>> [(r.key, r.place) for r in ranking((k, Rate(*of, due)) for k, of in units.items())]
    [('c', 1), ('a', 2), ('b', 2), ('d', None)]
    """
    rates = list(rates)
    compared = sorted(
        (r for r in rates if not r[1].small), key=lambda r: -r[1].exact
    )  # stable: the given order in ties
    found: list[Ranked[K]] = []
    for index, (key, rate) in enumerate(compared):
        tied = bool(found) and found[-1].rate.exact == rate.exact
        found.append(Ranked(key, rate, found[-1].place if tied else index + 1))
    left = sorted((r for r in rates if r[1].small), key=lambda r: -r[1].denominator)
    return found + [Ranked(k, r, None, NOT_RANKED_SMALL if r.denominator else NOT_RANKED_NONE) for k, r in left]


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of ``n`` delays in whole seconds; None of none.

    >>> Median(968_391, 2816).days
    '11.2'
    >>> Median(None, 0).days
    '—'
    """

    seconds: int | None
    n: int

    @property
    def days(self) -> str:
        """In days of 24 hours with one decimal, halves up."""
        if self.seconds is None:
            return NOTHING
        whole, tenth = divmod(rounded(self.seconds * 10, 86_400), 10)
        return f"{whole}.{tenth}"


def middle(n: int) -> tuple[int, int]:
    """Where the middle of ``n`` sorted values stands: offset, and how many to take (one or two).

    >>> middle(5), middle(6)
    ((2, 1), (2, 2))
    """
    return (n - 1) // 2, 2 - n % 2


def median(values: Iterable[int], n: int) -> Median:
    """From the one or two middle values that :func:`middle` asked for.

    >>> median([10, 13], 6)
    Median(seconds=12, n=6)
    """
    found = list(values)
    return Median(rounded(sum(found), len(found)) if found else None, n)


__all__ = ["NOTHING", "SMALL", "Median", "Ranked", "Rate", "median", "middle", "ranking", "rounded"]
