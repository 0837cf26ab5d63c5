"""The bodies and the people of the matrix's county, as plain facts: what the oracle knows of them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from tests.matrix.oracle import Mandate, Office, Unit, Viewer

#: Wednesday 18 November 2026: the cases are made from 9:00 in the county on, and looked at from 15:00.
MADE = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
SEEN = datetime(2026, 11, 18, 7, 0, tzinfo=UTC)
NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
DAY, BEFORE, AFTER = date(2026, 11, 18), date(2026, 11, 17), date(2026, 11, 19)

TOWNS = ("新埭镇", "新仓镇", "独山港镇")
VILLAGES = {"泖口村": "新埭镇", "星光村": "新埭镇", "三叉河村": "新仓镇"}


def _units() -> dict[str, Unit]:
    made: dict[str, Unit] = {}

    def unit(name: str, kind: str, area: str, parent: str = "") -> None:
        made[name] = Unit(name, kind, area, made.get(parent))

    unit("enterprise desk", "desk", "county")
    unit("community desk", "desk", "county")
    unit("traffic", "bureau", "county")
    unit("labour", "bureau", "county")
    unit("traffic station", "station", "新埭镇", "traffic")
    for town in TOWNS:
        unit(town, "town", town)
    for village, town in VILLAGES.items():
        unit(village, "village", village, town)
    unit("works station", "station", "新埭镇", "新埭镇")
    return made


UNITS = _units()


def office(code: str, unit: str, **more: object) -> Office:
    """A role, by the unit's name."""
    return Office(code, UNITS[unit], **more)  # type: ignore[arg-type]


def _plain() -> list[Viewer]:
    """One office each, in force."""
    found = [
        ("enterprise agent", "agent", "enterprise desk"), ("community agent", "agent", "community desk"),
        ("second enterprise agent", "agent", "enterprise desk"), ("second community agent", "agent", "community desk"),
        ("enterprise desk reviewer", "reviewer", "enterprise desk"),
        ("community desk reviewer", "reviewer", "community desk"),
        ("enterprise secretary", "secretary", "enterprise desk"), ("community secretary", "secretary", "community desk"),
        ("bureau's secretary", "secretary", "traffic"),
        ("desk's handler", "handler", "community desk"), ("bureau's agent", "agent", "traffic"),
        ("traffic handler", "handler", "traffic"), ("second traffic handler", "handler", "traffic"),
        ("traffic reviewer", "reviewer", "traffic"),
        ("labour handler", "handler", "labour"), ("labour reviewer", "reviewer", "labour"),
        ("traffic station handler", "handler", "traffic station"),
        ("works station handler", "handler", "works station"), ("works station reviewer", "reviewer", "works station"),
        ("新埭镇 supervisor", "supervisor", "新埭镇"), ("新仓镇 supervisor", "supervisor", "新仓镇"),
        ("county supervisor", "supervisor", "labour"), ("traffic supervisor", "supervisor", "traffic"),
        ("station supervisor", "supervisor", "traffic station"), ("village supervisor", "supervisor", "泖口村"),
        ("administrator", "administrator", "community desk"), ("traffic administrator", "administrator", "traffic"),
    ]  # fmt: skip
    for place in (*TOWNS, *VILLAGES):
        found.append((f"{place} handler", "handler", place))
        found.append((f"{place} reviewer", "reviewer", place))
    return [Viewer(name, (office(code, unit),)) for name, code, unit in found]


def _for_one_programme() -> list[Viewer]:
    """Offices that cover firms' requests alone, or residents' alone, some at the desk of the other."""
    found = [
        ("traffic handler", "handler", "traffic", "firms"), ("labour reviewer", "reviewer", "labour", "residents"),
        ("labour handler", "handler", "labour", "firms"), ("新埭镇 handler", "handler", "新埭镇", "firms"),
        ("second 新埭镇 handler", "handler", "新埭镇", "residents"),
        ("county supervisor", "supervisor", "enterprise desk", "firms"),
        ("second county supervisor", "supervisor", "community desk", "residents"),
        ("community agent", "agent", "community desk", "firms"),
        ("enterprise desk reviewer", "reviewer", "enterprise desk", "residents"),
        ("enterprise secretary", "secretary", "enterprise desk", "residents"),
        ("community secretary", "secretary", "community desk", "firms"),
        ("community desk reviewer", "reviewer", "community desk", "firms"),
    ]  # fmt: skip
    codes = {"firms": "enterprise", "residents": "community"}
    return [Viewer(f"{name} for {one}", (office(code, unit, programme=codes[one]),)) for name, code, unit, one in found]


