"""Times as people and programs write them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.core.ledger.actor import Precision
from tongban.engines.cases.importing.times import Moment, NotATime, OutOfRange, read

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


def said(value: object) -> tuple[str, str]:
    found = read(value, ZONE, NOW)
    assert found.at is not None
    return found.at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"), found.precision.value


@pytest.mark.parametrize(
    ("value", "moment", "precision"),
    [
        ("2019/4/25 9:32:09", "2019-04-25 09:32:09", "second"),
        ("\t2019/4/25\t 9:32:09\r\n", "2019-04-25 09:32:09", "second"),
        ("２０１９／４／２５　９：３２：０９", "2019-04-25 09:32:09", "second"),
        ("2019-04-25 09:32", "2019-04-25 09:32:00", "minute"),
        ("2019.4.25 9:32", "2019-04-25 09:32:00", "minute"),
        ("2019年4月25日 9时32分9秒", "2019-04-25 09:32:09", "second"),
        ("2019年4月25日 下午3点05分", "2019-04-25 15:05:00", "minute"),
        ("2019/4/25 上午12:05", "2019-04-25 00:05:00", "minute"),
        ("2019/4/25 9:32:09 PM", "2019-04-25 21:32:09", "second"),
        ("2019年4月25日（星期四）", "2019-04-25 00:00:00", "day"),
        ("2018/4/24", "2018-04-24 00:00:00", "day"),
        ("2018/12/31 24:00", "2019-01-01 00:00:00", "minute"),
        ("2018/12/31 24:00:00", "2019-01-01 00:00:00", "second"),
        ("2019-04-25T01:32:09Z", "2019-04-25 09:32:09", "second"),
        ("2019-04-25T09:32:09+08:00", "2019-04-25 09:32:09", "second"),
        ("2019-04-25 09:32:09.123", "2019-04-25 09:32:09", "second"),
        ("20190425", "2019-04-25 00:00:00", "day"),
        ("20190425093209", "2019-04-25 09:32:09", "second"),
        (20190425.0, "2019-04-25 00:00:00", "day"),
        (43580.0, "2019-04-25 00:00:00", "day"),
        (43580.39732638889, "2019-04-25 09:32:09", "second"),
        ("43580.39732638889", "2019-04-25 09:32:09", "second"),
        (43580.5, "2019-04-25 12:00:00", "minute"),
        (datetime(2019, 4, 8, 8, 37, 20), "2019-04-08 08:37:20", "second"),
        (datetime(2019, 4, 8, 8, 37), "2019-04-08 08:37:00", "minute"),
        (date(2019, 4, 8), "2019-04-08 00:00:00", "day"),
    ],
)
def test_a_time_is_read_with_its_exactness(value: object, moment: str, precision: str) -> None:
    assert said(value) == (moment, precision)


@pytest.mark.parametrize("value", ["", "  ", "\t", "-", "无", "NULL", "不详"])
def test_no_time_is_unknown(value: str) -> None:
    assert read(value, ZONE, NOW) == Moment(None, Precision.UNKNOWN)


@pytest.mark.parametrize(
    "value",
    [
        "昨天",
        "25/04/2019",
        "2019/13/1",
        "2019/2/30",
        "2019/4/25 25:00",
        "2019/4/25 24:01",
        "9:32",
        True,
        12.0,
        1e300,
        "4月25日",
    ],
)
def test_what_is_no_time_is_not_guessed(value: object) -> None:
    with pytest.raises(NotATime):
        read(value, ZONE, NOW)


@pytest.mark.parametrize("value", ["1970/1/1", "2106/2/7 6:28:15", "2026/11/20", datetime(1904, 1, 1, 8, 1)])
def test_no_request_was_made_then(value: object) -> None:
    with pytest.raises(OutOfRange):
        read(value, ZONE, NOW)


@given(st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(2026, 11, 17)))
def test_every_written_form_of_a_moment_is_the_same_moment(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    m = moment
    forms = [
        f"{m.year}/{m.month}/{m.day} {m.hour}:{m.minute:02}:{m.second:02}",
        f"{m:%Y-%m-%d %H:%M:%S}",
        f"{m.year}年{m.month}月{m.day}日 {m.hour}时{m.minute}分{m.second}秒",
        f"{m:%Y%m%d%H%M%S}",
        m.replace(tzinfo=ZONE).isoformat(),
    ]
    assert {read(f, ZONE, NOW).at for f in forms} == {moment.replace(tzinfo=ZONE)}


@given(st.text(max_size=40) | st.floats() | st.integers())
def test_nothing_that_stands_in_a_cell_ends_otherwise_than_in_a_moment_or_a_refusal(value: object) -> None:
    try:
        found = read(value, ZONE, NOW)
    except (NotATime, OutOfRange, OverflowError):
        return
    assert (found.at is None) == (found.precision is Precision.UNKNOWN)


def test_days_are_compared_as_days() -> None:
    asked, same_day, day_before = (read(t, ZONE, NOW) for t in ("2018/3/19 10:05:04", "2018/3/19", "2018/3/18"))
    assert not same_day.before(asked, ZONE)
    assert day_before.before(asked, ZONE)
    assert read("2018/3/19 10:05:03", ZONE, NOW).before(asked, ZONE)
