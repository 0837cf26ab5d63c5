"""One case: their words, the one next action, the other moves, the promise, the story; and the moves themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tongban.core.access.viewer import AGENT, HANDLER
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.askers import acts_for
from tongban.engines.cases import actions, queries
from tongban.engines.cases.actions.authority import may_know_number
from tongban.engines.cases.actions.hindrances import MOOT
from tongban.engines.cases.actions.questions import questions_of
from tongban.engines.cases.declare import CHANNELS, Move
from tongban.engines.cases.models import Meeting, StoryItem
from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.desk import visible
from tongban.engines.cases.queries.meetings import next_meeting, slips
from tongban.engines.cases.queries.reached import reached
from tongban.engines.cases.queries.same import same_matter
from tongban.engines.cases.queries.similar import similar_cases
from tongban.engines.cases.story import rating_words
from tongban.web import lost
from tongban.web.files.tray import Tray
from tongban.web.files.weighing import weighed
from tongban.web.promised import STOPPED, promised
from tongban.web.reading import Reading
from tongban.web.staff import publication
from tongban.web.staff.acting import actor, worker
from tongban.web.staff.ahead import first_needed
from tongban.web.staff.choices import MEETINGS
from tongban.web.staff.moveforms import MoveForm
from tongban.web.staff.moves import FIRST, FORMS, PAIRED, Offered, form_for, grouped, make, nobody_below, offered
from tongban.web.staff.origin import origin_facts
from tongban.web.staff.slips import slip_ended, slip_number
from tongban.web.staff.telling import assignments, awaited, extension, sent_back, told, waits_for

DONE = {
    "accept": Label("已受理，请交办。", "Accepted; now assign it."),
    "correct": Label("类别和地点已更正。", "Category and place were put right."),
    "decline": Label("已答复不予受理，理由已告诉提出人。", "Not accepted; the requester has been told why."),
    "refer": Label("已转外部单位，提出人已收到说明。", "Referred outside; the requester has been told."),
    "assign": Label("已交办，时限从现在算起。", "Assigned; the clock runs from now."),
    "assist": Label("已加协办单位。", "An assisting unit was added."),
    "sign_in": Label("已签收，由您办理。", "Taken on; it is yours now."),
    "return": Label("已退回。", "Returned."),
    "recall": Label("已收回，请重新交办。", "Taken back; now assign it anew."),
    "hand_over": Label("已移交。", "Handed over."),
    "feed_back": Label("意见已回填给主办单位。", "Reported back to the lead unit."),
    "ask": Label("已请提出人补充说明。", "The requester has been asked."),
    "pause": Label("已暂停计时，提出人会收到。", "The clock is paused; the requester is told."),
    "resume": Label("已恢复计时。", "The clock runs again."),
    "extend": Label("已申请延期，等受理岗批复。", "An extension was asked for; the desk decides."),
    "grant": Label("已同意延期，提出人会收到新的期限。", "Granted; the requester is told the new time."),
    "refuse": Label("已答复不同意延期。", "Refused; the time stands."),
    "urge": Label("已催办，经办人会收到。", "Urged; whoever has it in hand is told."),
    "supervise": Label("督办单已发，可以打印。", "The slip was issued; it can be printed."),
    "report_back": Label("督办情况已反馈。", "Reported on the slip."),
    "raise": Label("已列入会议议题。", "It stands on the meeting's agenda now."),
    "callback": Label("回访已记下。", "The call is written down."),
    "merge": Label("已合并，提出人会收到。办错了可以撤销。", "Merged; the requester is told. It can be undone."),
    "split": Label("已拆开，每件单独办理，提出人会收到。", "Split; each is handled by itself. The requester is told."),
    "unsplit": Label("拆分已撤销，合在这一件里办。", "Undone; all is handled here."),
    "put_under": Label("已挂到那一件下面。", "It stands under that case now."),
    "take_out": Label("已取下来，单独办理。", "It stands by itself again."),
    "number": Label("问题已分列，答复时逐一填写。", "Numbered; each is answered by itself."),
    "open_up": Label("邻里现在能看到这个标题，可以加入。", "Neighbours find it under this title and may join."),
    "close_up": Label("不再让邻里加入，已加入的照常收到进展。", "Closed; those who joined go on being told."),
    "unmerge": Label("合并已撤销，这一件照原来继续办理。", "Undone; the case goes on as before."),
    "reopen": Label("已重办，承办单位和提出人会收到。", "To be done again; the unit and the requester are told."),
    "transfer": Label(
        "已转办，对方签收前仍由本单位负责。", "Passed on; until it is taken on there, it is yours to answer for."
    ),
    "answer": Label("已送审核，由另一位同事审核。", "Sent for review by a colleague."),
    "approve": Label("审核通过，可以发出了。", "Approved; it can be sent."),
    "reject": Label("已退回修改。", "Sent back for another version."),
    "send": Label("答复已发出，已请提出人评价。", "The answer was sent, and a rating asked for."),
    "close": Label("已办结。", "Closed."),
    "attach": Label("材料已放进这一件，提出人看不到。", "The files are in the case; the requester does not see them."),
}
_LEFT = Label("这一件已不在您这里。", "The case has left you.")


@require_safe
@worker
def case(request: Reading, key: int) -> HttpResponse:
    """The case's page."""
    return page(request, _seen(request, key))