def _until_yesterday() -> list[Viewer]:
    """Offices whose last day was the day before."""
    found = [
        ("traffic handler", "handler", "traffic"), ("labour handler", "handler", "labour"),
        ("新埭镇 handler", "handler", "新埭镇"), ("enterprise agent", "agent", "enterprise desk"),
        ("community agent", "agent", "community desk"),
        ("enterprise secretary", "secretary", "enterprise desk"),
        ("community secretary", "secretary", "community desk"),
        ("enterprise desk reviewer", "reviewer", "enterprise desk"),
        ("community desk reviewer", "reviewer", "community desk"),
    ]  # fmt: skip
    return [Viewer(f"{name} until yesterday", (office(code, unit, ends=BEFORE),)) for name, code, unit in found]


def _narrow() -> list[Viewer]:
    """In time and out of it, standing in for somebody, or with more than one office."""
    traffic = office("handler", "traffic")
    gone = office("handler", "traffic", ends=BEFORE)
    return [
        Viewer("agent of the other programme", (office("agent", "enterprise desk", programme="community"),)),
        Viewer("traffic handler from tomorrow", (office("handler", "traffic", begins=AFTER),)),
        Viewer("traffic handler, last day", (office("handler", "traffic", ends=DAY),)),
        Viewer("traffic handler, first day", (office("handler", "traffic", begins=DAY),)),
        Viewer("traffic handler, ended at noon", (office("handler", "traffic", ended_at=NOON),)),
        Viewer("supervisor from tomorrow", (office("supervisor", "新埭镇", begins=AFTER),)),
        Viewer("deactivated traffic handler", (traffic,), active=False),
        Viewer("substitute", (office("handler", "traffic", stands_for=traffic),)),
        Viewer("substitute of one who left", (office("handler", "traffic", stands_for=gone),)),
        Viewer("substitute until yesterday", (office("handler", "traffic", stands_for=traffic, ends=BEFORE),)),
        Viewer(
            "substitute's substitute of one who left",
            (office("handler", "traffic", stands_for=office("handler", "traffic", stands_for=gone)),),
        ),
        Viewer("labour handler and agent", (office("handler", "labour"), office("agent", "community desk"))),
        Viewer("town handler and agent", (office("handler", "新埭镇"), office("agent", "community desk"))),
        Viewer("moved officer", (office("handler", "traffic", ended_at=NOON), office("handler", "新仓镇"))),
        Viewer("officer who left", (office("handler", "traffic", ended_at=NOON),)),
        Viewer("complaining officer", (office("handler", "新埭镇"),)),
        Viewer("officer and follower", (office("handler", "traffic"),)),
        Viewer("liaison officer", (office("handler", "三叉河村"),)),
        Viewer("traffic liaison officer", (office("handler", "traffic"),)),
        Viewer("liaison officer out of office", (office("handler", "三叉河村", ends=BEFORE),)),
        Viewer("former liaison officer", (office("handler", "三叉河村"),)),
    ]


#: Residents and clerks. Which cases are theirs, :mod:`tests.matrix.cases` says.
CLERKS = {
    "clerk": {},
    "unconfirmed clerk": {"confirmed": False},
    "former clerk": {"ended": True},
    "clerk until yesterday": {"ends": BEFORE},
    "clerk, last day": {"ends": DAY},
    "clerk from tomorrow": {"begins": AFTER},
}
RESIDENTS = ("co-signer", "beneficiary", "follower", "stranger")


def viewers() -> dict[str, Viewer]:
    """Everybody who looks and is not a requester; mandates come with the cases."""
    people = [
        *_plain(),
        *_for_one_programme(),
        *_until_yesterday(),
        *_narrow(),
        *(Viewer(name) for name in (*CLERKS, *RESIDENTS)),
        Viewer(""),
    ]
    return {v.name: v for v in people}


def mandate(clerk: str, firm: str) -> Mandate:
    """That clerk's mandate for a firm."""
    return Mandate(firm, **CLERKS[clerk])  # type: ignore[arg-type]


def liaison(number: int, *, confidential: bool, about: str) -> str:
    """Who calls on the firm of a case: one whose office bars him from complaints, now and then one without an office."""
    if about:
        return "traffic liaison officer"
    return "liaison officer out of office" if number % 5 == 4 and not confidential else "liaison officer"
