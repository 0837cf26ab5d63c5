"""The registry room's Django application."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """See the package's docstring."""

    name = "tongban.core.registry"
    label = "registry"
