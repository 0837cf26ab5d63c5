"""A folder of the test's own, and people who may be told something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tongban.core import vault
from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.notices import wording
from tongban.core.registry.actions import register_person
from tongban.core.registry.models import Person

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)  # Wednesday 9:00 in the county
TEST = Actor(system="test")


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vault.ensure_keys()
    (tmp_path / "keys").mkdir()
    for file in vault.key_folder().iterdir():
        (tmp_path / "keys" / file.name).write_bytes(file.read_bytes())
    settings.TONGBAN_DATA = tmp_path
    monkeypatch.setattr(worker, "_DAILY", {})


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of the test's own: one message that may be switched off, one that may not, one that was just asked for."""
    for name in ("_LINES", "_MESSAGES", "_GROUP_OF"):
        monkeypatch.setattr(wording, name, dict(getattr(wording, name)))
    for name in ("_REQUIRED", "_ASKED_FOR"):
        monkeypatch.setattr(wording, name, set(getattr(wording, name)))
    said = Label("测试 {n}", "Test {n}")
    wording.declare(
        {"asker.step": said, "asker.done": said, "officer.job": said},
        {"test.free": said, "test.must": said, "test.now": said},
        lambda case, gaps: {"n": gaps.get("n", 0)},
        groups={"asker.done": wording.ANSWERS},
        required={"test.must", "test.now"},
        asked_for={"test.now"},
    )


@pytest.fixture
def person(db: None) -> Callable[..., Person]:
    def made(name: str = "陈居民", phone: str = "13800000001", account: bool = True) -> Person:
        row = register_person(name=name, phone=phone, by=TEST, at=NOW)
        if account:
            Account.objects.create(username=f"p{row.pk}", person=row, created_at=NOW)
        return row

    return made


def by(person: Person) -> Actor:
    """Who acts when this person acts."""
    return Actor(Account.objects.get(person=person).pk)
