"""What everybody may read: published texts, and live beside them how far the matter is. Nobody is asked who he is.

Only columns that are named here leave the database; of the case itself none with anybody's words, names or exact place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.expressions import RawSQL

from tongban.core.cursors import key_of
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Assignment, OpenPicture, Publication
from tongban.engines.cases.outcome import UNSTATED, Outcome
from tongban.engines.cases.queries.extended import Extended, Still, extended
from tongban.engines.cases.queries.files import Content, copy_of
from tongban.engines.cases.queries.nearest import nearest_first
from tongban.engines.cases.queries.terms import terms_of
from tongban.engines.cases.request import REQUEST
from tongban.engines.cases.text import PUBLIC_INDEX
from tongban.engines.cases.types import case_type

PAGE = 20
STANDINGS = ("open", "overdue", "answered")
_State = Publication.State
_MOST = 100_000  # hits of a search that are looked through
_ENDED = sorted(REQUEST.ended - {"closed"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the list is narrowed: each "" or None asks for all. ``area`` is a town's or village's key; ``near`` is that of
    the place to which the nearest come first."""

    standing: str = ""
    programme: str = ""
    category: str = ""
    area: int | None = None
    words: str = ""
    near: int | None = None
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The promise of a public matter, as :func:`tongban.web.promised.promise_of` draws it."""

    opened_at: datetime
    accepted_at: datetime | None
    due_at: datetime | None
    promised_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    in_time: bool | None
    stopped: str

    @property
    def begins_at(self) -> datetime:
        """From when a list draws it."""
        return self.accepted_at or self.opened_at


@dataclass(frozen=True, slots=True)
class MatterRow:
    """One public matter in a list."""

    number: int
    title: str
    state: str
    state_label: Label
    programme: str
    category: Label | None
    area: Label
    town: Label | None
    unit: Label
    clock: Clock
    overdue: bool
    neighbours: int  # how many said 算我一个
    outcome: Outcome  # of the public answer, while that is the one that holds; UNSTATED else


@dataclass(frozen=True, slots=True)
class Matters:
    """Some of them, and where to go on ("" at the end)."""

    rows: list[MatterRow]
    after: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One public matter: its approved texts, and how far it is now."""

    row: MatterRow
    question: str
    answer: str
    again: bool  # it was answered and is being done again
    published_at: datetime
    longitude: float | None
    latitude: float | None
    area: int
    assignments: list[Assignment]
    stops: list[Still]
    extended: Extended | None  # without the reason, which is told to nobody outside
    pictures: list[int]
    joinable: bool  # whether neighbours may say 算我一个 now


_COLUMNS = (
    "pk", "first_id", "title", "area_id", "case__programme", "case__kind", "case__category", "case__state",
    "case__lead_id", "case__desk_id", "case__neighbours",
    *(f"answers__{name}" for name in ("outcome", "why_not", "planned_for")),
    *(f"case__{name}" for name in Clock.__dataclass_fields__),
)  # fmt: skip


def published_page(wanted: Wanted, at: datetime, *, after: str = "", limit: int = PAGE) -> Matters:
    """Public matters, those last prepared first, or the nearest to a place; one query."""
    found = _narrowed(wanted, at)
    if wanted.near is not None:
        ranked = list(nearest_first(found, wanted.near, after).values_list("rank", *_COLUMNS)[: limit + 1])
        more = f"{ranked[limit - 1][0]}.{ranked[limit - 1][1]}" if len(ranked) > limit else ""
        return Matters([_row(row[1:], at) for row in ranked[:limit]], more)
    if (before := key_of(after)) is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk").values_list(*_COLUMNS)[: limit + 1])
    more = str(rows[limit - 1][0]) if len(rows) > limit else ""
    return Matters([_row(row, at) for row in rows[:limit]], more)


def published_among(keys: Sequence[int], at: datetime) -> list[MatterRow]:
    """Those of these versions that are public, in this order; one query."""
    found = {row[0]: row for row in _public().filter(pk__in=keys).values_list(*_COLUMNS)} if keys else {}
    return [_row(found[key], at) for key in keys if key in found]


def published_counts(wanted: Wanted, at: datetime) -> dict[str, int]:
    """How many there are in each standing ("" is all), under the other filters; one query."""
    others = replace(wanted, standing="")
    parts = {code: Count("pk", filter=_standing(code, at)) for code in STANDINGS}
    counted: dict[str, int] = _narrowed(others, at).aggregate(whole=Count("pk"), **parts)
    return {"": counted.pop("whole"), **counted}


def published_places(wanted: Wanted, at: datetime) -> dict[int, tuple[int, int]]:
    """Area → how many public matters are told to lie there, and how many of them are overdue; one query."""
    counted = _narrowed(wanted, at).values("area_id").annotate(n=Count("pk"), late=Count("pk", filter=_overdue(at)))
    return {row["area_id"]: (row["n"], row["late"]) for row in counted.order_by()}


