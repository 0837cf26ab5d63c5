"""Who acts, and when something happened: passed in, never read from the air."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Precision(StrEnum):
    """How exactly a time is known."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Actor:
    """The account that acts, the role in which it acts, and the account for which it stands in.

    ``account`` None is the system itself (the worker, an import on the command line), named by ``system``.
    """

    account: int | None = None
    role: int | None = None
    on_behalf: int | None = None
    system: str = ""

    def __post_init__(self) -> None:
        if self.account is None and not self.system:
            raise ValueError("an actor is an account or names the part of the system that acts")


WORKER = Actor(system="worker")
COMMAND = Actor(system="command")
