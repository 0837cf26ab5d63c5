"""What people wish of their notices and what they are told, for tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from tests.core.notices.conftest import NOW, by
from tongban.core.notices import preferences
from tongban.core.notices.models import Message, Notice, Preferences
from tongban.core.notices.preferences import choose, confirm_email, give_email
from tongban.core.notices.writing import Line, add_lines
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person

People = Callable[..., Person]
ADDRESS = "chen@example.org"


def confirmed(person: Person, at: datetime = NOW) -> None:
    give_email(address=ADDRESS, by=by(person), at=at)
    confirm_email(code=preferences.email_code(Preferences.objects.get(person=person)), by=by(person), at=at)


def wish(person: Person, at: datetime = NOW, **timings: str) -> None:
    """``wish(person, steps_email="daily")``."""
    choose(choices={tuple(k.split("_")): v for k, v in timings.items()}, by=by(person), at=at)  # type: ignore[misc]


def tell(person: Person, kind: str = "asker.step", at: datetime = NOW, **more: Any) -> None:
    add_lines([Line(kind, person=person.pk, case=7, **more)], cause=f"c{Notice.objects.count()}", at=at)


def sent() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("channel", "kind"))


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code
