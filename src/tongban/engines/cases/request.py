"""The life of a request: what firms and residents ask of the desk. Programmes take it as it is."""

from __future__ import annotations

from tongban.core.labels import Label
from tongban.engines.cases.declare import Lifecycle, Move

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
        "undone": Label("导入已撤销", "Import undone"),
    },
    ended=frozenset({"closed", "declined", "referred", "withdrawn", "undone"}),
    moves=(
        Move("accept", Label("受理", "Accept"), "new", "accepted", by=("agent",)),
        Move("decline", Label("不予受理", "Decline"), "new", "declined", by=("agent",)),
        Move("refer", Label("转外部办理", "Refer outside"), ("new", "accepted"), "referred", by=("agent",)),
        Move("correct", Label("更正类别和地点", "Correct category and place"),
             ("new", "accepted", "assigned", "handling", "review", "approved", "answered"), None, by=("agent",)),
        Move("assign", Label("交办", "Assign"), ("accepted", "handling"), "assigned", by=("agent", "handler")),
        Move("assist", Label("加协办", "Add an assisting unit"), ("assigned", "handling"), None, by=("agent", "handler")),
        Move("sign_in", Label("签收", "Take on"), "assigned", "handling", by=("handler",)),
        Move("return", Label("退回", "Return"), ("assigned", "handling"), "accepted", by=("handler",), or_target="handling"),
        Move("hand_over", Label("移交经办人", "Hand over"), "handling", None, by=("handler",)),
        Move("feed_back", Label("回填意见", "Report back"), ("assigned", "handling"), None, by=("handler",)),
        Move("ask", Label("请提出人补充", "Ask for more"), ("new", "accepted", "handling"), None, by=("handler", "agent")),
        Move("reply", Label("补充说明", "Reply"), ("new", "accepted", "assigned", "handling"), None,
             by=("asker",)),
        Move("answer", Label("送审核", "Send for review"), "handling", "review", by=("handler",)),
        Move("approve", Label("审核通过", "Approve"), "review", "approved", by=("reviewer",),
             never_same_person_as="answer"),
        Move("reject", Label("退回修改", "Send back"), "review", "handling", by=("reviewer",),
             never_same_person_as="answer"),
        Move("send", Label("发出答复", "Send the answer"), "approved", "answered", by=("agent", "reviewer")),
        Move("close", Label("办结", "Close"), "answered", "closed", by=("agent",), never_same_person_as="answer"),
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
    "sign_in": Label("待签收", "To take on"),
    "handle": Label("办理中", "In progress"),
    "assist": Label("待协办", "To assist"),
    "review": Label("待审核", "To review"),
    "send": Label("待发出", "To send"),
    "close": Label("待办结", "To close"),
}
