"""Addresses of the imports pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from tongban.web.imports import choosing, uploading, watching

urlpatterns: list[URLPattern] = [
    path("", uploading.begin, name="import"),
    path("file/<slug:token>/", choosing.columns, name="import-columns"),
    path("file/<slug:token>/discard/", choosing.discard, name="import-discard"),
    path("<key:key>/", watching.batch, name="import-batch"),
    path("<key:key>/progress/", watching.progress, name="import-progress"),
    path("<key:key>/refused.csv", watching.refused_rows, name="import-refused"),
    path("<key:key>/undo/", watching.undo, name="import-undo"),
]
