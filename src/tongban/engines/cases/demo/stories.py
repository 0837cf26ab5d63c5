"""Stories as a programme writes them in its ``demo.toml``, and how one is told in other words each time.

``{a|b|c}`` is one of several, ``{1:a|b|c}`` the one whose place was drawn for 1 wherever it was first met in this case (so
that an answer fits what was asked), ``{20..80}`` a number, ``{+3}`` the date three working days on, ``{-10}`` the date ten
days before, ``{road}`` whatever the teller knows under that name: it too is drawn once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.resources import files
from random import Random
from typing import Any

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
    assist_texts: Mapping[str, str] = field(default_factory=dict)  # by body, where each says something of its own
    question: str = ""
    reply: str = ""
    reject: str = (
        "{请写明完成时间和责任人，再送审。|答复太笼统，请把企业下一步要做什么写清楚。|请先与企业通一次电话，再把结果写进去。"
        "|政策依据要写上文件名称。|时间节点和协办单位的意见对不上，请核实。}"
    )
    decline: str = ""
    outside: str = ""
    outside_reason: str = ""
    withdraw: str = ""
    about: str = ""
    confidential: bool = False
    weight: float = 1.0
    months: tuple[int, ...] = ()  # in which months of a past year it is told; none: in all
    ends: str = ""  # "stay": it is still worked on when the year is over; "meet": solved by a joint meeting of bodies
    facts: Mapping[str, str] = field(default_factory=dict)
    outcome: str = "done"  # what its answer says came of it: "done", or "explained"
    brings: tuple[str, ...] = ()  # what the asker may show with it, and the handler with his answer: codes of drawings
    sends: tuple[str, ...] = ()

    @property
    def ending(self) -> str:
        """Which way it goes: answer, decline, refer, withdraw, stay or meet."""
        if self.ends:
            return self.ends
        return "decline" if self.decline else "refer" if self.outside else "withdraw" if self.withdraw else "answer"


@dataclass(frozen=True, slots=True)
class Part:
    """One of several questions in a request, with the answer to it and what came of it."""

    question: str
    reply: str
    outcome: str = "done"
    why: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Other:
    """How another tells a scene's matter, or another matter in it; where it says nothing of its own, the scene's holds."""

    body: str
    title: str = ""
    category: str = ""
    unit: str = ""  # a body's code
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Scene(Story):
    """A story in which several cases meet, or one goes an uncommon way. ``plays`` says which; see ``scenes``."""

    plays: str = ""
    days: float = 1.0  # how many working days ago it was asked
    stop: str = ""  # after which move it waits today
    others: tuple[Other, ...] = ()  # how others tell the same, or the matters that are taken out or stand under it
    parts: tuple[Part, ...] = ()
    public: str = ""  # the title under which others find it


@dataclass(frozen=True, slots=True)
class Undone:
    """One way in which something is left undone in a category ("": in any): how often of 1,000, and what is said."""

    outcome: str
    why: str
    often: int
    because: str
    answer: str = ""  # in the place of the story's own; "": that one is said, and ``because`` is what is left of it
    category: str = ""
    months: int = 0  # how many months ahead it is planned


@dataclass(frozen=True, slots=True)
class Book:
    """A programme's stories and the turns of phrase (name → words, with gaps of their own) that they share."""

    stories: list[Story]
    phrases: dict[str, str]
    trades: dict[str, dict[str, str]]  # a word of a firm's name → the words of its trade, under names of phrases
    undone: tuple[Undone, ...] = ()
    scenes: tuple[Scene, ...] = ()

    def words(self, firm: str) -> dict[str, str]:
        """The phrases as a firm of this name speaks."""
        own = next((words for trade, words in self.trades.items() if trade in firm), {})
        return {**self.phrases, **own}


def book(package: str, name: str = "demo.toml") -> Book:
    """What the file ``name`` of the programme in ``package`` tells."""
    read = tomllib.loads((files(package) / name).read_text(encoding="utf-8"))
    told = [Story(**_plain(one)) for one in read["story"]]
    undone = tuple(Undone(**one) for one in read.get("undone", ()))
    scenes = tuple(Scene(**_plain(one)) for one in read.get("scene", ()))
    return Book(told, read.get("phrases", {}), read.get("trades", {}), undone, scenes)


def _plain(one: dict[str, Any]) -> dict[str, Any]:
    """What the file says of one story, with its lists as tuples."""
    lists = {key: tuple(value) for key, value in one.items() if isinstance(value, list)}
    for key, row in (("parts", Part), ("others", Other)):
        if key in one:
            lists[key] = tuple(row(**said) for said in one[key])
    return {**one, **lists}


@dataclass(slots=True)
class Teller:
    """Fills the gaps of a story's sentences, the same for one case throughout."""

    rng: Random
    known: dict[str, str]
    places: dict[str, int] = field(default_factory=dict)

    def tell(self, text: str, at: datetime) -> str:
        """``text`` with its gaps filled as of ``at``."""
        text = _DATE.sub(r"\1", text)
        while gap := _GAP.search(text):
            text = text[: gap.start()] + self._fill(gap[1], at) + text[gap.end() :]
        text = text.strip()
        return text[:-1] + "。" if text.endswith(("，", "、")) else text

    def _fill(self, gap: str, at: datetime) -> str:
        if "|" in gap:
            label, same, choices = gap.partition(":") if gap[1:2] == ":" else ("", "", gap)
            several = choices.split("|")
            place = int(self.rng.random() * len(several))
            return several[self.places.setdefault(label, place) % len(several) if same else place]
        if ".." in gap:
            low, high = gap.split("..")
            return str(self.rng.randint(int(low), int(high)))
        if re.fullmatch(r"[+-]\d+", gap):
            return _day(int(gap), at)
        if "{" in self.known[gap]:
            self.known[gap] = self.tell(self.known[gap], at)
        return self.known[gap]


def _day(offset: int, at: datetime) -> str:
    calendar = calendar_now()
    if offset > 0:
        at = calendar.due(at, offset, Unit.WORKING_DAYS, CountFrom.NEXT_DAY).at
    else:
        at += timedelta(days=offset)
    day = calendar.day_of(at)
    return f"{day.month}月{day.day}日"
