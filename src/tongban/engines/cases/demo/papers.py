"""Files that people of the demo bring: drawn and taken in beside the building, so that nobody waits for them."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePath

from tongban.core.files import waiting
from tongban.core.files.waiting import Waiting
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.demo.drawings import DRAWINGS, content
from tongban.engines.cases.demo.plan import Plan

#: Files of each programme's drawn cases in a county of the usual size; the smallest has those of the scenes alone.
MOST = 8
# The picture is opened in a process of its own each: two at a time use what the building leaves of a small machine.
_AT_ONCE = 2


@dataclass(slots=True)
class Papers:
    """Whoever needs a file orders it when his story is drawn, and has it when he comes to hand it in."""

    seed: str
    _number: int = 0
    _pool: ThreadPoolExecutor | None = None

    def order(self, code: str, at: datetime, position: tuple[float, float] | None = None) -> Future[Waiting]:
        """One file, to be handed in about ``at``."""
        self._pool = self._pool or ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="papers")
        self._number += 1
        return self._pool.submit(_taken, code, f"{self.seed} {self._number}", at, position)

    def hand_out(self, plans: Iterable[Plan], size: float) -> list[Plan]:
        """The plans, some of them with the files that their stories speak of."""
        left, found = int(MOST * size), []
        for plan in plans:
            fits = left > 0 and plan.opening.channel != "phone" and plan.story.brings
            drawn = self.given(plan) if fits else plan
            left -= len(drawn.brings) + len(drawn.sends)
            found.append(drawn)
        return found

    def given(self, plan: Plan) -> Plan:
        """The plan with its story's files; what would go out with an answer only if it comes so far."""
        opening, story = plan.opening, plan.story
        answered = plan.ending == "answer" and plan.stop in ("", "answer", "approve", "send")
        return replace(
            plan,
            rejected=False,  # a file goes out with one version of an answer
            brings=tuple(self.order(code, plan.opened_at, _position(opening)) for code in story.brings),
            sends=tuple(self.order(code, plan.opened_at) for code in story.sends if answered),
        )


def _position(opening: Opening) -> tuple[float, float] | None:
    """What the phone knows of where it is: the pin, else the village; of a town as a whole nothing."""
    place = directory().places[opening.area]
    longitude, latitude = opening.longitude or place.longitude, opening.latitude or place.latitude
    return None if longitude is None or latitude is None else (longitude, latitude)


def _taken(code: str, seed: str, at: datetime, position: tuple[float, float] | None) -> Waiting:
    """Taken in as from a form that is then sent at once, so no card is left of it."""
    name = DRAWINGS[code].name
    made = waiting.add(seed, [content(code, seed, position)], name, at=at)
    waiting.drop(seed, made.token)
    return made


def known_by(name: str) -> str:
    """The code of the drawing behind a file's name; the endings that pictures get are no part of it."""
    return next((code for code, drawn in DRAWINGS.items() if PurePath(drawn.name).stem == PurePath(name).stem), "")
