"""How a case climbs: its place on the ladder, and the agenda on which it stands. What actions share; no verbs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import new_row
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.ladder import ORDER, first_rung, next_rung
from tongban.engines.cases.models import AgendaItem, Case, Meeting, Slip
from tongban.engines.cases.types import case_type

Kind, Outcome = Meeting.Kind, AgendaItem.Outcome


def climb_on(journal: Journal, case: Case, due_before: datetime | None, at: datetime) -> None:
    """Bring the next rung in step with what is due now: another due time is climbed from the bottom."""
    if case.due_at != due_before:
        found = first_rung(case.due_at, case.state, at)
    else:
        found = next_rung(case.due_at, case.state, case.risen, at)
    journal.change(case, **rung_columns(case.due_at, found))


def rung_columns(due: datetime | None, found: tuple[int, datetime] | None) -> dict[str, Any]:
    """The case's columns for the rung that was found."""
    if found is not None:
        return {"risen": found[0], "rises_at": found[1]}
    return {"risen": 0 if due is None else len(ORDER), "rises_at": None}


def open_item(case: Case) -> AgendaItem | None:
    """What the next meeting has to decide about the case."""
    if not case.agenda:
        return None
    return next((i for i in reversed(keeper().parts(case, AgendaItem)) if not i.outcome), None)


def raise_case(
    journal: Journal, case: Case, kind: str, why: str, at: datetime, by: int | None = None
) -> AgendaItem | None:
    """Put the case on the agenda of the next meeting of a kind; None if it stands there, or on a higher one, already."""
    before = open_item(case)
    if before is not None:
        if kind in (before.kind, Kind.MONTHLY):
            return None
        journal.change(before, of=case, outcome=Outcome.PASSED_ON.value, decided_at=at)
    item = new_row(AgendaItem, case=case, kind=str(kind), why=str(why), raised_at=at, raised_by=by)
    journal.add(item, of=case)
    journal.change(case, agenda=str(kind))
    return item


def waiting_items() -> QuerySet[AgendaItem]:
    """What waits for a meeting. Of a case that was undone nothing does, also where its item was left open."""
    return AgendaItem.objects.filter(outcome="").exclude(case__state="undone")


def settle_pressing(journal: Journal, case: Case, at: datetime) -> None:
    """What is answered or has ended needs no decision any more, and nobody need report on its slip."""
    if not is_over(case):
        return
    if (item := open_item(case)) is not None:
        journal.change(item, of=case, outcome=Outcome.SETTLED.value, decided_at=at)
        journal.change(case, agenda="")
    if (slip := open_slip(case)) is not None:
        end_slip(journal, case, slip, Slip.Ending.ANSWERED if case.answered_at is not None else Slip.Ending.OVER, at)


def is_over(case: Case) -> bool:
    """Whether the case is answered or has ended."""
    return case.state == "answered" or case.state in case_type(case.programme, case.kind).lifecycle.ended


def open_slip(case: Case) -> Slip | None:
    """The supervision slip on which a report is waited for."""
    if case.slip_due_at is None:
        return None
    return next((s for s in reversed(keeper().parts(case, Slip)) if s.open), None)


def end_slip(journal: Journal, case: Case, slip: Slip, how: Slip.Ending, at: datetime) -> None:
    """Nobody reports on this slip any more, and why."""
    journal.change(slip, of=case, ended_at=at, ended_how=how.value)
    journal.change(case, slip_due_at=None)
