"""Days, months and weekdays in words. Written out, because a process's locale must not change what a page says."""

from __future__ import annotations

from datetime import date

from tongban.core.labels import Label

_WEEKDAYS = "一二三四五六日"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date, *, with_year: bool = True, weekday: bool = False) -> Label:
    """A date in words.

    >>> day_words(date(2026, 11, 18))
    Label(zh='2026年11月18日', en='18 Nov 2026')
    >>> day_words(date(2026, 11, 18), with_year=False, weekday=True)
    Label(zh='11月18日（周三）', en='Wed 18 Nov')
    """
    zh = f"{day.year}年" if with_year else ""
    zh += f"{day.month}月{day.day}日"
    en = f"{day.day} {_MONTHS[day.month - 1]}"
    en += f" {day.year}" if with_year else ""
    if weekday:
        zh += f"（周{_WEEKDAYS[day.weekday()]}）"
        en = f"{_DAYS[day.weekday()]} {en}"
    return Label(zh, en)


def month_words(month: int) -> Label:
    """A month by its number (1 to 12), without the year."""
    return Label(f"{month}月", _MONTHS[month - 1])


def weekday_word(day: date) -> Label:
    """One sign for the weekday, for narrow places."""
    return Label(_WEEKDAYS[day.weekday()], _DAYS[day.weekday()][:2])
