"""Lists of what stands on an agenda, or whose clock stands still, and the condition of an outcome.

Few cases stand so at a time, whatever the number of cases: a partial index of the case's own column holds them all, and
each is asked whether the viewer sees it. So no look has to go back through a holder's past.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tongban.engines.cases.models import Case, CaseScope, Meeting, Stop
from tongban.engines.cases.outcome import OUTCOMES
from tongban.engines.cases.queries.sight import Sight

_CASE, _SCOPE = Case._meta.db_table, CaseScope._meta.db_table


@dataclass(frozen=True, slots=True)
class Flags:
    """On the agenda of which meeting, why the clock stands still, and what came of it ("unstated": nobody said); each
    "" asks for all, and what is none of them asks for nothing."""

    agenda: str = ""
    stopped: str = ""
    outcome: str = ""

    def __bool__(self) -> bool:
        return bool(self.agenda or self.stopped)

    def known(self) -> bool:
        """Whether there are such flags at all."""
        return (
            self.agenda in ("", *Meeting.Kind.values)
            and self.stopped in ("", *Stop.Kind.values)
            and self.outcome in ("", *OUTCOMES, "unstated")
        )

    def condition(self, alias: str) -> tuple[str, list[Any]]:
        """For raw SQL: the case ``alias`` came out so. Empty where that is not asked for."""
        if not self.outcome:
            return "", []
        if self.outcome == "unstated":
            return f"{alias}.outcome = '' AND {alias}.answered_at IS NOT NULL", []
        return f"{alias}.outcome = %s", [self.outcome]


def flagged(
    sight: Sight, flags: Flags, before: int, limit: int, *, state: str, programme: str, narrowed: list[int]
) -> tuple[str, list[Any]]:
    """Plain SQL that gives the newest such cases in sight below the number ``before``, and one more than ``limit``."""
    # The index's own condition is written out: only so do both planners know that it holds what is wanted.
    wheres, params = ["c.id < %s"], list[Any]([before])
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
    return f"{found} ORDER BY c.id DESC LIMIT %s", [*params, limit + 1]
