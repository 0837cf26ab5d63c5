"""The action behind each move of a life cycle, by the move's code: what pages, other systems and histories call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from tongban.engines.cases import actions
from tongban.engines.cases.actions.meeting import decide

#: Each takes ``case``, ``by`` and ``at``, and what the move needs. Pictures are moves of a file, and have no place here.
MOVES: Mapping[str, Callable[..., object]] = MappingProxyType({
    "accept": actions.accept, "decline": actions.decline, "refer": actions.refer, "correct": actions.correct,
    "assign": actions.assign, "assist": actions.assist, "sign_in": actions.sign_in, "return": actions.give_back,
    "recall": actions.recall, "hand_over": actions.hand_over, "transfer": actions.transfer, "feed_back": actions.feed_back,
    "number": actions.number_questions, "ask": actions.ask, "reply": actions.reply,
    "pause": actions.pause, "resume": actions.resume, "extend": actions.extend, "grant": actions.grant_extension,
    "refuse": actions.refuse_extension, "urge": actions.urge, "supervise": actions.supervise,
    "report_back": actions.report_back, "raise": actions.raise_to_meeting, "decide": decide,
    "answer": actions.answer, "approve": actions.approve, "reject": actions.reject, "send": actions.send,
    "close": actions.close, "attach": actions.attach, "callback": actions.call_back, "reopen": actions.reopen,
    "open_up": actions.open_up, "close_up": actions.close_up, "publish_prepare": actions.publish_prepare,
    "publish_approve": actions.publish_approve, "publish_withdraw": actions.publish_withdraw,
    "keep_private": actions.keep_private, "merge": actions.merge, "unmerge": actions.unmerge,
    "object": actions.object_to_merge, "split": actions.split, "unsplit": actions.unsplit,
    "put_under": actions.put_under, "take_out": actions.take_out, "withdraw": actions.withdraw,
})  # fmt: skip
