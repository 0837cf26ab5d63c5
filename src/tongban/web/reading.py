"""The request as pages know it: with its reader."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

from tongban.core.access.viewer import Viewer

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails


class Reading(HttpRequest):
    """Only for annotations: what :class:`tongban.web.middleware.ReaderMiddleware` adds to a request."""

    viewer: Viewer
    at: datetime
    language: str
    htmx: HtmxDetails
