"""What the asker does, and what is done with his data: reply, withdraw, follow, and looking at a protected field."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError

from tongban.core.access.models import Account
from tongban.core.access.viewer import AGENT, Viewer, viewer_of
from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person
from tongban.engines.cases.actions.authority import may_know_number, open_duties
from tongban.engines.cases.actions.clock import end_stop, open_stop
from tongban.engines.cases.actions.desk import required
from tongban.engines.cases.actions.filing import file_with
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.writing import Audience, acting, load, refresh_sight
from tongban.engines.cases.models import Case, Inquiry, Participant, Stop, StoryItem


def reply(*, case: int, text: str, by: Actor, at: datetime, proof: str = "", files: Sequence[Waiting] = ()) -> None:
    """Answer the question that the handling unit asked, perhaps with files."""
    text = required(text, "case.text.empty", "reply")
    with acting(case, "reply", by=by, at=at, proof=proof) as act:
        waiting = [i for i in keeper().parts(act.case, Inquiry) if i.replied_at is None]
        if not waiting:
            raise Refused("case.inquiry.none")
        inquiry = waiting[-1]
        act.journal.change(inquiry, of=act.case, reply=text, replied_at=at)
        file_with(
            act.journal, act.case, files, came_with="reply", audience=Audience.PARTY, inquiry=inquiry, by=by, at=at
        )
        act.tell("reply", text=text)
        stop = open_stop(act.case)
        if stop is not None and stop.kind == Stop.Kind.PAUSE:
            end_stop(act.journal, act.case, stop, Stop.Ending.REPLIED, at)
            act.tell("resume_replied")
        act.notify("reply")


def withdraw(*, case: int, reason: str, by: Actor, at: datetime, proof: str = "") -> None:
    """The asker takes the request back before it is answered."""
    reason = required(reason, "case.reason", "reason")
    with acting(case, "withdraw", by=by, at=at, proof=proof) as act:
        for duty in open_duties(act.case):
            act.journal.change(duty, of=act.case, ended_at=at)
        act.journal.change(act.case, closed_at=at, due_at=None)
        act.tell("withdraw", audience=Audience.PARTY, text=reason)
        act.notify("withdraw")


def follow(*, case: int, person: Person, by: Actor, at: datetime) -> None:
    """Somebody else takes part, by his own wish or the desk's: he will be told how it goes, and asked nothing."""
    try:
        with Journal("cases.follow", by=by, at=at) as journal:
            row = load(case)
            journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
            viewer = keeper().viewer(by.account, at) if by.account is not None else None
            if by.account is not None and not (viewer and (viewer.person == person.pk or _at_desk(viewer, row))):
                raise Refused("case.unknown")
            if row.requester_id == person.pk:
                raise Refused("participant.known")
            journal.add(Participant(case=row, person=person, role="follower", since=at), of=row)
            refresh_sight(row)
    except IntegrityError:
        raise Refused("participant.known") from None


def _at_desk(viewer: Viewer, case: Case) -> bool:
    return case.desk_id in viewer.units(AGENT, programme=case.programme) and case.about_id not in viewer.barred_by()


def reveal(*, case: int, reason: str, by: Actor, at: datetime) -> str:
    """The requester's whole number, for a reason that is kept. Gives the number.

    Only those who may see the author at all get here (queries.case_detail offers it); the look itself is an entry and
    a line in the story that the desk reads.
    """
    reason = required(reason, "case.reason", "reason", 200)
    with Journal("cases.reveal", by=by, at=at) as journal:
        row = load(case)
        _refuse_strangers(row, by, at)
        journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
        journal.touch(row)
        line = StoryItem(
            case=row, kind="reveal", audience=Audience.DESK, happened_at=at, precision="second",
            by_account=by.account, text=reason,
        )  # fmt: skip
        journal.add(line, of=row)
    return row.requester.phone_number if row.requester else ""


def _refuse_strangers(case: Case, by: Actor, at: datetime) -> None:
    account = Account.objects.select_related("person").filter(pk=by.account or 0).first()
    viewer = viewer_of(account, at) if account else None
    if viewer is None or not may_know_number(viewer, case):
        raise Refused("case.unknown")
