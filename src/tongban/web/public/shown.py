"""A case as askers' pages show it: its promise, its story in sentences, what its asker may do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.core.calendar.queries import county_zone
from tongban.core.labels import Label
from tongban.engines.cases.models import Inquiry
from tongban.engines.cases.queries import CaseRow, Detail
from tongban.engines.cases.queries.detail import Line
from tongban.engines.cases.story import rating_words, sentence
from tongban.web.moments import day_words


@dataclass(frozen=True, slots=True)
class Promised:
    """A promise that can be drawn: ``{% clock p.start p.due p.done p.unit p.count_from %}``."""

    start: datetime
    due: datetime
    done: datetime | None = None
    unit: str = "working_days"
    count_from: str = "moment"
    provisional: bool = False  # the calendar of a year that it touches is not confirmed yet


def promised(detail: Detail) -> Promised | None:
    """The promise that the asker waits for: first to be accepted, then to be answered."""
    case = detail.case
    if case.promised_at is not None:
        duty = next((d for d in detail.assignments if d.lead), None)
        return Promised(
            duty.begins_at if duty else case.opened_at, case.promised_at, case.answered_at or case.closed_at,
            duty.limit.unit if duty else "working_days", duty.limit.start if duty else "moment",
            provisional=bool(duty and duty.provisional and case.answered_at is None),
        )  # fmt: skip
    if case.due_at is None or case.closed_at is not None:
        return None
    return Promised(case.accepted_at or case.opened_at, case.due_at)


def row_promised(row: CaseRow) -> Promised | None:
    """The same for a line of a list."""
    due = row.promised_at or row.due_at
    if due is None or (row.closed_at is not None and row.answered_at is None):
        return None
    # A list does not know the limit behind a promise; promises to answer are counted from the next day.
    return Promised(row.begins_at, due, row.answered_at, count_from="next_day" if row.promised_at else "moment")


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the story as a sentence."""

    sentence: Label
    line: Line
    first: bool
    elsewhere: bool  # its text is an answer, which the page shows by itself


def told(detail: Detail) -> list[Told]:
    """The story, newest first. A rating tells its grade."""
    sent = {a.text for a in detail.answers}
    return [Told(_said(x, detail), x, n == 0, x.text in sent) for n, x in enumerate(detail.story)]


def _said(line: Line, detail: Detail) -> Label:
    said = sentence(line.kind, line.unit, line.other)
    if line.kind != "rate" or detail.rating is None or detail.rating.grade is None:
        return said
    grade = rating_words(detail.rating.grade)
    return Label(f"{said.zh}：{grade.zh}", f"{said.en}: {grade.en}")


def may(detail: Detail, code: str) -> bool:
    """Whether the asker's move ``code`` can be made in this state."""
    return any(
        m.code == code and "asker" in m.by and detail.case.state in m.sources for m in detail.type.lifecycle.moves
    )


def question(detail: Detail) -> Inquiry | None:
    """The question that waits for the asker's reply."""
    if not detail.asker or not may(detail, "reply"):
        return None
    return next((i for i in reversed(detail.inquiries) if i.replied_at is None), None)


def rating_open(detail: Detail, at: datetime) -> bool:
    """Whether the asker may still rate."""
    rating = detail.rating
    return bool(detail.asker and rating and rating.grade is None and at <= rating.expires_at)


def shown(detail: Detail, at: datetime) -> dict[str, object]:
    """What the template of one case needs."""
    rating = detail.rating
    return {
        "detail": detail,
        "case": detail.case,
        "promised": promised(detail),
        "told": told(detail),
        "question": question(detail),
        "may_withdraw": detail.asker and may(detail, "withdraw"),
        "rating_open": rating_open(detail, at),
        "rating_until": day_words(rating.expires_at.astimezone(county_zone()).date()) if rating else None,
        "grade": rating_words(rating.grade) if rating and rating.grade is not None else None,
        "answers": [a for a in detail.answers if a.sent_at is not None],
    }
