"""Who may see what, worked out a second time: from the programmes' hand-written tables and plain facts alone.

Nothing of the product is imported here, and whoever wrote this had not read how the product decides. The tables stand
in ``src/tongban/programmes/<code>/permissions.csv``. Each row is one relation to a case, narrowed by its conditions
(``*`` is any); the first row that fits a relation counts. A viewer stands in several relations and may see what the
widest of them allows. ``yes`` must be seen, ``no`` must not, ``–`` is said by nobody and checked by nobody.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

PROGRAMMES = Path(__file__).resolve().parents[2] / "src/tongban/programmes"
CONDITIONS = ("confidential", "about_town", "returned", "substitute", "expired", "mismatch")
#: Surfaces that hold what a viewer's offices let him see, and those that hold what he asked or takes part in.
DESK = ("list", "filter", "ordering", "export", "count", "search")
OWN = ("own_list",)
INNER = (
    "author_name", "author_phone_masked", "firm_name", "about", "officer_names", "story_1", "story_2", "story_3",
    "story_4", "answers_draft", "answers_sent", "rating",
)  # fmt: skip
#: Opening a file, by where it belongs: brought by the asker, kept by the units, to go out with an answer, gone out.
FILES = ("files_asked", "files_unit", "files_draft", "files_sent")
WORKERS = ("handler", "reviewer")


@dataclass(frozen=True)
class Unit:
    """A public body: its kind, the area it serves, and the body above it."""

    name: str
    kind: str
    area: str  # "county", a town's name, or a village's
    parent: Unit | None = None

    def within(self, other: Unit) -> bool:
        """Whether it is ``other`` or stands below it."""
        return self == other or (self.parent is not None and self.parent.within(other))


@dataclass(frozen=True)
class Office:
    """One role: its first and last day, and the role it stands in for."""

    code: str
    unit: Unit
    programme: str = ""
    begins: date = date(2020, 1, 1)
    ends: date | None = None
    ended_at: datetime | None = None
    stands_for: Office | None = None

    def in_force(self, at: datetime, day: date) -> bool:
        """Whether it counts at this moment, which lies on ``day`` of the county."""
        if not (self.begins <= day and (self.ends is None or day <= self.ends)):
            return False
        if self.ended_at is not None and self.ended_at <= at:
            return False
        return self.stands_for is None or self.stands_for.in_force(at, day)


@dataclass(frozen=True)
class Mandate:
    """That somebody may act for a firm, or wishes to."""

    firm: str
    confirmed: bool = True
    begins: date = date(2020, 1, 1)
    ends: date | None = None
    ended: bool = False

    def in_force(self, day: date) -> bool:
        """Whether it counts on this day of the county."""
        return self.confirmed and not self.ended and self.begins <= day and (self.ends is None or day <= self.ends)


@dataclass(frozen=True)
class Charge:
    """That an officer calls on a firm, or did."""

    firm: str
    ended: bool = False


@dataclass
class Viewer:
    """Somebody who looks. ``name`` is his account and his person; "" holds neither."""

    name: str
    offices: tuple[Office, ...] = ()
    mandates: tuple[Mandate, ...] = ()
    charges: tuple[Charge, ...] = ()
    active: bool = True
    code_holder: bool = False
    number_too: bool = False  # and gives the requester's whole number


@dataclass
class Duty:
    """One unit's part in a case."""

    unit: Unit
    lead: bool
    parent: Duty | None = None
    returned: bool = False
    ended: bool = False


@dataclass
class Case:
    """A case as far as sight depends on it. People are named by their accounts."""

    name: str
    programme: str
    desk: Unit
    town: str
    confidential: bool = False
    about: Unit | None = None
    requester: str = ""
    firm: str = ""
    parties: set[str] = field(default_factory=set)
    followers: set[str] = field(default_factory=set)
    duties: list[Duty] = field(default_factory=list)
    state: str = "new"

    @property
    def lead(self) -> Duty | None:
        """The duty of the unit that leads, or led at the end."""
        return next((d for d in reversed(self.duties) if d.lead and not d.returned), None)

    def returned_by(self, unit: Unit | None) -> bool:
        """Whether all that ``unit`` ever had of it was returned by it."""
        mine = [d for d in self.duties if d.unit == unit]
        return bool(mine) and all(d.returned for d in mine)


@dataclass(frozen=True)
class Relation:
    """How a viewer stands to a case: the first columns of the table."""

    name: str
    office: str = ""
    expired: bool = False
    mismatch: bool = False
    about_town: bool = False
    returned: bool = False
    substitute: bool = False


