"""Who is there: officers in their offices, firms with their clerks, residents; and the timeline on which they meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from tongban.core.access import demo as access
from tongban.core.access.models import Account
from tongban.core.access.viewer import ADMINISTRATOR, AGENT, HANDLER, REVIEWER, SECRETARY, SUPERVISOR
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.ledger.actor import COMMAND, Actor
from tongban.core.registry.actions import register_person
from tongban.core.registry.demo import Names, invent_firm, invented_firms, let_act
from tongban.core.registry.many import register_firms, register_people
from tongban.core.registry.models import Area, Firm, Person
from tongban.core.registry.queries import Body, Directory, Place, directory
from tongban.engines.cases.actions.meeting import call_meeting, end_meeting
from tongban.engines.cases.demo.timeline import Timeline
from tongban.engines.cases.models import Meeting

ASKER = Actor(system="asker")  # whoever asks without an account
# How many people live and ask there, roughly: town code's last digits → weight.
_TOWN_WEIGHTS = {"001": 30, "002": 14, "003": 6, "101": 14, "102": 9, "103": 7, "106": 5, "107": 6, "108": 10}
_BUSY = ("b-traffic", "b-housing", "b-enforcement", "b-labour", "b-industry", "b-environment", "town-330482001")


@dataclass(frozen=True, slots=True)
class Office:
    """The officers of one body."""

    body: Body
    handlers: tuple[Actor, ...]
    reviewers: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Clerk:
    """Who asks for a firm."""

    firm: Firm
    person: Person
    actor: Actor


@dataclass(frozen=True, slots=True)
class Shown:
    """An account that the demo tells everybody of."""

    who: Label
    account: str
    password: str


@dataclass
class DemoCounty:
    """The county as its programmes' stories find it. ``size`` is the share of the usual number of cases.

    ``since`` is when those are let in who are let in next: a county with a longer past than ``begin`` puts it back first.
    """

    seed: int
    begin: datetime
    at: datetime
    size: float = 1.0
    since: datetime = field(init=False)
    names: Names = field(init=False)
    rng: Random = field(init=False)
    timeline: Timeline = field(default_factory=Timeline)
    shown: list[Shown] = field(default_factory=list)
    clerks: list[Clerk] = field(default_factory=list)
    strangers: list[Clerk] = field(default_factory=list)  # clerks without an account
    residents: list[tuple[Person, Actor]] = field(default_factory=list)
    callers: list[Person] = field(default_factory=list)
    _offices: dict[str, Office] = field(default_factory=dict)
    joint_meetings: list[Meeting] = field(default_factory=list)
    _desks: dict[str, tuple[Actor, ...]] = field(default_factory=dict)
    _secretaries: dict[str, Actor] = field(default_factory=dict)
    plain: set[int] = field(default_factory=set)  # cases to which nothing happens but their own life
    on_hold: set[int] = field(default_factory=set)  # and those of them whose life a meeting has stopped
    supervisors: list[Actor] = field(default_factory=list)  # the county's own first

    def __post_init__(self) -> None:
        self.since = self.begin
        self.names = Names.of(self.seed)
        self.rng = Random(self.seed + 1)  # noqa: S311 - invents a past, guards nothing

    # -- places --------------------------------------------------------------------------------------------------

    @property
    def known(self) -> Directory:
        """Areas and bodies."""
        return directory()

    def town(self) -> Place:
        """A town, large ones more often."""
        towns = self.known.towns()
        return self.rng.choices(towns, [_TOWN_WEIGHTS.get(t.code[-3:], 5) for t in towns])[0]

    def village(self, town: Place) -> Place:
        """A village of a town; the first ones ask more often."""
        found = self.known.villages(town.id)
        return self.rng.choices(found, [1 / (1 + n % 7) for n in range(len(found))])[0]

    # -- officers ------------------------------------------------------------------------------------------------

    def office(self, code: str) -> Office:
        """The officers of a body, hired when first needed."""
        if code not in self._offices:
            body = self.known.body_codes[code]
            stem = self._stem(body)
            number = 2 if code in _BUSY else 1
            handlers = tuple(
                self._hire(f"{stem}-handler{n + 1 if number > 1 else ''}", HANDLER, body) for n in range(number)
            )
            reviewers = () if body.kind == "village" else (self._hire(f"{stem}-reviewer", REVIEWER, body),)
            self._offices[code] = Office(body, handlers, reviewers)
        return self._offices[code]

    def desk(self, code: str) -> tuple[Actor, ...]:
        """The agents of a desk."""
        if code not in self._desks:
            body = self.known.body_codes[code]
            self._desks[code] = tuple(self._hire(f"{self._stem(body)}-agent{n}", AGENT, body) for n in (1, 2, 3))
        return self._desks[code]

    def secretary(self, desk: str) -> Actor:
        """Who keeps a desk's meetings."""
        if desk not in self._secretaries:
            body = self.known.body_codes[desk]
            self._secretaries[desk] = self._hire(f"{self._stem(body)}-secretary", SECRETARY, body)
        return self._secretaries[desk]

    def call_joint_meetings(self, desk: str, days: Sequence[date]) -> None:
        """Call a desk's joint meetings of a time that is over, each a week before it sits."""
        calendar, body = calendar_now(), self.known.body_codes[desk]
        for day in days:
            sits = calendar.begins(day) + timedelta(hours=14)
            self.joint_meetings.append(
                call_meeting(
                    kind=Meeting.Kind.JOINT.value, desk=body.id, starts_at=sits, place="市行政中心 2 号会议室",
                    by=self.secretary(desk), at=sits - timedelta(days=7),
                )
            )  # fmt: skip

    def end_joint_meetings(self) -> None:
        """What they had to decide is decided."""
        for held in self.joint_meetings:
            at = held.starts_at + timedelta(hours=3)
            by = self.secretary(self.known.bodies[held.desk_id].code)
            end_meeting(meeting=held.pk, notes="", by=by, at=at)
        self.joint_meetings.clear()

    def joint_meeting(self, desk: str, after: datetime) -> Meeting:
        """The first joint meeting of a desk that sits after a moment; where none was called, one is called."""
        if not any(m.starts_at > after for m in self.joint_meetings):
            self.call_joint_meetings(desk, [calendar_now().day_of(after + timedelta(days=10))])
        return next(m for m in self.joint_meetings if m.starts_at > after)

    def show_offices(self) -> None:
        """One account for each role, for the demo's list."""
        known = self.known
        for code in sorted(c for c, b in known.body_codes.items() if b.kind == "desk"):
            self.desk(code)
            self._show(Label("受理岗", "Desk agent"), known.body_codes[code], "agent1")
        self.secretary("desk-enterprise")
        self._show(Label("会议秘书", "Meetings' secretary"), known.body_codes["desk-enterprise"], "secretary")
        self.office("b-traffic")
        self._show(Label("经办", "Handler"), known.body_codes["b-traffic"], "handler1")
        self._show(Label("审核", "Reviewer"), known.body_codes["b-traffic"], "reviewer")
        town = next(t for t in known.towns() if t.code.endswith("102"))
        office = known.body_codes[f"town-{town.code}"]
        self.office(office.code)
        self._show(Label("镇经办", "Town handler"), office, "handler")
        village = known.body_codes[f"village-{known.villages(town.id)[-1].code}"]
        self.office(village.code)
        self._show(Label("村经办", "Village handler"), village, "handler")
        for place, body in ((known.county, known.body_codes["b-development"]), (town, office)):
            username = f"{self._stem(body) if place is town else 'county'}-supervisor"
            self.supervisors.append(self._hire(username, SUPERVISOR, body))
            level = "（县级市）" if place is known.county else ""
            who = Label(f"督办 · {place.name.zh}{level}", f"Supervisor, {place.name.en}")
            self.shown.append(Shown(who, username, access.PASSWORD))
        self._hire("administrator", ADMINISTRATOR, known.body_codes["desk-enterprise"])
        self.shown.append(Shown(Label("管理员", "Administrator"), "administrator", access.PASSWORD))

    def _show(self, role: Label, body: Body, ending: str) -> None:
        who = Label(f"{role.zh} · {body.name.zh}", f"{role.en}, {body.name.en}")
        self.shown.append(Shown(who, f"{self._stem(body)}-{ending}", access.PASSWORD))

    def _hire(self, username: str, role: str, body: Body) -> Actor:
        return access.officer(
            username=username, name=self.names.person(), office=role, organisation=body.id, at=self.since
        )

    def _stem(self, body: Body) -> str:
        """What the sign-in names of a body's officers begin with: desk-enterprise → enterprise, 新埭镇政府 → xindai."""
        if body.kind in ("town", "village"):
            word = body.name.en.split(" ")[0].replace("'", "").lower()
            return word if body.kind == "town" else f"{word}-{body.code[-3:]}"
        return body.code.split("-", 1)[1]

    # -- askers --------------------------------------------------------------------------------------------------

    def invite_firms(self, number: int) -> None:
        """Firms with a clerk each who may act for them."""
        for n in range(number):
            town = self.town() if n else next(t for t in self.known.towns() if t.code.endswith("102"))
            firm = invent_firm(self.names, Area.objects.get(pk=town.id), self.since)
            account, phone = self._asker()
            person = self._person(account)
            let_act(firm, person, self.since)
            self.clerks.append(Clerk(firm, person, Actor(account.pk)))
            if not n:
                who = Label(f"企业办事员 · {firm.name_zh}", f"Firm's clerk, {firm.name_zh}")
                self.shown.append(Shown(who, phone, ""))

    def know_firms(self, number: int) -> None:
        """Firms whose clerks have no account: they ask with their firm's code or on the phone."""
        areas = {area.pk: area for area in Area.objects.filter(level="town")}
        towns = [areas[self.town().id] for _ in range(number)]
        firms = register_firms(invented_firms(self.names, towns), by=COMMAND, at=self.since)
        people = ((self.names.person(), self.names.phone(), None) for _ in firms)
        for firm, person in zip(firms, register_people(people, by=COMMAND, at=self.since), strict=True):
            self.strangers.append(Clerk(firm, person, ASKER))

    def invite_residents(self, number: int) -> None:
        """Residents who sign in with their phones."""
        for n in range(number):
            account, phone = self._asker()
            self.residents.append((self._person(account), Actor(account.pk)))
            if not n:
                self.shown.append(Shown(Label("居民", "Resident"), phone, ""))

    def invite_callers(self, number: int) -> None:
        """Residents who have no account and ring up."""
        for _ in range(number):
            name, phone = self.names.person(), self.names.phone()
            self.callers.append(register_person(name=name, phone=phone, by=COMMAND, at=self.since))

    def _asker(self) -> tuple[Account, str]:
        phone = self.names.phone()
        return access.asker(name=self.names.person(), phone=phone, at=self.since), phone

    @staticmethod
    def _person(account: Account) -> Person:
        assert account.person is not None  # confirm_phone gives the account of a person
        return account.person
