"""A life cycle that could leave a case stuck, lost or without a clock is refused when the program starts."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tongban.core.labels import Label
from tongban.engines.cases.declare import DeclarationError, Lifecycle, Move

_SHORT = {"new": Label("待受理", "New"), "working": Label("办理中", "Working"), "over": Label("已办结", "Over")}
_TAKE = Move("take", Label("受理", "Take"), "new", "working", by=("agent",))
_END = Move("end", Label("办结", "End"), "working", "over", by=("agent",), never_same_person_as="take")
_NOTE = Label("记", "Note")


def lifecycle(**other: Any) -> Lifecycle:
    given: dict[str, Any] = {
        "initial": "new", "states": _SHORT, "moves": (_TAKE, _END), "ended": frozenset({"over"}),
        "clocks": {"new": "accept", "working": "*"},
    }  # fmt: skip
    return Lifecycle(**given | other)


def test_a_whole_one_is_taken() -> None:
    assert lifecycle().move("end").target == "over"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"moves": (_TAKE, _END, _END)}, "two moves have one code"),
        ({"moves": (_TAKE, _END, Move("lose", _NOTE, "working", "lost", by=()))}, "names the state 'lost'"),
        (
            {"moves": (_TAKE, _END, Move("note", _NOTE, "working", None, by=(), group="odd"))},
            "no group of moves: 'odd'",
        ),
        ({"moves": (_END,)}, "kept apart from 'take', no such move"),
        ({"initial": "first"}, "the initial state 'first' is not declared"),
        ({"moves": (_TAKE,)}, "no move ever leads to over"),
        ({"ended": frozenset()}, "nothing leads out of over, and it is not an end"),
        ({"clocks": {"new": "accept"}}, "every state has a clock unless it is an end; look at working"),
        ({"clocks": {"new": "accept", "working": "*", "over": "close"}}, "look at over"),
    ],
)
def test_what_would_leave_a_case_stuck_or_lost_is_refused(other: dict[str, Any], said: str) -> None:
    with pytest.raises(DeclarationError, match=re.escape(said)):
        lifecycle(**other)
