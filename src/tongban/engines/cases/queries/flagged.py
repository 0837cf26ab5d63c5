"""Lists of what stands on an agenda, or whose clock stands still, and the condition of an outcome.

Few cases stand so at a time, whatever the number of cases: a partial index of the case's own column holds them all, and
each is asked whether the viewer sees it. So no look has to go back through a holder's past.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from tongban.core.labels import Label
from tongban.engines.cases.models import Case, CaseScope, Meeting, Slip, Stop
from tongban.engines.cases.outcome import OUTCOMES
from tongban.engines.cases.queries.sight import Sight

_CASE, _SCOPE, _SLIP = Case._meta.db_table, CaseScope._meta.db_table, Slip._meta.db_table
#: Which of the open supervision slips.
SLIPS = {
    "open": Label("等反馈", "report waited for"),
    "overdue": Label("到期未反馈", "not reported on in time"),
    "mine": Label("我发的，等反馈", "issued by me, report waited for"),
    "mine_overdue": Label("我发的，到期未反馈", "issued by me, not reported on in time"),
}


@dataclass(frozen=True, slots=True)
class Flags:
    """On the agenda of which meeting, why the clock stands still, what came of it ("unstated": nobody said), and which
    open slip; each "" asks for all, and what is none of them asks for nothing."""

    agenda: str = ""
    stopped: str = ""
    outcome: str = ""
    slip: str = ""
    at: datetime | None = field(default=None, compare=False)  # by which a slip is overdue

    def __bool__(self) -> bool:
        return bool(self.agenda or self.stopped or self.slip)

    def known(self) -> bool:
        """Whether there are such flags at all."""
        return (
            self.agenda in ("", *Meeting.Kind.values)
            and self.stopped in ("", *Stop.Kind.values)
            and self.outcome in ("", *OUTCOMES, "unstated")
            and self.slip in ("", *SLIPS)
            and (self.at is not None or not self.slip.endswith("overdue"))
        )

    def slipped(self, account: int | None) -> tuple[list[str], list[Any]]:
        """For raw SQL: the case ``c`` has such a slip for whoever reads; nothing where that is not asked for."""
        if not self.slip:
            return [], []
        # A range, so that SQLite walks the index of open slips and not all cases by their number.
        wheres, params = ["c.slip_due_at > %s"], [_stored(datetime(1970, 1, 1, tzinfo=UTC))]
        if self.slip.endswith("overdue"):
            wheres.append("c.slip_due_at <= %s")
            params.append(_stored(self.at))
        if self.slip.startswith("mine"):
            wheres.append(
                f"EXISTS (SELECT 1 FROM {_SLIP} p WHERE p.case_id = c.id AND p.issued_by = %s"  # noqa: S608 - our names
                " AND p.fed_back_at IS NULL AND p.ended_at IS NULL)"
            )
            params.append(account)
        return wheres, params

    def condition(self, alias: str) -> tuple[str, list[Any]]:
        """For raw SQL: the case ``alias`` came out so. Empty where that is not asked for."""
        if not self.outcome:
            return "", []
        if self.outcome == "unstated":
            return f"{alias}.outcome = '' AND {alias}.answered_at IS NOT NULL", []
        return f"{alias}.outcome = %s", [self.outcome]


def _stored(moment: datetime | None) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def flagged(
    sight: Sight,
    flags: Flags,
    before: int,
    limit: int,
    *,
    state: str,
    programme: str,
    narrowed: list[int],
    account: int | None = None,
) -> tuple[str, list[Any]]:
    """Plain SQL that gives the newest such cases in sight below the number ``before``, and one more than ``limit``."""
    # The index's own condition is written out: only so do both planners know that it holds what is wanted.
    slipped = flags.slipped(account)
    number = "c.id + 0" if flags.slip else "c.id"
    wheres, params = [f"{number} < %s", *slipped[0]], [before, *slipped[1]]
    for column, value in (("agenda", flags.agenda), ("stopped", flags.stopped)):
        if value:
            wheres.append(f"NOT (c.{column} = '') AND c.{column} = %s")
            params.append(value)
    for column, value in (("state", state), ("programme", programme)):
        if value:
            wheres.append(f"c.{column} = %s")
            params.append(value)
    came_to, given = flags.condition("c")
    if came_to:
        wheres.append(came_to)
        params += given
    if sight.barred:
        wheres.append(f"(c.about_id IS NULL OR c.about_id NOT IN ({', '.join(['%s'] * len(sight.barred))}))")
        params += sight.barred
    for condition, given in (sight.condition("o"), *(("o.holder = %s", [holder]) for holder in narrowed)):
        wheres.append(f"EXISTS (SELECT 1 FROM {_SCOPE} o WHERE o.case_id = c.id AND {condition})")  # noqa: S608 - our names
        params += given
    found = f"SELECT c.id AS case_id, 0 AS beyond FROM {_CASE} c WHERE {' AND '.join(wheres)}"  # noqa: S608 - our names
    return f"{found} ORDER BY {number} DESC LIMIT %s", [*params, limit + 1]
