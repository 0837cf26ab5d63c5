"""What a programme writes to have cases: types, life cycles, moves, facts, categories. Checked when written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from tongban.core.labels import Label


class DeclarationError(ValueError):
    """A declaration that cannot work; the sentence says which and why."""


class FactKind(StrEnum):
    """The types a fact may have. Forms, checks, the API and exports are drawn from them."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    MONEY = "money"  # integer fen
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Fact:
    """One typed thing that a case of this type may know."""

    code: str
    label: Label
    kind: FactKind = FactKind.TEXT
    hint: Label | None = None
    required: bool = False
    choices: Mapping[str, Label] = field(default_factory=dict)
    unit: Label | None = None
    people: bool = False  # how many people the matter touches: it weighs what a delay costs

    def __post_init__(self) -> None:
        if (self.kind is FactKind.CHOICE) != bool(self.choices):
            raise DeclarationError(f"fact {self.code}: a choice needs choices, and nothing else has them")


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of matter as the asker would name it, and the limit that it usually gets."""

    code: str
    label: Label
    limit: str = "ordinary"
    unit: str = ""  # code of the body that a new county's desk is offered first; "": the desk judges by itself


#: What a move is about, in the order in which pages show them.
MOVE_GROUPS: Mapping[str, Label] = MappingProxyType({
    "work": Label("办理", "The work"),
    "hands": Label("谁来办", "Who works on it"),
    "time": Label("时间和督促", "Time and urging"),
    "same": Label("同一件事", "The same matter"),
    "public": Label("公开", "In public"),
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    """One verb: from which states to which, by whom. ``by`` are offices, or "asker" for the requester himself."""

    code: str
    label: Label
    source: str | tuple[str, ...]
    target: str | None  # None: the state stays
    by: tuple[str, ...]
    never_same_person_as: str | None = None
    # Where it leads instead when the action finds it so (a return to the unit above rather than to the desk).
    or_target: str | None = None
    # Which of MOVE_GROUPS it stands in where many moves are offered.
    group: str = "work"

    @property
    def sources(self) -> tuple[str, ...]:
        """The states from which it may be made."""
        return (self.source,) if isinstance(self.source, str) else self.source


#: The clock of a state in which the assignment's own limit runs.
ASSIGNED = "*"


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """Few states, and the moves between them.

    ``clocks``: for each state that is not an end, the code of the limit within which its next step is to be made, or
    ASSIGNED. So no case can wait for ever without anybody's being late.
    """

    initial: str
    states: Mapping[str, Label]
    moves: tuple[Move, ...]
    ended: frozenset[str]
    clocks: Mapping[str, str]

    def __post_init__(self) -> None:
        codes = [m.code for m in self.moves]
        if len(codes) != len(set(codes)):
            raise DeclarationError("two moves have one code")
        for move in self.moves:
            for state in (*move.sources, *filter(None, (move.target, move.or_target))):
                if state not in self.states:
                    raise DeclarationError(f"move {move.code} names the state {state!r}, which is not declared")
            if move.group not in MOVE_GROUPS:
                raise DeclarationError(f"move {move.code} stands in no group of moves: {move.group!r}")
            if move.never_same_person_as and move.never_same_person_as not in codes:
                raise DeclarationError(
                    f"move {move.code} is kept apart from {move.never_same_person_as!r}, no such move"
                )
        if self.initial not in self.states:
            raise DeclarationError(f"the initial state {self.initial!r} is not declared")
        self._check_reach()
        timed = set(self.clocks)
        if timed != set(self.states) - self.ended:
            wrong = sorted(timed ^ (set(self.states) - self.ended))
            raise DeclarationError(f"every state has a clock unless it is an end; look at {', '.join(wrong)}")

    def _check_reach(self) -> None:
        reached, grown = {self.initial}, True
        while grown:
            found = {m.target for m in self.moves if m.target and reached & set(m.sources)} - reached
            reached |= {s for s in found if s}
            grown = bool(found)
        if lost := set(self.states) - reached:
            raise DeclarationError(f"no move ever leads to {', '.join(sorted(lost))}")
        stuck = [s for s in self.states if s not in self.ended and not self.leaving(s)]
        if stuck:
            raise DeclarationError(f"nothing leads out of {', '.join(stuck)}, and it is not an end")

    def leaving(self, state: str) -> list[Move]:
        """The moves that may be made in ``state``."""
        return [m for m in self.moves if state in m.sources]

    def move(self, code: str) -> Move:
        """The move with this code."""
        for move in self.moves:
            if move.code == code:
                return move
        raise LookupError(f"no move {code!r} in this life cycle")


@dataclass(frozen=True, slots=True)
class CaseType:
    """One kind of case: its life cycle, what may be known of it, what it may be about."""

    code: str
    label: Label
    lifecycle: Lifecycle
    desk: str  # the code of the organisation at whose desk it arrives
    categories: tuple[Category, ...]
    facts: tuple[Fact, ...] = ()
    askers: frozenset[str] = frozenset({"resident"})  # "firm", "resident"
    rating_days: int = 30

    def clock(self, state: str) -> str:
        """The code of the limit within which the next step of ``state`` is to be made."""
        return self.lifecycle.clocks[state]

    def category(self, code: str) -> Category | None:
        """The category with this code, if it is declared."""
        return next((c for c in self.categories if c.code == code), None)


class Similar(Protocol):
    """The port through which cases about the same matter are found. Full text fills it until the triage engine does."""

    def __call__(self, text: str, *, seen_by: Sequence[str], limit: int) -> Sequence[tuple[int, float]]:
        """At most ``limit`` cases as (key, likeness from 0 to 1), the likest first, of those which one of the holders
        in ``seen_by`` (as the index words them: core.words.holder_word) may see."""


GRADES: Mapping[int, Label] = {
    5: Label("非常满意", "Very satisfied"),
    4: Label("满意", "Satisfied"),
    3: Label("基本满意", "Fairly satisfied"),
    2: Label("不满意", "Dissatisfied"),
    1: Label("非常不满意", "Very dissatisfied"),
}
SATISFIED = frozenset({3, 4, 5})

CHANNELS: Mapping[str, Label] = {
    "web": Label("网页", "Web"),
    "code": Label("企业码", "Firm's code"),
    "phone": Label("热线", "Phone"),
    "desk": Label("窗口", "Counter"),
    "visit": Label("走访", "Visit"),
    "import": Label("导入", "Import"),
}