@weighed
@require_POST
@worker
@lost.words_kept
def move(request: Reading, key: int, code: str) -> HttpResponse:
    """Make one move; refused, the same page comes back with what was typed and the reason."""
    if code not in FORMS:
        raise Http404
    detail = _seen(request, key)
    offer = next((o for o in detail.offers if o.move.code == code), None)
    form = form_for(code, detail, request.at, request.language, data=request.POST)
    if offer is None:
        who = next((m for m in detail.type.lifecycle.moves if m.code == code), None)
        refusal = Refused(
            "case.not_yours", move=who.label if who else code, who=Label("有相应岗位的同事", "somebody else")
        )
        return page(request, detail, tried=form, refusal=refusal, status=403)
    form.tray = _tray(request, key, form)
    if form.tray is not None and form.tray.asked:
        typed = {name: form[name].value() for name in form.fields}
        again = form_for(code, detail, request.at, request.language, initial=typed)
        again.tray = form.tray
        return form.tray.change() or page(request, detail, tried=again)
    if not form.is_valid():
        # A stale page: the state says more than an empty field.
        return page(request, detail, tried=form, refusal=offer.refusal, status=409 if offer.refusal else 422)
    try:
        make(form, actor(request, offer.role))
    except Refused as refusal:
        form.refuse(refusal)
        after = _seen(request, key)
        return page(request, after, tried=form, refusal=refusal, status=409)
    return _done(request, detail, code)


def _tray(request: Reading, key: int, form: MoveForm) -> Tray | None:
    """What waits beside a move's form: his who fills it in, so that it outlives his session."""
    if not form.takes_files:
        return None
    return Tray(request, f"move:{key}:{form.move}:{request.viewer.account}", mark=form.move)


def _done(request: Reading, detail: Detail, code: str) -> HttpResponse:
    """Back to the case with a word on what was done; to the queue where that has ended the officer's sight of it."""
    key, said = detail.case.pk, DONE[code]
    address = _address(request, reverse("web:case", args=[key]))
    if not visible(request.viewer, [key]):
        said = Label(f"{detail.number} {said.zh}{_LEFT.zh}", f"{detail.number}: {said.en} {_LEFT.en}")
        address = _address(request, reverse("web:queue"))
    # The tag tells the browser that what it kept of this form has been sent (see keep.js).
    messages.success(request, said.text(request.language), extra_tags=f"case-{key}-{code}")
    return HttpResponseRedirect(address)


@require_POST
@worker
def reveal(request: Reading, key: int) -> HttpResponse:
    """The requester's whole number, once, for a reason that is kept; it stands in no address and is not stored."""
    detail = _seen(request, key)
    grants = request.viewer.grants_for(AGENT, HANDLER, programme=detail.case.programme)
    if detail.author is None or not grants:
        return page(request, detail, refusal=Refused("case.unknown"), status=403)
    try:
        number = actions.reveal(
            case=key, reason=request.POST.get("reason", ""), by=actor(request, grants[0].role), at=request.at
        )  # fmt: skip
    except Refused as refusal:
        return page(request, detail, refusal=refusal, reveal_open=True, status=422)
    return page(request, _seen(request, key), revealed=number)


def _seen(request: Reading, key: int) -> Detail:
    detail = queries.case_detail(request.viewer, key, request.at)
    # A requester who is also an officer reads his own case on the public pages, not here.
    if detail is None or detail.level < 3:
        raise Http404
    return detail


