"""Counting working time: pure functions and one immutable :class:`Calendar`. Imports no Django."""

from tongban.core.calendar.logic.calendar import Calendar, Due
from tongban.core.calendar.logic.days import (
    PROVISIONAL_WORDS,
    YEAR_STATE_WORDS,
    Day,
    SpecialDay,
    Timetable,
    YearState,
)
from tongban.core.calendar.logic.spans import SAMPLE_HOURS, BadSpans, Span, Spans, format_spans, parse_spans
from tongban.core.calendar.logic.spelling import day_words, month_words, weekday_word
from tongban.core.calendar.logic.statutory import statutory_days
from tongban.core.calendar.logic.strip import (
    Cell,
    CellState,
    Remaining,
    Standing,
    Stretch,
    cells,
    remaining,
    spoken,
    words,
)
from tongban.core.calendar.logic.units import (
    COUNT_FROM_WORDS,
    BadAmount,
    CountFrom,
    NaiveDatetime,
    OutsideCalendar,
    Unit,
    limit_words,
)

__all__ = [
    "COUNT_FROM_WORDS",
    "PROVISIONAL_WORDS",
    "SAMPLE_HOURS",
    "YEAR_STATE_WORDS",
    "BadAmount",
    "BadSpans",
    "Calendar",
    "Cell",
    "CellState",
    "CountFrom",
    "Day",
    "Due",
    "NaiveDatetime",
    "OutsideCalendar",
    "Remaining",
    "Span",
    "Spans",
    "SpecialDay",
    "Standing",
    "Stretch",
    "Timetable",
    "Unit",
    "YearState",
    "cells",
    "day_words",
    "format_spans",
    "limit_words",
    "month_words",
    "parse_spans",
    "remaining",
    "spoken",
    "statutory_days",
    "weekday_word",
    "words",
]
