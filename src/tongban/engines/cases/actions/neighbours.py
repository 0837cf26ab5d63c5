"""算我一个: a matter that touches many is followed by the neighbours instead of being asked again by each."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person
from tongban.engines.cases.actions.authority import type_of
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.merging import MERGED
from tongban.engines.cases.actions.writing import Audience, acting, load, refresh_sight, taking_part
from tongban.engines.cases.models import Case, Participant

NEIGHBOUR = "neighbour"
_TITLE = 120


def open_up(*, case: int, title: str, by: Actor, at: datetime) -> None:
    """Let neighbours find the matter under ``title``, which the agent has freed of all that shows who asked."""
    title = " ".join(required(title, "case.text.empty", "title", _TITLE).split())
    with acting(case, "open_up", by=by, at=at) as act:
        if act.case.open_title == title:
            raise Refused("case.neighbours.open", field="title")
        act.journal.change(act.case, open_title=title)
        act.tell("open_up", audience=Audience.PARTY, text=title)


def close_up(*, case: int, by: Actor, at: datetime) -> None:
    """Let nobody else join; those who did go on being told."""
    with acting(case, "close_up", by=by, at=at) as act:
        act.journal.change(act.case, open_title="")
        act.tell("close_up", audience=Audience.UNIT)


def join(*, case: int, by: Actor, at: datetime) -> None:
    """Somebody whom the matter touches too follows it, by his own wish; he is told how it goes, and asked nothing."""
    try:
        with keeper().journal("cases.join", by=by, at=at) as journal:
            row = load(case)
            viewer = keeper().viewer(by.account, at) if by.account is not None else None
            if not row.open_title or row.kept_private or row.state in type_of(row).lifecycle.ended:
                raise Refused("case.neighbours.closed")
            if viewer is None or viewer.person is None:
                raise Refused("case.neighbours.who")
            if viewer.person in (row.requester_id, row.beneficiary_id, *taking_part(row)):
                raise Refused("participant.known")
            journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
            person = Person.objects.get(pk=viewer.person)
            journal.add(new_row(Participant, case=row, person=person, role=NEIGHBOUR, since=at), of=row)
            journal.change(row, neighbours=row.neighbours + 1)
            refresh_sight(row)
    except IntegrityError:
        raise Refused("participant.known") from None


def leave(*, case: int, by: Actor, at: datetime) -> None:
    """A neighbour takes himself off again: he sees it no more and is told no more, and nobody is told of it."""
    with keeper().journal("cases.leave", by=by, at=at) as journal:
        row = load(case)
        viewer = keeper().viewer(by.account, at) if by.account is not None else None
        person = viewer.person if viewer else None
        if person is None or not _take_off(journal, row, person, NEIGHBOUR):
            raise Refused("case.neighbours.not_one")
        journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
        journal.change(row, neighbours=row.neighbours - 1)
        _leave_heads(journal, row, person)


def _leave_heads(journal: Journal, row: Case, person: int) -> None:
    """Merging has let him follow that as which the case goes on: he leaves it too, unless he asked or joined another part."""
    while row.merged_into_id is not None:
        head = load(row.merged_into_id)
        others = Case.objects.filter(merged_into=head).exclude(pk=row.pk)
        if any(person in (o.requester_id, o.beneficiary_id, *taking_part(o)) for o in others):
            return
        if not _take_off(journal, head, person, MERGED):
            return
        row = head


def _take_off(journal: Journal, row: Case, person: int, role: str) -> bool:
    """Remove the person's part in a case, if he has one of this role."""
    parts = keeper().parts(row, Participant)
    mine = next((part for part in parts if part.person_id == person and part.role == role), None)
    if mine is None:
        return False
    journal.remove(mine, of=row)
    refresh_sight(row)
    return True
