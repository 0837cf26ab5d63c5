"""Stories as a programme writes them in its ``demo.toml``, and how one is told in other words each time.

``{a|b|c}`` is one of several, ``{20..80}`` a number, ``{+3}`` the date three working days on, ``{-10}`` the date ten
days before, ``{road}`` whatever the teller knows under that name.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now

_GAP = re.compile(r"\{([^{}]*)\}")
_DATE = re.compile(r" ?(\{[+-]\d+\}) ?")  # a date stands in a Chinese sentence without spaces


@dataclass(frozen=True, slots=True)
class Story:
    """What somebody asked and what came of it. ``unit`` is a body's code, or "town", or "village" through its town."""

    category: str
    unit: str
    title: str
    body: str
    answer: str
    wrong: str = ""  # the body that it is given to first by mistake, if it is
    wrong_reason: str = ""
    assist: tuple[str, ...] = ()
    assist_text: str = ""
    question: str = ""
    reply: str = ""
    reject: str = "请写明完成时间和责任人，再送审。"
    decline: str = ""
    outside: str = ""
    outside_reason: str = ""
    withdraw: str = ""
    about: str = ""
    confidential: bool = False
    weight: float = 1.0
    facts: Mapping[str, str] = field(default_factory=dict)


def stories(package: str) -> list[Story]:
    """The stories of the programme in ``package``."""
    read = tomllib.loads((files(package) / "demo.toml").read_text(encoding="utf-8"))
    return [Story(**{**one, "assist": tuple(one.get("assist", ()))}) for one in read["story"]]


@dataclass(slots=True)
class Teller:
    """Fills the gaps of a story's sentences, the same for one case throughout."""

    rng: Random
    known: dict[str, str]

    def tell(self, text: str, at: datetime) -> str:
        """``text`` with its gaps filled as of ``at``."""
        text = _DATE.sub(r"\1", text)
        while gap := _GAP.search(text):
            text = text[: gap.start()] + self._fill(gap[1], at) + text[gap.end() :]
        return text.strip()

    def _fill(self, gap: str, at: datetime) -> str:
        if "|" in gap:
            return self.rng.choice(gap.split("|"))
        if ".." in gap:
            low, high = gap.split("..")
            return str(self.rng.randint(int(low), int(high)))
        if re.fullmatch(r"[+-]\d+", gap):
            return _day(int(gap), at)
        return self.known[gap]


def _day(offset: int, at: datetime) -> str:
    calendar = calendar_now()
    if offset > 0:
        at = calendar.due(at, offset, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at
    else:
        at += timedelta(days=offset)
    day = calendar.day_of(at)
    return f"{day.month}月{day.day}日"
