"""算我一个: a matter that touches many is followed by the neighbours instead of being asked again by each."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person
from tongban.engines.cases.actions.authority import type_of
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import Audience, acting, load, refresh_sight, taking_part
from tongban.engines.cases.models import Participant

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
            if not row.open_title or row.state in type_of(row).lifecycle.ended:
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
