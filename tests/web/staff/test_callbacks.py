"""The list of answers to call back: whose it is, what stands on it and in which order, and how little it asks."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, opened
from tests.web.staff.test_lists import exported, keys_in
from tongban.core.access.viewer import viewer_of
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries import callbacks
from tongban.engines.cases.queries.callbacks import Wanted, calls, counting
from tongban.engines.cases.queries.detail import case_detail

pytestmark = pytest.mark.django_db
LIST = "/desk/callbacks/"


def answered(county: County, hours_ago: int, stage: str = "answered", **more: object) -> int:
    """A firm's case whose answer went out so long ago."""
    key = at_stage(county, stage, **more)
    Case.objects.filter(pk=key).update(answered_at=timezone.now() - timedelta(hours=hours_ago))
    return key


def by_residents(county: County, **more: object) -> int:
    """A resident's case at the other desk, answered by the town."""
    now, desk, town = timezone.now(), county.officers["王受理"], county.officers["镇经办"]
    key = opened(county, "路灯不亮", programme="community", category="city", firm=None,
                 requester=county.people["陈居民"], **more)  # fmt: skip
    actions.accept(case=key, by=desk, at=now)
    actions.assign(case=key, unit=county.units["新埭镇政府"].pk, by=desk, at=now)
    actions.sign_in(case=key, by=town, at=now)
    actions.answer(case=key, text="周五前修好。", outcome=DONE, by=town, at=now)
    actions.approve(case=key, by=county.officers["镇审核"], at=now)
    actions.send(case=key, by=desk, at=now)
    return key


def listed(client: Client, query: str = "") -> list[int]:
    return keys_in(client.get(f"{LIST}{query}").content.decode())


def test_the_latest_answered_is_first_and_what_was_called_back_is_gone(county: County, sign_in: SignIn) -> None:
    old, new, closed = answered(county, 50), answered(county, 2), answered(county, 9, "closed")
    at_stage(county, "approved")
    client = sign_in("沈受理")
    assert listed(client) == [new, closed, old]
    assert '待回访<span class="count">3</span>' in client.get("/desk/").content.decode()
    actions.call_back(case=closed, result="solved", by=county.officers["沈受理"], at=timezone.now())
    actions.call_back(case=old, result="unreached", by=county.officers["沈受理"], at=timezone.now())
    assert listed(client) == [new]
    assert listed(client, "?tried=unreached") == [old]
    assert '待回访<span class="count">1</span>' in client.get("/desk/").content.decode()
    actions.call_back(case=new, result="unsolved", by=county.officers["沈受理"], at=timezone.now())
    assert listed(client) == []  # it is done again, and waits for another answer first


def test_what_was_answered_again_is_called_back_again(county: County, sign_in: SignIn) -> None:
    key, now = answered(county, 2), timezone.now()
    client, worker, reviewer = sign_in("沈受理"), county.officers["俞经办"], county.officers["钱审核"]
    actions.call_back(case=key, result="unsolved", by=county.officers["沈受理"], at=now)
    actions.sign_in(case=key, by=worker, at=now)
    actions.answer(case=key, text="班车已恢复。", outcome=DONE, by=worker, at=now)
    actions.approve(case=key, by=reviewer, at=now)
    actions.send(case=key, by=reviewer, at=now)
    assert listed(client) == [key]


def test_old_answers_are_there_for_whoever_asks_for_them(county: County, sign_in: SignIn) -> None:
    fresh, old = answered(county, 24 * 29), answered(county, 24 * 31)
    client = sign_in("沈受理")
    assert listed(client) == [fresh]
    assert listed(client, "?since=all") == [fresh, old]


def test_each_desk_has_its_own_and_nobody_else_has_any(county: County, sign_in: SignIn) -> None:
    firm, resident = answered(county, 1), by_residents(county)
    for name, keys in (("沈受理", [firm]), ("王受理", [resident])):
        client = sign_in(name)
        assert listed(client) == keys
        assert [int(r[0][7:]) for r in exported(client, f"{LIST}?format=csv")] == keys
        assert '待回访<span class="count">1</span>' in client.get("/desk/").content.decode()
    for name in ("俞经办", "钱审核", "县督办", "秦秘书", "镇经办"):
        client = sign_in(name)
        assert client.get(LIST).status_code == 403
        assert "待回访" not in client.get("/desk/").content.decode()
    assert sign_in("陈居民").get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 302
    county.officer("双岗", "企业受理", "agent")
    county.accounts["双岗"].roles.create(
        code="agent", organisation=county.units["民生受理"], valid_from=date(2020, 1, 1)
    )
    assert listed(sign_in("双岗")) == [resident, firm]


def test_an_agent_of_one_programme_has_no_other_s_calls(county: County, sign_in: SignIn) -> None:
    answered(county, 1)
    county.officer("只管民生", "企业受理", "agent", programme="community")
    assert listed(sign_in("只管民生")) == []


