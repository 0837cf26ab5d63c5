"""Builds the matrix's county in the database: bodies, accounts, roles, mandates, and cases moved by real actions.

Whatever is done to a case is done twice: by the action, and to the plain facts that the oracle reads.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import uuid4

from stdnum.cn import uscc

from tests.matrix import people
from tests.matrix.oracle import Case, Charge, Duty, Mandate, Office, Unit, Viewer
from tongban.core.access.models import Account, Role
from tongban.core.access.models import Liaison as LiaisonRow
from tongban.core.files import waiting
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.registry import reference
from tongban.core.registry.actions import register_firm, register_person
from tongban.core.registry.models import Area, Firm, Organisation, Person
from tongban.core.registry.models import Mandate as MandateRow
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.actions.filing import file_with
from tongban.engines.cases.models import Answer, Limit, StoryItem
from tongban.engines.cases.models import Case as CaseRow

BEGIN = date(2020, 1, 1)
SYSTEM = Actor(system="matrix")
COMMON = "共同所求"  # stands in every case


@dataclass
class Placed:
    """A case of the county: its facts, its key, and the words that betray each part of it."""

    facts: Case
    key: int
    words: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    files: dict[str, int] = field(default_factory=dict)  # one of each sort that it has, by the oracle's surface
    pressed: set[str] = field(default_factory=set)  # the figures of hard cases that count it

    @property
    def number(self) -> str:
        return secrets.case_number(self.key)


class County:
    """All of it. A step takes a case and does one thing to it."""

    def __init__(self) -> None:
        self.viewers = people.viewers()
        self.accounts: dict[str, Account] = {}
        self.persons: dict[str, Person] = {}
        self.roles: dict[tuple[str, int], Role] = {}
        self.areas: dict[str, Area] = {}
        self.bodies: dict[str, Organisation] = {}
        self.cases: list[Placed] = []
        self.firms: dict[str, Firm] = {}
        self.at: datetime = people.MADE
        self._signs = 0

    # --- the ground ---------------------------------------------------------------------------------------------------

    def settle(self) -> None:
        """Areas, bodies, limits, accounts and roles."""
        reference.forget()
        county = Area.objects.create(
            code="330482", level="county", name_zh="平湖市", valid_from=BEGIN, longitude=121.0, latitude=30.7
        )
        self.areas["county"] = county
        for n, town in enumerate(people.TOWNS):
            self.areas[town] = self._area(f"3304821{n:02}", "town", town, county)
        for n, (village, town) in enumerate(people.VILLAGES.items()):
            self.areas[village] = self._area(f"{self.areas[town].code}{n:03}", "village", village, self.areas[town])
        for unit in people.UNITS.values():
            self._body(unit)
        self._limits()
        for viewer in self.viewers.values():
            if viewer.name:
                self.account(viewer)

    def _area(self, code: str, level: str, name: str, parent: Area) -> Area:
        return Area.objects.create(code=code, level=level, parent=parent, name_zh=name, valid_from=BEGIN)

    def _body(self, unit: Unit) -> None:
        code = {"enterprise desk": "desk-enterprise", "community desk": "desk-community"}.get(unit.name)
        self.bodies[unit.name] = Organisation.objects.create(
            code=code or f"u-{len(self.bodies)}", kind=unit.kind, area=self.areas[unit.area], valid_from=BEGIN,
            parent=self.bodies[unit.parent.name] if unit.parent else None, name_zh=self.word(),
        )  # fmt: skip

    def _limits(self) -> None:
        for code, unit in (
            ("accept", "working_hours"), ("sign_in", "half_days"), ("consult", "working_days"),
            ("ordinary", "working_days"), ("joint", "working_days"), ("review", "working_days"), ("send", "working_days"),
            ("close", "working_days"), ("pause", "working_days"), ("hold", "working_days"), ("extension", "working_days"), ("slip", "working_days"),
            ("redo", "working_days"),
        ):  # fmt: skip
            Limit.objects.create(
                code=code, amount=5, unit=unit, start="moment", name_zh=code, name_en=code, valid_from=BEGIN, version=1
            )

    def account(self, viewer: Viewer) -> None:
        """An account with a person who has a name of his own and a number, and the viewer's roles."""
        n = len(self.accounts)
        person = register_person(name=self.word(), phone=f"1370000{n:04}", by=SYSTEM, at=people.MADE)
        self.accounts[viewer.name] = Account.objects.create(
            username=f"m{n}", person=person, staff=bool(viewer.offices), created_at=people.MADE, is_active=viewer.active
        )
        self.persons[viewer.name] = person
        self.viewers[viewer.name] = viewer
        for held in viewer.offices:
            self._role(viewer.name, held)

    def _role(self, account: str, held: Office) -> Role:
        if known := self.roles.get((account, id(held))):
            return known
        principal = None
        if held.stands_for is not None:
            principal = self._principal(held.stands_for)
        made = Role.objects.create(
            account=self.accounts[account], code=held.code, organisation=self.bodies[held.unit.name],
            programme=held.programme, valid_from=held.begins, valid_until=held.ends, substitute_for=principal,
        )  # fmt: skip
        self.roles[account, id(held)] = made
        return made

    def _principal(self, held: Office) -> Role:
        """The role that a substitute stands in for: of an account made for it alone."""
        name = f"principal {id(held)}"
        if name not in self.accounts:
            person = register_person(name=self.word(), phone="", by=SYSTEM, at=people.MADE)
            self.accounts[name] = Account.objects.create(
                username=f"m{len(self.accounts)}", person=person, staff=True, created_at=people.MADE
            )
        return self._role(name, held)

    def end_roles(self) -> None:
        """End at noon what ends at noon: an administrator ends a role when its day has come, not before."""
        for viewer in self.viewers.values():
            for held in viewer.offices:
                if held.ended_at is not None:
                    Role.objects.filter(pk=self.roles[viewer.name, id(held)].pk).update(ended_at=held.ended_at)

    def actor(self, name: str) -> Actor:
        """An officer in his first role."""
        viewer, account = self.viewers[name], self.accounts[name]
        return Actor(account.pk, self.roles[name, id(viewer.offices[0])].pk if viewer.offices else None)

    def word(self) -> str:
        """Four Chinese signs that stand nowhere else."""
        self._signs += 1
        return "".join(chr(0x4E00 + (self._signs * step) % 20_000) for step in (7, 4001, 9973, 13499))

    def now(self) -> datetime:
        """Ten seconds later each time."""
        self.at += timedelta(seconds=10)
        return self.at

    # --- who asks -----------------------------------------------------------------------------------------------------

    def firm(self, requester: Person) -> Firm:
        """A firm with a right credit code."""
        n = len(self.firms)
        body = f"91330482MA{n:07}"
        firm = register_firm(
            name=self.word(), credit_code=body + uscc.calc_check_digit(body), area=self.areas[people.TOWNS[0]],
            by=SYSTEM, at=people.MADE,
        )  # fmt: skip
        self.firms[firm.name_zh] = firm
        return firm

    def mandate(self, viewer: str, held: Mandate) -> None:
        """Let somebody act for a firm, or wish to."""
        known = self.viewers[viewer]
        known.mandates = (*known.mandates, held)
        MandateRow.objects.create(
            firm=self.firms[held.firm], person=self.persons[viewer], asked_at=people.MADE, valid_from=held.begins,
            valid_until=held.ends, confirmed_at=people.MADE if held.confirmed else None,
            confirmed_by=self.accounts["administrator"].pk if held.confirmed else None,
            ended_at=people.NOON if held.ended else None,
        )  # fmt: skip

    def charge(self, officer: str, firm: Firm, *, ended: bool = False) -> None:
        """Let an officer call on a firm, or have called on it until noon."""
        known = self.viewers[officer]
        known.charges = (*known.charges, Charge(firm.name_zh, ended))
        LiaisonRow.objects.create(
            firm=firm, account=self.accounts[officer], since=people.MADE, counted_from=people.MADE,
            until=people.NOON if ended else None,
        )  # fmt: skip

    def open(
        self, name: str, programme: str, place: str, *, confidential: bool = False, about: str = "", by: str = "",
        clerks: bool = True, circle: bool = True,
    ) -> Placed:  # fmt: skip
        """A new case of a requester of its own (or of ``by``), with the usual clerks, parties and follower."""
        n = len(self.cases)
        requester = by or f"requester {n}"
        if not by:
            self._requester(requester, n)
        firm = self.firm(self.persons[requester]) if programme == "enterprise" else None
        desk = f"{programme} desk"
        if about == desk:
            desk = "enterprise desk" if programme == "community" else "community desk"
        facts = Case(
            name, programme, people.UNITS[desk], people.VILLAGES.get(place, place), confidential,
            people.UNITS[about] if about else None, requester, firm.name_zh if firm else "",
        )  # fmt: skip
        if circle:
            facts.parties, facts.followers = {"co-signer", "beneficiary"}, {"follower", "officer and follower"}
        title, body = self.word(), self.word()
        case = actions.open_case(
            Opening(
                programme=programme, kind="request", title=title, body=f"{body}，{COMMON}",
                area=self.areas[place].pk, requester=self.persons[requester],
                beneficiary=self.persons["beneficiary"] if circle else None,
                cosigners=(self.persons["co-signer"],) if circle else (), firm=firm, confidential=confidential,
                about=self.bodies[about].pk if about else None,
            ),
            by=Actor(self.accounts[requester].pk), at=self.now(),
        )  # fmt: skip
        placed = Placed(facts, case.pk)
        self.cases.append(placed)
        self._words(placed, title, body, about)
        self.file(placed, "files_asked", audience=2)
        self.file(placed, "files_unit", audience=3)
        if circle:
            for one in facts.followers:
                actions.follow(case=case.pk, person=self.persons[one], by=SYSTEM, at=self.now())
        if firm and clerks:
            for clerk in people.CLERKS:
                self.mandate(clerk, people.mandate(clerk, firm.name_zh))
            self.charge("former liaison officer", firm, ended=True)
            self.charge(people.liaison(n, confidential=confidential, about=about), firm)
        return placed

    def _requester(self, name: str, n: int) -> None:
        self.viewers[name] = Viewer(name)
        person = register_person(name=self.word(), phone=f"1391111{n:04}", by=SYSTEM, at=people.MADE)
        self.persons[name] = person
        self.accounts[name] = Account.objects.create(username=f"r{n}", person=person, created_at=people.MADE)

    def _words(self, placed: Placed, title: str, body: str, about: str) -> None:
        facts, words = placed.facts, placed.words
        person = self.persons[facts.requester]
        words["title"], words["body"] = {title}, {body}
        words["author_name"], words["author_phone_masked"] = {person.name}, {person.phone_masked}
        words["phone"] = {person.phone_number}
        if facts.firm:
            words["firm_name"] = {facts.firm}
        if about:
            words["about"] = {self.bodies[about].name_zh}
        for level, kind in enumerate(("refer", "reply", "feed_back", "reveal"), start=1):
            text = self.word()
            StoryItem.objects.create(
                case_id=placed.key, kind=kind, audience=level, happened_at=self.at, precision="second",
                unit=self.bodies[facts.desk.name], text=text,
            )  # fmt: skip
            words[f"story_{level}"].add(text)

    def file(self, placed: Placed, surface: str, *, audience: int, answer: Answer | None = None) -> None:
        """A paper of the case, known by where it belongs."""
        # Files outlive a test and keys do not, so a form named by its case would gather those of other tests.
        brought = waiting.add(f"{surface} {uuid4()}", [self.word().encode()], "paper.txt", at=self.at)
        with Journal("matrix.file", by=SYSTEM, at=self.at) as journal:
            case = CaseRow.objects.select_related("requester").get(pk=placed.key)
            (row,) = file_with(
                journal, case, [brought], came_with="open", audience=audience, answer=answer, by=SYSTEM, at=self.at
            )
        placed.files[surface] = row.pk

    def duty(self, placed: Placed, unit: str, *, lead: bool) -> None:
        """Note that a unit got a part; a lead part given by the unit that leads is passed down."""
        above = placed.facts.lead if placed.facts.state == "handling" else None
        placed.facts.duties.append(Duty(people.UNITS[unit], lead, above))
