"""The request as pages know it: with its reader."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from tongban.core.access.viewer import Viewer


class Reading(HttpRequest):
    """Only for annotations: what :class:`tongban.web.middleware.ReaderMiddleware` adds to a request."""

    viewer: Viewer
    at: datetime
    language: str
