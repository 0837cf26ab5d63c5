"""What will happen to one case of the demo."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime

from tongban.core.files.waiting import Waiting
from tongban.core.ledger.actor import Actor
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.bulk import Step
from tongban.engines.cases.demo.stories import Part, Story, Teller, Undone
from tongban.engines.cases.models import Case

Meanwhile = Callable[[Case, Step], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What will happen to one case. ``stop`` names a move after which nothing more happens (it waits there today)."""

    story: Story
    teller: Teller
    opening: Opening
    opener: Actor
    opened_at: datetime
    desk: str
    unit: str  # the body's code that leads in the end
    wrong: str = ""  # the body that it is given to first by mistake, ``returned`` times
    through: str = ""  # the town's office that passes it down to ``unit``
    pace: float = 1.0  # how much of the limit the unit uses
    haste: float = 1.0  # how long everything else takes, as a share of the usual
    tardy: float = 0.1  # how likely a unit takes it on too late
    ending: str = "answer"  # "decline", "refer", "withdraw"; "stay": it is worked on and not answered
    returned: int = 0
    passed_on: bool = False  # ``wrong`` takes it on and passes it to ``unit``
    asked: bool = False
    paused: bool = False  # nothing is counted until what was asked is answered
    extended: bool = False  # more time is asked for, and mostly given
    met: bool = False  # a joint meeting decides who does what
    rejected: bool = False
    handed_over: bool = False
    hard: bool = False
    rates: int | None = None  # the grade, if it is rated
    stop: str = ""
    without_account: bool = False  # the asker acts with his code alone
    titled: bool = True  # the asker gives a title
    undone: tuple[Undone, ...] = ()  # in which ways its book leaves something undone
    brings: tuple[Future[Waiting], ...] = ()  # the asker's files, and those that go out with the answer
    sends: tuple[Future[Waiting], ...] = ()
    parts: tuple[Part, ...] = ()  # its questions, where it holds several
    then: Mapping[str, Meanwhile] = field(default_factory=dict)  # what else is done right after a step
