"""The unit board: what was taken on, what was answered in time, how content people were; each number with its cases.

Five queries, each an aggregate in the database, whatever the number of cases. The cases behind a figure are found by
the same condition that counted them (:mod:`.cohorts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils.dateparse import parse_datetime

from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.database import SecondsBetween
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.logic.rates import Median, median, ranking
from tongban.engines.cases.models import Assignment, Case
from tongban.engines.cases.queries.cohorts import APART, Slice, cohorts, moment_of, seen, sliced, within
from tongban.engines.cases.queries.figures import Board, Figures, Group, Point
from tongban.engines.cases.queries.rows import PAGE, Page, rows_of

# What is counted, by the moment that brings a case into the period.
_COUNTED = {
    "accepted": ("accepted", "answered", "closed", "rated", "satisfied"),
    "due": ("due", "in_time"),
    "apart": tuple(APART),
}
_DUTIES = ("sign_in_due", "signed_in_time", "assigned", "returned")  # in the order of _duties


def board(viewer: Viewer, at: datetime, cut: Slice, *, by: str = "unit", rank: str = "on_time") -> Board:
    """The figures of what ``viewer`` may see. ``by`` divides them by lead unit or by town; ``rank`` names the rate."""
    counted = _counts(viewer, at, cut, by)
    total: dict[str, int] = {}
    programmes: dict[str, dict[str, int]] = {}
    parts: dict[int, dict[str, int]] = {}
    for programme, part, counts in counted:
        _add(total, counts)
        _add(programmes.setdefault(programme, {}), counts)
        if part is not None:
            _add(parts.setdefault(part, {}), counts)
    figures = {key: Figures(counts) for key, counts in parts.items()}
    names = _names(figures, by)
    return Board(
        cut, by, Figures(total), {k: Figures(v) for k, v in sorted(programmes.items())}, figures, names,
        _groups(figures, names, by, rank), _trend(viewer, at, cut),
        _delay(viewer, at, cut, "first_reply", Coalesce("receipt_at", "answered_at")),
        _delay(viewer, at, cut, "first_answer", F("answered_at")),
    )  # fmt: skip


def cases_behind(
    viewer: Viewer, at: datetime, cut: Slice, figure: str, *, after: str = "", limit: int = PAGE
) -> Page:  # fmt: skip
    """The very cases that a figure counts, by the moment that counts, newest first; none for a figure that does not exist."""
    condition = cohorts(cut.period, at).get(figure)
    if condition is None:
        return Page([])
    moment, place = moment_of(figure), _place(after)
    found = sliced(viewer, cut).filter(condition)
    if place is not None:
        found = found.filter(_before(moment, *place))
    left_out = _first_left_out(cut, moment, place)
    if left_out is not None:
        when, key = left_out
        found = found.filter(Q(**{f"{moment}__gte": when}) & (Q(**{f"{moment}__gt": when}) | Q(pk__gt=key)))
    heads = list(found.order_by(f"-{moment}", "-pk").values_list("pk", moment)[: limit + 1])
    shown = heads[:limit]
    rows = rows_of([k for k, _ in shown])
    if len(heads) > limit:
        return Page(rows, f"{shown[-1][1].isoformat()}|{shown[-1][0]}")
    return Page(rows, f"{left_out[0].isoformat()}|{left_out[1] + 1}", LOOK_BACK) if left_out else Page(rows)


# How many cases of a period one look goes through for a rare figure before it says so and offers to go on.
LOOK_BACK = 5_000


def _place(after: str) -> tuple[datetime, int] | None:
    """Where a page begins, as the page before gave it out; anything else is the first page."""
    last, _, key = after.partition("|")
    try:
        when = parse_datetime(last) if last else None
    except ValueError:
        return None
    return (when, int(key)) if when is not None and key.isdigit() else None


def _before(moment: str, when: datetime, key: int) -> Q:
    return Q(**{f"{moment}__lte": when}) & (Q(**{f"{moment}__lt": when}) | Q(pk__lt=key))


def _first_left_out(cut: Slice, moment: str, place: tuple[datetime, int] | None) -> tuple[datetime, int] | None:
    """The newest case of the period that one look does not reach: a walk over the moment's index alone."""
    calendar = calendar_now()
    every = Case.objects.filter(within(moment, calendar.begins(cut.period.first), calendar.begins(cut.period.end)))
    if place is not None:
        every = every.filter(_before(moment, *place))
    beyond = every.order_by(f"-{moment}", "-pk").values_list(moment, "pk")[LOOK_BACK : LOOK_BACK + 1]
    return next(iter(beyond), None)


