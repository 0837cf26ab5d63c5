"""What keeps a move from being made now although the state allows it: said the same way by page and action."""

from __future__ import annotations

from datetime import datetime

from tongban.core.access.offices import in_office
from tongban.core.access.viewer import HANDLER
from tongban.core.calendar.queries import calendar_now
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.reverting import blocked, link_of, splits_of
from tongban.engines.cases.heads import goes_on_for_others
from tongban.engines.cases.models import Assignment, Case, Extension, Link, Meeting, Stop

#: Codes of hindrances that only say that there is nothing to do: no page need explain why such a move is not offered.
MOOT = frozenset({
    "case.pause.none", "case.extension.none", "case.slip.none", "case.agenda.none", "case.split.none", "case.under.none",
    "case.under.already", "case.neighbours.none", "case.neighbours.private",
})  # fmt: skip


def hindrance(case: Case, move: str, at: datetime) -> Refused | None:
    """Why ``move`` cannot be made on this case at ``at``, mostly from the case's own columns; None if nothing is known."""
    find = _FINDERS.get(move)
    return find(case, at) if find is not None else None


def _pause(case: Case, at: datetime) -> Refused | None:
    if case.stopped:
        return Refused("case.pause.already")
    if case.requester_id is None:
        return Refused("case.pause.nobody")
    if case.due_at is not None and at >= case.due_at:
        return Refused("case.pause.late")
    return None


def _resume(case: Case, _: datetime) -> Refused | None:
    if not case.stopped:
        return Refused("case.pause.none")
    return Refused("case.hold.meeting") if case.stopped == Stop.Kind.HOLD else None


def _extend(case: Case, at: datetime) -> Refused | None:
    if case.extension == Extension.State.GRANTED:
        return Refused("case.extension.once")
    if case.extension == Extension.State.ASKED:
        return Refused("case.extension.asked")
    return Refused("case.extension.late", field="amount") if case.promised_at is None or _over(case, at) else None


def _decide(case: Case, at: datetime) -> Refused | None:
    if case.extension != Extension.State.ASKED:
        return Refused("case.extension.none")
    return Refused("case.extension.over") if _over(case, at) else None


def _over(case: Case, at: datetime) -> bool:
    """Whether the time promised has passed; while the clock stands still, it cannot."""
    return not case.stopped and case.promised_at is not None and at >= case.promised_at


def _supervise(case: Case, at: datetime) -> Refused | None:
    """One slip at a time; one whose day has passed makes way for the next."""
    return Refused("case.slip.open") if case.slip_due_at is not None and at < case.slip_due_at else None


def _report_back(case: Case, _: datetime) -> Refused | None:
    return Refused("case.slip.none") if case.slip_due_at is None else None


def _recall(case: Case, at: datetime) -> Refused | None:
    """The desk takes a case back where it was not taken on yet, or nobody is left to work on it.

    What a unit has passed down to one of its own is the unit's to take back.
    """
    lead = [d for d in keeper().parts(case, Assignment) if d.lead and d.ended_at is None and d.unit_id == case.lead_id]
    if case.state == "assigned" and all(duty.parent_id is None or duty.transferred for duty in lead):
        return None
    body = directory().bodies[case.lead_id] if case.lead_id is not None else None
    if body is None or not body.valid_on(calendar_now().day_of(at)):
        return None
    there = in_office(body.id, HANDLER, at, case.programme)
    return Refused("case.recall.at_work", unit=body.name) if there else None


def _raise(case: Case, _: datetime) -> Refused | None:
    return Refused("case.agenda.already") if case.agenda == Meeting.Kind.JOINT else None


def _meet(case: Case, _: datetime) -> Refused | None:
    return Refused("case.agenda.none") if not case.agenda else None


def _close(case: Case, _: datetime) -> Refused | None:
    """An answer takes a case off every agenda: what stands on one after that is for its meeting to decide."""
    return Refused("case.agenda.waits") if case.agenda else None


def _publish(case: Case, _: datetime) -> Refused | None:
    if case.kept_private:
        return Refused("publish.private")
    if case.confidential:
        return Refused("publish.confidential")
    return Refused("publish.about") if case.about_id is not None else None


def _unmerge(case: Case, at: datetime) -> Refused | None:
    link = link_of(case.pk, Link.Kind.MERGED) if case.merged_into_id is not None else None
    return blocked(link, at=at) if link is not None else None


def _unsplit(case: Case, at: datetime) -> Refused | None:
    links = splits_of(case.pk)
    return blocked(links[0], at=at) if links else Refused("case.split.none")


def _put_under(case: Case, _: datetime) -> Refused | None:
    return Refused("case.under.already") if link_of(case.pk, Link.Kind.CHILD) is not None else None


def _take_out(case: Case, _: datetime) -> Refused | None:
    return Refused("case.under.none") if link_of(case.pk, Link.Kind.CHILD) is None else None


def _withdraw(case: Case, _: datetime) -> Refused | None:
    """Whoever asked first does not end the matter for those who asked it after him, or joined him instead of asking."""
    if not goes_on_for_others(case):
        return None
    unseen = case.kept_private or case.confidential or case.about_id is not None
    return Refused("case.withdraw.others_unseen" if unseen else "case.withdraw.others")


def _open_up(case: Case, _: datetime) -> Refused | None:
    if case.confidential or case.about_id is not None:
        return Refused("case.neighbours.private")
    return Refused("case.neighbours.kept_private") if case.kept_private else None


def _close_up(case: Case, _: datetime) -> Refused | None:
    return Refused("case.neighbours.none") if not case.open_title else None


_FINDERS = {
    "publish_prepare": _publish,
    "publish_approve": _publish,
    "pause": _pause,
    "resume": _resume,
    "extend": _extend,
    "grant": _decide,
    "refuse": _decide,
    "supervise": _supervise,
    "report_back": _report_back,
    "recall": _recall,
    "raise": _raise,
    "decide": _meet,
    "close": _close,
    "open_up": _open_up,
    "close_up": _close_up,
    "unmerge": _unmerge,
    "unsplit": _unsplit,
    "put_under": _put_under,
    "take_out": _take_out,
    "withdraw": _withdraw,
}
