"""How the libraries that sign people in are bent to the county's rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody makes a staff account for himself; an administrator does."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Always closed."""
        return False


def locked_out(request: HttpRequest, response: HttpResponse, credentials: dict[str, Any] | None = None) -> HttpResponse:
    """What axes answers when an account is locked: the page that our own view has made."""
    return response


def minutes_locked(username: str) -> int:
    """How many minutes an account's password stays locked after five wrong ones."""
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    cool_off = get_cool_off() or timedelta()
    left = (last.attempt_time + cool_off - timezone.now()) if last else cool_off
    return max(1, -(-int(left.total_seconds()) // 60))
