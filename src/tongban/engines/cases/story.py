"""The words of the story's lines: one sentence for each kind, in both languages, as seen from the outside.

A line keeps only its kind, its units and what somebody wrote; the sentence is made when it is read, so that a better
word reaches old lines too.
"""

from __future__ import annotations

from tongban.core.labels import Label
from tongban.engines.cases.declare import GRADES
from tongban.engines.cases.models import StoryItem

Audience = StoryItem.Audience

# {unit} is who did it, {other} the unit that the line names.
LINES: dict[str, Label] = {
    "open": Label("提出诉求", "Request made"),
    "accept": Label("{unit}受理", "Accepted by {unit}"),
    "decline": Label("{unit}不予受理", "Not accepted by {unit}"),
    "refer": Label("{unit}转外部单位办理", "Referred outside by {unit}"),
    "correct": Label("{unit}更正了类别或地点", "Category or place put right by {unit}"),
    "assign": Label("{unit}交办给{other}", "Given to {other} by {unit}"),
    "note": Label("{unit}给{other}的交办意见", "Note from {unit} to {other}"),
    "assist": Label("请{other}协办", "{other} asked to assist"),
    "sign_in": Label("{unit}签收，开始办理", "Taken on by {unit}; work has begun"),
    "return": Label("{unit}退回", "Returned by {unit}"),
    "hand_over": Label("{unit}换了经办人", "Handed over to another officer of {unit}"),
    "feed_back": Label("{unit}回填协办意见", "{unit} reported back"),
    "ask": Label("{unit}请提出人补充说明", "{unit} asked for more"),
    "reply": Label("提出人补充了说明", "The requester replied"),
    "answer": Label("{unit}写好答复，送审核", "Answer written by {unit}, sent for review"),
    "approve": Label("{unit}审核通过", "Approved by {unit}"),
    "reject": Label("{unit}审核退回修改", "Sent back by the reviewer at {unit}"),
    "send": Label("答复已发出", "The answer was sent"),
    "receipt": Label("回执：已收悉（不算答复）", "Receipt: “received” (not an answer)"),
    "taken_answer": Label("原平台已答复（由导入带入）", "Answered on the former platform (brought in by an import)"),
    "taken_receipt": Label(
        "原平台回执：已收悉，不算答复（由导入带入）",
        "Receipt on the former platform: “received”, not an answer (brought in by an import)",
    ),
    "rate": Label("提出人评价", "The requester's rating"),
    "close": Label("{unit}办结", "Closed by {unit}"),
    "withdraw": Label("提出人撤回", "Withdrawn by the requester"),
    "reveal": Label("{unit}查看了联系电话，理由如下", "{unit} looked at the phone number, for this reason"),
    "follow": Label("有人开始关注", "Somebody began to follow"),
    "recompute": Label("工作日历有调整，期限重新计算", "The working calendar changed; the deadline was derived anew"),
    "undo_import": Label("这一批导入已撤销", "This import was undone"),
}
# What happened elsewhere: whoever brought it here did not do it.
TAKEN_OVER = frozenset({"taken_answer", "taken_receipt"})
_OTHERWISE = Label("有新进展", "Something happened")
_SOMEBODY = Label("受理岗", "the desk")

# Who reads a line: shown beside it, so that an officer knows before he writes.
AUDIENCES: dict[int, Label] = {
    Audience.PUBLIC: Label("凭查询码可见", "anyone with the code"),
    Audience.PARTY: Label("提出人可见", "the requester"),
    Audience.UNIT: Label("仅承办单位可见", "handling units only"),
    Audience.DESK: Label("仅受理岗可见", "the desk only"),
}


def sentence(kind: str, unit: Label | None = None, other: Label | None = None) -> Label:
    """What happened, in a sentence.

    >>> sentence("assign", Label("企业受理", "Firms' desk"), Label("交通局", "Transport")).zh
    '企业受理交办给交通局'
    >>> sentence("unheard_of").en
    'Something happened'
    """
    words = LINES.get(kind, _OTHERWISE)
    unit, other = unit or _SOMEBODY, other or _SOMEBODY
    return Label(words.zh.format(unit=unit.zh, other=other.zh), words.en.format(unit=unit.en, other=other.en))


def rating_words(grade: int | None) -> Label:
    """A grade in words; unrated says so and is never satisfied."""
    return GRADES.get(grade or 0, Label("未评价", "Not rated"))
