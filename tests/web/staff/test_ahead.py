"""What a move that cannot be made now is waiting for."""

from __future__ import annotations

import pytest

from tongban.engines.cases.request import REQUEST
from tongban.web.staff.ahead import first_needed


@pytest.mark.parametrize(
    ("state", "move", "said"),
    [
        ("new", "assign", "受理以后可以"), ("accepted", "close", "发出答复以后可以"), ("assigned", "answer", "签收以后可以"),
        ("handling", "approve", "送审核以后可以"), ("handling", "send", "审核通过以后可以"),
        ("review", "answer", "退回修改以后可以"), ("assigned", "refer", "退回以后可以"), ("handling", "sign_in", "这一步已经过了"),
        ("accepted", "accept", "这一步已经过了"), ("closed", "answer", "这一件已经结束"), ("declined", "assign", "这一件已经结束"),
        ("assigned", "hand_over", "签收以后可以"), ("answered", "send", "这一步已经过了"),
    ],
)  # fmt: skip
def test_it_says_after_which_move_it_can_be_made(state: str, move: str, said: str) -> None:
    assert first_needed(REQUEST, state, REQUEST.move(move)).zh == said


def test_the_desk_assigns_again_only_what_has_come_back() -> None:
    assert first_needed(REQUEST, "assigned", REQUEST.move("assign"), ("accepted",)).en == "possible after “Return”"
    assert first_needed(REQUEST, "assigned", REQUEST.move("assign")).en == "possible after “Take on”"
