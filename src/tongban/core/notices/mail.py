"""E-mail, by Django's backend: files in the demo, SMTP in use (settings.TONGBAN_MAIL). Plain text, and no secrets in it."""

from __future__ import annotations

import hashlib
import smtplib
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from tongban.core.labels import Label
from tongban.core.notices.outward import CallFailed
from tongban.core.notices.ports import NeverReached

OFF = "off"
SUBJECT = Label("通办：您有新消息", "Tongban: something new for you")


def offered() -> bool:
    """Whether this county sends e-mail at all."""
    sends: bool = settings.TONGBAN_SENDS_MAIL
    return sends


def folder() -> Path:
    """Where letters lie that go to files; the setting of the backend tells it only while they do."""
    return Path(settings.TONGBAN_DATA) / "mail"


def send(key: str, address: str, text: str, language: str) -> None:
    """One plain letter. ``key`` makes its Message-ID, so the same letter sent twice can be told to be one.

    :class:`CallFailed` "off" means that this county sends none: Django's backend for that takes every letter and drops it.
    :class:`NeverReached` means that the server takes nothing for this address, now or later. Any other exception means:
    try later.

    The subject is the same for all: it shows on locked screens and stands in logs of servers on the way.
    """
    if not offered():
        raise CallFailed(OFF)
    letter = EmailMessage(
        subject=SUBJECT.text(language),
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"Message-ID": message_id(key), "Auto-Submitted": "auto-generated"},
    )
    try:
        letter.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refused:
        if _for_good(refused):
            raise NeverReached from None  # without the address, which the exception bears
        raise


def _for_good(refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> bool:
    """Whether the server's answer is a permanent one (RFC 5321, 4.2.1: a reply of 500 and above)."""
    if isinstance(refused, smtplib.SMTPDataError):
        return refused.smtp_code >= 500
    return all(code >= 500 for code, _ in refused.recipients.values())


def message_id(key: str) -> str:
    """The stable Message-ID of a letter."""
    host = urlsplit(settings.TONGBAN_SHARED_ADDRESS).hostname or "localhost"
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{host}>"
