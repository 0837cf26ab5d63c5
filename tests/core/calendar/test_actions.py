"""Editing the calendar: what changes, what is recorded, what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.core.calendar.conftest import local
from tongban.core.calendar import actions, queries
from tongban.core.calendar.logic import SAMPLE_HOURS, CountFrom, Unit, YearState, parse_spans
from tongban.core.calendar.models import CalendarDay, CalendarYear, WorkingHours
from tongban.core.calendar.seed import seed
from tongban.core.calendar.writing import announce
from tongban.core.ledger.actor import COMMAND
from tongban.core.ledger.logic import replay
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.refusals import Refused
from tongban.core.registry import reference

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
DAY = date(2027, 2, 9)


@pytest.fixture(autouse=True)
def _fresh_copies() -> Iterator[None]:
    reference.forget()
    yield
    reference.forget()


@pytest.fixture
def seeded() -> None:
    seed(by=COMMAND, at=AT)
    Outbox.objects.all().delete()


def rest(day: date, **more: Any) -> CalendarDay:
    return actions.set_day(day=day, working=False, by=COMMAND, at=AT, **more)


def work(day: date, **more: Any) -> CalendarDay:
    return actions.set_day(day=day, working=True, by=COMMAND, at=AT, **more)


# -- what changes ------------------------------------------------------------------------------------------------


def test_an_empty_table_does_not_stop_the_county() -> None:
    calendar = queries.calendar_now()
    assert calendar.year_state(2026) is YearState.MISSING
    assert calendar.day(date(2026, 11, 23)).spans == SAMPLE_HOURS


@pytest.mark.usefixtures("seeded")
def test_a_day_entered_moves_the_deadlines_at_once() -> None:
    start = local("2027-02-04 10:00")
    before = queries.calendar_now()
    rest(DAY, name_zh="春节", name_en="Spring Festival")
    after = queries.calendar_now()
    assert before.due(start, 1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY) == (local("2027-02-09 17:00"), True)
    assert after.due(start, 1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY) == (local("2027-02-10 17:00"), True)
    assert after.version != before.version
    name = after.day(DAY).name
    assert name is not None
    assert name.en == "Spring Festival"


@pytest.mark.usefixtures("seeded")
def test_a_make_up_day_and_a_half_day() -> None:
    work(date(2027, 2, 20), name_zh="春节调休上班")
    work(date(2027, 2, 4), spans=" 08:30-12:00 ")
    calendar = queries.calendar_now()
    assert calendar.day(date(2027, 2, 20)).make_up
    assert calendar.day(date(2027, 2, 4)).spans == parse_spans("08:30-12:00")


@pytest.mark.usefixtures("seeded")
def test_a_day_cleared_follows_its_weekday_again() -> None:
    rest(DAY)
    actions.clear_day(day=DAY, by=COMMAND, at=AT)
    assert queries.calendar_now().is_working(DAY)
    assert not CalendarDay.objects.filter(date=DAY).exists()


@pytest.mark.usefixtures("seeded")
def test_a_confirmed_year_is_no_longer_provisional() -> None:
    actions.confirm_year(year=2027, source="国务院办公厅通知", by=COMMAND, at=AT)
    calendar = queries.calendar_now()
    assert calendar.year_state(2027) is YearState.CONFIRMED
    assert not calendar.due(local("2027-02-04 10:00"), 1, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).provisional


@pytest.mark.usefixtures("seeded")
def test_a_day_in_a_missing_year_opens_it_without_losing_the_statutory_days() -> None:
    rest(date(2028, 1, 31))
    calendar = queries.calendar_now()
    assert calendar.year_state(2028) is YearState.PROVISIONAL
    assert not calendar.is_working(date(2028, 1, 26))
    assert not calendar.is_working(date(2028, 1, 31))


def test_a_statutory_day_can_be_worked_in_a_year_that_was_missing() -> None:
    work(date(2028, 5, 1))
    assert queries.calendar_now().is_working(date(2028, 5, 1))


def test_opening_a_year_changes_no_deadline() -> None:
    before = queries.calendar_now()
    actions.open_year(year=2028, by=COMMAND, at=AT)
    after = queries.calendar_now()
    days = [date.fromordinal(n) for n in range(date(2028, 1, 1).toordinal(), date(2029, 1, 1).toordinal())]
    assert [before.day(day).spans for day in days] == [after.day(day).spans for day in days]
    assert after.year_state(2028) is YearState.PROVISIONAL


@pytest.mark.usefixtures("seeded")
def test_summer_hours_are_entered_and_corrected() -> None:
    first = actions.set_working_hours(
        valid_from=date(2027, 7, 1),
        spans="08:00-11:30 14:00-17:00",
        source="县府办通知",
        confirmed=True,
        by=COMMAND,
        at=AT,
    )
    actions.set_working_hours(
        valid_from=date(2027, 7, 1),
        spans="08:00-11:30 14:30-17:30",
        source="县府办通知",
        confirmed=True,
        by=COMMAND,
        at=AT,
    )
    calendar = queries.calendar_now()
    assert calendar.timetable(date(2027, 7, 1)).spans == parse_spans("08:00-11:30 14:30-17:30")
    assert calendar.timetable(date(2027, 7, 1)).confirmed
    assert not calendar.timetable(date(2027, 6, 30)).confirmed
    assert Entry.objects.filter(kind="calendar.workinghours", object_id=first.pk).count() == 2


# -- what is recorded --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("seeded")
def test_every_write_leaves_an_entry_a_new_version_and_a_request_to_recompute() -> None:
    writes: list[tuple[str, Callable[[], object]]] = [
        ("calendar.set_day", lambda: rest(DAY)),
        ("calendar.set_day", lambda: work(DAY)),
        ("calendar.clear_day", lambda: actions.clear_day(day=DAY, by=COMMAND, at=AT)),
        ("calendar.confirm_year", lambda: actions.confirm_year(year=2027, source="通知", by=COMMAND, at=AT)),
        ("calendar.open_year", lambda: actions.open_year(year=2029, by=COMMAND, at=AT)),
        (
            "calendar.set_working_hours",
            lambda: actions.set_working_hours(
                valid_from=date(2028, 1, 1), spans="09:00-12:00", source="通知", confirmed=False, by=COMMAND, at=AT
            ),
        ),
    ]
    for name, write in writes:
        entries, version, asked = Entry.objects.count(), reference.version("calendar"), Outbox.objects.count()
        write()
        assert Entry.objects.count() == entries + 1, name
        assert Entry.objects.latest("pk").name == name
        assert reference.version("calendar") != version, name
        assert Outbox.objects.filter(topic="calendar.changed").count() == asked + 1, name


@pytest.mark.usefixtures("seeded")
def test_the_request_to_recompute_names_the_dates() -> None:
    rest(DAY)
    assert json.loads(Outbox.objects.get().payload) == {"first": "2027-02-09", "last": "2027-02-09"}


@pytest.mark.usefixtures("seeded")
def test_entering_the_same_again_changes_nothing() -> None:
    rest(DAY, name_zh="春节")
    entries, version = Entry.objects.count(), reference.version("calendar")
    rest(DAY, name_zh=" 春节 ")
    assert (Entry.objects.count(), reference.version("calendar")) == (entries, version)


def test_the_ledger_alone_gives_the_table_back() -> None:
    seed(by=COMMAND, at=AT)
    rest(DAY, name_zh="春节")
    work(DAY, spans="09:00-12:00")
    rest(date(2027, 2, 10))
    actions.clear_day(day=date(2027, 2, 10), by=COMMAND, at=AT)
    actions.confirm_year(year=2027, source="通知", by=COMMAND, at=AT)
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for entry in Entry.objects.order_by("pk"):
        replay([tuple(image) for image in json.loads(entry.images)], rows)
    days = {key: row for (kind, key), row in rows.items() if kind == "calendar.calendarday"}
    assert {
        key: (row["date"], row["kind"], row["spans"], row["name_zh"], row["year_id"]) for key, row in days.items()
    } == {
        row.pk: (row.date.isoformat(), row.kind, row.spans, row.name_zh, row.year_id)
        for row in CalendarDay.objects.all()
    }
    years = {key: row for (kind, key), row in rows.items() if kind == "calendar.calendaryear"}
    assert {key: row["confirmed"] for key, row in years.items()} == dict(
        CalendarYear.objects.values_list("year", "confirmed")
    )


# -- what is refused ---------------------------------------------------------------------------------------------


def test_refusals_say_what_would_put_it_right() -> None:
    at = {"by": COMMAND, "at": AT}
    hours = {"valid_from": date(2027, 1, 1), "confirmed": False, **at}
    cases: dict[str, list[Callable[[], object]]] = {
        "calendar.spans": [
            lambda: work(DAY, spans="9 to 5"),
            lambda: actions.set_working_hours(spans="", source="x", **hours),  # type: ignore[arg-type]
        ],
        "calendar.rest_hours": [lambda: rest(DAY, spans="08:30-12:00")],
        "calendar.name": [lambda: rest(DAY, name_en="Spring Festival")],
        "calendar.too_long": [lambda: rest(DAY, name_zh="节" * 61)],
        "calendar.range": [lambda: rest(date(2100, 1, 1)), lambda: actions.open_year(year=1999, **at)],  # type: ignore[arg-type]
        "calendar.day_plain": [lambda: actions.clear_day(day=DAY, **at)],  # type: ignore[arg-type]
        "calendar.year_missing": [lambda: actions.confirm_year(year=2030, source="x", **at)],  # type: ignore[arg-type]
        "calendar.source": [
            lambda: actions.confirm_year(year=2027, source=" ", **at),  # type: ignore[arg-type]
            lambda: actions.set_working_hours(spans="09:00-12:00", source="", **hours),  # type: ignore[arg-type]
        ],
    }
    for code, attempts in cases.items():
        for attempt in attempts:
            with pytest.raises(Refused) as refused:
                attempt()
            assert refused.value.code == code
            assert refused.value.sentence("zh")
            assert refused.value.sentence("en")
    assert not Entry.objects.exists()
    assert reference.version("calendar") == 0


@pytest.mark.usefixtures("seeded")
def test_a_year_is_opened_and_confirmed_once() -> None:
    with pytest.raises(Refused, match="confirmed already"):
        actions.confirm_year(year=2026, source="通知", by=COMMAND, at=AT)
    with pytest.raises(Refused, match="entered already"):
        actions.open_year(year=2026, by=COMMAND, at=AT)


@pytest.mark.usefixtures("seeded")
def test_of_two_who_edit_one_year_at_once_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # The other is faster between our reading of the year and our writing.
    def overtaken(*what: Any) -> None:
        CalendarYear.objects.filter(pk=2027).update(version=99)
        announce(*what)

    monkeypatch.setattr(actions, "announce", overtaken)
    with pytest.raises(Refused) as refused:
        rest(DAY)
    assert refused.value.code == "ledger.overtaken"
    assert not CalendarDay.objects.filter(date=DAY).exists()


@pytest.mark.usefixtures("seeded")
def test_of_two_who_enter_one_date_at_once_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rest(DAY)
    monkeypatch.setattr(CalendarDay.objects, "filter", lambda **_: CalendarDay.objects.none())
    with pytest.raises(Refused) as refused:
        rest(DAY)
    assert refused.value.code == "ledger.overtaken"


# -- reading -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("seeded")
def test_the_calendar_is_loaded_once_for_each_version(django_assert_num_queries: Any) -> None:
    first = queries.calendar_now()
    with django_assert_num_queries(1):
        assert queries.calendar_now() is first
    with reference.hold(), django_assert_num_queries(1):
        assert queries.calendar_now() is queries.calendar_now()
    assert WorkingHours.objects.count() == 1
