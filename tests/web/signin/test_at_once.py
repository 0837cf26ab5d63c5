"""Twenty-four passwords at once are five tries, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from axes.models import AccessAttempt
from django.db import connections
from django.db.models import Sum
from django.test import Client

from tests.core.access.conftest import Office
from tests.web.signin.conftest import password_step

AT_ONCE = 24


@pytest.fixture
def office(transactional_db: None) -> Office:
    """The same county, committed, so that other threads see it."""
    from tests.core.access.conftest import office as made

    return made.__wrapped__(None)  # type: ignore[attr-defined, no-any-return]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("axes")
def test_wrong_passwords_at_once_are_not_all_looked_at(office: Office) -> None:
    gate = Barrier(AT_ONCE)

    def one(_: int) -> str:
        gate.wait()
        try:
            return password_step(Client(), password="wrong").text
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(one, range(AT_ONCE)))
    assert sum("登录名或密码不对" in a for a in answers) <= 5
    assert sum("分钟再来" in a for a in answers) >= AT_ONCE - 5
    assert AccessAttempt.objects.aggregate(n=Sum("failures_since_start"))["n"] == 5
    assert "分钟再来" in password_step(Client()).text, "nor is the right one, for a quarter of an hour"
