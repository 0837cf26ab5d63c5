"""What a desk needs beside a list: how much waits and when, whom a case may be given to, and whom the route advises."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from tongban.core.access import holders
from tongban.core.access.viewer import Viewer
from tongban.core.calendar.logic import day_words
from tongban.core.calendar.queries import calendar_now
from tongban.core.dated import BEGINNING
from tongban.core.labels import Label
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.actions.authority import duties, lead_duty, open_duties
from tongban.engines.cases.actions.writing import barred_units
from tongban.engines.cases.limits import LIMITS, STEPS
from tongban.engines.cases.models import Case, CaseScope, Limit, Route
from tongban.engines.cases.queries import approvals, callbacks
from tongban.engines.cases.queries.lists import View, stored, stretches_of, view_of, views_of
from tongban.engines.cases.queries.sight import as_asker, at_work

_TABLE = CaseScope._meta.db_table
# No holder's ranges: under these stands what is counted beside the queues.
_TEXTS, _CALLS = (0, 0, ""), (0, 1, "")


@dataclass(frozen=True, slots=True)
class DueCount:
    """How many wait in one stretch of time."""

    code: str
    label: Label
    count: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """The viewer's queues with their counts, and the due bar of the one that he looks at."""

    views: list[tuple[View, int]]
    chosen: View | None
    due: list[DueCount]
    texts: int | None = None  # public texts that wait for approval; None for whoever approves none
    calls: int | None = None  # answers not called back yet; None for whoever calls nobody back

    @property
    def many_calls(self) -> bool:
        """Whether there are more calls to make than were counted."""
        return (self.calls or 0) >= callbacks.MOST

    @property
    def total(self) -> int:
        """How many wait in the chosen queue."""
        return next((n for view, n in self.views if view == self.chosen), 0)


def waiting(viewer: Viewer, at: datetime, view: str, *, programme: str = "", town: int | None = None) -> Waiting:
    """All counts of the queue page with one query: for each range of its index, how many in each stretch of time.

    ``programme`` and ``town`` narrow them as they narrow the queue itself.
    """
    views = views_of(viewer)
    chosen = view_of(viewer, view)
    if not views:
        return Waiting([], None, [])
    stretches = stretches_of(at)
    narrowed = _narrowed(programme, town)
    ranges = sorted({r for v in views for r in v.ranges})
    counted = _counted(
        viewer, ranges, [(s[2], s[3]) for s in stretches], narrowed, _beside(viewer, at, programme, town)
    )
    none = (0,) * (len(stretches) + 1)
    mine = [counted.get(r, none) for r in (chosen.ranges if chosen else ())]
    due = [DueCount(s[0], s[1], sum(m[i + 1] for m in mine)) for i, s in enumerate(stretches)]
    texts, calls = (counted.get(key, (None,))[0] for key in (_TEXTS, _CALLS))
    return Waiting([(v, sum(counted.get(r, none)[0] for r in v.ranges)) for v in views], chosen, due, texts, calls)


def _beside(
    viewer: Viewer, at: datetime, programme: str, town: int | None
) -> list[tuple[tuple[int, int, str], str, list[Any]]]:
    """What else the side of the page counts, as plain SQL and its parameters, each under its key."""
    wanted = callbacks.Wanted(programme=programme, town=town)
    asked = ((_TEXTS, approvals.counting(viewer)), (_CALLS, callbacks.counting(viewer, at, wanted)))
    return [(key, *counting) for key, counting in asked if counting is not None]


def _narrowed(programme: str, town: int | None) -> tuple[list[str], list[str | int]]:
    """What narrows the rows ``s`` that wait to a programme and a town: conditions and parameters."""
    wheres: list[str] = []
    params: list[str | int] = []
    if programme:
        wheres.append("s.programme = %s")
        params.append(programme)
    if town is not None:
        # One look at the unique index (case, holder) for each row that waits.
        wheres.append(f"EXISTS (SELECT 1 FROM {_TABLE} t WHERE t.case_id = s.case_id AND t.holder = %s)")
        params.append(holders.area(town))
    return wheres, params


