"""The whole calendar as sorted columns, so that a due date costs two or three binary searches, however far away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from tongban.core.calendar.logic.days import Rulebook, YearState
from tongban.core.calendar.logic.spans import Spans
from tongban.core.calendar.logic.units import HOUR

_DAY = 24 * HOUR
_EPOCH = date(1970, 1, 1).toordinal()
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Table:
    """Columns over dates, working days, half-days and years. Times are microseconds since 1970 (UTC).

    ``before[i]`` counts the working days before date ``i``, so it is also the number of the first working day at or
    after that date. The same holds for ``first_half`` and ``unsure``.
    """

    first: int  # ordinal of the first date
    midnight: list[int]  # date → its first moment in the county; one more at the end
    before: list[int]  # date → working days before it; one more at the end
    day: list[int]  # working day → its date
    closing: list[int]  # working day → its last moment
    first_half: list[int]  # working day → its first half-day
    opens: list[int]  # half-day → its first moment; one more, never reached, at the end
    closes: list[int]  # half-day → its last moment
    worked: list[int]  # half-day → working time before it; the whole at the end
    done: list[int]  # half-day → working time when it has ended
    years: list[int]  # year → its first moment
    unsure: list[int]  # year → years before it that are not confirmed; one more at the end


def build(rules: Rulebook, zone: ZoneInfo, first_year: int, last_year: int) -> Table:
    """Lay ``rules`` out for all dates of the years given, both included."""
    first = date(first_year, 1, 1).toordinal()
    dates = [date.fromordinal(n) for n in range(first, date(last_year, 12, 31).toordinal() + 2)]
    midnight = [_at(each, 0, zone) for each in dates]
    before, day, closing, first_half = [0], [], [], []
    opens: list[int] = []
    closes: list[int] = []
    for index, each in enumerate(dates[:-1]):
        spans = rules.spans(each)
        if spans:
            day.append(index)
            first_half.append(len(opens))
            for begin, end in _span_moments(spans, each, midnight[index], midnight[index + 1], zone):
                opens.append(begin)
                closes.append(end)
            closing.append(closes[-1])
        before.append(len(day))
    done = list(accumulate(end - begin for begin, end in zip(opens, closes, strict=True)))
    years = range(first_year, last_year + 1)
    return Table(
        first=first,
        midnight=midnight,
        before=before,
        day=day,
        closing=closing,
        first_half=first_half,
        opens=[*opens, midnight[-1]],
        closes=closes,
        worked=[0, *done],
        done=done,
        years=[midnight[date(year, 1, 1).toordinal() - first] for year in years],
        unsure=[0, *accumulate(int(rules.year_state(year) is not YearState.CONFIRMED) for year in years)],
    )


def _span_moments(spans: Spans, on: date, begin: int, end: int, zone: ZoneInfo) -> list[tuple[int, int]]:
    """First and last moment of each span of a date that lasts from ``begin`` to ``end``."""
    clock = _clock(spans)
    if end - begin == _DAY:
        return [(begin + opens, begin + closes) for opens, closes in clock]
    # The clock is put forward or back on this date: only the zone knows what 08:30 means.
    return [(_at(on, opens, zone), _at(on, closes, zone)) for opens, closes in clock]


@lru_cache(maxsize=64)
def _clock(spans: Spans) -> tuple[tuple[int, int], ...]:
    """Clock times as microseconds after midnight."""
    return tuple((_since_midnight(span.opens), _since_midnight(span.closes)) for span in spans)


def _since_midnight(at: time) -> int:
    return (at.hour * 60 + at.minute) * HOUR // 60


def _at(on: date, clock: int, zone: ZoneInfo) -> int:
    """The moment at which the zone's clock shows so many microseconds after midnight of a date."""
    local = datetime(on.year, on.month, on.day, tzinfo=zone)
    if clock:
        local += timedelta(microseconds=clock)  # clock arithmetic: an aware datetime moves by its own clock
    offset = local.utcoffset()
    assert offset is not None  # a ZoneInfo always knows
    return (on.toordinal() - _EPOCH) * _DAY + clock - offset // _MICROSECOND
