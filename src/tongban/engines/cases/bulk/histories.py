"""What a case's history is made of: how it was opened, and the steps that were taken with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.actions.moves import MOVES
from tongban.engines.cases.models import Case

# Every action that moves a case on. The rest is no part of a history: revealing a number is a look, and whoever takes
# part from the beginning stands in the opening.
_OF_HISTORIES = (
    "accept", "decline", "refer", "correct", "assign", "assist", "sign_in", "return", "hand_over", "transfer", "feed_back",
    "ask", "reply", "pause", "resume", "extend", "grant", "refuse", "raise", "decide", "answer", "approve", "reject", "send",
    "callback", "reopen", "close", "withdraw",
)  # fmt: skip
STEPS: Mapping[str, Callable[..., Any]] = {
    **{code: MOVES[code] for code in _OF_HISTORIES},
    "rate": actions.rate, "record_reply": actions.record_reply,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One action: its name among :data:`STEPS`, who, when, and what else the action is given (never the case)."""

    do: str
    by: Actor
    at: datetime
    given: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.do not in STEPS:
            raise ValueError(f"no step {self.do!r}: a history knows {', '.join(STEPS)}")

    def take(self, case: Case) -> None:
        """Do it. Whoever has no account proves himself with the secrets that a page would have got from him."""
        if self.do == "rate":
            actions.rate(token=secrets.rating_token(case.pk), by=self.by, at=self.at, **self.given)
        elif self.by.system == "asker":
            STEPS[self.do](case=case.pk, by=self.by, at=self.at, proof=secrets.tracking_code(case.pk), **self.given)
        else:
            STEPS[self.do](case=case.pk, by=self.by, at=self.at, **self.given)


@dataclass(frozen=True, slots=True)
class History:
    """One case from its opening to wherever its steps lead."""

    opening: Opening
    by: Actor
    at: datetime
    steps: tuple[Step, ...] = ()

    @property
    def external(self) -> tuple[str, str] | None:
        """Under which name another system knows it, if one does."""
        source, known_as = self.opening.source, self.opening.external_id
        return (source, known_as) if source is not None and known_as is not None else None

    def accounts(self) -> set[int]:
        """Whoever acts in it."""
        acting = {self.by.account, *(s.by.account for s in self.steps)}
        acting |= {s.given["account"] for s in self.steps if s.do == "hand_over"}
        return {a for a in acting if a is not None}
