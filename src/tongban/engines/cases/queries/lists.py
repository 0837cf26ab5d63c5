"""Lists of cases. Each is a few ranges of the scope table's two indexes, whatever the number of cases.

``scope_queue`` (holder, queue, due, case) serves what waits; ``scope_newest`` (holder, case, state, programme) all that a
holder may see. A list over several holders takes the head of each range and merges the heads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from tongban.core import cursors
from tongban.core.access import holders
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.actions.writing import NO_CLOCK
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.queries.flagged import Flags, flagged
from tongban.engines.cases.queries.ratings import waits_for_rating
from tongban.engines.cases.queries.rows import PAGE, CaseRow, Page, joined, moment
from tongban.engines.cases.queries.sight import as_asker, at_work
from tongban.engines.cases.request import QUEUE_LABELS, QUEUES

# How many of a holder's newest cases one look goes through for a rare state before it says so and offers to go on.
LOOK_BACK = 10_000
_TABLE, _CASE = CaseScope._meta.db_table, Case._meta.db_table
_NO_FLAGS = Flags()
_NEVER: tuple[str, Sequence[Any]] = ("1 = 0", ())
_OFFICES = {
    AGENT: ("accept", "assign", "extension", "send", "close"),
    HANDLER: ("sign_in", "handle", "assist"),
    REVIEWER: ("review",),
}


@dataclass(frozen=True, slots=True)
class View:
    """One queue as a viewer has it: the ranges (holder, queue number, programme or "") that make it up."""

    code: str
    label: Label
    ranges: tuple[tuple[int, int, str], ...]


def views_of(viewer: Viewer) -> list[View]:
    """The queues that the viewer's offices give him: "work" (all that waits), "mine", then each by its name."""
    found: dict[str, set[tuple[int, int, str]]] = {}
    seen = viewer.working_ranges()
    for grant in viewer.grants:
        holder = holders.unit(grant.organisation)
        for name in _OFFICES.get(grant.code, ()):
            for programme in {p for h, p in seen if h == holder and p in ("", grant.programme)}:
                found.setdefault(name, set()).add((holder, QUEUES[name], programme or grant.programme))
    if not found:
        return []
    whole = {name: _widest(ranges) for name, ranges in found.items()}
    every = tuple(sorted({r for ranges in whole.values() for r in ranges}))
    views = [View("work", Label("全部待办", "All that waits"), every)]
    if viewer.account is not None and viewer.grants_for(HANDLER):
        mine = ((holders.account(viewer.account), QUEUES["handle"], ""),)
        views.append(View("mine", Label("我经办的", "Handled by me"), mine))
    views += [View(n, QUEUE_LABELS[n], whole[n]) for n in QUEUES if n in whole]
    return views


def _widest(ranges: set[tuple[int, int, str]]) -> tuple[tuple[int, int, str], ...]:
    """Without those that a range over all programmes holds already."""
    return tuple(sorted(r for r in ranges if not r[2] or (r[0], r[1], "") not in ranges))


def view_of(viewer: Viewer, code: str) -> View | None:
    """One of the viewer's queues."""
    return next((v for v in views_of(viewer) if v.code == code), None)


def queue_page(
    viewer: Viewer, at: datetime, *, view: str = "work", programme: str = "", town: int | None = None,
    due: str = "", after: str = "", limit: int = PAGE,
) -> Page:  # fmt: skip
    """What waits in one of the viewer's queues, by due time. ``due`` is one of :func:`due_counts`'s codes."""
    chosen = view_of(viewer, view)
    if chosen is None:
        return Page([])
    low, high = _window(due, at)
    # SQLite plans before it knows the number: only "queue > 0", written out, lets it use the index of what waits.
    wheres = ["holder = %s AND queue = %s AND queue > 0 AND due_at >= %s AND due_at < %s"]
    params: list[Any] = [stored(low), stored(high)]
    if programme:
        wheres.append("programme = %s")
        params.append(programme)
    if town is not None:
        wheres.append(f"EXISTS (SELECT 1 FROM {_TABLE} t WHERE t.case_id = s.case_id AND t.holder = %s)")
        params.append(holders.area(town))
    if cursor := cursors.place_of(after):
        # Written out rather than as a row value, so that both planners use it as the lower end of the range.
        wheres.append("due_at >= %s AND (due_at > %s OR case_id > %s)")
        params += [stored(cursor[0]), stored(cursor[0]), cursor[1]]
    sight = at_work(viewer)
    unbarred, barred = sight.unbarred("s")
    ranges = []
    for holder, queue, only in chosen.ranges:
        placed, places = sight.at_his_place(holder, "s")
        given = [*wheres, *filter(None, (unbarred, placed)), *(["programme = %s"] if only else [])]
        ranges.append((" AND ".join(given), [holder, queue, *params, *barred, *places, *([only] if only else [])]))
    found: dict[int, tuple[datetime, CaseRow]] = {}
    for (case, _queue, due_at), row in _heads(ranges, limit + 1):
        if row is not None:
            found.setdefault(case, (moment(due_at) or NO_CLOCK, row))
    order = sorted(found, key=lambda c: (found[c][0], c))
    shown = order[:limit]
    more = f"{found[shown[-1]][0].isoformat()}|{shown[-1]}" if len(order) > limit else ""
    return Page([found[c][1] for c in shown], more)


