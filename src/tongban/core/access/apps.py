"""The access room's Django application."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """See the package's docstring."""

    name = "tongban.core.access"
    label = "access"
