"""Addresses of the notices pages."""

from django.urls import URLPattern, path

from tongban.web.notices import lines

urlpatterns: list[URLPattern] = [path("", lines.notices, name="notices")]
