"""Addresses of the imports pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from tongban.web.imports import choosing, uploading, watching

urlpatterns: list[URLPattern] = [
    path("", uploading.begin, name="import"),
    path("file/<slug:token>/", choosing.columns, name="import-columns"),
    path("file/<slug:token>/discard/", choosing.discard, name="import-discard"),
    path("<int:key>/", watching.batch, name="import-batch"),
    path("<int:key>/progress/", watching.progress, name="import-progress"),
    path("<int:key>/refused.csv", watching.refused_rows, name="import-refused"),
    path("<int:key>/undo/", watching.undo, name="import-undo"),
]
