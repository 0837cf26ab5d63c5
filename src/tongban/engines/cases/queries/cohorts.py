"""Which cases a figure counts. Said once: the board counts them and the list behind a figure shows the very same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from tongban.core.access import holders
from tongban.core.access.holders import Kind
from tongban.core.access.viewer import Viewer
from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.core.registry.queries import Body, directory
from tongban.engines.cases.declare import SATISFIED
from tongban.engines.cases.logic.periods import FIRST_YEAR, LAST_YEAR, Period
from tongban.engines.cases.models import Answer, Case, CaseScope
from tongban.engines.cases.outcome import OUTCOMES
from tongban.engines.cases.queries.sight import Sight, at_work

# A time that is known only by its day gives no delay.
_TIMED = ("second", "minute")


@dataclass(frozen=True, slots=True)
class Slice:
    """What a board looks at: a period, and perhaps one programme, unit (lead) or town."""

    period: Period
    programme: str = ""
    unit: int | None = None
    town: int | None = None


def seen(viewer: Viewer) -> QuerySet[Case]:
    """The cases that count for a viewer: those he may see at work. An undone import counts nowhere."""
    sight, known = at_work(viewer), directory()
    if not sight:
        return Case.objects.none()
    at_desks = {(body.id, p) for h, p in sight.ranges if (body := _desk(h)) is not None}
    others = tuple((h, p) for h, p in sight.ranges if _desk(h) is None)
    found = Case.objects.exclude(state="undone")
    if sight.barred:
        found = found.exclude(about__in=sight.barred)
    if at_desks >= {(b.id, "") for b in known.bodies.values() if b.kind == "desk"}:
        return found  # every case arrives at some desk
    # A desk sees the cases that arrived at it: a column says so. "+ 0" keeps both planners from walking that column's
    # index, which would give a wide viewer's whole past instead of a period's.
    found = found.alias(desk_key=F("desk_id") + 0)
    wanted = Q(pk__in=CaseScope.objects.filter(Sight(others).rows()).values("case_id")) if others else Q(pk__in=())
    for desk, programme in at_desks:
        wanted |= Q(desk_key=desk, programme=programme) if programme else Q(desk_key=desk)
    return found.filter(wanted)


def _desk(holder: int) -> Body | None:
    """The desk that a holder is, if it is one."""
    if holders.kind_of(holder) is not Kind.UNIT:
        return None
    body = directory().bodies.get(holders.subject_of(holder))
    return body if body is not None and body.kind == "desk" else None


def sliced(viewer: Viewer, cut: Slice) -> QuerySet[Case]:
    """Of those, the ones of a programme, unit or town; not yet of a period."""
    found = seen(viewer)
    if cut.programme:
        found = found.filter(programme=cut.programme)
    if cut.unit is not None:
        found = found.filter(lead=cut.unit)
    if cut.town is not None:
        found = found.filter(area__in=sorted(directory().within(cut.town)))
    return found


def within(column: str, low: datetime, high: datetime) -> Q:
    """``column`` lies from ``low`` up to, not including, ``high``."""
    if low.year < FIRST_YEAR and high.year >= LAST_YEAR:
        return Q(**{f"{column}__isnull": False})  # all years: no comparison of a million moments
    return Q(**{f"{column}__gte": low, f"{column}__lt": high})


# Ended without an answer: counted apart, never among those that wait.
APART = {
    "declined": Label("不予受理", "Not accepted"),
    "referred": Label("转外部", "Referred outside"),
    "withdrawn": Label("撤回", "Withdrawn"),
    "merged": Label("合并", "Merged"),
}


def cohorts(period: Period, at: datetime) -> dict[str, Q]:
    """Code → the cases that this figure counts.

    ``accepted`` and what follows from it: cases accepted in the period and not ended without an answer. ``due``: those
    whose promise ended in the period and has ended by now; in time is what was answered by then, whenever it was closed.
    ``answered_then``, ``closed_then``: by the moment of the answer or closing itself, as the trend counts.
    ``first_reply``, ``first_answer``: asked in the period, with a time of day for both ends.
    """
    calendar = calendar_now()
    low, high = calendar.begins(period.first), calendar.begins(period.end)
    standing = ~Q(state__in=list(APART))
    accepted = within("accepted_at", low, high) & standing
    answered = accepted & Q(answered_at__isnull=False)
    due = within("promised_at", low, min(high, max(at, low))) & standing
    asked = within("opened_at", low, high) & Q(opened_precision__in=_TIMED)
    answer_timed = Q(answered_at__isnull=False, answered_precision__in=_TIMED)
    untimed_receipt = Exists(Answer.objects.filter(case=OuterRef("pk"), receipt=True).exclude(precision__in=_TIMED))
    receipt_timed = Q(receipt_at__isnull=False) & ~Q(untimed_receipt)
    return {
        "accepted": accepted,
        "answered": answered,
        "closed": accepted & Q(state="closed"),
        "open": accepted & ~Q(state="closed"),
        "due": due,
        "in_time": due & Q(in_time=True),
        "not_in_time": due & (Q(in_time=False) | Q(in_time=None)),
        "paused": accepted & Q(pauses__gt=0),
        "extended": accepted & Q(extension="granted"),
        "reopened": accepted & Q(reopened__gt=0),
        "called_back": answered & Q(callback__in=("solved", "unsolved")),
        "solved": answered & Q(callback="solved"),
        **{f"outcome_{code}": answered & Q(outcome=code) for code in OUTCOMES},
        "outcome_unstated": answered & Q(outcome=""),
        "rated": answered & Q(grade__isnull=False),
        "satisfied": answered & Q(grade__in=sorted(SATISFIED)),
        "dissatisfied": answered & Q(grade__isnull=False) & ~Q(grade__in=sorted(SATISFIED)),
        **{code: within("closed_at", low, high) & Q(state=code) for code in APART},
        "answered_then": within("answered_at", low, high) & standing,
        "closed_then": within("closed_at", low, high) & Q(state="closed"),
        "first_answer": asked & answer_timed,
        "first_reply": asked & (receipt_timed | (Q(receipt_at=None) & answer_timed)),
    }


# The moment by which a figure's cases are found and listed: each has an index.
MOMENTS = {
    **dict.fromkeys(("due", "in_time", "not_in_time"), "promised_at"),
    **dict.fromkeys((*APART, "closed_then"), "closed_at"),
    "answered_then": "answered_at",
    **dict.fromkeys(("first_reply", "first_answer"), "opened_at"),
}

# Figures of one way of ending: in which state their cases are.
ENDED = {**{code: code for code in APART}, "closed_then": "closed"}


def moment_of(figure: str) -> str:
    """The column of that moment."""
    return MOMENTS.get(figure, "accepted_at")


NAMES = {
    "accepted": Label("受理", "accepted"),
    "answered": Label("受理并已答复", "accepted and answered"),
    "closed": Label("受理并已办结", "accepted and closed"),
    "open": Label("受理、还没有办结", "accepted, not closed yet"),
    "due": Label("应办（承诺的答复时间已到）", "due (the promised time of the answer has come)"),
    "in_time": Label("应办并按时答复", "due and answered on time"),
    "not_in_time": Label("应办、没有按时答复", "due, not answered on time"),
    "paused": Label("受理后暂停过计时", "accepted and paused at some time"),
    "extended": Label("受理后延过期", "accepted and given more time"),
    "reopened": Label("重办过", "done again"),
    "called_back": Label("已回访", "called back"),
    "solved": Label("回访核实已解决", "called back and solved"),
    **{
        f"outcome_{code}": Label(f"已答复：{label.zh}", f"answered: {label.en.lower()}")
        for code, label in OUTCOMES.items()
    },
    "outcome_unstated": Label("已答复、没有写明结果", "answered, its outcome not stated"),
    "rated": Label("已评价", "rated"),
    "satisfied": Label("评价满意（含基本满意）", "rated satisfied"),
    "dissatisfied": Label("评价不满意", "rated dissatisfied"),
    **APART,
    "answered_then": Label("这段时间答复的", "answered in this time"),
    "closed_then": Label("这段时间办结的", "closed in this time"),
    "first_answer": Label("提出并已答复（回执不算）", "asked and answered (receipts left out)"),
    "first_reply": Label("提出并有首次回应", "asked and replied to"),
}
# By which moment a list of such cases is ordered.
ORDERS = {
    "accepted_at": Label("按受理时间，新的在前", "latest accepted first"),
    "promised_at": Label("按承诺时间，晚的在前", "latest promised time first"),
    "answered_at": Label("按答复时间，新的在前", "latest answered first"),
    "closed_at": Label("按结束时间，新的在前", "latest ended first"),
    "opened_at": Label("按提出时间，新的在前", "latest asked first"),
    "begins_at": Label("按交办时间，新的在前", "latest assigned first"),
}