class Table:
    """One programme's table."""

    def __init__(self, path: Path) -> None:
        with path.open(encoding="utf-8", newline="") as file:
            self.rows = list(csv.DictReader(file))
        self.path = path

    def row(self, case: Case, relation: Relation) -> dict[str, str]:
        """The first row that fits."""
        conditions = {c: ("yes" if getattr(relation, c, False) else "no") for c in CONDITIONS}
        conditions["confidential"] = "yes" if case.confidential else "no"
        for row in self.rows:
            if row["relation"] != relation.name or row["office"] not in ("*", relation.office):
                continue
            if all(row[c] in ("*", conditions[c]) for c in CONDITIONS):
                return row
        raise LookupError(f"{self.path}: no row for {relation} of {case.name}")


class Oracle:
    """Both programmes' tables, asked at one moment."""

    def __init__(self, at: datetime, day: date) -> None:
        self.at, self.day = at, day
        self.tables = {path.parent.name: Table(path) for path in PROGRAMMES.glob("*/permissions.csv")}

    def expect(self, viewer: Viewer, case: Case, surface: str) -> str:
        """What the widest relation says about one surface or inner field."""
        said = {self.tables[case.programme].row(case, r)[surface] for r in self.relations(viewer, case)}
        return next(word for word in ("yes", "–", "no") if word in said)

    def why(self, viewer: Viewer, case: Case) -> str:
        """The relations, for whoever must find out why a cell is wrong."""
        found = [r for r in self.relations(viewer, case) if r.name != "office"] or self.relations(viewer, case)
        return " + ".join(f"{r.name}/{r.office}" if r.office else r.name for r in found)

    def relations(self, viewer: Viewer, case: Case) -> list[Relation]:
        """All relations in which the viewer stands; a stranger's if there is none."""
        if viewer.code_holder:
            return [Relation("code_and_number" if viewer.number_too else "code_holder")]
        if not viewer.active:
            return [Relation("stranger")]
        found = [*self._by_office(viewer, case), *self._as_person(viewer, case)]
        return found or [Relation("stranger")]

    def _by_office(self, viewer: Viewer, case: Case) -> Iterator[Relation]:
        live = [o for o in viewer.offices if o.in_force(self.at, self.day)]
        # Autocomplete belongs to an office, not to a case. An agent's role counts at a desk alone.
        yield from (Relation("office", o.code) for o in live if o.code != "agent" or o.unit.kind == "desk")
        if any(_bars(o, case) for o in live):
            yield Relation("barred")
            return
        for office in viewer.offices:
            yield from self._of_office(office, case)

    def _of_office(self, office: Office, case: Case) -> Iterator[Relation]:
        name = _place(office, case)
        if name is None:
            return
        yield Relation(
            name,
            office.code,
            expired=not office.in_force(self.at, self.day),
            mismatch=office.programme not in ("", case.programme),
            returned=case.returned_by(office.unit),
            substitute=office.stands_for is not None,
        )

    def _as_person(self, viewer: Viewer, case: Case) -> Iterator[Relation]:
        if not viewer.name:
            return
        if viewer.name == case.requester:
            yield Relation("requester")
        if viewer.name in case.parties:
            yield Relation("party")
        if viewer.name in case.followers:
            yield Relation("follower")
        for mandate in viewer.mandates:
            if case.firm and mandate.firm == case.firm:
                yield Relation("firms_clerk", expired=not mandate.in_force(self.day))
        yield from self._as_liaison(viewer, case)

    def _as_liaison(self, viewer: Viewer, case: Case) -> Iterator[Relation]:
        """Who calls on the firm, while he holds any office; a complaint bars him as it bars him at work."""
        live = [o for o in viewer.offices if o.in_force(self.at, self.day)]
        if any(_bars(o, case) for o in live):
            return
        for charge in viewer.charges:
            if case.firm and charge.firm == case.firm:
                yield Relation("liaison", expired=charge.ended or not live)


def _bars(office: Office, case: Case) -> bool:
    """Whether this office keeps its holder from a complaint, whatever else he is."""
    about = case.about
    if about is None:
        return False
    oversees = office.code == "supervisor" and about.kind == "town" and about.area == office.unit.area
    return oversees or office.unit.within(about)


def _place(office: Office, case: Case) -> str | None:
    """The relation that an office would give if it were in force and for this programme."""
    code, unit = office.code, office.unit
    if code == "administrator":
        return "administrator"
    if code == "supervisor":
        return "overseer" if unit.area in ("county", case.town) else None
    if unit == case.desk:
        return {"agent": "desk", "reviewer": "desk_reviewer", "secretary": "desk_secretary"}.get(code)
    if code not in WORKERS:
        return None
    mine = [d for d in case.duties if d.unit == unit]
    kept = [d for d in mine if not d.returned]
    if not kept:
        return "returned_unit" if mine else None
    open_ = [d for d in kept if not d.ended]
    if not open_:
        return "former_unit"
    if case.lead in open_:
        return "lead_unit"
    return "upper_unit" if any(d.lead for d in open_) else "assisting_unit"
