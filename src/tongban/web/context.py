"""What every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """Language, viewer, moment, and whether this is the demo county."""
    return {
        "language": getattr(request, "language", "zh"),
        "viewer": getattr(request, "viewer", None),
        "at": getattr(request, "at", None),
        "demo": settings.DEMO,
    }
