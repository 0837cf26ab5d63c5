"""What waits to be called back (回访): answered, in time that is worth a call, and nobody has asked yet whether it is solved.

Each desk's are one range of ``case_called`` (desk, what the last call found, when it was answered), newest answer first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tongban.core import cursors
from tongban.core.access import holders
from tongban.core.access.viewer import AGENT, Viewer
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Case, CaseScope
from tongban.engines.cases.outcome import OUTCOMES
from tongban.engines.cases.queries.lists import stored
from tongban.engines.cases.queries.rows import PAGE, Page, joined, moment
from tongban.engines.cases.queries.sight import at_work
from tongban.engines.cases.queries.workers import worked_on

_CASE, _SCOPE = Case._meta.db_table, CaseScope._meta.db_table
#: How long after its answer a case is called back for as a matter of course; older ones are there for whoever asks for all.
FRESH = timedelta(days=30)
#: More than so many are not counted one by one.
MOST = 500
#: What the last call found.
TRIED = {"": Label("还没打过", "Not called yet"), "unreached": Label("打过没接通", "Nobody was reached")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of calls is narrowed to. ``whole``: old answers too."""

    tried: str = ""
    programme: str = ""
    town: int | None = None
    outcome: str = ""
    whole: bool = False

    def known(self) -> bool:
        """Whether there are such calls at all."""
        return self.tried in TRIED and self.outcome in ("", *OUTCOMES, "unstated")


_ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Calls:
    """A page of them, and how many there are in all (:data:`MOST`: that many or more)."""

    page: Page
    count: int


def calls_page(
    viewer: Viewer, at: datetime, *, wanted: Wanted = _ALL, after: str = "", limit: int = PAGE
) -> Page:  # fmt: skip
    """Those that the viewer may call back, the latest answered first."""
    return calls(viewer, at, wanted=wanted, after=after, limit=limit).page


def calls(viewer: Viewer, at: datetime, *, wanted: Wanted = _ALL, after: str = "", limit: int = PAGE) -> Calls:
    """The same with their number, in one query."""
    ranges = _ranges(viewer, at, wanted)
    if not ranges:
        return Calls(Page([]), 0)
    counted, given = _count(ranges)
    parts: list[str] = []
    params = list(given)
    place = cursors.place_of(after)
    for where, values in ranges:
        before, extra = _before(place)
        parts.append(
            f"SELECT * FROM (SELECT c.id AS case_id, c.answered_at AS told_at, n.counted FROM {_CASE} c CROSS JOIN n"  # noqa: S608 - our names
            f" WHERE {where}{before} ORDER BY c.answered_at DESC, c.id DESC LIMIT %s) p{len(parts)}"
        )
        params += [*values, *extra, limit + 1]
    heads = f"WITH n AS (SELECT ({counted}) AS counted) {' UNION ALL '.join(parts)}"
    found = sorted(
        ((moment(told_at), row.id, counted, row) for (_, told_at, counted), row in joined(heads, params) if row is not None),
        key=lambda one: one[:2], reverse=True,
    )  # fmt: skip
    shown = found[:limit]
    more = f"{shown[-1][0].isoformat()}|{shown[-1][1]}" if len(found) > limit and shown[-1][0] else ""
    return Calls(Page([one[3] for one in shown], more), int(found[0][2]) if found else 0)


def counting(viewer: Viewer, at: datetime, wanted: Wanted) -> tuple[str, list[Any]] | None:
    """Plain SQL that counts them, to be asked for beside something else; None if he calls nobody back."""
    ranges = _ranges(viewer, at, wanted)
    return _count(ranges) if ranges else None


def may_call_back(viewer: Viewer) -> bool:
    """Whether calling back is of his office at all."""
    return bool(_desks(viewer))


def _count(ranges: list[tuple[str, list[Any]]]) -> tuple[str, list[Any]]:
    """At most MOST are looked at: a desk that never calls back has tens of thousands."""
    each = " UNION ALL ".join(f"SELECT 1 FROM {_CASE} c WHERE {where}" for where, _ in ranges)  # noqa: S608 - our names
    return f"SELECT count(*) FROM (SELECT 1 FROM ({each}) e LIMIT {MOST}) f", [v for _, vs in ranges for v in vs]  # noqa: S608 - our names


def _desks(viewer: Viewer) -> list[tuple[int, str]]:
    """(desk, programme; "" for all) at which he is an agent."""
    known = directory().bodies
    held = {(g.organisation, g.programme) for g in viewer.grants_for(AGENT)}
    return sorted(
        (desk, programme)
        for desk, programme in held
        if desk in known and known[desk].kind == "desk" and (not programme or (desk, "") not in held)
    )


def _ranges(viewer: Viewer, at: datetime, wanted: Wanted) -> list[tuple[str, list[Any]]]:
    """For raw SQL: for each desk the condition on a case ``c`` and its parameters."""
    if not wanted.known() or viewer.account is None:
        return []
    rest, given = _narrowed(viewer, at, wanted)
    found = []
    for desk, programme in _desks(viewer):
        # Written out as the index has it: the desk, what the last call found, and that there is an answer.
        where, params = "c.desk_id = %s AND c.callback = %s AND c.answered_at IS NOT NULL", [desk, wanted.tried]
        if programme:
            where, params = f"{where} AND c.programme = %s", [*params, programme]
        found.append((" AND ".join([where, *rest]), [*params, *given]))
    return found


def _narrowed(viewer: Viewer, at: datetime, wanted: Wanted) -> tuple[list[str], list[Any]]:
    wheres, params = ["c.state IN ('answered', 'closed')"], []
    if not wanted.whole:
        wheres.append("c.answered_at >= %s")
        params.append(stored(at - FRESH))
    if wanted.programme:
        wheres.append("c.programme = %s")
        params.append(wanted.programme)
    if wanted.outcome:
        wheres.append("c.outcome = %s")
        params.append("" if wanted.outcome == "unstated" else wanted.outcome)
    if wanted.town is not None:
        wheres.append(f"EXISTS (SELECT 1 FROM {_SCOPE} t WHERE t.case_id = c.id AND t.holder = %s)")  # noqa: S608 - our names
        params.append(holders.area(wanted.town))
    if barred := at_work(viewer).barred:
        wheres.append(f"(c.about_id IS NULL OR c.about_id NOT IN ({', '.join(['%s'] * len(barred))}))")
        params += barred
    assert viewer.account is not None  # else there are no ranges to narrow
    worked, his = worked_on(viewer.account)
    return [*wheres, f"NOT {worked}"], [*params, *his]


def _before(place: tuple[datetime, int] | None) -> tuple[str, list[Any]]:
    if place is None:
        return "", []
    when, key = stored(place[0]), place[1]
    return " AND c.answered_at <= %s AND (c.answered_at < %s OR c.id < %s)", [when, when, key]


__all__ = ["FRESH", "MOST", "TRIED", "Calls", "Wanted", "calls", "calls_page", "counting", "may_call_back"]
