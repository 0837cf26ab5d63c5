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
    "transfer": Label("{unit}转给{other}办理", "Passed by {unit} to {other}"),
    "note": Label("{unit}给{other}的交办意见", "Note from {unit} to {other}"),
    "assist": Label("请{other}协办", "{other} asked to assist"),
    "sign_in": Label("{unit}签收，开始办理", "Taken on by {unit}; work has begun"),
    "recall": Label("{unit}从{other}收回，另行交办", "Taken back from {other} by {unit}, to be given out anew"),
    "return": Label("{unit}退回", "Returned by {unit}"),
    "back_at_desk": Label("回到受理岗，重新找承办单位", "It has gone back to the desk to find the right unit"),
    "hand_over": Label("{unit}换了经办人", "Handed over to another officer of {unit}"),
    "feed_back": Label("{unit}回填协办意见", "{unit} reported back"),
    "ask": Label("{unit}请提出人补充说明", "{unit} asked for more"),
    "reply": Label("提出人补充了说明", "The requester replied"),
    "pause": Label("{unit}请提出人补件，暂停计时", "{unit} waits for more from the requester; the clock is paused"),
    "resume": Label("{unit}恢复计时", "{unit} let the clock run again"),
    "resume_replied": Label("补充收到，恢复计时", "The reply came; the clock runs again"),
    "resume_out": Label("暂停已到最长时间，恢复计时", "The longest time for a pause has passed; the clock runs again"),
    "hold_out": Label("挂账已到最长时间，恢复计时", "The longest time for a hold has passed; the clock runs again"),
    "urge": Label("{unit}催办", "Urged by {unit}"),
    "urge_asker": Label("提出人催办", "Urged by the requester"),
    "urge_ladder": Label("已超期，自动催办", "Overdue: urged automatically"),
    "supervise": Label("{unit}向{other}发督办单", "Supervision slip from {unit} to {other}"),
    "supervise_ladder": Label("超期未办，自动发督办单", "Still overdue: a supervision slip was issued automatically"),
    "slip_urged": Label(
        "超期未办，上一张督办单还在等反馈，自动再催", "Still overdue: the open supervision slip was urged automatically"
    ),
    "slip_overdue": Label("督办单到期，{other}没有反馈", "{other} has not reported on the slip in time"),
    "report_back": Label("{unit}反馈督办情况", "{unit} reported on the slip"),
    "raise_monthly": Label("提交月度例会", "Brought before the monthly meeting"),
    "raise_joint": Label("提交联席会议", "Brought before the joint meeting"),
    "decide_monthly": Label("月度例会决定", "Decided by the monthly meeting"),
    "decide_joint": Label("联席会议决定", "Decided by the joint meeting"),
    "hold": Label("挂账，暂停计时", "Put on hold; the clock stands still"),
    "extend": Label("{unit}申请延期", "{unit} asked for an extension"),
    "grant": Label("{unit}同意延期", "Extension granted by {unit}"),
    "refuse": Label("{unit}不同意延期", "Extension refused by {unit}"),
    "extension_lapsed": Label(
        "延期申请到期前没有批，自动作废", "Nobody decided on the extension in time; it has lapsed"
    ),
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
    "attach": Label("{unit}添加了内部材料", "Internal files added by {unit}"),
    "infected": Label(
        "有一个文件查出病毒，已经隔离，谁也打不开。要用的话，请换一份没有问题的重新传。",
        "A virus was found in a file: it is locked away and nobody can open it. If it is needed, please send a clean one.",
    ),
    "open_picture": Label("{unit}确认了一张可以公开的图片", "A picture confirmed for publication by {unit}"),
    "close_picture": Label("{unit}收回了一张公开用的图片", "A picture for publication taken back by {unit}"),
    "publish_prepare": Label(
        "{unit}准备了公开稿，等另一人批准", "{unit} prepared it for publication; another approves"
    ),
    "publish_approve": Label("隐去个人信息后公开", "Published without personal data"),
    "publish_withdraw": Label("{unit}撤下了公开的内容", "Taken off the public pages by {unit}"),
    "keep_private": Label("提出人选择不公开", "The requester wants it kept private"),
    "allow_public": Label(
        "提出人同意隐去个人信息后公开", "The requester allows it to be published without personal data"
    ),
    "callback_unreached": Label("{unit}回访，没有联系上", "{unit} called back and reached nobody"),
    "callback_solved": Label("{unit}回访：已解决", "{unit} called back: solved"),
    "callback_unsolved": Label("{unit}回访：没有解决", "{unit} called back: not solved"),
    "reopen": Label("重办：交{other}重新办理", "To be done again by {other}"),
    "merge": Label("{unit}认为是同一件事，并入下面这一件办理", "Found to be the same matter by {unit}; it goes on as"),
    "merged_in": Label("另有人反映同一件事，一并办理", "Somebody else asked the same; both are handled as one"),
    "unmerge": Label(
        "{unit}撤销了合并，照原来继续办理", "The merge was undone by {unit}; the request goes on as before"
    ),
    "unmerged": Label("一并办理的另一件已分开", "The other request is handled apart again"),
    "object": Label("提出人说不是同一件事，请受理岗再看", "The requester says that it is not the same matter"),
    "split": Label("有几件事，{unit}拆出单独办理，编号如下", "It held several matters; {unit} took out these"),
    "split_off": Label("从另一件诉求里拆出，单独办理", "Taken out of another request, to be handled by itself"),
    "unsplit": Label("{unit}撤销了拆分，合在这一件里办理", "The splitting was undone by {unit}; all is handled here"),
    "put_under": Label("{unit}把它挂到另一件下面", "Put under another case by {unit}"),
    "put_over": Label("{unit}把另一件挂到它下面", "Another case was put under it by {unit}"),
    "take_out": Label("{unit}把它从另一件下面取下", "Taken out from under another case by {unit}"),
    "number": Label("{unit}分列了几个问题，逐一答复", "{unit} numbered the questions, to be answered one by one"),
    "open_up": Label("{unit}让邻里可以加入，标题如下", "Opened to neighbours by {unit}, under this title"),
    "close_up": Label("{unit}不再让邻里加入", "Closed to more neighbours by {unit}"),
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
