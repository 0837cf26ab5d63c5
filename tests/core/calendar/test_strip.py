"""The promise as it is shown: cells and words."""

from __future__ import annotations

from datetime import date

import pytest

from tests.core.calendar.conftest import local
from tongban.core.calendar.logic import Calendar, CellState, CountFrom, Standing, Unit, cells, remaining, spoken, words

MONDAY, DUE = local("2025-10-13 10:00"), local("2025-10-17 17:00")


def states(calendar: Calendar, now: str, **how: object) -> str:
    shown = cells(calendar, MONDAY, DUE, local(now), **how)  # type: ignore[arg-type]
    return " ".join(cell.state.value + ("!" if cell.due else "") for cell in shown)


@pytest.mark.parametrize(
    ("now", "shown"),
    [
        ("2025-10-13 10:00", "now left left left left!"),
        ("2025-10-15 23:59", "used used now left left!"),
        ("2025-10-17 09:00", "used used used used now!"),
        ("2025-10-17 18:00", "used used used used now!"),
        ("2025-10-18 12:00", "used used used used used!"),  # Saturday: no day over yet
        ("2025-10-21 12:00", "used used used used used! over over"),
    ],
)
def test_cells_show_the_days_used_left_and_over(china: Calendar, now: str, shown: str) -> None:
    assert states(china, now) == shown


def test_counted_from_the_next_day_the_day_of_receipt_has_no_cell(china: Calendar) -> None:
    assert states(china, "2025-10-13 10:00", count_from=CountFrom.NEXT_DAY) == "left left left left!"


def test_received_after_closing_the_day_of_receipt_has_no_cell(china: Calendar) -> None:
    shown = cells(china, local("2025-10-10 17:00"), DUE, MONDAY)
    assert shown[0].date == date(2025, 10, 11)
    assert shown[0].make_up


def test_make_up_days_are_present_and_weekends_absent(china: Calendar) -> None:
    shown = cells(china, local("2025-09-26 10:00"), DUE, MONDAY)
    assert [f"{cell.date:%m%d}" for cell in shown] == (
        "0926 0928 0929 0930 1009 1010 1011 1013 1014 1015 1016 1017".split()  # noqa: SIM905 - reads as a calendar
    )
    assert [f"{cell.date:%m%d}" for cell in shown if cell.make_up] == ["0928", "1011"]


def test_a_promise_in_calendar_days_has_a_cell_for_every_date(china: Calendar) -> None:
    assert len(cells(china, local("2025-10-10 10:00"), DUE, MONDAY, unit=Unit.CALENDAR_DAYS)) == 8


def test_years_overdue_do_not_fill_the_page(china: Calendar) -> None:
    shown = cells(china, MONDAY, DUE, local("2027-10-17 17:00"))
    assert sum(cell.state is CellState.OVER for cell in shown) == 10


def test_a_day_due_that_has_become_a_rest_day_is_still_shown(china: Calendar) -> None:
    shown = cells(china, MONDAY, local("2025-10-18 17:00"), MONDAY)
    assert [cell.due for cell in shown] == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("now", "standing", "days", "zh", "en"),
    [
        ("2025-10-13 10:00", Standing.GOING, 4, "剩 4 天", "4 d left"),
        ("2025-10-16 23:00", Standing.GOING, 1, "剩 1 天", "1 d left"),
        ("2025-10-17 09:00", Standing.SOON, 0, "今天 17:00", "today 17:00"),
        ("2025-10-17 17:00", Standing.SOON, 0, "今天 17:00", "today 17:00"),
        ("2025-10-17 17:01", Standing.LATE, 0, "已超时", "overdue"),
        ("2025-10-19 12:00", Standing.LATE, 0, "已超时", "overdue"),
        ("2025-10-20 08:00", Standing.LATE, 1, "超 1 天", "1 d over"),
    ],
)
def test_words(china: Calendar, now: str, standing: Standing, days: int, zh: str, en: str) -> None:
    left = remaining(china, DUE, local(now))
    assert (left.standing, left.days) == (standing, days)
    assert (words(left).zh, words(left).en) == (zh, en)
    assert "17:00" in spoken(left).zh
    assert "17:00" in spoken(left).en


def test_a_make_up_saturday_counts_as_a_day_left(china: Calendar) -> None:
    assert remaining(china, local("2025-10-13 17:00"), local("2025-10-10 10:00")).days == 2


def test_a_promise_in_calendar_days_counts_calendar_days(china: Calendar) -> None:
    assert remaining(china, DUE, local("2025-10-11 10:00"), unit=Unit.CALENDAR_DAYS).days == 6
