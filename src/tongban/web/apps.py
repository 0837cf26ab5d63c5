"""The pages' Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, their templates and their static files."""

    name = "tongban.web"
    label = "web"
