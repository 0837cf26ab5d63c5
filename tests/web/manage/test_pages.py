"""Every page of administration opens in both languages, is cheap, and is for administrators alone."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.core.access.conftest import SETUP
from tests.web.manage.conftest import Desk
from tongban.core.access import actions, phones
from tongban.core.notices.webhooks import add_webhook, try_webhook
from tongban.core.registry.actions import ask_mandate, register_firm

PAGES = [
    "/manage/",
    "/manage/limits/",
    "/manage/limits/ordinary/",
    "/manage/targets/",
    "/manage/targets/on_time/",
    "/manage/targets/closure/",
    "/manage/calendar/",
    "/manage/calendar/2026/",
    "/manage/calendar/2027/",
    "/manage/calendar/2029/",
    "/manage/calendar/2026-10-01/",
    "/manage/calendar/hours/",
    "/manage/routes/",
    "/manage/routes/enterprise/traffic/",
    "/manage/accounts/",
    "/manage/accounts/?q=yu",
    "/manage/accounts/new/",
    "/manage/accounts/{account}/",
    "/manage/accounts/{account}/roles/{role}/substitute/",
    "/manage/bodies/",
    "/manage/bodies/?kind=desk",
    "/manage/bodies/{body}/",
    "/manage/areas/",
    "/manage/areas/?town=330482100",
    "/manage/areas/{area}/",
    "/manage/firms/",
    "/manage/firms/?q=精密",
    "/manage/firms/new/",
    "/manage/firms/{firm}/",
    "/manage/sendings/",
    "/manage/webhooks/",
    "/manage/webhooks/new/",
    "/manage/webhooks/{webhook}/",
    "/desk/mandates/",
]
LISTS = [
    "/manage/limits/", "/manage/targets/", "/manage/routes/", "/manage/accounts/", "/manage/accounts/?q=yu", "/manage/bodies/",
    "/manage/areas/", "/manage/firms/", "/desk/mandates/", "/manage/webhooks/",
]  # fmt: skip


@pytest.fixture
def filled(desk: Desk) -> dict[str, int]:
    now = timezone.now()
    firm = register_firm(
        name="平湖泖新精密机械（化名）", credit_code="91350100M000100Y43", area=desk.town, by=SETUP, at=now
    )
    clerk = phones.confirm_phone(phone="13800000001", name="陆文员", at=now)
    assert clerk.person is not None
    ask_mandate(firm=firm, person=clerk.person, by=SETUP, at=now)
    role = actions.give_role(
        account=desk.office.colleague.pk, code="reviewer", organisation=desk.bureau.pk, by=SETUP, at=now
    )
    hook, _ = add_webhook(name="市平台", address="https://93.184.215.14/", kinds=("case.opened",), by=SETUP, at=now)
    try_webhook(webhook=hook.pk, by=SETUP, at=now)
    return {
        "account": desk.office.colleague.pk, "role": role.pk, "body": desk.bureau.pk, "area": desk.town.pk,
        "firm": firm.pk, "webhook": hook.pk,
    }  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_it_opens(desk: Desk, filled: dict[str, int], address: str, language: str) -> None:
    address = address.format(**filled)
    answer = desk.client.get(f"{address}{'&' if '?' in address else '?'}language={language}")
    assert answer.status_code == 200
    assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in answer.text
    assert " style=" not in answer.text
    ids = re.findall(r'\sid="([^"]*)"', answer.text)
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize("address", PAGES)
def test_it_is_for_administrators_alone(desk: Desk, filled: dict[str, int], address: str) -> None:
    address = address.format(**filled)
    nobody = Client().get(address)
    assert nobody.status_code == 302
    assert nobody.headers["Location"].startswith("/sign-in/staff/?next=")
    handler = Client()
    handler.force_login(desk.office.officer, "tongban.web.signin.backend.AccountBackend")
    assert handler.get(address).status_code == 403
    resident = Client()
    resident.force_login(
        phones.confirm_phone(phone="13800000009", name="居民", at=timezone.now()),
        "tongban.web.signin.backend.AccountBackend",
    )
    assert resident.get(address).status_code == 403


@pytest.mark.parametrize("address", LISTS)
def test_a_list_takes_at_most_six_queries_beside_the_session(
    desk: Desk,
    filled: dict[str, int],
    address: str,
    django_assert_max_num_queries,  # type: ignore[no-untyped-def]
) -> None:
    desk.client.get(address)
    # Beside the six: session, account, roles, mandates or person's name, versions of reference data.
    with django_assert_max_num_queries(6):
        desk.client.get(address)


def test_a_list_does_not_cost_more_for_more_rows(desk: Desk, filled: dict[str, int]) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.client.get("/manage/accounts/")
    counts = []
    for batch in range(2):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            desk.client.get("/manage/accounts/")
        counts.append(len(queries))
        for n in range(6):
            account, _ = actions.create_account(
                username=f"more.{batch}{n}", name="多", by=SETUP, at=timezone.now(), password="start-here-77"
            )
            actions.give_role(
                account=account.pk, code="handler", organisation=desk.bureau.pk, by=SETUP, at=timezone.now()
            )
    assert counts[0] == counts[1]


def test_accounts_are_paged_by_sign_in_name(desk: Desk) -> None:
    for n in range(55):
        actions.create_account(
            username=f"officer.{n:02}", name="某", by=SETUP, at=timezone.now(), password="start-here-77"
        )
    first = desk.client.get("/manage/accounts/").text
    assert "after=officer.47" in first
    second = desk.client.get("/manage/accounts/?after=officer.47").text
    assert "officer.48" in second
    assert "officer.47<" not in second
    assert "yu.jiaotong" in second


def test_firms_are_paged_by_name(desk: Desk) -> None:
    from tongban.core.registry.models import Firm

    for n in range(55):
        Firm.objects.create(
            name_zh=f"企业{n:02}", credit_code=f"X{n:017}", code=f"C{n}", area=desk.town, valid_from=timezone.now()
        )
    first = desk.client.get("/manage/firms/").text
    assert "企业49" in first
    assert "企业50" not in first
    more = first.split('href="?after=')[1].split('"')[0]
    second = desk.client.get(f"/manage/firms/?after={more}").text
    assert "企业50" in second
    assert "企业49" not in second
    for nonsense in ("x", "x.y", ".", "x.99999999999999999999", "é.3"):
        assert desk.client.get("/manage/firms/", {"after": nonsense}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/manage/limits/nothing/", "/manage/targets/nothing/", "/manage/calendar/1899/", "/manage/calendar/2026-13-01/",
        "/manage/routes/enterprise/nothing/", "/manage/routes/nothing/traffic/", "/manage/accounts/999999/",
        "/manage/bodies/999999/", "/manage/areas/999999/", "/manage/firms/999999/",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(desk: Desk, address: str) -> None:
    assert desk.client.get(address).status_code == 404


def test_every_change_wants_post_and_the_token_of_the_form(desk: Desk, filled: dict[str, int]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.office.admin, "tongban.web.signin.backend.AccountBackend")
    for address in (
        "/manage/limits/ordinary/", "/manage/calendar/2026-10-01/", "/manage/calendar/2027/confirm/",
        "/manage/accounts/new/", f"/manage/accounts/{filled['account']}/reset/", "/manage/firms/new/",
        f"/manage/bodies/{filled['body']}/end/", "/desk/mandates/1/confirm/",
    ):  # fmt: skip
        assert strict.post(address, {}).status_code == 403, address
    for address in (
        "/manage/calendar/2027/confirm/", "/manage/calendar/2026-10-01/clear/", "/desk/mandates/1/confirm/",
        f"/manage/accounts/{filled['account']}/reset/", f"/manage/accounts/{filled['account']}/activity/",
    ):  # fmt: skip
        assert desk.client.get(address).status_code == 302, address  # opened as a page it only leads to its page
