"""Officers signed in to the small county of tests/engines/cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in(county: County) -> SignIn:
    """`sign_in("沈受理")` gives that officer's browser; `language="en"` an English one."""

    def entered(name: str, language: str = "zh") -> Client:
        client = Client(headers={"Accept-Language": language})
        client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        return client

    return entered


def opened(county: County, body: str = "夜班公交停了，工人回不了宿舍。能不能恢复班车？", **more: object) -> int:
    """A firm's request, just in."""
    given: dict[str, object] = {
        "programme": "enterprise", "kind": "request", "body": body, "area": county.areas["town"].pk,
        "category": "traffic", "requester": county.people["陆文员"], "firm": county.firm,
    }  # fmt: skip
    opening = Opening(**{**given, **more})  # type: ignore[arg-type]
    return actions.open_case(opening, by=county.officers["沈受理"], at=timezone.now()).pk


def at_stage(county: County, stage: str, **more: object) -> int:
    """A case brought to a stage: new, accepted, assigned, handling, review, approved, answered or closed."""
    key = opened(county, **more)
    bring(county, key, stage)
    return key


def bring(county: County, key: int, stage: str) -> None:
    """Bring a case on from where it stands to a later stage, or leave it there."""
    now, standing = timezone.now(), Case.objects.values_list("state", flat=True).get(pk=key)
    desk, worker, reviewer = (county.officers[n] for n in ("沈受理", "俞经办", "钱审核"))
    unit = county.units["交通局"].pk
    steps: dict[str, Callable[[], object]] = {
        "accepted": lambda: actions.accept(case=key, by=desk, at=now),
        "assigned": lambda: actions.assign(case=key, unit=unit, by=desk, at=now),
        "handling": lambda: actions.sign_in(case=key, by=worker, at=now),
        "review": lambda: actions.answer(outcome=DONE, case=key, text="12月1日起加一班车，交通局俞负责。", by=worker, at=now),
        "approved": lambda: actions.approve(case=key, by=reviewer, at=now),
        "answered": lambda: actions.send(case=key, by=reviewer, at=now),
        "closed": lambda: actions.close(case=key, by=desk, at=now + timedelta(seconds=1)),
    }  # fmt: skip
    stages = ["new", *steps]
    for name in stages[stages.index(standing) + 1 : stages.index(stage) + 1]:
        steps[name]()