def newest_page(
    viewer: Viewer, *, state: str = "", programme: str = "", town: int | None = None, unit: int | None = None,
    flags: Flags = _NO_FLAGS, after: str = "", limit: int = PAGE, own: bool = False,
    to_rate: tuple[str, Sequence[Any]] = _NEVER,
) -> Page:  # fmt: skip
    """All that the viewer may see, newest first. A town or unit narrows the range itself."""
    sight = as_asker(viewer) if own else at_work(viewer)
    if not sight or not flags.known():
        return Page([])
    drive, wheres, params = list(sight.ranges), [], []
    narrowed = [holders.unit(unit)] if unit is not None else []
    narrowed += [holders.area(town)] if town is not None else []
    before = cursors.key_of(cursors.opened(after)) or 2**62
    if flags:
        return _flagged(
            flagged(
                sight,
                flags,
                before,
                limit,
                state=state,
                programme=programme,
                narrowed=narrowed,
                account=viewer.account,
            ),
            limit,
        )
    if narrowed:
        conditions = [("o.holder = %s", [h]) for h in narrowed[1:]] + [sight.condition("o")]
        drive = [(narrowed[0], "")]
        for condition, given in conditions:
            wheres.append(f"EXISTS (SELECT 1 FROM {_TABLE} o WHERE o.case_id = s.case_id AND {condition})")
            params += given
    for column, value in (("state", state), ("programme", programme)):
        if value:
            wheres.append(f"s.{column} = %s")
            params.append(value)
    came_to, given = flags.condition("c")
    if came_to:
        wheres.append(f"EXISTS (SELECT 1 FROM {_CASE} c WHERE c.id = s.case_id AND {came_to})")
        params += given
    looked = _look(drive, before, (wheres, params), sight.unbarred("s"), limit, to_rate)
    shown = sorted(looked.found, reverse=True)[:limit]
    rows = [looked.found[c] for c in shown]
    if own:
        # A follower's list tells no more than his page: how it was rated stands there, for those who may know.
        rows = [replace(row, grade=None) for row in rows]
    if len(looked.found) > limit:
        return Page(rows, str(shown[-1]))
    return Page(rows, cursors.closed(str(looked.end)), LOOK_BACK) if looked.end else Page(rows)


def _flagged(asked: tuple[str, list[Any]], limit: int) -> Page:
    found = {row.id: row for _, row in joined(*asked) if row is not None}
    shown = sorted(found, reverse=True)[:limit]
    return Page([found[c] for c in shown], str(shown[-1]) if len(found) > limit else "")


def own_cases(viewer: Viewer, *, after: str = "", limit: int = PAGE, at: datetime | None = None) -> Page:
    """What the viewer himself asked, or a firm for which he may act, or takes part in; newest first.

    ``at``: the rows tell which of them wait for his rating then.
    """
    to_rate = waits_for_rating(viewer, at) if at is not None else _NEVER
    return newest_page(viewer, after=after, limit=limit, own=True, to_rate=to_rate)


@dataclass(slots=True)
class _Looked:
    found: dict[int, CaseRow]
    end: int = 0  # the case before which the look stopped without having seen everything


