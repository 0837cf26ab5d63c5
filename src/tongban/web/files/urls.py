"""Addresses of files. A number in an address opens nothing: who asks is looked at each time."""

from __future__ import annotations

from django.urls import URLPattern, path

from tongban.web.files import serving

urlpatterns: list[URLPattern] = [
    path("<key:key>/", serving.content, name="file"),
    path("<key:key>/small/", serving.small, name="file-small"),
    path("<key:key>/look/", serving.look, name="file-look"),
]
