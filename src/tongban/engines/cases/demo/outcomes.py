"""What came of the demo's cases: mostly done; some explained; some not, because …, told by the book's own words.

Drawn from dice of each case's own, so that the rest of the county is the same with and without it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from tongban.core.calendar.queries import calendar_now
from tongban.engines.cases.demo.stories import Part, Story, Teller, Undone
from tongban.engines.cases.outcome import DONE, Outcome


@dataclass(frozen=True, slots=True)
class Ending:
    """What came of a case, and the answer that says so in the place of the story's own ("": that one)."""

    outcome: Outcome
    answer: str = ""


def ending(story: Story, ways: tuple[Undone, ...], teller: Teller, opened_at: datetime, at: datetime) -> Ending:
    """What the answer written ``at`` says of the case; the same whenever it is asked for one case."""
    dice = Random(f"{opened_at.isoformat()} {story.title}")  # noqa: S311 - invents a past, guards nothing
    if story.ends == "meet":
        return Ending(DONE)  # the meeting has solved it
    if story.outcome != DONE.code:
        return Ending(Outcome(story.outcome))
    place = dice.randrange(1000)
    for way in ways:
        if way.category in ("", story.category):
            if place < way.often:
                speaker = Teller(dice, dict(teller.known), dict(teller.places))
                day = _ahead(way.months, at) if way.months else None
                return Ending(
                    Outcome(way.outcome, way.why, speaker.tell(way.because, at), day), speaker.tell(way.answer, at)
                )
            place -= way.often
    return Ending(DONE)


def each_answered(parts: tuple[Part, ...], teller: Teller, at: datetime) -> dict[str, Any]:
    """What an answer says to each of several questions, and what came of each."""
    replies = {n: teller.tell(part.reply, at) for n, part in enumerate(parts, 1)}
    outcomes = {
        n: Outcome(
            part.outcome, part.why, teller.tell(part.because, at), _ahead(4, at) if part.why == "planned" else None
        )
        for n, part in enumerate(parts, 1)
    }
    return {"text": "", "replies": replies, "outcomes": outcomes}


def _ahead(months: int, at: datetime) -> date:
    """The last day of the month so many months on."""
    day = calendar_now().day_of(at)
    month = day.month + months
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
