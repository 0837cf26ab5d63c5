"""A desk's weeks with all that they send, and then every row of the outbox done again and again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any

from django.conf import settings
from django.core import mail

from tongban.cli.bench import county as place
from tongban.cli.bench.replays import double_effects
from tongban.core.access.phones import confirm_phone
from tongban.core.calendar.actions import set_day
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import appoint, run_pending
from tongban.core.notices import preferences, webhooks
from tongban.core.notices.models import Preferences
from tongban.core.notices.ports import FilePort
from tongban.engines.cases.bulk import Result, write_histories

_WEEK = timedelta(days=7)
_LATER = timedelta(minutes=10)  # then what a row of the outbox puts off is due as well


def doubled(past: place.Past, cases: int, replays: int, tell: Callable[[int, int], None]) -> dict[str, Any]:
    """What ``cases`` requests lead to, done ``replays`` times more in any order: rows and outside ids beyond the first."""
    settings.EMAIL_BACKEND, settings.TONGBAN_SENDS_MAIL = "django.core.mail.backends.locmem.EmailBackend", True
    settings.TONGBAN_WEBHOOK_NETWORKS = (ip_network("127.0.0.0/8"),)
    with _listener() as (url, heard):
        _wish(past, url)
        for outcome in write_histories(past.lives(cases)):
            if outcome.result is not Result.OPENED:
                raise RuntimeError(f"the bench's histories do not fit the house: {outcome.refusal}")
        set_day(day=date(2026, 11, 19), working=False, name_zh="试", by=COMMAND, at=place.NOW)
        at = place.NOW + _WEEK
        appoint(at)
        run_pending(at)
        at += _LATER

        def outside() -> set[str]:
            letters = {str(letter.extra_headers["Message-ID"]) for letter in getattr(mail, "outbox", [])}
            return letters | heard | {message.key for message in FilePort().delivered()}

        doubles = double_effects(at=at, outside=outside, replays=replays, tell=tell)
        topics = Outbox.objects.values_list("topic", flat=True).distinct()
        failed = Outbox.objects.exclude(failed_at=None).count()
        return {
            "doubles": doubles,
            "failed": failed,
            "rows": Outbox.objects.count(),
            "topics": sorted(topics),
            "outside": len(outside()),
        }


def _wish(past: place.Past, url: str) -> None:
    """Another system hears of every step, and some of those who ask have their letters at once."""
    webhooks.add_webhook(name="bench", address=url, kinds=list(webhooks.KINDS), by=COMMAND, at=place.NOW - 9 * _WEEK)
    for number, person in enumerate(past.county.people[:10]):
        at = place.NOW - 8 * _WEEK
        by = Actor(confirm_phone(phone=person.phone_number, name=person.name, at=at).pk)
        preferences.give_email(address=f"asker{number}@example.org", by=by, at=at)
        code = preferences.email_code(Preferences.objects.get(person=person.pk))
        preferences.confirm_email(code=code, by=by, at=at)
        preferences.choose(choices={("steps", "email"): "now", ("answers", "email"): "daily"}, by=by, at=at)


@contextmanager
def _listener() -> Iterator[tuple[str, set[str]]]:
    """A machine that takes webhooks: where it is, and the ids of the calls that it has heard."""
    heard: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            heard.add(str(self.headers.get("webhook-id")))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", heard
    finally:
        server.shutdown()
        server.server_close()
