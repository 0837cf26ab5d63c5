"""An officer with both factors, an administrator, and phones whose messages can be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from tests.core.access.conftest import Office
from tests.core.access.conftest import office as office  # the fixture  # noqa: PLC0414
from tongban.core.access import actions, second_factor
from tongban.core.ledger.actor import Actor
from tongban.core.notices.ports import FilePort

PASSWORD = "start-here-77"


@dataclass
class Officer:
    """Somebody with a role and a phone."""

    username: str
    account: int
    role: int
    secret: str
    paper: list[str]

    def code(self, at: datetime | None = None) -> str:
        return second_factor.code_at(self.secret, at or timezone.now())


@pytest.fixture
def officer(office: Office) -> Officer:
    now = timezone.now()
    by = Actor(system="test")
    role = actions.give_role(
        account=office.officer.pk, code="administrator", organisation=office.bureau.pk, by=by, at=now
    )
    secret = second_factor.new_setup("yu").secret
    paper = second_factor.enrol(account=office.officer, secret=secret, by=by, at=now)
    return Officer("yu.jiaotong", office.officer.pk, role.pk, secret, paper)


@pytest.fixture
def messages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilePort:
    """The messages that go out in this test alone: the county's folder is shared by all processes of a run."""
    monkeypatch.setattr(FilePort.__init__, "__defaults__", (tmp_path / "messages",))
    return FilePort()


@pytest.fixture
def axes(settings: LazySettings) -> None:
    """The lock on passwords, which other tests do without."""
    settings.AXES_ENABLED = True


def password_step(client: Client, username: str = "yu.jiaotong", password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in/staff/", {"username": username, "password": password}, **more)
