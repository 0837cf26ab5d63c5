"""The public texts that wait for another's approval at the viewer's desks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.core.access.models import Account
from tongban.core.access.viewer import AGENT, REVIEWER, Viewer
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.limits import due_of, limit_on
from tongban.engines.cases.models import Case, Publication
from tongban.engines.cases.secrets import case_number

MOST = 100
_TABLE, _CASE = Publication._meta.db_table, Case._meta.db_table


@dataclass(frozen=True, slots=True)
class WaitingText:
    """A text that one has prepared and another has to read. It is due as any review is."""

    case: int
    number: str
    title: str
    programme: str
    area: Label
    writer: str
    own: bool  # prepared by the viewer, so that another has to approve it
    answered: bool  # whether it tells an answer
    prepared_at: datetime
    due_at: datetime


def approving(viewer: Viewer) -> tuple[str, list[Any]] | None:
    """For raw SQL: the condition on a version ``p`` and its case ``c`` under which it waits at a desk of the viewer's;
    None if he approves nowhere. Complaints and confidential requests are never published, so nobody is barred here."""
    desks = {b.id for b in directory().bodies.values() if b.kind == "desk"}
    at_desks = sorted({(g.organisation, g.programme) for g in viewer.grants_for(AGENT, REVIEWER)})
    held = [(desk, programme) for desk, programme in at_desks if desk in desks]
    if not held:
        return None
    where = " OR ".join(
        "c.desk_id = %s AND c.programme = %s" if programme else "c.desk_id = %s" for _, programme in held
    )
    params = [x for desk, programme in held for x in ((desk, programme) if programme else (desk,))]
    # Written out as the index of prepared versions has it.
    return f"p.state = 'prepared' AND c.state <> 'undone' AND ({where})", params


def counting(viewer: Viewer) -> tuple[str, list[Any]] | None:
    """Plain SQL that counts them, to be asked for beside something else; None if the viewer approves nowhere."""
    asked = approving(viewer)
    if asked is None:
        return None
    return f"SELECT count(*) FROM {_TABLE} p JOIN {_CASE} c ON c.id = p.case_id WHERE {asked[0]}", asked[1]  # noqa: S608 - our names


def waiting_texts(viewer: Viewer, at: datetime) -> list[WaitingText] | None:
    """What waits, the longest first; None if the viewer approves nowhere."""
    del at
    asked = approving(viewer)
    if asked is None:
        return None
    found = f"SELECT p.* FROM {_TABLE} p JOIN {_CASE} c ON c.id = p.case_id WHERE {asked[0]}"  # noqa: S608 - our names
    rows = list(Publication.objects.raw(f"{found} ORDER BY p.prepared_at, p.id LIMIT {MOST}", asked[1]))
    cases = Case.objects.only("pk", "programme").in_bulk([row.case_id for row in rows])
    writers = Account.objects.select_related("person").in_bulk([row.prepared_by for row in rows if row.prepared_by])
    return [_shown(row, cases[row.case_id], writers.get(row.prepared_by or 0), viewer) for row in rows]


def _shown(row: Publication, case: Case, writer: Account | None, viewer: Viewer) -> WaitingText:
    name = (writer.person.name if writer.person else writer.username) if writer is not None else ""
    due = due_of(limit_on("review", row.prepared_at), row.prepared_at).at
    return WaitingText(
        row.case_id, case_number(row.case_id), row.title, case.programme, directory().places[row.area_id].name, name,
        row.prepared_by == viewer.account, bool(row.answer), row.prepared_at, due,
    )  # fmt: skip


__all__ = ["MOST", "WaitingText", "counting", "waiting_texts"]
