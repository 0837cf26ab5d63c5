"""The demo's one-time codes: its phones are nobody's, so a page on the same machine shows what they would show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tongban.core.access import second_factor
from tongban.core.access.models import Account
from tongban.core.access.queries import OFFICES
from tongban.core.labels import Label
from tongban.core.notices.ports import Delivered, FilePort, port
from tongban.core.registry.models import masked
from tongban.core.registry.queries import directory
from tongban.web.guard import public
from tongban.web.reading import Reading
from tongban.web.signin.pending import stored_nowhere

Code = tuple[str, Label, str, str]  # account, who that is, code, kind: "factor" or "message"

STAFF, MESSAGE = "factor", "message"
_RESIDENT = Label("居民或企业办事人", "Resident or firm's clerk")
_NO_OFFICE = Label("没有岗位", "No office")
_DIGITS = re.compile(r"(?<!\d)\d{6}(?!\d)")
_ADDRESS = re.compile(r"(https?://\S+)")
_MOST, _SHOWN, _LOOKED_AT = 60, 20, 200
_LOOPBACK = {"127.0.0.1", "::1"}


def current() -> list[Code]:
    """What every demo phone shows now: the staff's six digits, and the newest message code of each number."""
    return [*_of_staff(), *_of_messages()] if settings.DEMO else []


def _of_staff() -> list[Code]:
    accounts = list(Account.objects.filter(staff=True, is_active=True).prefetch_related("roles").order_by("pk")[:_MOST])
    digits = second_factor.codes_now([a.pk for a in accounts], timezone.now())
    return [(a.username, _who(a), digits[a.pk], STAFF) for a in accounts if a.pk in digits]


def _who(account: Account) -> Label:
    roles = [r for r in account.roles.all() if r.ended_at is None]
    if not roles:
        return _NO_OFFICE
    body = directory().bodies.get(roles[0].organisation_id)
    office = OFFICES.get(roles[0].code, Label(roles[0].code, roles[0].code))
    return Label(f"{body.name.zh} {office.zh}", f"{office.en}, {body.name.en}") if body else office


def _of_messages() -> list[Code]:
    sender = port()
    if not isinstance(sender, FilePort):
        return []
    newest: dict[str, str] = {}
    for message in sender.delivered(most=_LOOKED_AT):
        digits = _DIGITS.search(message.text)
        if _is_code(message) and digits:
            newest.setdefault(message.phone, digits.group())
    return [(number, _RESIDENT, digits, MESSAGE) for number, digits in list(newest.items())[:_MOST]]


def _is_code(message: Delivered) -> bool:
    return message.key.startswith("code:")


@dataclass(frozen=True, slots=True)
class Said:
    """A message as its phone would show it; the text in pieces, those that are addresses marked."""

    at: datetime
    phone: str
    text: list[tuple[str, bool]]


def messages() -> list[Said]:
    """The newest messages that hold no code: tracking codes, decisions, questions, answers, rating links."""
    sender = port()
    if not settings.DEMO or not isinstance(sender, FilePort):
        return []
    newest = [m for m in sender.delivered(most=_LOOKED_AT) if not _is_code(m)][:_SHOWN]
    return [Said(datetime.fromtimestamp(m.written, UTC), masked(m.phone), _pieces(m.text)) for m in newest]


def _pieces(text: str) -> list[tuple[str, bool]]:
    return [(piece, n % 2 == 1) for n, piece in enumerate(_ADDRESS.split(text)) if piece]


@public
def page(request: Reading) -> HttpResponse:
    """The list; it exists only in demo mode, and only for this very machine."""
    if not settings.DEMO or request.META.get("REMOTE_ADDR") not in _LOOPBACK:
        raise Http404
    found = current()
    staff = [c for c in found if c[3] == STAFF]
    sent = [c for c in found if c[3] == MESSAGE]
    context = {"staff": staff, "sent": sent, "messages_sent": messages(), "folder": folder_shown()}
    return stored_nowhere(render(request, "web/signin/codes.html", context))


def folder_shown() -> str:
    """Where the messages' files lie, as somebody at this machine's terminal would write it."""
    folder = FilePort().folder
    try:
        return str(folder.relative_to(Path.cwd()))
    except ValueError:
        return folder.name
