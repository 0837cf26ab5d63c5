"""Reads for the pages of administration: limits and targets with their history, routes, and what a change would touch.

They hold counts of cases and never a case: an administrator sees none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from tongban.core.access import holders
from tongban.core.access.queries import administers
from tongban.core.access.viewer import HANDLER, Viewer
from tongban.core.calendar.logic import COUNT_FROM_WORDS, CountFrom, Unit, limit_words
from tongban.core.calendar.queries import calendar_now, county_zone
from tongban.core.dated.models import Dated
from tongban.core.dated.queries import by_code, states
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import Category
from tongban.engines.cases.ladder import LADDER
from tongban.engines.cases.models import Case, CaseScope, Limit, Route, Rung, Target
from tongban.engines.cases.seed import source_words
from tongban.engines.cases.targets import RATES
from tongban.engines.cases.types import types

MANY = 10_000  # a preview counts no further


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a limit or target, in words."""

    row: Dated
    words: Label
    state: str  # "past", "now", "coming"
    source: Label
    start: Label | None = None  # from when a limit is counted


@dataclass(frozen=True, slots=True)
class History:
    """A limit or target by code with all its versions, newest first; none where nobody has set one."""

    code: str
    name: Label
    versions: tuple[Version, ...]

    @property
    def now(self) -> Version | None:
        """The version in force."""
        return next((v for v in self.versions if v.state == "now"), None)

    @property
    def coming(self) -> tuple[Version, ...]:
        """Those that begin later."""
        return tuple(v for v in self.versions if v.state == "coming")


@dataclass(frozen=True, slots=True)
class CategoryRoute:
    """One kind of matter, the unit that a desk is offered for it now, and what comes later."""

    programme: str
    category: Category
    now: Route | None
    coming: tuple[Route, ...]


def limits(*, viewer: Viewer, at: datetime) -> list[History]:
    """All limits with their history, by code: one query."""
    if not administers(viewer):
        return []
    day = calendar_now().day_of(at)
    found = []
    for code, rows in by_code(Limit.objects.order_by("code", "-valid_from")).items():
        versions = tuple(_limit_version(row, state) for row, state in zip(rows, states(rows, day), strict=True))
        found.append(History(code, Label(rows[0].name_zh, rows[0].name_en), versions))
    return found


def targets(*, viewer: Viewer, at: datetime) -> list[History]:
    """Every rate that may have a target, with its history: one query."""
    if not administers(viewer):
        return []
    day, known = calendar_now().day_of(at), by_code(Target.objects.order_by("code", "-valid_from"))
    found = []
    for code, name in RATES.items():
        rows = known.get(code, [])
        versions = tuple(_target_version(row, state) for row, state in zip(rows, states(rows, day), strict=True))
        found.append(History(code, name, versions))
    return found


def rungs(*, viewer: Viewer, at: datetime) -> list[History]:
    """The rungs of the ladder in their order, each with its history: one query."""
    if not administers(viewer):
        return []
    day, known = calendar_now().day_of(at), by_code(Rung.objects.order_by("code", "-valid_from"))
    found = []
    for code, name in LADDER.items():
        rows = known.get(code, [])
        versions = tuple(_rung_version(row, state) for row, state in zip(rows, states(rows, day), strict=True))
        found.append(History(code, name, versions))
    return found


def routes(*, viewer: Viewer, at: datetime) -> list[CategoryRoute]:
    """All kinds of matter of all programmes with their routes: one query beside the directory."""
    if not administers(viewer):
        return []
    day = calendar_now().day_of(at)
    now: dict[tuple[str, str], Route] = {}
    coming: dict[tuple[str, str], list[Route]] = {}
    for row in Route.objects.filter(ended_at=None).order_by("valid_from", "pk"):
        key = (row.programme, row.category)
        if row.valid_from <= day:
            now[key] = row
        else:
            coming.setdefault(key, []).append(row)
    found: dict[tuple[str, str], CategoryRoute] = {}
    for (programme, _), kind in types().items():
        for category in kind.categories:
            key = (programme, category.code)
            found[key] = CategoryRoute(programme, category, now.get(key), tuple(coming.get(key, ())))
    return list(found.values())


def waiting_from(day: date, *, viewer: Viewer) -> int:
    """How many cases still under way are due on ``day`` or later: what a change of the calendar recomputes."""
    if not administers(viewer):
        return 0
    begin = datetime.combine(day, time(), county_zone())
    found = CaseScope.objects.filter(queue__gt=0, due_at__gte=begin).values("case").distinct()
    return found[:MANY].count()


def waiting_in(organisation: int, *, viewer: Viewer) -> int:
    """How many cases wait for something to be done by this body."""
    if not administers(viewer):
        return 0
    return CaseScope.objects.filter(holder=holders.unit(organisation), queue__gt=0)[:MANY].count()


def in_hand_of(officers: list[int], *, viewer: Viewer) -> dict[int, int]:
    """Officer → how many cases he has in progress, in the units in which the viewer is a handler, or for an
    administrator in all."""
    found = Case.objects.filter(handler__in=officers, closed_at=None, answered_at=None)
    if not administers(viewer):
        found = found.filter(lead__in=viewer.units(HANDLER))
    counts: dict[int, int] = {}
    for handler in found.values_list("handler", flat=True)[:MANY]:
        counts[handler] = counts.get(handler, 0) + 1
    return counts


def unit_choices(*, at: datetime) -> list[tuple[int, Label]]:
    """The bodies that may be given a case, in the directory's order."""
    day = calendar_now().day_of(at)
    return [(b.id, b.name) for b in directory().bodies.values() if b.kind != "desk" and b.valid_on(day)]


def _limit_version(row: Limit, state: str) -> Version:
    words, start = limit_words(row.amount, Unit(row.unit)), COUNT_FROM_WORDS[CountFrom(row.start)]
    return Version(row, words, state, source_words(row.source), start)


def _rung_version(row: Rung, state: str) -> Version:
    if not row.active:
        words = Label("停用", "switched off")
    elif not row.amount:
        words = Label("到期时", "when it is due")
    else:
        length = limit_words(row.amount, Unit(row.unit))
        words = (
            Label(f"到期前 {length.zh}", f"{length.en} before it is due")
            if row.before
            else Label(f"到期后 {length.zh}", f"{length.en} after it was due")
        )
    return Version(row, words, state, source_words(row.source))


def _target_version(row: Target, state: str) -> Version:
    words = Label(f"{row.percent}%", f"{row.percent}%") if row.percent else Label("不设目标", "none")
    return Version(row, words, state, source_words(row.source))
