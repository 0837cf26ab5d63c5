"""Times as foreign tables write them, with how exactly they are known. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tongban.core.ledger.actor import Precision

_EARLIEST = 1990
# Days since 1899-12-30, as Excel counts: 1990-01-01 to 2100-01-01.
_SERIALS = (32_874.0, 73_051.0)
_EPOCH = datetime(1899, 12, 30)
_DATE = r"(?P<year>\d{4})\s*[-/.年]\s*(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*日?"
_CLOCK = (
    r"(?P<half>上午|下午|晚上|中午|凌晨|早上|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})\s*分?"
    r"(?:\s*:?\s*(?P<second>\d{1,2})(?:[.,]\d+)?\s*秒?)?\s*(?P<after>AM|PM)?"
)
_ZONE = r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
_WEEKDAY = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?"
_WRITTEN = re.compile(rf"{_DATE}\s*{_WEEKDAY}\s*(?:T?\s*{_CLOCK}\s*{_ZONE})?", re.IGNORECASE)
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?")
_NUMBER = re.compile(r"\d{5}(?:\.\d+)?")
_NOTHING = {"", "-", "--", "/", "无", "null", "none", "nan", "n/a", "不详", "未知", "unknown"}


class NotATime(ValueError):
    """What stands there is no time that we understand."""


class OutOfRange(ValueError):
    """A time, but not one at which a request can have been made."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment and how exactly it is known; ``at`` None is unknown."""

    at: datetime | None
    precision: Precision

    def before(self, other: Moment, zone: ZoneInfo) -> bool:
        """Whether this was surely before ``other``: days are compared where one of them is no more than a day."""
        if self.at is None or other.at is None:
            return False
        if Precision.DAY in (self.precision, other.precision):
            return self.at.astimezone(zone).date() < other.at.astimezone(zone).date()
        return self.at < other.at


UNKNOWN = Moment(None, Precision.UNKNOWN)


def read(value: object, zone: ZoneInfo, now: datetime) -> Moment:
    """The moment that a cell holds, in the county's zone unless it names another.

    >>> zone, now = ZoneInfo("Asia/Shanghai"), datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))
    >>> read("2019/4/25\\t9:32:09 ", zone, now)
    Moment(at=datetime.datetime(2019, 4, 25, 9, 32, 9, tzinfo=...), precision=<Precision.SECOND: 'second'>)
    >>> read("2018年4月24日", zone, now).precision, read("", zone, now).precision
    (<Precision.DAY: 'day'>, <Precision.UNKNOWN: 'unknown'>)
    >>> read("2018-04-24 24:00", zone, now).at.isoformat()
    '2018-04-25T00:00:00+08:00'
    """
    found = _found(value, zone)
    # A clock that is a little fast is no mistake of the row.
    if found.at and (found.at.year < _EARLIEST or found.at > now + timedelta(days=1)):
        raise OutOfRange(str(value))
    return found


def _found(value: object, zone: ZoneInfo) -> Moment:
    if isinstance(value, datetime):
        return _of_datetime(value, zone)
    if isinstance(value, date):
        return Moment(datetime.combine(value, time(), zone), Precision.DAY)
    if isinstance(value, bool):
        raise NotATime(str(value))
    if isinstance(value, int | float):
        return _of_number(float(value), str(value), zone)
    return _of_text(str(value), zone)


def _of_datetime(value: datetime, zone: ZoneInfo) -> Moment:
    """A cell formatted as date and time. Excel keeps no precision: 0 seconds may mean that only minutes were kept."""
    precision = Precision.SECOND if value.second else Precision.MINUTE
    return Moment(value.replace(microsecond=0, tzinfo=value.tzinfo or zone), precision)


def _of_number(number: float, shown: str, zone: ZoneInfo) -> Moment:
    if number.is_integer() and (packed := _PACKED.fullmatch(str(int(number)))):
        return _of_parts(packed.groups(), zone)
    if not _SERIALS[0] <= number < _SERIALS[1]:
        raise NotATime(shown)
    moment = _EPOCH + timedelta(seconds=round(number * 86_400))
    if number.is_integer():
        return Moment(moment.replace(tzinfo=zone), Precision.DAY)
    return _of_datetime(moment, zone)


def _of_text(text: str, zone: ZoneInfo) -> Moment:
    tidy = " ".join(unicodedata.normalize("NFKC", text).strip("'\" \t\r\n\u3000\ufeff").split())
    if tidy.casefold() in _NOTHING:
        return UNKNOWN
    if _NUMBER.fullmatch(tidy):
        return _of_number(float(tidy), text, zone)
    if packed := _PACKED.fullmatch(tidy):
        return _of_parts(packed.groups(), zone)
    written = _WRITTEN.fullmatch(tidy)
    if written is None:
        raise NotATime(text)
    part = written.groupdict()
    hour = part["hour"] if part["hour"] is None else str(_hour(part))
    parts = (part["year"], part["month"], part["day"], hour, part["minute"], part["second"])
    return _of_parts(parts, _zone(part["zone"]) or zone)


def _hour(part: dict[str, str]) -> int:
    """The hour of 24: morning and afternoon may be said before or after it."""
    hour = int(part["hour"])
    half = (part["half"] or part["after"] or "").upper()
    if half in ("PM", "下午", "晚上", "中午") and 1 <= hour < 12 and not (half == "中午" and hour == 11):
        return hour + 12
    return 0 if hour == 12 and half in ("AM", "上午", "凌晨") else hour


def _zone(name: str | None) -> tzinfo | None:
    """The zone that the text itself names, such as Z or +08:00."""
    return datetime.fromisoformat("2000-01-01T00:00" + name.upper()).tzinfo if name else None


def _of_parts(parts: tuple[str | None, ...], zone: tzinfo) -> Moment:
    """From year, month, day and, if there are any, hour, minute, second; 24:00 is the end of the day."""
    year, month, day = (int(p or 0) for p in parts[:3])
    hour, minute, second = (None if p is None else int(p) for p in parts[3:])
    try:
        begin = datetime(year, month, day, tzinfo=zone)
    except ValueError:
        raise NotATime(f"{year}-{month}-{day}") from None
    if hour is None:
        return Moment(begin, Precision.DAY)
    minute, precision = minute or 0, Precision.MINUTE if second is None else Precision.SECOND
    second = second or 0
    if hour == 24 and minute == second == 0:
        return Moment(datetime.combine(begin.date() + timedelta(days=1), time(), zone), precision)
    if hour > 23 or minute > 59 or second > 59:
        raise NotATime(f"{hour}:{minute}:{second}")
    return Moment(begin.replace(hour=hour, minute=minute, second=second), precision)
