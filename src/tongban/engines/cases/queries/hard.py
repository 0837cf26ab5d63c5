"""Hard cases (难事) in figures: what was pressed, put on hold, decided by a meeting and called back, each by its own moment.

Each figure counts rows of a part that have their moment in the period: slips and calls one by one (a case with two of them
counts twice), urges and decisions by their cases (the last one in the period stands for the case). What is on hold is told
as it stands now, whatever the period. The rows behind a figure are found by the condition that counted them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL

from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.logic.periods import Period
from tongban.engines.cases.models import AgendaItem, Callback, Meeting, Slip, Stop, StoryItem
from tongban.engines.cases.models.work import URGES
from tongban.engines.cases.queries.cohorts import Slice, sliced, within

# Written out as the index of urges has it: SQLite plans before it knows what a parameter holds.
_KINDS = ", ".join(f"'{kind}'" for kind in URGES)
_URGES = f'"{StoryItem._meta.db_table}"."kind" IN ({_KINDS})'
# What a meeting has settled: passing it on or looking at it again settles nothing.
_DECIDED = (AgendaItem.Outcome.ASSIGNED, AgendaItem.Outcome.HELD, AgendaItem.Outcome.SETTLED)


@dataclass(frozen=True, slots=True)
class _Sort:
    """One sort of rows, the moment that brings them into a period, and which figures count them."""

    rows: type[Any]
    moment: str
    figures: tuple[str, ...]
    times: bool = False  # each row counts, not each case
    now: bool = False  # as it stands, whatever the period
    unit: bool = False  # a row has a unit of its own, whose duty it was


_SORTS = {
    "hold": _Sort(Stop, "began_at", ("on_hold",), now=True),
    "urge": _Sort(StoryItem, "happened_at", ("urged",)),
    "slip": _Sort(Slip, "issued_at", ("slips", "slips_due", "slips_reported", "slips_late"), times=True, unit=True),
    "meet": _Sort(AgendaItem, "decided_at", ("met_monthly", "met_joint", "met_joint_closed")),
    "call": _Sort(Callback, "made_at", ("calls", "calls_reached"), times=True),
}
_SORT_OF = {figure: sort for sort in _SORTS.values() for figure in sort.figures}
NAMES = {
    "on_hold": Label("现在挂账", "on hold now"),
    "urged": Label("催办过", "urged"),
    "slips": Label("发出的督办单", "supervision slips issued"),
    "slips_due": Label("督办单、反馈日期已到", "supervision slips, to be reported on by now"),
    "slips_reported": Label("督办单按期反馈", "supervision slips reported on in time"),
    "slips_late": Label("督办单没有按期反馈", "supervision slips not reported on in time"),
    "met_monthly": Label("月度例会定下的", "decided by a monthly meeting"),
    "met_joint": Label("联席会议定下的", "decided by a joint meeting"),
    "met_joint_closed": Label("联席会议定下、已办结", "decided by a joint meeting and closed"),
    "calls": Label("打出的回访", "callbacks made"),
    "calls_reached": Label("接通的回访", "callbacks that reached somebody"),
}
ORDERS = {
    "began_at": Label("按挂账时间，新的在前", "latest put on hold first"),
    "happened_at": Label("按催办时间，新的在前", "latest urged first"),
    "issued_at": Label("按发单时间，新的在前", "latest slip first"),
    "decided_at": Label("按会议决定时间，新的在前", "latest decided first"),
    "made_at": Label("按回访时间，新的在前", "latest call first"),
}


def conditions(at: datetime) -> dict[str, Q]:
    """Code → the rows that this figure counts, of those of its sort in the period."""
    # Ended before its day (answered, replaced): there was nothing left to report.
    ended = Q(fed_back_at=None, ended_at__isnull=False, ended_at__lt=F("due_at"))
    due = Q(due_at__lte=at) & ~ended
    reported = Q(fed_back_at__isnull=False, fed_back_at__lte=F("due_at"))
    joint = Q(kind=Meeting.Kind.JOINT)
    return {
        "on_hold": Q(),
        "urged": Q(),
        "slips": Q(),
        "slips_due": due,
        "slips_reported": due & reported,
        "slips_late": due & ~reported,
        "met_monthly": Q(kind=Meeting.Kind.MONTHLY),
        "met_joint": joint,
        "met_joint_closed": joint & Q(case__state="closed"),
        "calls": Q(),
        "calls_reached": Q(reached=True),
    }


def counts(viewer: Viewer, at: datetime, cut: Slice) -> dict[str, int]:
    """All of them: one query, for each sort a range of its index."""
    known, wide = conditions(at), max(len(sort.figures) for sort in _SORTS.values())
    queries = []
    for code, sort in _SORTS.items():
        counted: dict[str, Any] = {
            f"n{i}": Count("pk" if sort.times else "case", filter=known[figure] or None, distinct=not sort.times)
            for i, figure in enumerate(sort.figures)
        }
        counted |= {f"n{i}": Value(0, output_field=IntegerField()) for i in range(len(sort.figures), wide)}
        named = _seen(viewer, cut, sort).order_by().annotate(sort=Value(code, output_field=CharField()))
        grouped = named.values("sort").annotate(**counted)
        queries.append(grouped.values_list("sort", *(f"n{i}" for i in range(wide))))
    found = {row[0]: row[1:] for row in queries[0].union(*queries[1:], all=True)}
    return {figure: n for code, sort in _SORTS.items() for figure, n in zip(sort.figures, found.get(code, (0,) * wide), strict=False)}  # fmt: skip


def rows(viewer: Viewer, at: datetime, cut: Slice, figure: str) -> QuerySet[Any]:
    """The rows behind a figure: each of them, or the last of each case."""
    sort, condition = _SORT_OF[figure], conditions(at)[figure]
    found = _seen(viewer, cut, sort).filter(condition)
    if sort.times or sort.now:
        return found
    later = sort.rows.objects.filter(
        _counted(sort, cut.period) & condition, case=OuterRef("case"), pk__gt=OuterRef("pk")
    )
    return found.exclude(Exists(later))


def every(cut: Slice, figure: str) -> QuerySet[Any]:
    """All rows of that sort in the period, whoever may see them, by the index of their moment."""
    sort = _SORT_OF[figure]
    return _indexed(sort).filter(_counted(sort, cut.period))


def moment_of(figure: str) -> str:
    """The column that brings a row into the period and orders the list."""
    return _SORT_OF[figure].moment


def shown_of(figure: str) -> tuple[str, ...]:
    """The columns of a row that a list shows: the case, and the unit whose duty it was if it has one."""
    return ("case", "unit") if _SORT_OF[figure].unit else ("case",)


def by_times(figure: str) -> bool:
    """Whether a case stands in the list as often as it happened."""
    return figure in _SORT_OF and _SORT_OF[figure].times


def as_of_now(figure: str) -> bool:
    """Whether the period says nothing to this figure."""
    return figure in _SORT_OF and _SORT_OF[figure].now


def _seen(viewer: Viewer, cut: Slice, sort: _Sort) -> QuerySet[Any]:
    """Those of a period whose cases the viewer sees."""
    wide = Slice(cut.period, cut.programme, None if sort.unit else cut.unit, cut.town)
    found = _indexed(sort).filter(
        _counted(sort, cut.period), Exists(sliced(viewer, wide).filter(pk=OuterRef("case_id")))
    )
    return found.filter(unit=cut.unit) if sort.unit and cut.unit is not None else found


def _indexed(sort: _Sort) -> QuerySet[Any]:
    found: QuerySet[Any] = sort.rows.objects.all()
    return found.filter(RawSQL(_URGES, (), output_field=BooleanField())) if sort.rows is StoryItem else found  # noqa: S611 - our names


def _counted(sort: _Sort, period: Period) -> Q:
    """The rows of a sort that count, in the period."""
    if sort.now:
        return Q(kind=Stop.Kind.HOLD, ended_at=None)
    calendar = calendar_now()
    inside = within(sort.moment, calendar.begins(period.first), calendar.begins(period.end))
    return inside & _OF_SORT[sort.rows]


_OF_SORT: dict[type[Any], Q] = {
    StoryItem: Q(kind__in=URGES),
    AgendaItem: Q(meeting__isnull=False, outcome__in=_DECIDED),
    Slip: Q(),
    Callback: Q(),
}

__all__ = ["NAMES", "ORDERS", "as_of_now", "by_times", "conditions", "counts", "every", "moment_of", "rows", "shown_of"]
