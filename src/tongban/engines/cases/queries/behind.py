"""The cases behind a figure of the board: found by the very condition that counted them, a bounded look at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.cursors import closed, opened, place_of
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Assignment, Case
from tongban.engines.cases.queries import cohorts, duties, hard
from tongban.engines.cases.queries.cohorts import ORDERS, Slice, moment_of, sliced, within
from tongban.engines.cases.queries.rows import PAGE, CaseRow, Page, rows_of

# How many cases of a period one look goes through for a rare figure before it says so and offers to go on.
LOOK_BACK = 3_000

FIGURES: dict[str, Label] = {**cohorts.NAMES, **duties.NAMES, **hard.NAMES}


@dataclass(frozen=True, slots=True)
class _Behind:
    """A figure's rows (cases, or assignments and other parts of cases), and the moment that brings them into the period."""

    found: QuerySet[Any]
    every: QuerySet[Any]  # all of the period by the moment's index alone, whatever they are
    moment: str
    shown: tuple[str, ...]  # the columns of a head after key and moment: case, and perhaps the unit whose duty it was


def cases_behind(
    viewer: Viewer, at: datetime, cut: Slice, figure: str, *, after: str = "", limit: int = PAGE
) -> Page:  # fmt: skip
    """The very cases that a figure counts, by the moment that counts, latest first; none for a figure that does not exist.

    A figure of assignments, slips or calls gives a row for each of them, with the unit whose duty it was.
    """
    behind = _behind(viewer, at, cut, figure)
    if behind is None:
        return Page([])
    moment, place, found = behind.moment, place_of(opened(after)), behind.found
    if place is not None:
        found = found.filter(_before(moment, *place))
    left_out = _first_left_out(behind, place)
    if left_out is not None:
        when, key = left_out
        found = found.filter(Q(**{f"{moment}__gte": when}) & (Q(**{f"{moment}__gt": when}) | Q(pk__gt=key)))
    heads = list(found.order_by(f"-{moment}", "-pk").values_list("pk", moment, *behind.shown)[: limit + 1])
    rows = _rows([head[2:] for head in heads[:limit]])
    if len(heads) > limit:
        return Page(rows, f"{heads[limit - 1][1].isoformat()}|{heads[limit - 1][0]}")
    return Page(rows, closed(f"{left_out[0].isoformat()}|{left_out[1] + 1}"), LOOK_BACK) if left_out else Page(rows)


def count_behind(viewer: Viewer, at: datetime, cut: Slice, figure: str) -> int:
    """How many they are."""
    behind = _behind(viewer, at, cut, figure)
    return behind.found.count() if behind is not None else 0


def order_of(figure: str) -> Label:
    """In which order they stand, in words."""
    if figure in hard.NAMES:
        return hard.ORDERS[hard.moment_of(figure)]
    return ORDERS[duties.MOMENT if figure in duties.NAMES else moment_of(figure)]


def _behind(viewer: Viewer, at: datetime, cut: Slice, figure: str) -> _Behind | None:
    if figure in duties.NAMES:
        found = duties.given(viewer, cut).filter(duties.conditions(cut.period, at)[figure])
        every = Assignment.objects.filter(duties.begun_in(cut.period))
        return _Behind(found, every, duties.MOMENT, ("case", "unit"))
    if figure in hard.NAMES:
        found = hard.rows(viewer, at, cut, figure)
        return _Behind(found, hard.every(cut, figure), hard.moment_of(figure), hard.shown_of(figure))
    condition = cohorts.cohorts(cut.period, at).get(figure)
    if condition is None:
        return None
    calendar, moment = calendar_now(), moment_of(figure)
    inside = within(moment, calendar.begins(cut.period.first), calendar.begins(cut.period.end))
    if figure in cohorts.ENDED:
        inside &= Q(state=cohorts.ENDED[figure])  # the index of that moment begins with the state
    return _Behind(sliced(viewer, cut).filter(condition), Case.objects.filter(inside), moment, ("pk",))


def _rows(heads: Sequence[tuple[int, ...]]) -> list[CaseRow]:
    """The rows of (case,) or (case, unit) in their order; one query."""
    bodies = directory().bodies
    known = {row.id: row for row in rows_of({head[0] for head in heads})}
    found = []
    for case, *unit in heads:
        if case in known:
            row = known[case]
            found.append(replace(row, lead=bodies[unit[0]].name) if unit and unit[0] in bodies else row)
    return found


def _before(moment: str, when: datetime, key: int) -> Q:
    return Q(**{f"{moment}__lte": when}) & (Q(**{f"{moment}__lt": when}) | Q(pk__lt=key))


def _first_left_out(behind: _Behind, place: tuple[datetime, int] | None) -> tuple[datetime, int] | None:
    """The newest row of the period that one look does not reach: a walk over the moment's index alone."""
    moment, every = behind.moment, behind.every
    if place is not None:
        every = every.filter(_before(moment, *place))
    beyond = every.order_by(f"-{moment}", "-pk").values_list(moment, "pk")[LOOK_BACK : LOOK_BACK + 1]
    return next(iter(beyond), None)


__all__ = ["FIGURES", "LOOK_BACK", "cases_behind", "count_behind", "order_of"]
