"""What the environment says about messages that go out, read and checked before anything starts."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_BACKENDS = "django.core.mail.backends"


@dataclass(frozen=True, slots=True)
class Mail:
    """Where letters go; by itself nowhere: this county sends none."""

    backend: str = f"{_BACKENDS}.dummy.EmailBackend"
    folder: str | None = None
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False


def mail(text: str, data: Path) -> Mail:
    """``files`` (the folder ``mail`` of the data), ``smtp[+tls]://user:password@host:port``, ``smtps://…``, or nothing."""
    if not text:
        return Mail()
    if text == "files":
        return Mail(f"{_BACKENDS}.filebased.EmailBackend", str(data / "mail"))
    parts = urlsplit(text)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured("TONGBAN_MAIL must be files, smtp://…, smtp+tls://… or smtps://…")
    return Mail(
        "tongban.core.notices.smtp.EmailBackend", None, parts.hostname, parts.port or ports[parts.scheme],
        unquote(parts.username or ""), unquote(parts.password or ""), parts.scheme == "smtp+tls", parts.scheme == "smtps",
    )  # fmt: skip


def quiet_hours(text: str) -> tuple[time, time] | None:
    """ "21:00-08:00" as two times of day; nothing for none."""
    if not text.strip():
        return None
    begin, _, end = text.partition("-")
    try:
        found = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    except ValueError:
        found = (time(0), time(0))
    if found[0] == found[1]:
        raise ImproperlyConfigured(f"TONGBAN_QUIET_HOURS is {text!r}; it must be like 21:00-08:00, or empty")
    return found


def networks(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks separated by commas, such as 10.20.0.0/16."""
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ImproperlyConfigured("TONGBAN_WEBHOOK_NETWORKS must be networks like 10.20.0.0/16, by commas") from None
