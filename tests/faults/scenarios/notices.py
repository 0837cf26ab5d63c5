"""Scenarios of notices."""

from __future__ import annotations

from typing import Any

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.shared import SYSTEM, Call, resident, scenario
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.notices import preferences, webhooks
from tongban.core.notices.models import Preferences


@scenario(preferences.choose)
def _choose(county: County) -> Call:
    by = resident(county)
    return lambda: preferences.choose(choices={("steps", "sms"): "daily", ("answers", "sms"): "now"}, by=by, at=NOW)


@scenario(preferences.give_email)
def _give_email(county: County) -> Call:
    by = resident(county)
    return lambda: preferences.give_email(address="a@example.org", by=by, at=NOW)


def _given(county: County) -> tuple[Actor, str]:
    by = resident(county)
    preferences.give_email(address="a@example.org", by=by, at=NOW)
    return by, preferences.email_code(Preferences.objects.latest("pk"))


@scenario(preferences.confirm_email)
def _confirm_email(county: County) -> Call:
    by, code = _given(county)
    return lambda: preferences.confirm_email(code=code, by=by, at=NOW)


@scenario(preferences.forget_email)
def _forget_email(county: County) -> Call:
    by, code = _given(county)
    preferences.confirm_email(code=code, by=by, at=NOW)
    preferences.choose(choices={("steps", "email"): "now"}, by=by, at=NOW)
    return lambda: preferences.forget_email(by=by, at=NOW)


@scenario(preferences.forget_wishes)
def _forget_wishes(county: County) -> Call:
    by, code = _given(county)
    preferences.confirm_email(code=code, by=by, at=NOW)
    preferences.choose(choices={("steps", "email"): "now"}, by=by, at=NOW)
    person = Preferences.objects.latest("pk").person
    with Journal("registry.erase", by=SYSTEM, at=NOW) as journal:
        journal.change(person, erased_at=NOW, name="", phone=b"", phone_index=None)
    return lambda: preferences.forget_wishes(person=person.pk, by=SYSTEM, at=NOW)


_HOOK: dict[str, Any] = {"name": "平台", "address": "https://93.184.215.14/", "kinds": ("case.opened",)}


def _webhook() -> int:
    return webhooks.add_webhook(**_HOOK, by=SYSTEM, at=NOW)[0].pk


@scenario(webhooks.add_webhook)
def _add_webhook(county: County) -> Call:
    return lambda: webhooks.add_webhook(**_HOOK, by=SYSTEM, at=NOW)


@scenario(webhooks.change_webhook)
def _change_webhook(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.change_webhook(webhook=key, **{**_HOOK, "name": "另一个"}, by=SYSTEM, at=NOW)


@scenario(webhooks.switch_webhook)
def _switch_webhook(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.switch_webhook(webhook=key, active=False, by=SYSTEM, at=NOW)


@scenario(webhooks.renew_secret)
def _renew_secret(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.renew_secret(webhook=key, by=SYSTEM, at=NOW)


@scenario(webhooks.try_webhook)
def _try_webhook(county: County) -> Call:
    key = _webhook()
    return lambda: webhooks.try_webhook(webhook=key, by=SYSTEM, at=NOW)
