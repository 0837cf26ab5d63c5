"""The days off that the law itself names, for years whose yearly notice is not out.

Source: 《全国年节及纪念日放假办法》 as in force since 1 January 2025 (13 days). The yearly notice adds days in lieu and
make-up days; without it nobody knows them, so a year that rests on this file alone is provisional.

Qingming follows the sun and is computed; the lunar festivals stand in a table, checked for 2027–2050 against two
independent packages. Outside those years only the days with a fixed date are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from tongban.core.labels import Label

NEW_YEAR = Label("元旦", "New Year's Day")
SPRING_FESTIVAL = Label("春节", "Spring Festival")
QINGMING = Label("清明节", "Tomb-sweeping Day")
LABOUR_DAY = Label("劳动节", "Labour Day")
DRAGON_BOAT = Label("端午节", "Dragon Boat Festival")
MID_AUTUMN = Label("中秋节", "Mid-Autumn Festival")
NATIONAL_DAY = Label("国庆节", "National Day")

# Year → first day of the first, fifth of the fifth, fifteenth of the eighth lunar month, as month and day.
_LUNAR = {
    2027: (206, 609, 915), 2028: (126, 528, 1003), 2029: (213, 616, 922), 2030: (203, 605, 912),
    2031: (123, 624, 1001), 2032: (211, 612, 919), 2033: (131, 601, 908), 2034: (219, 620, 927),
    2035: (208, 610, 916), 2036: (128, 530, 1004), 2037: (215, 618, 924), 2038: (204, 607, 913),
    2039: (124, 527, 1002), 2040: (212, 614, 920), 2041: (201, 603, 910), 2042: (122, 622, 928),
    2043: (210, 611, 917), 2044: (130, 531, 1005), 2045: (217, 619, 925), 2046: (206, 608, 915),
    2047: (126, 529, 1004), 2048: (214, 615, 922), 2049: (202, 604, 911), 2050: (123, 623, 930),
}  # fmt: skip


@cache
def statutory_days(year: int) -> Mapping[date, Label]:
    """The known statutory days off of ``year`` with their names, in order.

    >>> " ".join(f"{day:%m%d}" for day in statutory_days(2027))
    '0101 0205 0206 0207 0208 0405 0501 0502 0609 0915 1001 1002 1003'
    >>> " ".join(f"{day:%m%d}" for day in statutory_days(2070))
    '0101 0501 0502 1001 1002 1003'
    """
    # Lunar festivals first: where Mid-Autumn falls into National Day, the date is shown as National Day.
    days = {**_lunar_days(year), **_fixed_days(year)}
    return dict(sorted(days.items()))


def _fixed_days(year: int) -> dict[date, Label]:
    days = {date(year, 1, 1): NEW_YEAR}
    days |= {date(year, 5, day): LABOUR_DAY for day in (1, 2)}
    days |= {date(year, 10, day): NATIONAL_DAY for day in (1, 2, 3)}
    return days


def _lunar_days(year: int) -> dict[date, Label]:
    if year not in _LUNAR:
        return {}
    new_year, dragon_boat, mid_autumn = (date(year, n // 100, n % 100) for n in _LUNAR[year])
    days = {new_year + timedelta(days=n): SPRING_FESTIVAL for n in (-1, 0, 1, 2)}
    days |= {_qingming(year): QINGMING, dragon_boat: DRAGON_BOAT, mid_autumn: MID_AUTUMN}
    return days


def _qingming(year: int) -> date:
    """The date on which the sun's longitude reaches 15°, by the usual formula for this century."""
    of_century = year % 100
    return date(year, 4, int(of_century * 0.2422 + 4.81) - of_century // 4)
