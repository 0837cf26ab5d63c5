"""Telling what an action on a case has done: to officers, to those who asked, to other systems and to other engines.

Officers are told what now waits for them; those who asked are told what their story shows them (audience party or
less). The actor is not told what he did. Who else is to hear of an action registers with :func:`listens`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tongban.core.ledger.models import Entry
from tongban.core.ledger.worker import Task, handles
from tongban.core.notices.writing import Line, add_lines, ask_message
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.events import announce_case
from tongban.engines.cases.heads import merged_with
from tongban.engines.cases.messages import MESSAGES
from tongban.engines.cases.models import Answer, Case, StoryItem
from tongban.engines.cases.recipients import answerable, askers
from tongban.engines.cases.wording import ASKER

_KIND = Case._meta.label_lower


@dataclass(frozen=True, slots=True)
class Event:
    """One action on a case as its entry tells of it, and the case as it now stands."""

    key: str  # of the outbox row that tells of it
    action: str
    case: Case
    by_account: int | None
    story: list[dict[str, Any]]  # the columns of the lines that the action added
    duties: list[dict[str, Any]]  # of the assignments that it began
    changed: dict[str, Any]  # of the case itself
    answers: list[int]  # those that it wrote or changed
    raised: list[str]  # onto the agenda of which meetings it has brought the case
    happened_at: datetime
    at: datetime

    @classmethod
    def of(cls, task: Task) -> Event | None:
        """What ``task`` is about; None if the case is gone."""
        if task.action is None:
            return None
        case = keeper().case(task.payload["case"])
        entry = Entry.objects.filter(kind=_KIND, object_id=task.payload["case"], action=task.action).first()
        if case is None or entry is None:
            return None
        told = json.loads(entry.images)
        images = [(model, columns) for model, _key, columns in told if columns]
        return cls(
            task.key,
            str(task.action),
            case,
            entry.by_account,
            [columns for model, columns in images if model == "cases.storyitem"],
            [columns for model, columns in images if model == "cases.assignment" and "unit_id" in columns],
            next((columns for model, columns in images if model == _KIND), {}),
            [key for model, key, columns in told if model == "cases.answer" and columns],
            [columns["kind"] for model, columns in images if model == "cases.agendaitem" and "kind" in columns],
            entry.happened_at,
            task.at,
        )

    @property
    def unit(self) -> int | None:
        """The unit that acted."""
        return next((item["unit_id"] for item in self.story), None)


Listener = Callable[[Event], None]
_LISTENERS: dict[str, list[Listener]] = {}


def listens(*topics: str) -> Callable[[Listener], Listener]:
    """Register who else hears of these topics (of every one, if none is named), in the transaction in which the row is done."""

    def register(listener: Listener) -> Listener:
        for topic in topics or ("",):
            _LISTENERS.setdefault(topic, []).append(listener)
        return listener

    return register


Tell = Callable[[Task, Event], None]


def on(*topics: str) -> Callable[[Tell], Tell]:
    """Register what is told after an action; those who asked are told what the story shows them, whatever it is."""

    def register(tell: Tell) -> Tell:
        def handler(task: Task) -> None:
            event = Event.of(task)
            if event is None:
                return
            tell_askers(event)
            tell(task, event)
            for listener in (*_LISTENERS.get("", ()), *_LISTENERS.get(task.topic, ())):
                listener(event)
            announce_case(event.case, task, state=event.changed.get("state", ""), happened_at=event.happened_at)

        handles(*topics)(handler)
        return tell

    return register


def tell_officers(
    event: Event, accounts: Iterable[int], kind: str, unit: int | None = None, about: Case | None = None
) -> None:
    """A line for each of them, but not for the one who acted; about another case than the event's own if so said."""
    gaps = {"unit": unit} if unit is not None else {}
    told = sorted(set(accounts) - {event.by_account})
    lines = (Line(f"officer.{kind}", account=a, case=(about or event.case).pk, gaps=gaps) for a in told)
    add_lines(lines, cause=event.key, at=event.at)


def tell_askers(event: Event) -> None:
    """What the action's own lines in the story show to those who asked: once, though it may have asked for more than one
    thing to be told."""
    shown = [i for i in event.story if i["kind"] in ASKER and i["audience"] <= StoryItem.Audience.PARTY]
    for item in shown:
        # A question is for those who can answer it.
        persons = (answerable if item["kind"] in ("ask", "pause") else askers)(event.case, event.at)
        outcome = came_to(event) if item["kind"] == "send" else {}
        gaps = {"unit": item["other_id"] or item["unit_id"], **outcome, **promised_by(event)}
        texted = event.case.requester_id if item["kind"] in MESSAGES else None
        lines = (
            Line(f"asker.{item['kind']}", person=p, case=event.case.pk, gaps=gaps, texted=p == texted)
            for p in sorted(persons)
        )
        add_lines(lines, cause=f"cases.story:{event.action}", at=event.at)


def came_to(event: Event) -> dict[str, Any]:
    """What came of it, as a line and a message say it: nothing of the writer's own words."""
    told = Answer.objects.filter(pk__in=event.answers[-1:]).first()
    if told is None or not told.outcome:
        return {}
    gaps = {"outcome": told.outcome, "why": told.why_not}
    return {**gaps, "planned": told.planned_for.isoformat()} if told.planned_for else gaps


def message_requester(task: Task, event: Event, kind: str, more: Mapping[str, Any] = MappingProxyType({})) -> None:
    """A message to the requester's phone, if anybody is known."""
    assert kind in MESSAGES
    if event.case.requester_id is not None:
        ask_message(
            key=task.key, person=event.case.requester_id, kind=f"case.{kind}", case=event.case.pk, at=event.at,
            gaps={**({"unit": event.unit} if event.unit else {}), **more},
        )  # fmt: skip


def message_askers(task: Task, event: Event, kind: str, more: Mapping[str, Any] = MappingProxyType({})) -> None:
    """The same to the requester and, under the number and the code of his own request, to whoever asked the same."""
    message_requester(task, event, kind, more)
    message_the_others(task, event, kind, more)


def message_the_others(
    task: Task, event: Event, kind: str, more: Mapping[str, Any], *, unless: Callable[[Case], bool] = lambda _: False
) -> None:
    """A message to those whose requests go on as this one, ``unless`` the request itself needs none."""
    told = {event.case.requester_id}
    for other in merged_with(event.case.pk):
        if other.requester_id is not None and other.requester_id not in told and not unless(other):
            told.add(other.requester_id)
            ask_message(
                key=f"{task.key}:{other.pk}", person=other.requester_id, kind=f"case.{kind}", case=other.pk,
                at=event.at, gaps=more,
            )  # fmt: skip


def promised_by(event: Event) -> dict[str, Any]:
    """By when it is to be answered, as a line and a message say it."""
    due = event.case.promised_at
    return {"due": due.isoformat()} if due is not None else {}
