"""The life of a request: what firms and residents ask of the desk. Programmes take it as it is."""

from __future__ import annotations

from tongban.core.labels import Label
from tongban.engines.cases.declare import ASSIGNED, Lifecycle, Move

# Everywhere between request and answer.
_OPEN = ("new", "accepted", "assigned", "handling", "review", "approved")
# What has been taken on may be told to everybody; what has been told may be taken back, however the case has ended.
_TOLD = ("accepted", "assigned", "handling", "review", "approved", "answered", "closed")
_ANY = (*_OPEN, "answered", "closed", "declined", "referred", "withdrawn", "merged")

REQUEST = Lifecycle(
    initial="new",
    states={
        "new": Label("待受理", "To be accepted"),
        "accepted": Label("待交办", "To be assigned"),
        "assigned": Label("待签收", "To be taken on"),
        "handling": Label("办理中", "In progress"),
        "review": Label("待审核", "In review"),
        "approved": Label("待发出", "To be sent"),
        "answered": Label("已答复", "Answered"),
        "closed": Label("已办结", "Closed"),
        "declined": Label("不予受理", "Not accepted"),
        "referred": Label("已转外部", "Referred outside"),
        "withdrawn": Label("已撤回", "Withdrawn"),
        "merged": Label("已合并", "Merged"),
        "undone": Label("已撤销", "Undone"),
    },
    ended=frozenset({"closed", "declined", "referred", "withdrawn", "merged", "undone"}),
    clocks={
        "new": "accept", "accepted": "accept", "assigned": "sign_in", "handling": ASSIGNED, "review": "review",
        "approved": "send", "answered": "close",
    },
    moves=(
        Move("accept", Label("受理", "Accept"), "new", "accepted", by=("agent",)),
        Move("decline", Label("不予受理", "Decline"), "new", "declined", by=("agent",)),
        Move("refer", Label("转外部办理", "Refer outside"), ("new", "accepted"), "referred", by=("agent",), group="hands"),
        Move("correct", Label("更正类别和地点", "Correct category and place"),
             ("new", "accepted", "assigned", "handling", "review", "approved", "answered"), None, by=("agent",)),
        Move("assign", Label("交办", "Assign"), ("accepted", "handling"), "assigned",
             by=("agent", "handler"), group="hands"),
        Move("assist", Label("加协办", "Add an assisting unit"), ("assigned", "handling"), None,
             by=("agent", "handler"), group="hands"),
        Move("sign_in", Label("签收", "Take on"), "assigned", "handling", by=("handler",)),
        Move("return", Label("退回", "Return"), ("assigned", "handling"), "accepted",
             by=("handler",), or_target="handling", group="hands"),
        # From a unit that has not taken it on, or in which nobody is left to work on it.
        Move("recall", Label("收回", "Take back"), ("assigned", "handling", "review"), "accepted", by=("agent",), group="hands"),
        Move("hand_over", Label("移交经办人", "Hand over"), "handling", None, by=("handler",), group="hands"),
        Move("transfer", Label("转办", "Pass to another unit"), "handling", "assigned", by=("handler",), group="hands"),
        Move("feed_back", Label("回填意见", "Report back"), ("assigned", "handling"), None, by=("handler",)),
        Move("number", Label("分列问题", "Number the questions"), ("accepted", "assigned", "handling"), None,
             by=("agent", "handler")),
        Move("open_up", Label("让邻里算我一个", "Open it to neighbours"), _OPEN, None, by=("agent",), group="public"),
        Move("close_up", Label("不再让邻里加入", "Close it to neighbours"), (*_OPEN, "answered", "closed"), None,
             by=("agent",), group="public"),
        Move("ask", Label("请提出人补充", "Ask for more"), ("new", "accepted", "handling"), None, by=("handler", "agent")),
        Move("reply", Label("补充说明", "Reply"), ("new", "accepted", "assigned", "handling"), None,
             by=("asker",)),
        Move("pause", Label("暂停等补件", "Pause for more"), "handling", None, by=("handler",), group="time"),
        Move("resume", Label("恢复计时", "Resume"), "handling", None, by=("handler",), group="time"),
        Move("extend", Label("申请延期", "Ask for an extension"), "handling", None, by=("handler",), group="time"),
        Move("grant", Label("同意延期", "Grant the extension"), "handling", None, by=("agent",),
             never_same_person_as="extend", group="time"),
        Move("refuse", Label("不同意延期", "Refuse the extension"), "handling", None, by=("agent",),
             never_same_person_as="extend", group="time"),
        Move("urge", Label("催办", "Urge"), _OPEN, None, by=("agent", "secretary", "supervisor", "asker"), group="time"),
        Move("supervise", Label("发督办单", "Issue a supervision slip"), ("assigned", "handling", "review"), None,
             by=("agent", "secretary", "supervisor"), group="time"),
        Move("report_back", Label("督办反馈", "Report on the slip"), _OPEN, None, by=("handler", "agent"), group="time"),
        Move("raise", Label("提交会议", "Bring before a meeting"), ("accepted", "assigned", "handling", "review"), None,
             by=("agent", "secretary"), group="hands"),
        Move("decide", Label("会议决定", "Decide in a meeting"), (*_OPEN, "answered", "closed"),
             None, by=("secretary",), or_target="assigned", group="hands"),
        Move("answer", Label("送审核", "Send for review"), "handling", "review", by=("handler",)),
        Move("approve", Label("审核通过", "Approve"), "review", "approved", by=("reviewer",),
             never_same_person_as="answer"),
        Move("reject", Label("退回修改", "Send back"), "review", "handling", by=("reviewer",),
             never_same_person_as="answer"),
        Move("send", Label("发出答复", "Send the answer"), "approved", "answered", by=("agent", "reviewer")),
        Move("close", Label("办结", "Close"), "answered", "closed", by=("agent",), never_same_person_as="answer"),
        Move("attach", Label("添加内部材料", "Add internal files"),
             ("new", "accepted", "assigned", "handling", "review", "approved", "answered"), None,
             by=("agent", "handler")),
        # Which pictures may be shown to everybody is settled while the case is worked on, or when it is over.
        Move("open_picture", Label("准备公开用图", "Prepare a picture for publication"),
             ("accepted", "assigned", "handling", "review", "approved", "answered", "closed"), None,
             by=("agent", "handler"), group="public"),
        Move("close_picture", Label("收回公开用图", "Take back a picture for publication"), _ANY, None,
             by=("agent", "handler"), group="public"),
        Move("publish_prepare", Label("准备公开稿", "Prepare it for publication"), _TOLD, None, by=("agent",), group="public"),
        Move("publish_approve", Label("批准公开", "Approve for publication"), _TOLD, None, by=("reviewer", "agent"),
             never_same_person_as="publish_prepare", group="public"),
        Move("publish_withdraw", Label("撤下公开", "Take it off the public pages"), _ANY, None,
             by=("agent", "reviewer"), group="public"),
        Move("keep_private", Label("决定公不公开", "Choose whether it may be published"), _ANY, None,
             by=("asker",), group="public"),
        Move("callback", Label("回访", "Call back"), ("answered", "closed"), None, by=("agent",),
             or_target="assigned", never_same_person_as="answer"),
        Move("reopen", Label("重办", "Do it again"), ("answered", "closed"), "assigned", by=("agent",),
             or_target="accepted"),
        Move("merge", Label("并入相同的一件", "Merge into the same matter"), _OPEN, "merged", by=("agent",), group="same"),
        # It leads back to the state before, whichever that was.
        Move("unmerge", Label("撤销合并", "Undo the merge"), "merged", None, by=("agent",), group="same"),
        # It changes nothing by itself: the desk reads it and may undo the merge.
        Move("object", Label("不是同一件事", "Not the same matter"), "merged", None, by=("asker",), group="same"),
        Move("split", Label("拆成几件", "Split into several"), ("new", "accepted", "assigned", "handling"), None,
             by=("agent",), group="same"),
        Move("unsplit", Label("撤销拆分", "Undo the split"), ("new", "accepted", "assigned", "handling"), None,
             by=("agent",), group="same"),
        Move("put_under", Label("挂到另一件下面", "Put under another"), (*_OPEN, "answered"), None, by=("agent",), group="same"),
        Move("take_out", Label("不再挂在下面", "Let it stand by itself"), (*_OPEN, "answered"), None, by=("agent",), group="same"),
        Move("withdraw", Label("撤回", "Withdraw"),
             ("new", "accepted", "assigned", "handling", "review", "approved"), "withdrawn", by=("asker",)),
        # Made by the import alone, never offered on a page: what another system had already said to the asker.
        Move("record_reply", Label("补录答复", "Record a reply"), "new", "closed", by=("importer",)),
        Move("record_receipt", Label("补录回执", "Record a receipt"), "new", None, by=("importer",)),
        Move("undo_import", Label("撤销导入", "Undo the import"), ("new", "accepted", "closed"), "undone",
             by=("importer",)),
    ),
)  # fmt: skip

# What waits for whom: the number under which a case stands in a holder's queue; 0 is nothing.
QUEUES = {
    "accept": 10,
    "assign": 20,
    "extension": 25,
    "sign_in": 30,
    "handle": 40,
    "assist": 45,
    "review": 50,
    "send": 60,
    "close": 70,
}
QUEUE_LABELS = {
    "accept": Label("待受理", "To accept"),
    "assign": Label("待交办", "To assign"),
    "extension": Label("待批延期", "Extensions to decide"),
    "sign_in": Label("待签收", "To take on"),
    "handle": Label("办理中", "In progress"),
    "assist": Label("待协办", "To assist"),
    "review": Label("待审核", "To review"),
    "send": Label("待发出", "To send"),
    "close": Label("待办结", "To close"),
}
