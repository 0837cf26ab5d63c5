"""Moves that can be made now, in groups, and what one that cannot be made now is waiting for."""

from __future__ import annotations

import pytest

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage
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


@pytest.mark.django_db
def test_many_moves_stand_under_what_they_are_about_and_a_few_without(county: County, sign_in: SignIn) -> None:
    page = sign_in("沈受理").get(f"/desk/cases/{at_stage(county, 'handling')}/").content.decode()
    order = ["谁来办</h3>", 'id="move-assist"', "时间和督促</h3>", 'id="move-urge"', "同一件事</h3>", 'id="move-merge"']
    places = [page.index(mark) for mark in order]
    assert places == sorted(places)
    few = sign_in("钱审核").get(f"/desk/cases/{at_stage(county, 'review')}/").content.decode()
    assert "</h3>" not in few.partition('id="others"')[2]
