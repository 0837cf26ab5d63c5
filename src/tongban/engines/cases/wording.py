"""What officers and askers are told about a case in lines on the page, and what fills the gaps of these and of messages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from tongban.core.calendar.logic import day_words
from tongban.core.labels import Label
from tongban.core.notices import wording
from tongban.core.registry.queries import directory
from tongban.engines.cases import secrets
from tongban.engines.cases.messages import MESSAGES
from tongban.engines.cases.outcome import OUTCOMES, Outcome

# For those who asked, by the kind of the story's line; only lines that they may see are told.
ASKER: dict[str, Label] = {
    "accept": Label("诉求 {number} 已受理。", "Request {number} has been accepted."),
    "decline": Label(
        "诉求 {number} 没有受理，理由写在进展里。", "Request {number} was not accepted; the reason stands in its story."
    ),
    "refer": Label("诉求 {number} 已转外部单位办理。", "Request {number} was referred to a unit outside the county."),
    "assign": Label("诉求 {number} 已交给{unit}办理。", "Request {number} has been given to {unit}."),
    "transfer": Label("诉求 {number} 已转给{unit}办理。", "Request {number} has been passed to {unit}."),
    "assist": Label("诉求 {number} 请了{unit}一起办。", "{unit} has been asked to help with request {number}."),
    "ask": Label("{unit}请您补充说明诉求 {number}。", "{unit} asks you for more about request {number}."),
    "pause": Label(
        "{unit}等您补充诉求 {number}，补充之前暂停计时。",
        "{unit} waits for more from you about request {number}; until then the clock stands still.",
    ),
    "resume": Label(
        "诉求 {number} 恢复计时，{day}前答复。",
        "The clock of request {number} runs again: it is to be answered by {day}.",
    ),
    "resume_out": Label(
        "诉求 {number} 暂停已到最长时间，恢复计时，{day}前答复。",
        "The longest pause of request {number} is over; it is to be answered by {day}.",
    ),
    "hold_out": Label(
        "诉求 {number} 挂账期满，恢复办理。", "Request {number} is no longer on hold; work on it goes on."
    ),
    "grant": Label(
        "诉求 {number} 延期办理，{day}前答复。", "Request {number} was given more time: it is to be answered by {day}."
    ),
    "supervise": Label(
        "诉求 {number} 已发督办单，催承办单位抓紧办。", "A supervision slip was issued for request {number}."
    ),
    "supervise_ladder": Label(
        "诉求 {number} 超期未办，已发督办单。", "Request {number} is overdue; a supervision slip was issued."
    ),
    "raise_monthly": Label(
        "诉求 {number} 已提交月度例会研究。", "Request {number} was brought before the monthly meeting."
    ),
    "raise_joint": Label(
        "诉求 {number} 已提交联席会议研究。", "Request {number} was brought before the joint meeting."
    ),
    "decide_monthly": Label(
        "月度例会对诉求 {number} 作出了决定，请看进展。",
        "The monthly meeting has decided on request {number}; see its story.",
    ),
    "decide_joint": Label(
        "联席会议对诉求 {number} 作出了决定，请看进展。",
        "The joint meeting has decided on request {number}; see its story.",
    ),
    "reopen": Label(
        "诉求 {number} 重新办理，{day}前再答复您。",
        "Request {number} is being done again; you will be answered by {day}.",
    ),
    "send": Label(
        "诉求 {number} 有答复了{outcome}。请看一看，也请评一评。",
        "Request {number} has been answered{outcome}. Please read it and rate it.",
    ),
    "close": Label("诉求 {number} 已办结。", "Request {number} is closed."),
    "publish_approve": Label(
        "诉求 {number} 隐去个人信息后公开了。不想公开，在这一件的页面上选“不公开”，马上撤下。",
        "Request {number} was published without personal data. If you mind, choose so on its page and it is taken off at once.",
    ),
    "publish_withdraw": Label("诉求 {number} 不再公开。", "Request {number} is no longer public."),
    "merge": Label(
        "诉求 {number} 和别人反映的是同一件事，已合并办理，答复时一并告诉您。",
        "Request {number} is about the same matter as another one; both are handled as one, and you will be told the answer.",
    ),
    "split": Label(
        "诉求 {number} 里有几件事，已拆开分别办理，编号写在进展里。",
        "Request {number} held several matters, which are now handled one by one; their numbers stand in its story.",
    ),
    "unsplit": Label(
        "诉求 {number} 的拆分已撤销，还是合在一起办。",
        "The splitting of request {number} was undone; all of it is handled under that number.",
    ),
    "unmerge": Label(
        "诉求 {number} 的合并已撤销，照原来单独办理。",
        "The merging of request {number} was undone; it is handled by itself as before.",
    ),
    "withdraw": Label("诉求 {number} 已撤回。", "Request {number} has been withdrawn."),
    "infected": Label(
        "诉求 {number} 里有一个文件查出病毒，已经隔离。要用的话，请换一份没有问题的。",
        "A virus was found in a file of request {number}; it is locked away. If it is needed, please send a clean one.",
    ),
    "promise": Label(
        "工作日历有调整，诉求 {number} 的答复期限改为 {day}。",
        "The working calendar has changed: request {number} is now to be answered by {day}.",
    ),
}

# For officers, by what the line asks of them.
OFFICER: dict[str, Label] = {
    "assigned": Label("{number} 已交办给{unit}，请签收。", "{number} was given to {unit}; please take it on."),
    "assisting": Label("{number} 请{unit}协办。", "{unit} is asked to assist with {number}."),
    "returned": Label("{unit}退回了 {number}，请重新交办。", "{unit} returned {number}; please assign it again."),
    "recalled": Label(
        "{unit}收回了 {number}，您单位不用再办。", "{unit} has taken {number} back; your unit need do no more."
    ),
    "unit_ended": Label(
        "{unit}已撤销，手上还有 {count} 件没有答复。请在“全部诉求”里按承办单位筛出来，收回改交承接单位。",
        "{unit} has ended with {count} unanswered in hand. Narrow “All cases” to it, take them back and assign them anew.",
    ),
    "back": Label("{unit}把 {number} 退回给您。", "{unit} returned {number} to you."),
    "given": Label("{number} 移交给您办理。", "{number} was handed over to you."),
    "reported": Label("{unit}已就 {number} 回填意见。", "{unit} has reported back on {number}."),
    "review": Label("{number} 的答复等您审核。", "The answer to {number} waits for your review."),
    "rejected": Label("{number} 的答复被退回修改。", "The answer to {number} was sent back to be changed."),
    "replied": Label("提出人补充了 {number} 的说明。", "The requester has replied about {number}."),
    "resumed": Label(
        "{number} 暂停已到最长时间，恢复计时。", "The longest pause of {number} is over; its clock runs again."
    ),
    "remind": Label("{number} 快到期了，请抓紧。", "{number} is due soon."),
    "urge": Label("催办：{number} 请抓紧办理。", "{number} is urged: please see to it."),
    "supervise": Label(
        "{number} 已发督办单，请按时反馈。", "A supervision slip was issued for {number}; report back in time."
    ),
    "supervised": Label("{number} 已向{unit}发督办单。", "A supervision slip for {number} went to {unit}."),
    "slip_urged": Label(
        "{number} 超期未办，督办单还等您反馈，请抓紧。",
        "{number} is overdue and its supervision slip waits for your report; please see to it.",
    ),
    "slip_overdue": Label(
        "{number} 的督办单已到期，还没有反馈，请马上反馈。",
        "The supervision slip for {number} was to be reported on by now; please report at once.",
    ),
    "slip_unreported": Label(
        "{number} 的督办单到期了，{unit}没有反馈。", "{unit} has not reported on the slip for {number} in time."
    ),
    "reported_back": Label("{unit}反馈了 {number} 的督办情况。", "{unit} has reported on the slip for {number}."),
    "raise_monthly": Label("{number} 已列入月度例会议题。", "{number} stands on the agenda of the monthly meeting."),
    "raise_joint": Label("{number} 已列入联席会议议题。", "{number} stands on the agenda of the joint meeting."),
    "decided": Label("会议对 {number} 作出了决定，请看。", "A meeting has decided on {number}."),
    "called": Label("定于 {day} 开会，议题在会议页。", "A meeting is called for {day}; its agenda stands on its page."),
    "moved": Label("会议改到 {day}。", "The meeting was moved to {day}."),
    "cancelled": Label(
        "原定 {day} 的会议取消，议题留到下次。", "The meeting of {day} is cancelled; its agenda waits for the next."
    ),
    "invited_called": Label(
        "{meeting}定于 {day} 开，议题里有您单位承办的诉求，请派人参加。议题和日历文件在会议页。",
        "{meeting} is called for {day}; cases of your unit stand on its agenda. Agenda and calendar file are on its page.",
    ),
    "invited_moved": Label(
        "{meeting}改到 {day}，地点请看会议页；您单位有诉求在议题里，请派人参加。",
        "{meeting} was moved to {day}; see its page for the place. Cases of your unit stand on its agenda.",
    ),
    "invited_cancelled": Label(
        "原定 {day} 的{meeting}取消，您单位的诉求留到下次。",
        "{meeting} of {day} is cancelled; the cases of your unit wait for the next.",
    ),
    "agenda_waits": Label(
        "{meeting}的议题等得太久了，还没有定开会时间，请召集。",
        "{meeting} is not called yet, and what stands on its agenda has waited too long; please call it.",
    ),
    "meeting_unended": Label(
        "{day} 的{meeting}还没有结束，请记完决定并结束会议。",
        "{meeting} of {day} is not ended yet; please write down what it decided and end it.",
    ),
    "text_waits": Label(
        "{number} 的公开稿等批准已超期，请尽快看。", "The public text of {number} has waited too long for approval."
    ),
    "on_agenda": Label(
        "{number} 列入 {day} {meeting}的议题，请派人参加。", "{meeting} of {day} looks at {number}; please attend."
    ),
    "reopened": Label("{number} 重办，请尽快签收。", "{number} is to be done again; please take it on."),
    "to_extend": Label(
        "{unit}为 {number} 申请延期，请批复。", "{unit} asks for more time for {number}; please decide."
    ),
    "granted": Label("{number} 的延期已同意。", "The extension of {number} was granted."),
    "refused": Label(
        "{number} 的延期没有同意，照原期限办。", "The extension of {number} was refused; the time stands."
    ),
    "lapsed": Label(
        "{number} 的延期到期前没有批，照原期限办。",
        "Nobody decided on the extension of {number} in time; the time stands.",
    ),
    "withdrawn": Label(
        "提出人撤回了 {number}，不用再办。", "The requester has withdrawn {number}; nothing is left to do."
    ),
    "merged": Label(
        "{number} 已并入相同的一件，不用再办。", "{number} was merged into the same matter; nothing is left to do."
    ),
    "merged_in": Label(
        "另有人反映和 {number} 同一件事，已并入一起办。",
        "Somebody else asked the same as {number}; it was merged into it.",
    ),
    "unmerged": Label(
        "{number} 的合并已撤销，请继续办理。", "The merging of {number} was undone; please go on with it."
    ),
    "objected": Label(
        "提出人说 {number} 和并入的不是同一件事，请看要不要撤销合并。",
        "The requester of {number} says that it is not the matter into which it was merged; see whether to undo that.",
    ),
    "infected": Label(
        "{number} 有一个文件查出病毒，已经隔离。", "A virus was found in a file of {number}; it is locked away."
    ),
    "to_publish": Label("{number} 的公开稿等您批准。", "The public text of {number} waits for your approval."),
    "kept_private": Label(
        "提出人不同意公开 {number}，公开的内容已撤下，邻里也不能再加入。",
        "The requester does not want {number} published; whatever was public is taken off, and nobody else joins it.",
    ),
    "unreached": Label(
        "{number} 的短信没能送到提出人，请打电话告知。",
        "A message about {number} could not be brought to the requester; please call.",
    ),
    "rated": Label("提出人评价了 {number}。", "The requester has rated {number}."),
    "recomputed": Label(
        "工作日历有调整，{number} 的办理期限改为 {day}。",
        "The working calendar has changed: {number} is now due on {day}.",
    ),
}


def tracking_address(case: int) -> str:
    """Where whoever holds the code follows the case."""
    return f"{settings.TONGBAN_SHARED_ADDRESS}/track/{secrets.tracking_code(case)}/"


def rating_address(case: int) -> str:
    """The one-time rating link."""
    return f"{settings.TONGBAN_SHARED_ADDRESS}/rate/{secrets.rating_token(case)}/"


def fill(case: int | None, gaps: Mapping[str, Any]) -> Mapping[str, object]:
    """What fills the gaps of a line or a message about ``case``."""
    key = case or 0
    found: dict[str, object] = {
        "number": secrets.case_number(key),
        "unit": _SOMEBODY,
        "day": "",
        "count": gaps.get("count", ""),
        "outcome": _came_to(gaps),
        "meeting": _MEETINGS.get(gaps.get("meeting_kind", ""), _MEETING),
    }
    body = directory().bodies.get(gaps.get("unit") or 0)
    if body is not None:
        found["unit"] = body.name
    if "due" in gaps:
        due = timezone.localtime(datetime.fromisoformat(gaps["due"]), timezone.get_default_timezone())
        day = day_words(due.date(), with_year=False)  # a message is short, and nobody is given a year
        found["day"] = Label(f"{day.zh} {due:%H:%M}", f"{day.en}, {due:%H:%M}")
    return found


def _came_to(gaps: Mapping[str, Any]) -> object:
    """What came of it, as it follows upon "answered"; nothing where nobody has said."""
    if gaps.get("outcome") not in OUTCOMES:
        return ""
    planned = date.fromisoformat(gaps["planned"]) if "planned" in gaps else None
    told = Outcome(gaps["outcome"], gaps.get("why", ""), "", planned).told
    return Label(f"：{told.zh}", f": {told.en[0].lower()}{told.en[1:]}")


def fill_message(case: int | None, gaps: Mapping[str, Any]) -> Mapping[str, object]:
    """As :func:`fill`, with the secrets that only the asker's own phone gets."""
    key = case or 0
    secret = {
        "code": secrets.tracking_code(key),
        "track": tracking_address(key),
        "rate": rating_address(key),
    }
    return {**fill(case, gaps), **secret}