def count_behind(viewer: Viewer, at: datetime, cut: Slice, figure: str) -> int:
    """How many they are."""
    condition = cohorts(cut.period, at).get(figure)
    return sliced(viewer, cut).filter(condition).count() if condition is not None else 0


# -- the queries ---------------------------------------------------------------------------------------------------------


def _counts(viewer: Viewer, at: datetime, cut: Slice, by: str) -> list[tuple[str, int | None, dict[str, int]]]:
    """(programme, unit or town, counts): two queries, of cases and of assignments."""
    found = []
    for row in _cohort_counts(viewer, at, cut, "lead" if by == "unit" else "area"):
        codes = _COUNTED[row[0]]
        found.append((row[1], _part(row[2], by), dict(zip(codes, row[3:], strict=False))))
    for row in _duties(viewer, at, cut, "unit" if by == "unit" else "case__area"):
        found.append((row[0], _part(row[1], by), dict(zip(_DUTIES, row[2:], strict=True))))
    return found


def _cohort_counts(viewer: Viewer, at: datetime, cut: Slice, column: str) -> list[tuple[Any, ...]]:
    """(moment, programme, part, counts…): one query, for each moment a range of its index."""
    known = cohorts(cut.period, at)
    wide = max(map(len, _COUNTED.values()))
    queries = []
    for moment, codes in _COUNTED.items():
        brought = reduce(or_, (known[c] for c in codes)) if moment == "apart" else known[codes[0]]
        counts: dict[str, Any] = {f"n{i}": Count("pk", filter=known[code]) for i, code in enumerate(codes)}
        counts |= {f"n{i}": Value(0, output_field=IntegerField()) for i in range(len(codes), wide)}
        grouped = (
            sliced(viewer, cut).filter(brought).order_by().annotate(moment=Value(moment, output_field=CharField()))
        )
        grouped = grouped.values("moment", "programme", column).annotate(**counts)
        queries.append(grouped.values_list("moment", "programme", column, *(f"n{i}" for i in range(wide))))
    return list(queries[0].union(*queries[1:], all=True))


def _duties(viewer: Viewer, at: datetime, cut: Slice, column: str) -> list[tuple[Any, ...]]:
    """Signing in and returning, by the unit whose duty it was (which may no longer have the case)."""
    calendar = calendar_now()
    low, high = calendar.begins(cut.period.first), calendar.begins(cut.period.end)
    wide = Slice(cut.period, cut.programme, None, cut.town)
    # Returned before it had to be signed in: the unit did react, and there was nothing left to sign.
    unsigned = Q(signed_in_at=None, returned_at__isnull=False, returned_at__lte=F("sign_in_due_at"))
    due = within("sign_in_due_at", low, min(high, max(at, low))) & ~unsigned
    begun = within("begins_at", low, high)
    found = Assignment.objects.filter(
        due | begun, Exists(sliced(viewer, wide).filter(pk=OuterRef("case_id"))), lead=True
    )
    if cut.unit is not None:
        found = found.filter(unit=cut.unit)
    counts = {
        "sign_in_due": Count("pk", filter=due),
        "signed_in_time": Count("pk", filter=due & Q(signed_in_at__lte=F("sign_in_due_at"))),
        "assigned": Count("pk", filter=begun),
        "returned": Count("pk", filter=begun & Q(returned_at__isnull=False)),
    }
    named = {f"n_{code}": count for code, count in counts.items()}
    grouped = found.order_by().values("case__programme", column).annotate(**named)
    return list(grouped.values_list("case__programme", column, *named))


