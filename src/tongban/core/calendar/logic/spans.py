"""Working hours of one date: one or two spans, each of them a half-day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

_SPAN = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")


class BadSpans(ValueError):
    """Working hours that cannot be read or make no day."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Working time from ``opens`` to ``closes``, in the county's clock time."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise BadSpans(f"{self} closes before it opens")

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}-{self.closes:%H:%M}"


Spans = tuple[Span, ...]


def checked(spans: Spans) -> Spans:
    """``spans`` themselves if they make a working day, else :class:`BadSpans`.

    Each span is one half-day, so there are one or two. An office that does not close at noon writes two that touch.
    """
    if not 1 <= len(spans) <= 2:
        raise BadSpans(f"a working day has one or two spans, not {len(spans)}")
    if len(spans) == 2 and spans[1].opens < spans[0].closes:
        raise BadSpans(f"{spans[1]} begins before {spans[0]} has ended")
    return spans


def parse_spans(text: str) -> Spans:
    """Read ``"08:30-12:00 13:30-17:00"``; raises :class:`BadSpans`.

    >>> [str(span) for span in parse_spans("08:30-12:00 13:30-17:00")]
    ['08:30-12:00', '13:30-17:00']
    >>> parse_spans("half past eight")
    Traceback (most recent call last):
    tongban.core.calendar.logic.spans.BadSpans: 'half' is not a span: write 08:30-12:00 13:30-17:00
    """
    return checked(tuple(_parse_one(word) for word in text.split()))


def format_spans(spans: Spans) -> str:
    """The text that :func:`parse_spans` reads.

    >>> format_spans(parse_spans("09:00-12:00"))
    '09:00-12:00'
    """
    return " ".join(map(str, spans))


def _parse_one(word: str) -> Span:
    found = _SPAN.fullmatch(word)
    if found is None:
        raise BadSpans(f"{word!r} is not a span: write 08:30-12:00 13:30-17:00")
    h1, m1, h2, m2 = map(int, found.groups())
    try:
        return Span(time(h1, m1), time(h2, m2))
    except BadSpans:
        raise
    except ValueError:
        raise BadSpans(f"{word!r} is no time of day") from None


# 示例 (a sample): common hours of offices in the region; each county confirms its own.
SAMPLE_HOURS: Spans = parse_spans("08:30-12:00 13:30-17:00")
