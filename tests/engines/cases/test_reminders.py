"""What waits for nobody in particular: agendas without a meeting, meetings that nobody ends, texts that nobody approves."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.engines.cases.conftest import BEGIN, NOW, County
from tests.engines.cases.test_ladder import at, handled, told
from tests.ledgered import adopt
from tongban.cli.bench.replays import double_effects
from tongban.core.access.models import Role
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import appoint, run_pending
from tongban.core.notices import queries as notices
from tongban.core.registry import reference
from tongban.engines.cases import actions, limits
from tongban.engines.cases.actions import administration, meeting
from tongban.engines.cases.models import Case, Limit
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.meetings import next_meeting


@pytest.fixture
def case(county: County) -> int:
    """Brought before the monthly meeting on Wednesday the 18th: ten working days later is the 2nd of December."""
    adopt()
    return raised(county)


def raised(county: County, kind: str = "monthly", when: datetime = NOW) -> int:
    key = handled(county)
    actions.raise_to_meeting(case=key, kind=kind, by=county.officers["王受理"], at=when)
    return key


def mornings(*days: datetime) -> None:
    for day in days:
        appoint(day)
        assert run_pending(day).errors == []


def called(county: County, starts_at: datetime, when: datetime, kind: str = "monthly") -> int:
    return meeting.call_meeting(
        kind=kind,
        desk=county.units["民生受理"].pk,
        starts_at=starts_at,
        place="县府",
        by=county.officers["卫秘书"],
        at=when,
    ).pk


def count(county: County, kind: str, name: str = "卫秘书") -> int:
    return told(county, name)[f"officer.{kind}"]


def test_an_agenda_that_waits_without_a_meeting_is_told_once_to_the_desks_secretaries(
    county: County, case: int
) -> None:
    mornings(at(2, month=12))
    assert count(county, "agenda_waits") == 0
    raised(county)  # another one: still one line
    mornings(at(3, month=12), at(4, month=12), at(7, month=12))
    assert count(county, "agenda_waits") == 1
    assert count(county, "agenda_waits", "秦秘书") == count(county, "agenda_waits", "王受理") == 0
    (line,) = [
        x
        for x in notices.lines(viewer_of(county.accounts["卫秘书"], NOW), language="zh")
        if x.kind == "officer.agenda_waits"
    ]
    assert line.text == "月度例会的议题等得太久了，还没有定开会时间，请召集。"


def test_each_kind_of_meeting_has_its_own_reminder(county: County, case: int) -> None:
    raised(county, "joint")
    mornings(at(3, month=12))
    assert count(county, "agenda_waits") == 2


def test_a_meeting_that_is_called_in_time_leaves_nothing_to_tell(county: County, case: int) -> None:
    held = called(county, at(8, 14, month=12), at(1, month=12))
    mornings(at(3, month=12))
    assert count(county, "agenda_waits") == 0
    meeting.cancel_meeting(meeting=held, reason="台风", by=county.officers["卫秘书"], at=at(3, 10, month=12))
    mornings(at(4, month=12))
    assert count(county, "agenda_waits") == 1


def test_a_meeting_that_nobody_ends_silences_no_reminder(county: County, case: int) -> None:
    called(county, at(24, 14), at(23))
    mornings(at(3, month=12), at(8, month=12))
    assert count(county, "agenda_waits") == 0, "told to end it"
    mornings(at(9, month=12))
    assert count(county, "agenda_waits") == 1, "ten working days later what still waits has no meeting"


def test_how_long_an_agenda_may_wait_is_dated_data(county: County, case: int) -> None:
    administration.set_limit(
        code=limits.AGENDA, amount=3, unit="working_days", start="next_day", valid_from=date(2026, 11, 19), source="试",
        confirmed=True, by=Actor(system="test"), at=NOW,
    )  # fmt: skip
    mornings(at(24))
    assert count(county, "agenda_waits") == 1


def test_a_county_without_that_limit_reminds_nobody(county: County, case: int) -> None:
    Limit.objects.filter(code__in=(limits.AGENDA, limits.MINUTES)).delete()
    reference.changed(limits.REFERENCE)
    called(county, at(24, 14), at(23), kind="joint")
    mornings(at(31, month=12))
    assert count(county, "agenda_waits") == count(county, "meeting_unended") == 0


def test_a_secretary_does_not_learn_of_a_complaint_about_his_own_unit(county: County) -> None:
    adopt()
    key = raised(county)
    county.officer("交秘书", "民生受理", "secretary")
    Role.objects.create(
        account=county.accounts["交秘书"], code="handler", organisation=county.units["交通局"], valid_from=BEGIN
    )
    Case.objects.filter(pk=key).update(about=county.units["交通局"])
    mornings(at(3, month=12))
    assert (count(county, "agenda_waits"), count(county, "agenda_waits", "交秘书")) == (1, 0)


def test_a_meeting_that_nobody_ends_is_told_once_a_working_day_later(county: County, case: int) -> None:
    called(county, at(27, 14), at(20))  # a Friday
    mornings(at(28), at(30))  # Saturday, and Monday morning: a working day has not passed
    assert count(county, "meeting_unended") == 0
    mornings(at(1, month=12), at(2, month=12))
    assert count(county, "meeting_unended") == 1
    assert count(county, "meeting_unended", "王受理") == 0
    # Its agenda waits for it to be ended, not for another one to be called.
    mornings(at(4, month=12))
    assert count(county, "agenda_waits") == 0


def test_a_meeting_that_was_ended_is_not_told(county: County) -> None:
    held = called(county, at(27, 14), at(20))
    meeting.end_meeting(meeting=held, notes="", by=county.officers["卫秘书"], at=at(27, 16))
    mornings(at(2, month=12))
    assert count(county, "meeting_unended") == 0


def test_the_next_meeting_is_one_that_is_still_to_come(county: County, case: int) -> None:
    forgotten = called(county, at(24, 14), at(20))
    who, row = viewer_of(county.accounts["卫秘书"], at(26)), Case.objects.get(pk=case)

    def found() -> int | None:
        held = next_meeting(who, row, at(26))
        return held.pk if held else None

    assert found() == forgotten
    coming = called(county, at(30, 14), at(26))
    assert found() == coming


def test_a_text_that_nobody_approves_is_told_once_to_those_who_may(county: County) -> None:
    adopt()
    key, desk = handled(county), county.officers["王受理"]
    county.officer("程受理", "民生受理", "agent")
    actions.answer(outcome=DONE, case=key, text="已修好，请看照片。", by=county.officers["俞经办"], at=at(19))
    actions.publish_prepare(case=key, title="路灯", question="路灯坏了三天", by=desk, at=at(19))
    mornings(at(20))  # a review has a working day from the next
    assert count(county, "text_waits", "程受理") == 0
    mornings(at(23), at(24))
    assert count(county, "text_waits", "程受理") == 1
    assert count(county, "text_waits", "王受理") == 0  # he wrote it
    assert count(county, "text_waits", "沈受理") == 0
    actions.publish_prepare(case=key, title="路灯", question="路灯坏了三天多", by=desk, at=at(24))
    mornings(at(25))
    assert count(county, "text_waits", "程受理") == 1
    mornings(at(26))
    assert count(county, "text_waits", "程受理") == 2  # another text


def test_a_morning_done_again_and_again_tells_nothing_more(county: County, case: int) -> None:
    called(county, at(24, 14), at(23), kind="joint")
    mornings(at(3, month=12))
    assert Outbox.objects.filter(topic="cases.remind").count() == 1
    assert double_effects(at=at(3, month=12), outside=set, replays=10) == 0
    assert count(county, "agenda_waits") == count(county, "meeting_unended") == 1
