"""A date in an address."""

from __future__ import annotations

from datetime import date


class DayConverter:
    """``2026-11-20``; what is no date is no page."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """The date."""
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        """As it stands in an address."""
        return value if isinstance(value, str) else value.isoformat()
