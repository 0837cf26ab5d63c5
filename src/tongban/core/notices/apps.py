"""The notices room's Django application."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """See the package's docstring."""

    name = "tongban.core.notices"
    label = "notices"

    def ready(self) -> None:
        from tongban.core.notices import calling, confirming, delivery, digest, keeping  # noqa: F401 - what the worker does
