"""The calendar room's Django application."""

from django.apps import AppConfig


class CalendarConfig(AppConfig):
    """See the package's docstring."""

    name = "tongban.core.calendar"
    label = "calendar"