def _counted(
    viewer: Viewer, ranges: list[tuple[int, int, str]], stretches: list[tuple[datetime, datetime]],
    narrowed: tuple[list[str], list[str | int]], beside: list[tuple[tuple[int, int, str], str, list[Any]]],
) -> dict[tuple[int, int, str], tuple[int, ...]]:  # fmt: skip
    """Range → how many wait in all, and in each stretch of time; under keys of its own what is counted ``beside`` them."""
    sums = ", ".join(["sum(CASE WHEN due_at >= %s AND due_at < %s THEN 1 ELSE 0 END)"] * len(stretches))
    sight = at_work(viewer)
    bounds = [stored(b) for s in stretches for b in s]
    unbarred, barred = sight.unbarred("s")
    gaps, given = [], []
    for holder, queue, _ in ranges:
        placed, places = sight.at_his_place(holder, "s")
        gaps.append("(holder = %s AND queue = %s" + (f" AND {placed})" if placed else ")"))
        given += [holder, queue, *places]
    where = " AND ".join(["queue > 0", f"({' OR '.join(gaps)})", *([unbarred] if barred else []), *narrowed[0]])
    found: dict[tuple[int, int, str], tuple[int, ...]] = {}
    others = "".join(f" UNION ALL SELECT 0, {key[1]}, '', ({sql}){', 0' * len(stretches)}" for key, sql, _ in beside)
    asked = [value for _, _, params in beside for value in params]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT holder, queue, programme, count(*), {sums} FROM {_TABLE} s WHERE {where}"
            f" GROUP BY holder, queue, programme{others}",
            [*bounds, *given, *barred, *narrowed[1], *asked],
        )
        for holder, queue, programme, *counts in cursor.fetchall():
            if not holder:
                found[0, queue, ""] = tuple(counts)
                continue
            for wide in ("", programme):
                known = found.get((holder, queue, wide), (0,) * len(counts))
                found[holder, queue, wide] = tuple(int(a + b) for a, b in zip(known, counts, strict=True))
    return found


def queue_counts(viewer: Viewer, at: datetime) -> dict[str, int]:
    """View code → how many cases wait there."""
    return {view.code: n for view, n in waiting(viewer, at, "work").views}


def due_counts(viewer: Viewer, at: datetime, *, view: str = "work") -> list[DueCount]:
    """The due bar: overdue, today, each of the next four working days, later, no clock."""
    return waiting(viewer, at, view).due


def visible(viewer: Viewer, keys: list[int]) -> list[int]:
    """Those of the cases that the viewer may see at work, in the given order."""
    seen = at_work(viewer).of(keys) if keys else set()
    return [k for k in keys if k in seen]


def visible_as_asker(viewer: Viewer, keys: list[int]) -> list[int]:
    """Those of the cases that the viewer may see as somebody who asked or takes part, in the given order."""
    seen = as_asker(viewer).of(keys) if keys else set()
    return [k for k in keys if k in seen]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The unit that the county's route names for this kind of matter: advice to the desk, never an assignment."""

    unit: Body
    limit: str
    why: Label


def suggestion(case: Case, at: datetime) -> Suggestion | None:
    """The route in force for the case's programme and category, unless its unit may not have the case or returned it."""
    day = calendar_now().day_of(at)
    found = (
        Route.objects.filter(Q(ended_at=None) | Q(ended_at__gt=at), programme=case.programme, category=case.category)
        .filter(valid_from__lte=day)
        .order_by("-valid_from", "-pk")
        .first()
    )
    body = directory().bodies.get(found.unit_id) if found else None
    if (
        found is None
        or body is None
        or body.id in returners(case)
        or body.id not in {b.id for b in receivers(case, at)}
    ):
        return None
    since = found.valid_from
    # What came with the county has held from the beginning, which is no date that anybody need know.
    told = day_words(since)
    zh, en = (f"（{told.zh}起）", f" (since {told.en})") if since > BEGINNING else ("", "")
    why = Label(
        f"去向表：这类事先交“{body.name.zh}”{zh}",
        f"The routes give this kind of matter to “{body.name.en}” first{en}",
    )
    return Suggestion(body, found.limit, why)


def returners(case: Case) -> frozenset[int]:
    """The bodies that have returned the case: they may be given it again, but nobody is advised to."""
    return frozenset(d.unit_id for d in duties(case) if d.returned_at is not None)


def receivers(case: Case, at: datetime) -> list[Body]:
    """The bodies to which the case may be given now: they exist, are not what it is about, and do not have it yet.

    Once a unit has signed it in, only those below that unit.
    """
    known, day = directory(), calendar_now().day_of(at)
    out = barred_units(case) | {d.unit_id for d in open_duties(case)}
    lead = lead_duty(case) if case.state == "handling" else None
    below = set(known.below(lead.unit_id)) if lead else None
    return [
        b
        for b in known.bodies.values()
        if b.kind != "desk" and b.id not in out and b.valid_on(day) and (below is None or b.id in below)
    ]


def assistants(case: Case, at: datetime) -> list[Body]:
    """The bodies that may be asked to assist: not only those below the lead unit."""
    known, day = directory(), calendar_now().day_of(at)
    out = barred_units(case) | {d.unit_id for d in open_duties(case)}
    return [b for b in known.bodies.values() if b.kind != "desk" and b.id not in out and b.valid_on(day)]


def limits(at: datetime) -> list[Limit]:
    """The limits that an assignment may choose from, shortest first; those of single steps and stops are left out."""
    found = LIMITS.all_on(calendar_now().day_of(at))
    return [limit for code, limit in sorted(found.items(), key=lambda x: x[1].amount) if code not in STEPS]


__all__ = [
    "Suggestion",
    "Waiting",
    "assistants",
    "limits",
    "receivers",
    "returners",
    "suggestion",
    "visible",
    "visible_as_asker",
    "waiting",
]
