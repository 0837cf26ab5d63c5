"""The calendar changes: what is still open moves, once, and what was answered keeps its verdict."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.ledgered import adopt
from tongban.core.access.viewer import viewer_of
from tongban.core.calendar import actions as calendar
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import queries
from tongban.core.registry import reference
from tongban.engines.cases import actions
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Assignment, Case, CaseScope, Limit
from tongban.engines.cases.outcome import DONE

BY = Actor(system="test")
DAY = timedelta(days=1)
WORKER = Actor(system="worker")


@pytest.fixture
def recorded(county: County) -> County:
    adopt()
    return county


def opened(county: County, **more: object) -> int:
    facts: dict[str, object] = {
        "programme": "community", "kind": "request", "body": "路灯坏了三天", "area": county.areas["village"].pk,
        "requester": county.people["陈居民"], **more,
    }  # fmt: skip
    return actions.open_case(Opening(**facts), by=Actor(county.accounts["陈居民"].pk), at=NOW).pk  # type: ignore[arg-type]


def handled(county: County) -> int:
    """A case that the transport bureau has signed in, promised in five working days: Wednesday the 25th."""
    case = opened(county)
    desk = county.officers["王受理"]
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.sign_in(case=case, by=county.officers["俞经办"], at=NOW)
    return case


def rest(day: date) -> None:
    calendar.set_day(day=day, working=False, name_zh="临时放假", by=BY, at=NOW + DAY)


def settle(at: datetime = NOW + DAY) -> None:
    assert run_pending(at).errors == []


def recomputations(case: int) -> int:
    return Entry.objects.filter(kind="cases.case", object_id=case, name="cases.recompute").count()


def lines(county: County, name: str, kind: str) -> list[str]:
    viewer = viewer_of(county.accounts[name], NOW)
    return [line.text for line in queries.lines(viewer, language="en") if line.kind == kind]


def local(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment + timedelta(hours=8):%m-%d %H:%M}"


def test_a_new_rest_day_moves_the_promise_the_duty_and_the_queue_and_tells_both_sides_once(recorded: County) -> None:
    case = handled(recorded)
    settle()
    before = Case.objects.get(pk=case)
    assert local(before.promised_at) == "11-25 17:00"
    rest(date(2026, 11, 24))
    settle()
    after = Case.objects.get(pk=case)
    duty = Assignment.objects.get(case=case)
    assert [local(m) for m in (after.promised_at, after.due_at, duty.due_at)] == ["11-26 17:00"] * 3
    waits = CaseScope.objects.filter(case=case, queue__gt=0)
    assert set(waits.values_list("due_at", flat=True)) == {after.due_at}
    assert duty.limit_version == 1
    assert recomputations(case) == 1
    assert lines(recorded, "陈居民", "asker.promise") == [
        "The working calendar has changed: request 330482-" + f"{case:06d} is now to be answered by 26 Nov, 17:00."
    ]
    assert len(lines(recorded, "俞经办", "officer.recomputed")) == 1
    assert lines(recorded, "陆经办", "officer.recomputed") == []


def test_doing_the_row_again_changes_and_tells_nothing_more(recorded: County) -> None:
    case = handled(recorded)
    rest(date(2026, 11, 24))
    settle()
    versions = Case.objects.get(pk=case).version
    for _ in range(3):
        Outbox.objects.filter(topic__in=("cases.recompute", "calendar.changed")).update(done_at=None, attempts=0)
        Outbox.objects.filter(topic__in=("cases.recompute", "cases.recompute_again")).delete()
        settle()
    settle(NOW + DAY + timedelta(minutes=5))
    assert Case.objects.get(pk=case).version == versions
    assert recomputations(case) == 1
    assert len(lines(recorded, "陈居民", "asker.promise")) == 1


def test_days_that_a_deadline_does_not_run_over_change_nothing(recorded: County) -> None:
    case = handled(recorded)
    for day in (date(2026, 11, 16), date(2026, 11, 26), date(2027, 2, 3)):
        rest(day)
    settle()
    assert recomputations(case) == 0


def test_an_answered_case_keeps_its_deadline_and_its_verdict(recorded: County) -> None:
    case = handled(recorded)
    worker, reviewer = recorded.officers["俞经办"], recorded.officers["钱审核"]
    late = NOW + 8 * DAY
    actions.answer(outcome=DONE, case=case, text="已修好，请看现场照片。", by=worker, at=late)
    actions.approve(case=case, by=reviewer, at=late)
    actions.send(case=case, by=reviewer, at=late)
    settle(late)
    before = Case.objects.get(pk=case)
    assert before.in_time is False
    for day in (19, 20, 23, 24):
        rest(date(2026, 11, day))
    settle(late)
    after = Case.objects.get(pk=case)
    assert (after.in_time, after.promised_at, after.version) == (False, before.promised_at, before.version)


def test_an_edited_limit_moves_no_deadline_that_it_had_fixed(recorded: County) -> None:
    case = handled(recorded)
    settle()
    before = Case.objects.get(pk=case)
    with Journal("test.edit_limit", by=BY, at=NOW) as journal:
        journal.change(Limit.objects.get(code="ordinary"), amount=1)
        reference.changed("limits")
    settle()
    assert Case.objects.get(pk=case).version == before.version
    rest(date(2026, 11, 24))
    settle()
    # Still five working days: what the assignment was given, not what the limit says now.
    assert local(Case.objects.get(pk=case).promised_at) == "11-26 17:00"


def test_a_case_that_still_waits_at_the_desk_gets_a_new_deadline_too(recorded: County) -> None:
    friday_evening = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    case = actions.open_case(
        Opening(programme="community", kind="request", body="x", area=recorded.areas["town"].pk,
                requester=recorded.people["陈居民"]),
        by=Actor(recorded.accounts["陈居民"].pk), at=friday_evening,
    ).pk  # fmt: skip
    before = Case.objects.get(pk=case).due_at
    assert before is not None
    assert before.date() == date(2026, 11, 23)
    rest(date(2026, 11, 23))
    settle(friday_evening + DAY)
    after = Case.objects.get(pk=case).due_at
    assert after == before + DAY
    assert lines(recorded, "陈居民", "asker.promise") == []
    assert len(lines(recorded, "王受理", "officer.recomputed")) == 1


def test_a_confirmed_year_takes_the_mark_provisional_away_and_tells_nobody(recorded: County) -> None:
    calendar.open_year(year=2026, by=BY, at=NOW - DAY)
    case = handled(recorded)
    settle(NOW)
    assert Assignment.objects.get(case=case).provisional
    calendar.confirm_year(year=2026, source="国办发明电", by=BY, at=NOW)
    settle()
    assert not Assignment.objects.get(case=case).provisional
    assert recomputations(case) == 1
    assert lines(recorded, "陈居民", "asker.promise") == []
    assert lines(recorded, "俞经办", "officer.recomputed") == []


def test_a_unit_below_keeps_no_longer_than_the_unit_above(recorded: County) -> None:
    case = opened(recorded)
    desk, town = recorded.officers["王受理"], recorded.officers["镇经办"]
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=recorded.units["新埭镇政府"].pk, by=desk, at=NOW)
    actions.sign_in(case=case, by=town, at=NOW)
    actions.assign(case=case, unit=recorded.units["泖口村委"].pk, limit="joint", by=town, at=NOW + DAY)
    rest(date(2026, 11, 24))
    settle()
    upper, lower = Assignment.objects.filter(case=case).order_by("pk")
    assert local(upper.due_at) == local(lower.due_at) == "11-26 17:00"


def test_what_was_recomputed_is_what_the_ledger_says(recorded: County) -> None:
    handled(recorded)
    opened(recorded)
    rest(date(2026, 11, 24))
    settle()
    assert [fault.sentence("en") for fault in Audit().faults()] == []