def published_matter(number: int, at: datetime) -> Matter | None:
    """The public matter of this number; None if there is none now (see :func:`was_published`)."""
    found = (
        _public()
        .filter(_numbered(number))
        .select_related("case", "answers")
        .only("first", "title", "question", "answer", "answers", "area", "longitude", "latitude", "pictures", "published_at",
              "case__open_title", "case__extension", "case__reopened",
              *(c for c in _COLUMNS if c.startswith(("case__", "answers__"))))
        .first()
    )  # fmt: skip
    if found is None:
        return None
    case = found.case
    stopped = case.stops.order_by("pk").values_list("kind", "began_at", "until", "ended_at", "measure")
    stops = [Still(*row) for row in stopped]
    # Of an assignment only what the promise is drawn from is read.
    duties = case.assignments.filter(lead=True).select_related("limit").only(
        "lead", "case", "begins_at", "due_at", "provisional", "limit__amount", "limit__unit", "limit__start"
    )  # fmt: skip
    values: list[Any] = [found.pk, found.first_id, found.title, found.area_id, case.programme, case.kind, case.category]
    told = found.answers
    values += [case.state, case.lead_id, case.desk_id, case.neighbours]
    values += [told.outcome, told.why_not, told.planned_for] if told is not None else [None, None, None]
    values += [getattr(case, n) for n in Clock.__dataclass_fields__]
    return Matter(
        _row(values, at), found.question, found.answer, bool(found.answer) and case.answered_at is None,
        found.published_at or at, found.longitude, found.latitude, found.area_id, list(duties.order_by("pk")),
        stops, extended(case, stops, reason=False), [row.pk for row in _pictures(found)],
        bool(case.open_title) and case.state not in case_type(case.programme, case.kind).lifecycle.ended,
    )  # fmt: skip


def published_case(number: int) -> int | None:
    """The case behind a public matter, for an action that was asked for by its number: never for a page or an address."""
    return _public().filter(_numbered(number)).values_list("case_id", flat=True).first()


def was_published(number: int) -> bool:
    """Whether there was a public matter of this number that was taken off."""
    return Publication.objects.filter(_numbered(number), published_at__isnull=False).exists()


def published_picture(number: int, key: int) -> Content | None:
    """A picture of a public matter: asked of the publication each time, and of the copy whether it still is the same."""
    found = _public().filter(_numbered(number)).first()
    row = next((row for row in _pictures(found) if row.pk == key), None) if found is not None else None
    return copy_of(row) if row is not None else None


def _pictures(one: Publication) -> list[OpenPicture]:
    chosen: dict[int, str] = dict(json.loads(one.pictures))
    if not chosen:
        return []
    rows = OpenPicture.objects.filter(pk__in=chosen, case=one.case_id, withdrawn_at=None).order_by("pk")
    return [row for row in rows if chosen[row.pk] == row.stored]


def _numbered(number: int) -> Q:
    return Q(pk=number, first=None) | Q(first=number)


def _public() -> QuerySet[Publication]:
    # Asked of the case too, so that nothing depends on one row alone: what its asker keeps to himself is never shown.
    return Publication.objects.filter(
        state=_State.PUBLISHED, case__kept_private=False, case__confidential=False, case__about=None
    ).exclude(case__state="undone")


def _narrowed(wanted: Wanted, at: datetime) -> QuerySet[Publication]:
    found = _public()
    if wanted.programme:
        found = found.filter(case__programme=wanted.programme)
    if wanted.category:
        found = found.filter(case__category=wanted.category)
    if wanted.area is not None:
        found = found.filter(area__in=directory().within(wanted.area))
    if wanted.outcome:
        found = found.filter(_came_to(), answers__outcome=wanted.outcome)
    if wanted.standing:
        found = found.filter(_standing(wanted.standing, at))
    if wanted.words.strip():
        terms = terms_of(wanted.words)
        asked = PUBLIC_INDEX.newest_sql(terms, before=None, limit=_MOST) if terms else None
        found = found.filter(pk__in=RawSQL(f"SELECT id FROM ({asked[0]}) n", asked[1])) if asked else found.none()  # noqa: S611, S608 - our names
    return found


def _standing(code: str, at: datetime) -> Q:
    if code == "overdue":
        return _overdue(at)
    if code == "answered":
        return Q(case__answered_at__isnull=False)
    return _open() if code == "open" else Q(pk=None)


def _came_to() -> Q:
    """The public answer is the one that holds: the matter is not being done again."""
    return Q(case__answered_at__isnull=False)


def _open() -> Q:
    return Q(case__answered_at=None, case__closed_at=None) & ~Q(case__state__in=_ENDED)


def _overdue(at: datetime) -> Q:
    """Not answered though the time promised has passed (nor taken on, where nothing is promised yet)."""
    late = Q(case__promised_at__lt=at) | Q(case__promised_at=None, case__due_at__lt=at)
    return _open() & Q(case__stopped="") & late


def _row(values: Iterable[Any], at: datetime) -> MatterRow:
    (
        key, first, title, area, programme, kind, category, state, lead, desk, neighbours, outcome, why_not, day, *moments
    ) = values  # fmt: skip
    clock, known, told = Clock(*moments), directory(), case_type(programme, kind)
    place, named = known.places[area], told.category(category)
    due = clock.promised_at or clock.due_at
    waits = clock.answered_at is None and clock.closed_at is None and state not in told.lifecycle.ended
    return MatterRow(
        first or key, title, state, told.lifecycle.states[state], programme, named.label if named else None, place.name,
        known.places[place.town].name if place.town and place.town != area else None, known.bodies[lead or desk].name,
        clock, waits and not clock.stopped and due is not None and due < at, neighbours,
        Outcome(outcome, why_not, "", day) if outcome and clock.answered_at is not None else UNSTATED,
    )  # fmt: skip


__all__ = [
    "PAGE", "STANDINGS", "Clock", "Matter", "MatterRow", "Matters", "Wanted", "published_among", "published_case", "published_counts", "published_matter",
    "published_page", "published_picture", "published_places", "was_published",
]  # fmt: skip
