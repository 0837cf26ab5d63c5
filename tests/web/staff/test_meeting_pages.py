"""A meeting's page as the units that are to come to it read it: their own cases, the calendar file, and no notes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage
from tongban.core.ledger.worker import run_pending
from tongban.engines.cases import actions
from tongban.engines.cases.actions import meeting
from tongban.engines.cases.models import Case

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