_SOMEBODY = Label("承办单位", "the handling unit")
_MEETING = Label("会议", "The meeting")
_MEETINGS = {"monthly": Label("月度例会", "The monthly meeting"), "joint": Label("联席会议", "The joint meeting")}
_INVITED = (
    "invited_called",
    "invited_moved",
    "invited_cancelled",
    "on_agenda",
    "agenda_waits",
    "meeting_unended",
    "text_waits",
)
_PRESSED = (
    "remind",
    "urge",
    "supervise",
    "supervised",
    "reported_back",
    "resumed",
    "slip_urged",
    "slip_overdue",
    "slip_unreported",
)
GROUPS = {
    **{f"asker.{k}": wording.MEETINGS for k in ASKER if k.startswith(("supervise", "raise_", "decide_"))},
    **{f"officer.{k}": wording.REMINDERS for k in _PRESSED},
    "asker.send": wording.ANSWERS, "asker.close": wording.ANSWERS,
    "officer.returned": wording.BACK, "officer.recalled": wording.BACK, "officer.unit_ended": wording.REMINDERS,
    "officer.back": wording.BACK, "officer.rejected": wording.BACK,
    "officer.rated": wording.REMINDERS, "officer.recomputed": wording.REMINDERS, "officer.withdrawn": wording.REMINDERS,
    **{f"officer.{k}": wording.REMINDERS for k in _INVITED},
    "officer.merged": wording.REMINDERS, "officer.merged_in": wording.REMINDERS, "officer.unmerged": wording.REMINDERS,
}  # fmt: skip
# Whether it is taken on must be told; the code and the answer's link are the only way in for whoever has no account.
REQUIRED = frozenset({"opened", "accept", "decline", "refer", "answer", "send"})

wording.declare(
    {f"asker.{k}": v for k, v in ASKER.items()} | {f"officer.{k}": v for k, v in OFFICER.items()},
    {},
    fill,
    groups=GROUPS,
)
wording.declare(
    {}, {f"case.{k}": v for k, v in MESSAGES.items()}, fill_message,
    required={f"case.{k}" for k in REQUIRED}, asked_for={"case.opened"}, groups={
        **{f"case.{k}": wording.MEETINGS for k in ("decide_monthly", "decide_joint", "hold")},
        "case.answer": wording.ANSWERS, "case.send": wording.ANSWERS,
    },
)  # fmt: skip
