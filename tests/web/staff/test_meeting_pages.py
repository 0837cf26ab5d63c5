"""A meeting's page as the units that are to come to it read it: their own cases, the calendar file, and no notes."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.engines.cases.conftest import BEGIN, County
from tests.engines.cases.pictures import ASKER
from tests.web.staff.conftest import SignIn, at_stage
from tongban.core.access.models import Role
from tongban.core.ledger.models import Entry
from tongban.core.ledger.worker import run_pending
from tongban.engines.cases import actions
from tongban.engines.cases.actions import meeting
from tongban.engines.cases.models import AgendaItem, Assignment, Case, Meeting
from tongban.engines.cases.queries import meetings as queries
from tongban.engines.cases.secrets import tracking_code

pytestmark = pytest.mark.django_db
NOTES = "另一件是投诉交通局的。"


@pytest.fixture
def held(county: County) -> int:
    """A monthly meeting that is called for tomorrow, with a case of the bureau's and one of nobody's."""
    now, desk = timezone.now(), county.officers["沈受理"]
    for stage in ("handling", "accepted"):
        key = at_stage(county, stage, title=f"会上的{stage}")
        actions.raise_to_meeting(case=key, kind="monthly", by=desk, at=now)
    made = meeting.call_meeting(
        kind="monthly", desk=county.units["企业受理"].pk, starts_at=now + timedelta(days=1), place="县府 3 号会议室",
        by=county.officers["秦秘书"], at=now,
    )  # fmt: skip
    assert run_pending(now).errors == []
    return made.pk


def test_the_notice_leads_to_the_meeting_with_ones_own_cases(county: County, sign_in: SignIn, held: int) -> None:
    address = f"/desk/meetings/{held}/"
    for name in ("俞经办", "钱审核"):
        client = sign_in(name)
        assert f'href="{address}"' in client.get("/notices/").content.decode()
        page = client.get(address).content.decode()
        assert "会上的handling" in page
        assert "会上的accepted" not in page
        assert "县府 3 号会议室" in page
        assert "记下决定" not in page
        assert address in client.get("/desk/meetings/").content.decode()
    keeper = sign_in("秦秘书").get(address).content.decode()
    assert "会上的accepted" in keeper


def test_the_calendar_file_is_theirs_too_and_says_when_it_is_cancelled(
    county: County, sign_in: SignIn, held: int
) -> None:
    address = f"/desk/meetings/{held}/calendar.ics"
    client = sign_in("钱审核")
    file = client.get(address)
    assert (file.status_code, file["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    assert event["status"] == "CONFIRMED"
    assert event["uid"].startswith(f"{settings.TONGBAN_COUNTY}-"), "another county has a desk of the same code"
    assert event["duration"].dt > timedelta(0), "it would take no time in anybody's calendar"
    assert "会上的" not in file.content.decode()
    by = county.officers["秦秘书"]
    meeting.cancel_meeting(meeting=held, reason=NOTES, by=by, at=timezone.now())
    (event,) = Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert event["status"] == "CANCELLED"
    assert NOTES not in client.get(f"/desk/meetings/{held}/").content.decode(), (
        "the secretary's notes may speak of others"
    )
    assert NOTES in sign_in("秦秘书").get(f"/desk/meetings/{held}/").content.decode()


def test_to_anybody_else_there_is_no_such_meeting(county: County, sign_in: SignIn, held: int) -> None:
    for name in ("孙协办", "镇经办", "王受理"):
        for page in (f"/desk/meetings/{held}/", f"/desk/meetings/{held}/calendar.ics", "/desk/meetings/999999/"):
            assert sign_in(name).get(page).status_code == 404, (name, page)
        assert f"/desk/meetings/{held}/" not in sign_in(name).get("/desk/meetings/").content.decode()


def test_the_case_itself_tells_when_it_is_looked_at(county: County, sign_in: SignIn, held: int) -> None:
    key = Case.objects.get(title="会上的handling").pk
    assert f'href="/desk/meetings/{held}/"' in sign_in("俞经办").get(f"/desk/cases/{key}/").content.decode()


def test_the_list_counts_each_meetings_cases_and_leads_to_those_that_wait(
    county: County, sign_in: SignIn, held: int
) -> None:
    keeper = sign_in("秦秘书").get("/desk/meetings/").content.decode()
    assert "2 件议题" in keeper
    assert 'href="/desk/cases/?agenda=monthly"' in keeper
    unit = sign_in("俞经办").get("/desk/meetings/").content.decode()
    assert f'href="/desk/meetings/{held}/"' in unit
    assert "件议题" not in unit, "how many there are is the desk's to know"


def offered(page: str, case: int) -> list[str]:
    """The outcomes that the secretary may choose of a case."""
    (select,) = re.findall(rf'<select name="c{case}-outcome".*?</select>', page, re.DOTALL)
    return re.findall(r'<option value="([^"]+)"', select)


def ticked(page: str, case: int) -> set[int]:
    """The units that are ticked as assisting."""
    boxes = re.findall(rf'<input type="checkbox" name="c{case}-assisting" value="(\d+)"[^>]* checked', page)
    return {int(unit) for unit in boxes}


@pytest.fixture
def sitting(county: County, held: int) -> int:
    """The same meeting, which has begun."""
    Meeting.objects.filter(pk=held).update(starts_at=timezone.now() - timedelta(seconds=1))
    AgendaItem.objects.update(raised_at=timezone.now() - timedelta(hours=1))
    return held


def assigned(client: Client, held: int, case: int, lead: int, assisting: list[int]) -> datetime:
    day = (timezone.now() + timedelta(days=10)).date()
    given = {
        "outcome": "assigned",
        "lead": lead,
        "by_date": day.isoformat(),
        "assisting": assisting,
        "text": "两家一起办。",
    }
    answer = client.post(
        f"/desk/meetings/{held}/decide/{case}/", {f"c{case}-{name}": value for name, value in given.items()}
    )
    assert answer.status_code == 302, answer.content.decode()
    return timezone.now()


def test_a_decision_keeps_the_units_that_assist_unless_they_are_unticked(
    county: County, sign_in: SignIn, sitting: int
) -> None:
    case = Case.objects.get(title="会上的handling").pk
    bureau, helper, town = (county.units[n].pk for n in ("交通局", "人社局", "新埭镇政府"))
    actions.assist(case=case, unit=helper, by=county.officers["俞经办"], at=timezone.now())
    secretary, address = sign_in("秦秘书"), f"/desk/meetings/{sitting}/"
    page = secretary.get(address).content.decode()
    assert ticked(page, case) == {helper}
    assert ticked(page, Case.objects.get(title="会上的accepted").pk) == set()
    assigned(secretary, sitting, case, bureau, [helper, town])
    open_now = Assignment.objects.filter(case=case, ended_at=None)
    assert dict(open_now.values_list("unit", "lead")) == {bureau: True, helper: False, town: False}
    for language, said in (("zh", "交通局牵头 · 协办 人社局、新埭镇政府"), ("en", "assisted by")):
        assert said in sign_in("秦秘书", language).get(address).content.decode()
    # The next meeting sees who assists now, and lets one of them go.
    actions.raise_to_meeting(case=case, kind="monthly", by=county.officers["沈受理"], at=timezone.now())
    assert ticked(secretary.get(address).content.decode(), case) == {helper, town}
    assigned(secretary, sitting, case, bureau, [town])
    assert dict(open_now.all().values_list("unit", "lead")) == {bureau: True, town: False}


def test_only_what_can_be_decided_is_offered(county: County, sign_in: SignIn, sitting: int) -> None:
    worked, fresh = (Case.objects.get(title=f"会上的{stage}").pk for stage in ("handling", "accepted"))
    secretary, address = sign_in("秦秘书"), f"/desk/meetings/{sitting}/"
    page = secretary.get(address).content.decode()
    assert offered(page, worked) == offered(page, fresh) == ["assigned", "passed_on", "kept"]
    for case in (worked, fresh):
        actions.raise_to_meeting(case=case, kind="joint", by=county.officers["沈受理"], at=timezone.now())
    Meeting.objects.filter(pk=sitting).update(kind="joint")
    page = secretary.get(address).content.decode()
    assert offered(page, worked) == ["assigned", "held", "kept"]
    assert offered(page, fresh) == ["assigned", "kept"]
    typed = {f"c{fresh}-outcome": "held", f"c{fresh}-by_date": "2030-01-01", f"c{fresh}-text": "等"}
    assert secretary.post(f"/desk/meetings/{sitting}/decide/{fresh}/", typed).status_code == 422
    assert Case.objects.get(pk=fresh).stopped == ""


@pytest.mark.parametrize(
    ("language", "waits", "done"),
    [("zh", "后面还有 {} 件", "另有 {} 件的决定"), ("en", "{} more wait", "{} more were decided")],
)
def test_what_waits_beyond_those_shown_comes_up_as_they_are_decided(
    county: County, sign_in: SignIn, sitting: int, monkeypatch: pytest.MonkeyPatch, language: str, waits: str, done: str
) -> None:
    monkeypatch.setattr(queries, "SHOWN", 2)
    about = at_stage(county, "accepted", title="反映人社局", about=county.units["人社局"].pk)
    for key in (about, *(at_stage(county, "accepted", title=f"又一件{n}") for n in range(3))):
        actions.raise_to_meeting(
            case=key, kind="monthly", by=county.officers["沈受理"], at=timezone.now() - timedelta(minutes=1)
        )
    AgendaItem.objects.filter(case=about).update(raised_at=timezone.now() - timedelta(days=1))
    Role.objects.create(
        account=county.accounts["秦秘书"], code="handler", organisation=county.units["人社局"], valid_from=BEGIN
    )
    Meeting.objects.filter(pk=sitting).update(starts_at=timezone.now() - timedelta(seconds=1))
    secretary, address = sign_in("秦秘书", language), f"/desk/meetings/{sitting}/"
    left = AgendaItem.objects.filter(outcome="").exclude(case=about).count()
    by = county.officers["秦秘书"]
    for decided in range(left):
        page = secretary.get(address)
        html, shown = page.content.decode(), page.context["agenda"].waiting
        assert len(shown) == min(queries.SHOWN, left - decided), "whatever he may not see takes no place"
        assert (waits.format(left - decided - queries.SHOWN) in html) is (left - decided > queries.SHOWN)
        assert (done.format(decided - queries.SHOWN) in html) is (decided > queries.SHOWN)
        given = {f"c{shown[0].row.id}-outcome": "passed_on", f"c{shown[0].row.id}-text": "提交联席会议"}
        assert secretary.post(f"{address}decide/{shown[0].row.id}/", given).status_code == 302
    meeting.end_meeting(meeting=sitting, notes="", by=by, at=timezone.now())


WHOLE = {"zh": "<h1>月度例会纪要</h1>", "en": "<h1>Monthly meeting: minutes</h1>"}
PART = {"zh": "<h1>月度例会 · 会议纪要（摘录）</h1>", "en": "<h1>Monthly meeting · Minutes (extract)</h1>"}
ONLY_THEIRS = {
    "zh": "这是摘录，只列您单位承办、您能看的件",
    "en": "it shows only the matters of your unit that you may see",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_unit_reads_of_the_minutes_is_marked_as_an_extract(
    county: County, sign_in: SignIn, sitting: int, language: str
) -> None:
    address = f"/desk/meetings/{sitting}/"
    before = sign_in("俞经办", language).get(address).content.decode()
    assert PART[language] not in before
    assert ONLY_THEIRS[language] not in before, "nothing is taken from minutes before there are any"
    keeper, now = county.officers["秦秘书"], timezone.now()
    for stage, outcome in (("handling", "kept"), ("accepted", "kept")):
        key, said = Case.objects.get(title=f"会上的{stage}").pk, meeting.Decision(outcome, f"决定{stage}")
        meeting.decide(case=key, meeting=sitting, decision=said, by=keeper, at=now)
    meeting.end_meeting(meeting=sitting, notes=NOTES, by=keeper, at=timezone.now())
    for name in ("俞经办", "钱审核"):
        page = sign_in(name, language).get(address).content.decode()
        assert PART[language] in page
        assert ONLY_THEIRS[language] in page
        assert WHOLE[language] not in page
        assert "决定handling" in page
        assert "决定accepted" not in page
        assert NOTES not in page
    for name in ("秦秘书", "沈受理"):
        page = sign_in(name, language).get(address).content.decode()
        assert WHOLE[language] in page
        assert PART[language] not in page
        assert ONLY_THEIRS[language] not in page
        assert {"决定handling" in page, "决定accepted" in page, NOTES in page} == {True}


def test_who_keeps_the_meetings_of_two_desks_decides_at_each(county: County, sign_in: SignIn, held: int) -> None:
    """His role at the other desk is the older one."""
    other = county.officer("双秘书", "民生受理", "secretary")
    here = Role.objects.create(
        account=county.accounts["双秘书"], code="secretary", organisation=county.units["企业受理"],
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    client = sign_in("双秘书")
    Meeting.objects.filter(pk=held).update(starts_at=timezone.now() - timedelta(hours=1))
    for item in AgendaItem.objects.filter(outcome=""):
        given = {f"c{item.case_id}-outcome": "kept", f"c{item.case_id}-text": "下次再看。"}
        assert client.post(f"/desk/meetings/{held}/decide/{item.case_id}/", given).status_code == 302
    assert client.post(f"/desk/meetings/{held}/end/", {"end-notes": ""}).status_code == 302
    assert Meeting.objects.get(pk=held).state == "held"
    acted = Entry.objects.filter(name__in=("cases.decide", "cases.end_meeting")).values_list("by_role", flat=True)
    assert set(acted) == {here.pk} != {other.role}
    later = {"kind": "monthly", "desk": county.units["民生受理"].pk, "starts_at": "2030-01-08T09:00", "place": "三楼"}
    assert client.post("/desk/meetings/", later).status_code == 302
    assert Entry.objects.get(name="cases.call_meeting", by_role=other.role)


def test_a_decision_on_what_was_withdrawn_meanwhile_comes_back(county: County, sign_in: SignIn, sitting: int) -> None:
    case = Case.objects.get(title="会上的accepted").pk
    actions.withdraw(case=case, reason="不用了", by=ASKER, at=timezone.now(), proof=tracking_code(case))
    given = {f"c{case}-outcome": "kept", f"c{case}-text": "交通局下周到会说明。"}
    late = sign_in("秦秘书").post(f"/desk/meetings/{sitting}/decide/{case}/", given)
    assert late.status_code == 409
    assert "交通局下周到会说明。" in late.content.decode()
