"""The small county of the cases' tests, with positions for its places, and browsers of the people in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from tests.engines.cases.conftest import NOW, County, county  # noqa: F401 - the fixture
from tongban.core.ledger.actor import Actor
from tongban.core.registry import reference
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE

HOUR = timedelta(hours=1)
PHONE = "138 0000 0001"


def at_the_code(case: Case) -> str:
    """The address of a case's page for whoever has its code."""
    return f"/track/{secrets.tracking_code(case.pk)}/"


def read(client: Client, path: str) -> str:
    """The page as the browser gets it."""
    return client.get(path).content.decode()


@pytest.fixture(autouse=True)
def _no_tries() -> None:
    cache.clear()


@pytest.fixture
def placed(county: County) -> County:  # noqa: F811
    """The county with its town and village on the map."""
    for name, longitude, latitude in (("town", 121.05, 30.75), ("village", 121.06, 30.76)):
        area = county.areas[name]
        area.longitude, area.latitude = longitude, latitude
        area.save()
    reference.forget()
    return county


@pytest.fixture
def as_person(county: County, client: Client) -> Callable[[str], Client]:  # noqa: F811
    """A browser in which somebody has signed in."""

    def signed_in(name: str) -> Client:
        client.force_login(county.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        return client

    return signed_in


def asked(county: County, body: str = "小区南门外的路灯三天没亮了。", name: str = "陈居民", **more: object) -> Case:  # noqa: F811
    """A resident's request."""
    opening = Opening(
        programme="community", kind="request", body=body, area=county.areas["village"].pk, category="city",
        requester=county.people[name], **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts[name].pk), at=NOW)


def taken_up(county: County, case: Case) -> Case:  # noqa: F811
    """Accepted, given to the transport bureau, signed in."""
    desk, worker = county.officers["王受理"], county.officers["俞经办"]
    actions.accept(case=case.pk, by=desk, at=NOW)
    actions.assign(case=case.pk, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.sign_in(case=case.pk, by=worker, at=NOW + HOUR)
    return case


def answered(county: County, case: Case, text: str = "路灯明天修好，责任人俞。") -> Case:  # noqa: F811
    """Answered, reviewed by another, sent."""
    taken_up(county, case)
    worker, reviewer = county.officers["俞经办"], county.officers["钱审核"]
    actions.answer(outcome=DONE, case=case.pk, text=text, by=worker, at=NOW + 2 * HOUR)
    actions.approve(case=case.pk, by=reviewer, at=NOW + 3 * HOUR)
    actions.send(case=case.pk, by=reviewer, at=NOW + 3 * HOUR)
    return case
