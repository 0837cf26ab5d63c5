"""What a handler of the outbox is given, and how it says that it is not done."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any, Self, TypeVar
from uuid import UUID

from tongban.core.ledger.models import Outbox
from tongban.core.refusals import Refused


@dataclass(frozen=True, slots=True)
class Task:
    """One row as its handler sees it.

    ``at`` is the worker's clock, ``key`` the stable id of the effect, ``action`` the action that asked for it.
    """

    row: int
    topic: str
    key: str
    payload: Mapping[str, Any]
    at: datetime
    attempt: int
    action: UUID | None = None

    @classmethod
    def of(cls, row: Outbox, at: datetime) -> Self:
        """``row`` as its handler sees it at ``at``."""
        return cls(row.pk, row.topic, row.key, json.loads(row.payload), at, row.attempts, row.action)


Effect = Callable[[], None]
Handler = Callable[[Task], Effect | None]
H = TypeVar("H", bound=Callable[[Task], Any])


@dataclass(frozen=True, slots=True)
class Way:
    """How rows of a topic are done: see :func:`tongban.core.ledger.worker.handles`."""

    handler: Handler
    outside: bool
    lane: str
    patience: tuple[timedelta, ...]
    given_up: Callable[[Task], None] | None


class NoHandler(LookupError):
    """Nobody handles this topic: perhaps a newer release put the row there, so it is tried again later."""


class Overtaken(Exception):
    """The lease ran out while this worker was busy, and another one has the row."""


class Later(Exception):
    """Nothing was tried, for it is not yet the time: the row waits until ``until``, and no attempt is counted."""

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class Hopeless(Exception):
    """No further attempt can succeed: the row has failed at once."""


def code_of(error: BaseException) -> str:
    """What went wrong and where, without its words: they may hold somebody's data."""
    if isinstance(error, Refused):
        return error.code
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"[:200]
