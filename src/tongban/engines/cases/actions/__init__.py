"""Every write of a case. Pages, commands and the API call these and never save a model."""

from tongban.engines.cases import refusals as _refusals  # noqa: F401 - declares the sentences
from tongban.engines.cases.actions.asking import follow, reply, reveal, withdraw
from tongban.engines.cases.actions.desk import accept, assign, assist, close, correct, decline, refer
from tongban.engines.cases.actions.opening import Opening, open_case
from tongban.engines.cases.actions.rating import rate
from tongban.engines.cases.actions.recording import record_reply
from tongban.engines.cases.actions.reviewing import approve, reject, send
from tongban.engines.cases.actions.working import answer, ask, feed_back, give_back, hand_over, sign_in

__all__ = [
    "Opening", "accept", "answer", "approve", "ask", "assign", "assist", "close", "correct", "decline", "feed_back", "follow",
    "give_back", "hand_over", "open_case", "rate", "record_reply", "refer", "reject", "reply", "reveal", "send", "sign_in", "withdraw",
]  # fmt: skip
