"""Every write of a case. Pages, commands and the API call these and never save a model."""

from tongban.engines.cases import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.engines.cases.actions.asking import follow, reply, reveal, withdraw
from tongban.engines.cases.actions.desk import accept, assign, assist, close, correct, decline, recall, refer
from tongban.engines.cases.actions.escalating import raise_to_meeting, report_back, supervise, urge
from tongban.engines.cases.actions.filing import attach, close_picture, open_picture, record_verdict
from tongban.engines.cases.actions.merging import merge, object_to_merge, unmerge
from tongban.engines.cases.actions.neighbours import close_up, join, leave, open_up
from tongban.engines.cases.actions.opening import Opening, open_case
from tongban.engines.cases.actions.pausing import extend, grant_extension, pause, refuse_extension, resume
from tongban.engines.cases.actions.publishing import (
    allow_public,
    keep_private,
    publish_approve,
    publish_prepare,
    publish_withdraw,
)
from tongban.engines.cases.actions.questions import number_questions
from tongban.engines.cases.actions.rating import rate
from tongban.engines.cases.actions.recording import record_reply
from tongban.engines.cases.actions.redoing import call_back, reopen
from tongban.engines.cases.actions.reviewing import approve, reject, send
from tongban.engines.cases.actions.splitting import Matter, put_under, split, take_out, unsplit
from tongban.engines.cases.actions.working import answer, ask, feed_back, give_back, hand_over, sign_in, transfer

__all__ = [
    "Matter", "Opening", "accept", "allow_public", "answer", "approve", "ask", "assign", "assist", "attach",
    "call_back", "close", "close_picture", "close_up", "correct", "decline", "extend", "feed_back", "follow",
    "give_back", "grant_extension", "hand_over", "join", "keep_private", "leave", "merge", "number_questions", "object_to_merge", "open_case",
    "open_picture", "open_up", "pause", "publish_approve", "publish_prepare", "publish_withdraw", "put_under",
    "raise_to_meeting", "rate", "recall", "record_reply", "record_verdict", "refer", "refuse_extension", "reject", "reopen",
    "reply", "report_back", "resume", "reveal", "send", "sign_in", "split", "supervise", "take_out", "transfer",
    "unmerge", "unsplit", "urge", "withdraw",
]  # fmt: skip