def _look(
    drive: Sequence[tuple[int, str]], before: int, rare: tuple[list[str], list[Any]], unbarred: tuple[str, list[Any]],
    limit: int, to_rate: tuple[str, Sequence[Any]] = _NEVER,
) -> _Looked:  # fmt: skip
    """The newest cases of some ranges, in one query.

    Where conditions that few may meet are given (``rare``), at most LOOK_BACK cases of each range are gone through; the
    first one that was left out comes along. That a case is ``unbarred`` holds of nearly all, so it needs no such end.
    """
    parts: list[str] = []
    params: list[Any] = []
    for holder, programme in drive:
        wheres, values = (
            [*rare[0], *(["s.programme = %s"] if programme else [])],
            [*rare[1], *filter(None, [programme])],
        )
        open_to_all = f" AND {unbarred[0]}" if unbarred[0] else ""
        range_, place = "s.holder = %s AND s.case_id < %s", [holder, before]
        if not wheres:
            parts.append(
                f"SELECT s.case_id, 0 AS beyond FROM {_TABLE} s WHERE {range_}{open_to_all}"
                " ORDER BY s.case_id DESC LIMIT %s"
            )
            params += [*place, *unbarred[1], limit + 1]
            continue
        # The lower end is a number, not a subquery cut off: so the index is walked in order and left when the page is full.
        beyond = f"SELECT s.case_id FROM {_TABLE} s WHERE {range_} ORDER BY s.case_id DESC LIMIT 1 OFFSET {LOOK_BACK}"
        parts.append(
            f"WITH e AS MATERIALIZED (SELECT ({beyond}) AS beyond)"
            f" SELECT s.case_id, e.beyond FROM e LEFT JOIN (SELECT s.case_id FROM {_TABLE} s WHERE {range_}"
            f" AND s.case_id > (SELECT COALESCE(beyond, 0) FROM e) AND {' AND '.join(wheres)}{open_to_all}"
            " ORDER BY s.case_id DESC LIMIT %s) s ON 1 = 1"
        )
        params += [*place, *place, *values, *unbarred[1], limit + 1]
    looked = _Looked({})
    counts: dict[int, int] = {}
    for (case, left), row in joined(
        " UNION ALL ".join(f"SELECT * FROM ({p}) p{i}" for i, p in enumerate(parts)), params, to_rate
    ):
        if row is not None:
            looked.found[case] = row
        counts[left or 0] = counts.get(left or 0, 0) + (row is not None)
    for left, n in counts.items():
        if n <= limit and left:
            # The next look begins above the newest case that any range's look has left out.
            looked.end = max(looked.end, left + 1)
    if looked.end:
        looked.found = {c: row for c, row in looked.found.items() if c >= looked.end}
    return looked


def _heads(ranges: Sequence[tuple[str, list[Any]]], limit: int) -> list[tuple[tuple[Any, ...], CaseRow | None]]:
    """The heads (case, queue, due) of several ranges by due time, each with its case; one query."""
    one = f"SELECT case_id, queue, due_at FROM {_TABLE} s WHERE %s ORDER BY due_at, case_id LIMIT {int(limit)}"
    each = [f"SELECT * FROM ({one.replace('%s', where, 1)}) h{i}" for i, (where, _) in enumerate(ranges)]
    return joined(" UNION ALL ".join(each), [x for _, params in ranges for x in params], queued=True)


def stretches_of(at: datetime) -> list[tuple[str, Label, datetime, datetime]]:
    """(code, label, from, before) of the due bar's stretches."""
    calendar = calendar_now()
    today = calendar.day_of(at)
    ends = [calendar.begins(today + timedelta(days=1))]
    begin = datetime(1, 1, 2, tzinfo=UTC)
    found = [("late", Label("已超期", "Overdue"), begin, at), ("today", Label("今天", "Today"), at, ends[0])]
    days = calendar.working_dates(today + timedelta(days=1), today + timedelta(days=20))[:4]
    low = ends[0]
    for day in days:
        high = calendar.begins(day + timedelta(days=1))
        found.append((day.isoformat(), _day_label(day), low, high))
        low = high
    found.append(("later", Label("之后", "Later"), low, NO_CLOCK))
    found.append(("none", Label("不计时", "No clock"), NO_CLOCK, NO_CLOCK + timedelta(days=1)))
    return found


def _day_label(day: date) -> Label:
    zh, en = "一二三四五六日"[day.weekday()], ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day.weekday()]
    return Label(f"周{zh} {day.day}", f"{en} {day.day}")


def _window(due: str, at: datetime) -> tuple[datetime, datetime]:
    for code, _, low, high in stretches_of(at) if due else ():
        if code == due:
            return low, high
    return datetime(1, 1, 2, tzinfo=UTC), NO_CLOCK + timedelta(days=1)


def stored(moment: datetime) -> Any:
    """A moment as this database compares it in a plain SQL parameter."""
    return connection.ops.adapt_datetimefield_value(moment)


__all__ = [
    "CaseRow",
    "Page",
    "View",
    "newest_page",
    "own_cases",
    "queue_page",
    "stored",
    "stretches_of",
    "view_of",
    "views_of",
]
