"""Dates and years in addresses, within what the calendar knows; what lies outside is no page."""

from __future__ import annotations

from datetime import date

from tongban.core.calendar.logic.calendar import FIRST_YEAR, LAST_YEAR


class DayConverter:
    """``2026-11-20``."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The date."""
        day = date.fromisoformat(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValueError(value)
        return day

    def to_url(self, value: date | str) -> str:
        """As it stands in an address."""
        return value if isinstance(value, str) else value.isoformat()


class YearConverter:
    """``2026``."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        """The year."""
        if not FIRST_YEAR <= int(value) <= LAST_YEAR:
            raise ValueError(value)
        return int(value)

    def to_url(self, value: int | str) -> str:
        """As it stands in an address."""
        return str(value)
