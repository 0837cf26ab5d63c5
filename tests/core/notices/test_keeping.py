"""What is not kept: wishes of people who were erased, and what went out long ago."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.core.notices.conftest import NOW, TEST, by
from tongban.config import outgoing
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import keeping, mail, ports, preferences
from tongban.core.notices.models import Choice, Message, Preferences, WebhookCall
from tongban.core.notices.webhooks import add_webhook
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture
def wished(person: Callable[..., Person], settings: object) -> Callable[[str, str], Person]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"  # type: ignore[attr-defined]

    def made(name: str, phone: str) -> Person:
        """Somebody with a confirmed address, another that waits, and choices."""
        row = person(name, phone)
        preferences.give_email(address=f"{phone}@example.org", by=by(row), at=NOW)
        code = preferences.email_code(Preferences.objects.get(person=row))
        preferences.confirm_email(code=code, by=by(row), at=NOW)
        preferences.choose(choices={("steps", "email"): "now", ("answers", "sms"): "off"}, by=by(row), at=NOW)
        preferences.give_email(address=f"new-{phone}@example.org", by=by(row), at=NOW + timedelta(minutes=1))
        return row

    return made


def erase(row: Person) -> None:
    with Journal("registry.erase", by=TEST, at=NOW) as journal:
        journal.change(row, erased_at=NOW, name="", phone=b"", phone_index=None)
    Person.objects.filter(pk=row.pk).update(key=b"")


def test_whoever_was_erased_leaves_no_address_and_no_wish(wished: Callable[[str, str], Person]) -> None:
    gone, other = wished("陈居民", "13800000001"), wished("李邻居", "13800000002")
    with pytest.raises(Refused) as refused:
        preferences.forget_wishes(person=gone.pk, by=TEST, at=NOW)
    assert refused.value.code == "wishes.kept"
    erase(gone)
    Outbox.objects.all().delete()
    Outbox.objects.create(topic=keeping.FORGET, key="night", created_at=NOW, due_at=NOW)
    assert run_pending(NOW).errors == []
    row, kept = Preferences.objects.get(person=gone), Preferences.objects.get(person=other)
    assert (bytes(row.email), row.email_confirmed_at, bytes(row.pending), row.pending_at) == (b"", None, b"", None)
    assert not row.choices.exists()
    assert kept.address == "13800000002@example.org"
    assert Choice.objects.filter(preferences=kept).count() == 2
    faults = [f.sentence("en") for f in Audit().faults()]
    assert [f for f in faults if not f.startswith("access.account")] == [], "accounts were made here without a chain"
    version = row.version
    Outbox.objects.create(topic=keeping.FORGET, key="next night", created_at=NOW, due_at=NOW)
    assert run_pending(NOW).errors == []
    assert Preferences.objects.get(person=gone).version == version, "nothing is left to do"
    preferences.forget_wishes(person=10**9, by=TEST, at=NOW)


def test_what_is_settled_and_old_is_removed_and_nothing_else(
    person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_AT_ONCE", 2)
    whom, hook = person(), add_webhook(
        name="平台", address="https://93.184.215.14/", kinds=("case.opened",), by=TEST, at=NOW
    )[0]  # fmt: skip
    for n, (age, done) in enumerate(
        [(400, "sent_at"), (399, ""), (398, "failed_at"), (366, "sent_at"), (364, "sent_at"), (1, ""), (0, "sent_at")]
    ):
        made = NOW - timedelta(days=age)
        told = {"key": f"k{n}", "made_at": made, "kind": "test.free", **({done: made} if done else {})}
        Message.objects.create(person=whom.pk, **told)
        WebhookCall.objects.create(webhook=hook, body="{}", **told)
    assert keeping.prune(NOW - YEAR) == 6
    for model in (Message, WebhookCall):
        assert sorted(model.objects.values_list("key", flat=True)) == ["k1", "k4", "k5", "k6"]
    assert keeping.prune(NOW - YEAR) == 0


def test_messages_and_letters_in_files_are_removed_too_and_so_is_what_a_killed_port_left(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TONGBAN_SENDS_MAIL = True
    backend = outgoing.mail("files", Path(settings.TONGBAN_DATA))
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = backend.backend, backend.folder
    assert keeping.prune_files(NOW) == 0, "before anything was sent there are no folders"
    port, begun = ports.FilePort(), time.time()

    def killed() -> None:
        if not (child := os.fork()):
            monkeypatch.setattr(os, "link", lambda *_: os.kill(os.getpid(), 9))
            port.deliver("killed", "13800000001", "123456")
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9

    def written() -> set[Path]:
        return {path for folder in (port.folder, mail.folder()) for path in folder.iterdir()}

    killed()
    port.deliver("old", "13800000001", "123456")
    mail.send("old", "a@example.org", "old", "zh")
    old = written()
    assert len(old) == 3
    for path in old:
        os.utime(path, (begun - YEAR.total_seconds() - 60,) * 2)
    port.deliver("new", "13800000001", "654321")
    mail.send("new", "a@example.org", "new", "zh")
    new = written() - old
    assert len(new) == 2
    assert keeping.prune_files(datetime.fromtimestamp(begun, UTC) - YEAR) == 3
    assert written() == new
    assert [told.text for told in port.delivered()] == ["654321"]