def _trend(viewer: Viewer, at: datetime, cut: Slice) -> list[Point]:
    """Accepted, answered and closed in each part of the period: one query, three ranges of moments."""
    calendar = calendar_now()
    stretches = cut.period.stretches(date(2000, 1, 1), calendar.day_of(at))
    if not stretches:
        return []
    ends = [calendar.begins(s.end) for s in stretches]
    base = sliced(viewer, cut).exclude(state__in=list(APART))
    series = {"accepted_at": base, "answered_at": base, "closed_at": base.filter(state="closed")}
    queries = []
    for column, cases in series.items():
        part = Choose(
            *(When(**{f"{column}__lt": end}, then=Value(i)) for i, end in enumerate(ends)), output_field=IntegerField()
        )
        inside = cases.filter(within(column, calendar.begins(stretches[0].first), ends[-1])).order_by()
        named = inside.annotate(series=Value(column, output_field=CharField()), part=part)
        queries.append(named.values("series", "part").annotate(n=Count("pk")).values_list("series", "part", "n"))
    counted = {(s, p): n for s, p, n in queries[0].union(*queries[1:], all=True)}
    points = [
        Point(s, *(counted.get((column, i), 0) for column in series)) for i, s in enumerate(stretches)
    ]  # fmt: skip
    if cut.period.months == 0:
        while len(points) > 1 and not (points[0].accepted or points[0].answered or points[0].closed):
            points.pop(0)
    return points


def _delay(viewer: Viewer, at: datetime, cut: Slice, figure: str, end: Any) -> Median:
    """The middle delay from asking to ``end``: the database sorts, and gives the one or two in the middle and n."""
    found = (
        sliced(viewer, cut)
        .filter(cohorts(cut.period, at)[figure])
        .annotate(delay=SecondsBetween("opened_at", end))
        .annotate(n=Window(Count("pk")), place=Window(RowNumber(), order_by=F("delay").asc()))
        # Of five the third, of six the third and fourth: twice the place lies between n and n + 2.
        .filter(n__lte=F("place") * 2, n__gte=F("place") * 2 - 2)
        .values_list("delay", "n")
    )
    rows = list(found)
    return median([r[0] for r in rows], rows[0][1]) if rows else Median(None, 0)


# -- names and places ----------------------------------------------------------------------------------------------------


def _part(key: int | None, by: str) -> int | None:
    """A lead unit as it is; an area as the town that it is or lies in."""
    if key is None or by == "unit":
        return key
    place = directory().places.get(key)
    return place.town if place else None


def _add(total: dict[str, int], counts: Mapping[str, int]) -> None:
    for code, n in counts.items():
        total[code] = total.get(code, 0) + n


def _names(parts: Mapping[int, Figures], by: str) -> dict[int, Label]:
    known = directory()
    if by == "unit":
        return {key: known.bodies[key].name for key in parts if key in known.bodies}
    return {key: known.places[key].name for key in parts if key in known.places}


_KINDS = {
    "bureau": Label("县级部门", "County bureaux"),
    "town": Label("镇街", "Towns"),
    "village": Label("村社区", "Villages and communities"),
    "station": Label("站所", "Stations"),
    "desk": Label("受理岗", "Desks"),
}


def _groups(parts: Mapping[int, Figures], names: Mapping[int, Label], by: str, rank: str) -> list[Group]:
    """Like is compared with like: bureaux with bureaux, towns with towns."""
    known = directory()
    kinds: dict[str, list[int]] = {}
    for key in names:
        kinds.setdefault(known.bodies[key].kind if by == "unit" else "town", []).append(key)
    found = []
    for kind, label in _KINDS.items():
        if kind in kinds:
            keys = sorted(kinds[kind], key=lambda k: _position(k, by))
            rates = [(k, parts[k].rates().get(rank, parts[k].on_time)) for k in keys]
            found.append(Group(kind, label, ranking(rates)))
    return found


def _position(key: int, by: str) -> tuple[Any, ...]:
    known = directory()
    return (known.bodies[key].position, key) if by == "unit" else (known.places[key].code,)


__all__ = ["Board", "Figures", "Group", "Point", "board", "cases_behind", "count_behind", "seen"]
