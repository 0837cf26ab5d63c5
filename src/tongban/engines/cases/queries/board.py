"""The unit board: what was taken on, what was answered in time, how content people were; each number with its cases.

Six queries, each an aggregate in the database, whatever the number of cases. The cases behind a figure (:mod:`.behind`)
are found by the same condition that counted them (:mod:`.cohorts`, :mod:`.duties`, :mod:`.hard`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, IntegerField, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber

from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.database import SecondsBetween
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.logic.rates import Median, median, ranking
from tongban.engines.cases.outcome import OUTCOMES
from tongban.engines.cases.queries import duties, hard
from tongban.engines.cases.queries.cohorts import APART, Slice, cohorts, seen, sliced, within
from tongban.engines.cases.queries.figures import Board, Figures, Group, Point

# What is counted, by the moment that brings a case into the period.
_COUNTED = {
    "accepted": (
        "accepted",
        "answered",
        "closed",
        "rated",
        "satisfied",
        "paused",
        "extended",
        "reopened",
        "called_back",
        "solved",
        *(f"outcome_{code}" for code in (*OUTCOMES, "unstated")),
    ),
    "due": ("due", "in_time"),
    "apart": tuple(APART),
}


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
    _add(total, hard.counts(viewer, at, cut))
    figures = {key: Figures(counts) for key, counts in parts.items()}
    names = _names(figures, by)
    return Board(
        cut, by, Figures(total), {k: Figures(v) for k, v in sorted(programmes.items())}, figures, names,
        _groups(figures, names, by, rank), _trend(viewer, at, cut),
        _delay(viewer, at, cut, "first_reply", Coalesce("receipt_at", "answered_at")),
        _delay(viewer, at, cut, "first_answer", F("answered_at")),
    )  # fmt: skip


# -- the queries ---------------------------------------------------------------------------------------------------------


def _counts(viewer: Viewer, at: datetime, cut: Slice, by: str) -> list[tuple[str, int | None, dict[str, int]]]:
    """(programme, unit or town, counts): two queries, of cases and of assignments."""
    found = []
    for row in _cohort_counts(viewer, at, cut, "lead" if by == "unit" else "area"):
        codes = _COUNTED[row[0]]
        found.append((row[1], _part(row[2], by), dict(zip(codes, row[3:], strict=False))))
    for row in duties.counts(viewer, at, cut, "unit" if by == "unit" else "case__area"):
        found.append((row[0], _part(row[1], by), dict(zip(duties.COUNTED, row[2:], strict=True))))
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
    if cut.period.code == "all":
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


__all__ = ["Board", "Figures", "Group", "Point", "board", "seen"]