def test_the_list_offers_exactly_what_the_action_allows(county: County, sign_in: SignIn) -> None:
    """Whoever signed it in, wrote the answer or was handed it does not call back, whatever else he is."""
    now = timezone.now()
    plain, handed = answered(county, 1), opened(county)
    desk, first, second = (county.officers[n] for n in ("沈受理", "俞经办", "陆经办"))
    actions.accept(case=handed, by=desk, at=now)
    actions.assign(case=handed, unit=county.units["交通局"].pk, by=desk, at=now)
    actions.sign_in(case=handed, by=first, at=now)
    for giver, taker in ((first, second), (second, first)):
        actions.hand_over(case=handed, account=taker.account or 0, by=giver, at=now)
    actions.answer(case=handed, text="已恢复。", outcome=DONE, by=first, at=now)
    actions.approve(case=handed, by=county.officers["钱审核"], at=now)
    actions.send(case=handed, by=desk, at=now)
    for name in ("俞经办", "陆经办", "孙协办"):
        county.accounts[name].roles.create(
            code="agent", organisation=county.units["企业受理"], valid_from=date(2020, 1, 1)
        )
    for name, keys in (("俞经办", []), ("陆经办", [plain]), ("孙协办", [handed, plain]), ("沈受理", [handed, plain])):
        assert listed(sign_in(name)) == keys, name
        viewer = viewer_of(county.accounts[name], timezone.now())
        for key in (plain, handed):
            detail = case_detail(viewer, key, timezone.now())
            assert detail is not None
            open_now = {offer.move.code for offer in detail.offers if offer.refusal is None}
            assert ("callback" in open_now) == (key in keys), (name, key)


def test_a_complaint_about_a_body_is_not_called_back_by_one_of_it(county: County, sign_in: SignIn) -> None:
    key = by_residents(county)
    county.officer("兼职", "民生受理", "agent")
    county.accounts["兼职"].roles.create(
        code="handler", organisation=county.units["人社局"], valid_from=date(2020, 1, 1)
    )
    client = sign_in("兼职")
    assert listed(client) == [key]
    Case.objects.filter(pk=key).update(about=county.units["人社局"])
    assert listed(client) == []
    assert '待回访<span class="count">0</span>' in client.get("/desk/").content.decode()
    assert listed(sign_in("王受理")) == [key]


def test_filters_narrow_the_list_and_its_count(county: County, sign_in: SignIn) -> None:
    town, whole = answered(county, 1), answered(county, 2, area=county.areas["county"].pk)
    client = sign_in("沈受理")
    for query, keys in (
        ("?area=330482100", [town]), ("?outcome=done", [town, whole]), ("?outcome=not_done", []),
        ("?programme=enterprise", [town, whole]), ("?programme=community", []), ("?tried=unreached", []),
        ("?tried=nonsense", []), ("?outcome=nonsense", []),
    ):  # fmt: skip
        page = client.get(f"{LIST}{query}").content.decode()
        assert keys_in(page) == keys, query
        assert re.search(rf'<h1>待回访 <span class="quiet">{len(keys)}</span>', page), query
    assert '待回访<span class="count">1</span>' in client.get("/desk/?area=330482100").content.decode()
    assert "To call back" in sign_in("沈受理", "en").get(LIST).content.decode()


def test_pages_lose_and_repeat_nothing_and_the_count_stops_somewhere(
    county: County, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [answered(county, 5) for _ in range(5)]
    Case.objects.filter(pk__in=keys[:3]).update(answered_at=timezone.now() - timedelta(hours=3))
    viewer = viewer_of(county.accounts["沈受理"], timezone.now())
    seen, after = [], ""
    while True:
        page = calls(viewer, timezone.now(), after=after, limit=2).page
        seen += [row.id for row in page.rows]
        if not (after := page.after):
            break
    assert seen == [*reversed(keys[:3]), *reversed(keys[3:])]
    monkeypatch.setattr(callbacks, "MOST", 4)
    monkeypatch.setattr("tongban.web.staff.calls.MOST", 4)
    page = sign_in("沈受理").get(LIST).content.decode()
    assert '待回访<span class="count">4+</span>' in page
    assert '<h1>待回访 <span class="quiet">4+</span>' in page


def test_the_list_asks_the_database_little(county: County, sign_in: SignIn, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(6):
        answered(county, 1)
    client = sign_in("沈受理")
    client.get(LIST)
    # Four of the frame, the counts of what waits, and the list with its rows and its number.
    with django_assert_max_num_queries(6):
        assert len(listed(client)) == 6


def test_an_index_serves_list_and_count(county: County) -> None:
    """The answers of years that were called back, or that nobody will call any more, are not looked at."""
    viewer = viewer_of(county.accounts["沈受理"], timezone.now())
    asked = counting(viewer, timezone.now(), Wanted())
    assert asked is not None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])
        else:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {asked[0]}", asked[1])
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "case_called" in plan, plan
    assert "hashed" not in plan, "it would look through all that was ever done on any case"


def test_who_has_no_account_has_no_calls(county: County) -> None:
    answered(county, 1)
    assert counting(viewer_of(county.accounts["陈居民"], timezone.now()), timezone.now(), Wanted()) is None
