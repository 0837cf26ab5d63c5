"""The request as endpoints know it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from tongban.core.access.tokens import Bearer


class Calling(HttpRequest):
    """Only for annotations: what the middleware and the token's check add to a request."""

    auth: Bearer
    at: datetime
    language: str
