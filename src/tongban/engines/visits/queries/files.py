"""A firm's file: who calls on it, when, who acts for it; each part for those who may know it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from tongban.core import cursors
from tongban.core.access.models import Account, Liaison
from tongban.core.access.viewer import ADMINISTRATOR, SUPERVISOR, Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.registry.askers import MandateRow, firm_named, mandates_of_firm
from tongban.core.registry.models import Firm
from tongban.engines.cases.limits import LIMITS, due_of
from tongban.engines.cases.models import Limit
from tongban.engines.cases.queries.rows import CaseRow, rows_of
from tongban.engines.cases.queries.sight import as_liaison, at_work
from tongban.engines.visits.authority import OFFICES, at_firms_desk, may_assign
from tongban.engines.visits.models import Heard, Visit
from tongban.engines.visits.words import KINDS, STATES

LIMIT = "visit"
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Charge:
    """A firm's present liaison officer: who, since when, and by when the next visit is due (None: no rule is in force)."""

    account: int
    name: str
    since: datetime
    counted_from: datetime
    due: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit as a page shows it. Words are empty for those who see only that it took place."""

    id: int
    state: str
    state_label: Label
    kind: Label
    kind_code: str
    planned_for: date | None
    held_at: datetime | None
    officer: str
    met: str
    heard: str
    outcome: str
    cases: list[CaseRow]


@dataclass(frozen=True, slots=True)
class FirmFile:
    """What one viewer may know of a firm, beside its requests.

    ``mine``: he is its liaison officer. ``planned``: the visit that is to come. ``full``: visits are shown with their
    words; else, if at all, with their days alone.
    """

    firm: Firm
    charge: Charge | None
    mine: bool
    may_assign: bool
    full: bool
    mandates: list[MandateRow]
    planned: VisitRow | None
    visits: list[VisitRow]
    more: str  # where the visits go on
    past: list[Charge]


def enters(viewer: Viewer) -> bool:
    """Whether firms' files are open to the viewer at all: names and codes of firms are public data of the register."""
    return bool(viewer.grants_for(*OFFICES, ADMINISTRATOR))


def firm_file(viewer: Viewer, key: int, at: datetime, *, after: str = "") -> FirmFile | None:
    """The file, with the visits that come ``after``; None if there is no such firm, or the viewer holds no office."""
    firm = firm_named(key) if enters(viewer) else None
    if firm is None:
        return None
    charge = charge_of_firm(key, at)
    mine = charge is not None and charge.account == viewer.account and bool(viewer.grants_for(*OFFICES))
    full = mine or at_firms_desk(viewer)
    shown = full or bool(viewer.grants_for(SUPERVISOR))
    visits, more = list_visits(viewer, key, words=full, after=after) if shown else ([], "")
    return FirmFile(
        firm=firm, charge=charge, mine=mine, may_assign=may_assign(viewer), full=full,
        mandates=mandates_of_firm(key, at) if full else [],
        planned=_planned(viewer, key, words=full) if shown else None, visits=visits, more=more,
        past=_past(key) if may_assign(viewer) else [],
    )  # fmt: skip


def charge_of_firm(firm: int, at: datetime) -> Charge | None:
    """Who calls on a firm now."""
    row = Liaison.objects.filter(firm=firm, until=None).select_related("account__person").first()
    return charge_row(row, at) if row else None


def charge_row(row: Liaison, at: datetime) -> Charge:
    """A charge with the day by which the next visit is due."""
    limit = visit_limit(at)
    due = due_of(limit, row.counted_from).at if limit else None
    return Charge(row.account_id, name_of(row.account), row.since, row.counted_from, due, due is not None and due < at)


def visit_limit(at: datetime) -> Limit | None:
    """How long a firm may go without a visit: dated data, a sample until the county confirms it."""
    return LIMITS.on(LIMIT, calendar_now().day_of(at))


def list_visits(viewer: Viewer, firm: int, *, words: bool, after: str = "") -> tuple[list[VisitRow], str]:
    """The visits to a firm that are not still to come, newest first, those of former liaison officers too; and where
    they go on."""
    found = Visit.objects.filter(firm=firm).exclude(state=Visit.State.PLANNED)
    if place := cursors.place_of(after):
        found = found.filter(Q(made_at__lt=place[0]) | Q(made_at=place[0], pk__lt=place[1]))
    rows = list(found.select_related("officer__person").order_by("-made_at", "-pk")[: SHOWN + 1])
    more = f"{rows[SHOWN - 1].made_at.isoformat()}|{rows[SHOWN - 1].pk}" if len(rows) > SHOWN else ""
    return _visits(viewer, rows[:SHOWN], words=words), more


def _planned(viewer: Viewer, firm: int, *, words: bool) -> VisitRow | None:
    rows = Visit.objects.filter(firm=firm, state=Visit.State.PLANNED).select_related("officer__person")
    return next(iter(_visits(viewer, rows[:1], words=words)), None)


def one_visit(viewer: Viewer, key: int, at: datetime) -> tuple[FirmFile, VisitRow] | None:
    """One visit with its firm's file, for those who may read its words."""
    row = Visit.objects.filter(pk=key).select_related("officer__person").first()
    file = firm_file(viewer, row.firm_id, at) if row else None
    if row is None or file is None or not file.full:
        return None
    return file, _visits(viewer, [row], words=True)[0]


def _visits(viewer: Viewer, rows: Iterable[Visit], *, words: bool) -> list[VisitRow]:
    rows = list(rows)
    heard = _cases(viewer, [row.pk for row in rows]) if words else {}
    return [
        VisitRow(
            row.pk, row.state, STATES[row.state], KINDS[row.kind], row.kind, row.planned_for, row.held_at,
            name_of(row.officer),
            row.met_words if words else "", row.heard_words if words else "", row.outcome_words if words else "",
            heard.get(row.pk, []),
        )
        for row in rows
    ]  # fmt: skip


def _cases(viewer: Viewer, visits: list[int]) -> dict[int, list[CaseRow]]:
    """Visit → the cases that were heard on it and that the viewer may see."""
    pairs = list(Heard.objects.filter(visit__in=visits).order_by("pk").values_list("visit_id", "case_id"))
    keys = [case for _, case in pairs]
    seen = at_work(viewer).of(keys) | as_liaison(viewer).of(keys) if keys else set()
    rows = {row.id: row for row in rows_of(seen)}
    found: dict[int, list[CaseRow]] = {}
    for visit, case in pairs:
        if case in rows:
            found.setdefault(visit, []).append(rows[case])
    return found


def _past(firm: int) -> list[Charge]:
    rows = Liaison.objects.filter(firm=firm, until__isnull=False).select_related("account__person").order_by("-until")
    return [
        Charge(r.account_id, name_of(r.account), r.since, r.counted_from, r.until, late=False)
        for r in rows[:10]
        if r.until
    ]


def name_of(account: Account) -> str:
    """An officer's name as staff see it."""
    return account.person.name if account.person else account.username
