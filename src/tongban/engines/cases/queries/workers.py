"""Who has worked on a case, for queries: he neither rates it nor asks whether it is solved (``authority.workers``)."""

from __future__ import annotations

from typing import Any

from tongban.engines.cases.models import Answer, Assignment, StoryItem

# Where it stands, beside the case's own handler: who took it on, wrote an answer, had it handed over to him.
_WORKED = (
    (Assignment._meta.db_table, "w.signed_in_by"),
    (Answer._meta.db_table, "w.written_by"),
    (StoryItem._meta.db_table, "w.kind = 'hand_over' AND w.account"),
)


def worked_on(account: int) -> tuple[str, list[Any]]:
    """For raw SQL: the account has worked on the case ``c``."""
    # With an offset PostgreSQL asks of each case by itself; without, it first looks through all that was ever done by anybody.
    parts = [
        f"EXISTS (SELECT 1 FROM {rows} w WHERE w.case_id = c.id AND {who} = %s LIMIT 1 OFFSET 0)"  # noqa: S608 - our names
        for rows, who in _WORKED
    ]
    return f"(COALESCE(c.handler_id, 0) = %s OR {' OR '.join(parts)})", [account] * (1 + len(_WORKED))


__all__ = ["worked_on"]
