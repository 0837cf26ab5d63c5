"""The visits engine's Django application."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Who calls on whom, when, and what he hears."""

    name = "tongban.engines.visits"
    label = "visits"

    def ready(self) -> None:
        from tongban.engines.visits import jobs  # noqa: F401 - for the worker
