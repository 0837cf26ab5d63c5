"""All addresses: the shared pages, and each programme's own under its code."""

from __future__ import annotations

from importlib import import_module

from django.urls import include, path

from tongban.api.doors import api
from tongban.engines.programme.scan import programmes

urlpatterns = [path("", include("tongban.web.urls")), path("api/v1/", api.urls)]
urlpatterns += [path(f"{p.code}/", include(import_module(p.pages))) for p in programmes().values() if p.pages]

handler400 = "tongban.web.errors.bad_request"