def page(
    request: Reading, detail: Detail, *, tried: MoveForm | None = None, refusal: Refused | None = None,
    revealed: str = "", reveal_open: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """Draw the case."""
    open_now = offered(detail, request.at, request.language, tried)
    for offer in open_now.values():
        offer.form.tray = offer.form.tray or _tray(request, detail.case.pk, offer.form)
    first = open_now.get("grant") or open_now.get(FIRST.get(detail.case.state, "")) or open_now.get("feed_back")
    paired = [open_now[c] for c in PAIRED.get(first.code, ()) if c in open_now] if first else []
    taken = {first.code, *(p.code for p in paired)} if first else set()
    before, after = _neighbours(request, detail.case.pk)
    context: dict[str, Any] = {
        "detail": detail, "case": detail.case, "first": first, "paired": paired,
        "others": grouped([o for code, o in open_now.items() if code not in taken]), "closed_moves": _closed(request, detail, open_now),
        "own_work": _own_work(detail), "tried": tried, "refusal": refusal, "revealed": revealed,
        "reveal_open": reveal_open, "reveal_reason": request.POST.get("reason", ""), "promise": promised(detail, request.at), "extension": extension(detail), "slips": [(s, slip_number(s), slip_ended(s)) for s in slips(request.viewer, detail.case.pk)],
        "on_agenda": MEETINGS.get(Meeting.Kind(detail.case.agenda)) if detail.case.agenda else None, "origin": origin_facts(detail), "story": told(detail),
        "next_meeting": next_meeting(request.viewer, detail.case, request.at),
        "assignments": assignments(detail, request.at), "waits_for": None if first else waits_for(detail),
        "back": sent_back(detail), "awaited": awaited(detail),
        "before": before, "after": after, "view": _view(request),
        "channel": CHANNELS.get(detail.case.channel, Label(detail.case.channel or "—", detail.case.channel or "—")),
        # A move that is no longer open has no form on the page: what was written for it is shown by itself.
        "kept": lost.written(request) if refusal is not None and tried is not None and tried.move not in open_now else None,
        "rating_words": rating_words(detail.rating.grade if detail.rating else None),
        **_answers(detail, first),
        "promise_start": detail.case.accepted_at or detail.case.opened_at, "stopped_words": STOPPED.get(detail.case.stopped),  # type: ignore[call-overload]
        "unproved": _unproved(detail, request.at),
        "reached": reached(detail),
        "publishing": publication.card(detail),
        "similar": similar_cases(request.viewer, detail.case) if _compared(detail) else [],
        "questions": questions_of(detail.case),
        "may_merge": "merge" in open_now,
        "same": same_matter(request.viewer, detail.case),
        "may_reveal": may_know_number(request.viewer, detail.case),
    }  # fmt: skip
    return render(request, "web/staff/case.html", context, status=status)


def _answers(detail: Detail, first: Offered | None) -> dict[str, Any]:
    """The versions with their numbers; the one that is to be reviewed or sent stands in the next step and not twice."""
    last = next((a for a in reversed(detail.answers) if not a.receipt), None)
    above = last if first is not None and first.code in ("approve", "send") else None
    return {"last_answer": last, "answers": [(n, a) for n, a in enumerate(detail.answers, 1) if a is not above]}


def _compared(detail: Detail) -> bool:
    """Whether others like it still matter to those at work: until it is answered."""
    return detail.case.answered_at is None and detail.case.state not in detail.type.lifecycle.ended


def _unproved(detail: Detail, at: datetime) -> bool:
    """Whether the author wrote in the name of a firm for which nobody has confirmed that he may act."""
    case = detail.case
    if detail.author is None or detail.firm is None:
        return False
    return not acts_for(case.requester_id, detail.firm.pk, at)


def _closed(request: Reading, detail: Detail, open_now: dict[str, Offered]) -> list[tuple[Label, Label | Refused]]:
    """Moves of the viewer's offices that cannot be made now: shown dashed, with what would make them possible."""
    if detail.case.state in detail.type.lifecycle.ended:
        return []  # the next step says that it has ended; nothing would make any of them possible
    seen: set[str] = set()
    found: list[tuple[Label, Label | Refused]] = []
    for offer in detail.offers:
        code = offer.move.code
        refusal = offer.refusal or nobody_below(code, detail, request.at)
        moot = refusal is not None and refusal.code in MOOT
        if code in FORMS and code not in open_now and code not in seen and refusal is not None and not moot:
            seen.add(code)
            found.append((offer.move.label, _needed(detail, offer.move) if refusal.code == "case.state" else refusal))
    return found


def _needed(detail: Detail, move: Move) -> Label:
    # The desk assigns what has no unit; passing it down is the unit's own.
    sources = ("accepted",) if move.code == "assign" and detail.level >= StoryItem.Audience.DESK else ()
    return first_needed(detail.type.lifecycle, detail.case.state, move, sources)


def _own_work(detail: Detail) -> Any:
    """The move that the viewer may not make only because it is his own work."""
    return next((o for o in detail.offers if o.refusal is not None and o.refusal.code == "case.same_person"), None)


def _view(request: Reading) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return given.get("view", "")[:20]


def _neighbours(request: Reading, key: int) -> tuple[int | None, int | None]:
    """The cases before and after this one in the queue from which the reader came."""
    if not (view := _view(request)):
        return None, None
    keys = [r.id for r in queries.queue_page(request.viewer, request.at, view=view, limit=200).rows]
    if key not in keys:
        return None, next(iter(keys), None)
    index = keys.index(key)
    return (keys[index - 1] if index else None), (keys[index + 1] if index + 1 < len(keys) else None)


def _address(request: Reading, address: str) -> str:
    return f"{address}?{urlencode({'view': view})}" if (view := _view(request)) else address
