"""The calendar has changed: deadlines that are still open are derived anew.

What was promised (the limit, its version, when it began) stays as it was fixed; only the day that it comes to is
derived again, exactly as the actions derived it. A case that is answered or over keeps its verdict for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from tongban.core.calendar.logic import Calendar, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.rows import new_row
from tongban.core.registry import reference
from tongban.engines.cases.actions.authority import duties, lead_duty, open_duties, type_of
from tongban.engines.cases.actions.clock import (
    EXTENSION_OUT,
    STOP_OUT,
    after_extension,
    after_stop,
    asked_extension,
    earlier_pauses,
    end_of_day,
    open_stop,
    stop_until,
    time_out,
)
from tongban.engines.cases.actions.keeping import keeper
from tongban.engines.cases.actions.raising import climb_on
from tongban.engines.cases.actions.writing import Audience, load, refresh_sight
from tongban.engines.cases.limits import PastLimits, due_of
from tongban.engines.cases.models import AgendaItem, Answer, Assignment, Case, Extension, Stop, StoryItem


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What has moved for whom: None where nothing has."""

    promise: datetime | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class End:
    """When one assignment ends, as the calendar now has it."""

    due: datetime
    provisional: bool
    sign_in: datetime | None


def recompute(*, case: int, by: Actor, at: datetime, limits: PastLimits | None = None) -> Recomputed:
    """Derive one case's open deadlines again. Where nothing moves, nothing is written."""
    with reference.hold(), keeper().journal("cases.recompute", by=by, at=at) as journal:
        row = load(case)
        if row.closed_at is not None:
            return Recomputed()
        journal.programme, journal.area, journal.unit = row.programme, row.area_id, row.lead_id
        calendar, limits = calendar_now(), limits or PastLimits()
        derived = _derived(row, calendar, limits)
        ends, promise = derived.ends, derived.promise
        stop = _stop(row, calendar, limits) if row.answered_at is None else None
        moved = [duty for duty in open_duties(row) if _moved(duty, ends[duty.pk])]
        due = stop[1] if stop else _case_due(derived)
        told = Recomputed(
            promise=promise if promise != row.promised_at else None, due=due if due != row.due_at else None
        )
        if not moved and told == Recomputed():
            return told
        for duty in moved:
            end = ends[duty.pk]
            journal.change(
                duty, of=row, due_at=end.due, provisional=end.provisional, sign_in_due_at=end.sign_in,
                calendar_version=calendar.version,
            )  # fmt: skip
        if stop is not None and stop[1] != stop[0].until:
            journal.change(stop[0], of=row, until=stop[1])
            time_out(journal, row, STOP_OUT, stop[0].pk, stop[1])
        if told.promise is not None and (asked := asked_extension(row)) is not None:
            time_out(journal, row, EXTENSION_OUT, asked.pk, told.promise)
        due_before = row.due_at
        journal.change(row, due_at=due, promised_at=promise)
        climb_on(journal, row, due_before, at)
        if told != Recomputed():
            journal.add(_line(row, told, at), of=row)
        refresh_sight(row)
    return told


def _derived(case: Case, calendar: Calendar, limits: PastLimits) -> _Derivation:
    """The end of every assignment and the promise to the asker, derived in the order in which things happened."""
    derived = _Derivation(case, calendar, limits)
    if case.answered_at is not None:
        derived.promise = case.promised_at
        return derived
    for _, _, happen in sorted(_history(case, derived), key=lambda step: step[:2]):
        happen()
    return derived


_Step = tuple[datetime, int, Callable[[], None]]


def _history(case: Case, derived: _Derivation) -> Iterator[_Step]:
    """What has moved the ends of this case: when, in which order at the same moment, and how."""
    if case.reopened:
        yield from _rounds(case, derived)
    for duty in duties(case):
        yield duty.begins_at, 3, partial(derived.begin, duty)
    for stop in keeper().parts(case, Stop):
        if stop.ended_at is not None:
            yield stop.ended_at, 0, partial(derived.stand_still, stop)
    if case.extension == Extension.State.GRANTED:
        for extension in keeper().parts(case, Extension):
            if extension.state == Extension.State.GRANTED and extension.decided_at is not None:
                yield extension.decided_at, 1, partial(derived.extend, extension)


def _rounds(case: Case, derived: _Derivation) -> Iterator[_Step]:
    """Where an answer has ended one round and another has begun."""
    led = {(duty.begins_at, duty.unit_id): duty.pk for duty in duties(case) if duty.lead}
    for at, unit in keeper().reopenings(case):
        if unit is None:
            yield at, 2, partial(derived.back_at_desk, at)
        elif (duty := led.get((at, unit))) is not None:
            derived.redone.add(duty)
    for answer in keeper().parts(case, Answer):
        if answer.sent_at is not None and not answer.receipt:
            yield answer.sent_at, 4, derived.answer


class _Derivation:
    """The ends and the promise as they grow."""

    def __init__(self, case: Case, calendar: Calendar, limits: PastLimits) -> None:
        self.case, self.calendar, self.limits = case, calendar, limits
        self.ends: dict[int, End] = {}
        self.promise: datetime | None = None
        #: The duties with which it was done again; since when the desk has it again, to give it out anew.
        self.redone: set[int] = set()
        self.at_desk_since: datetime | None = None
        self._begun: dict[int, Assignment] = {}
        self._first_act, self._answered, self._judged = True, False, False

    def begin(self, duty: Assignment) -> None:
        """A unit was given the case, no longer than the unit above it or than the promise, while those had time."""
        self._begin_round(duty)
        self._first_act = self._first_act and (self.promise is None or not (duty.lead or duty.parent_id))
        limit = self.limits.fixed(duty.limit_id, duty.limit_version)
        due, provisional = due_of(limit, duty.begins_at, self.calendar)
        due = end_of_day(duty.by_date, self.calendar) if duty.by_date is not None else self._no_longer(duty, due)
        self.ends[duty.pk] = End(due, provisional, _sign_in(self.case, duty, self.calendar, self.limits))
        self._begun[duty.pk] = duty
        if duty.lead and self.promise is None:
            self.promise = due

    def answer(self) -> None:
        """An answer went out: the verdict on time was given."""
        self._answered = True

    def back_at_desk(self, at: datetime) -> None:
        """It is to be done again, and the unit that led it is gone: promised anew, it waits to be given out."""
        redo = self.limits.on("redo", at, self.calendar.day_of(at))
        self.promise, self.at_desk_since = due_of(redo, at, self.calendar).at, at
        self._answered = self._judged = False

    def _begin_round(self, duty: Assignment) -> None:
        """Done again, a case is promised anew. What a meeting gives out after the answer keeps the promise by which that was
        judged, as it then stood: no calendar moves it any more.
        """
        self.at_desk_since = None
        if duty.pk in self.redone:
            self.promise, self._judged = None, False
        elif self._answered and duty.by_date is not None and self.promise is not None:
            self.promise, self._judged = self.case.promised_at, True
        if duty.lead:
            self._answered = False

    def _no_longer(self, duty: Assignment, due: datetime) -> datetime:
        if duty.pk in self.redone:
            return due
        parent = self.ends.get(duty.parent_id) if duty.parent_id else None
        if parent is not None and parent.due > duty.begins_at:
            return min(due, parent.due)
        if not self._first_act and self.promise is not None and self.promise > duty.begins_at:
            return min(due, self.promise)
        return due

    def stand_still(self, stop: Stop) -> None:
        """The clock stood still and goes on."""

        def later(due: datetime, begun: datetime) -> datetime:
            return after_stop(due, begun, stop, self.calendar)

        self._move(stop.ended_at, later, stop.began_at)
        for key, end in self.ends.items():
            duty = self._begun[key]
            if end.sign_in is not None and duty.signed_in_at is None:
                self.ends[key] = replace(end, sign_in=later(end.sign_in, duty.begins_at))

    def extend(self, extension: Extension) -> None:
        """More time was given."""
        self._move(extension.decided_at, lambda due, _: after_extension(due, extension, self.calendar), None)

    def _move(
        self, at: datetime | None, moved: Callable[[datetime, datetime], datetime], promised: datetime | None
    ) -> None:
        assert at is not None
        for key, end in self.ends.items():
            duty = self._begun[key]
            if duty.ended_at is None or duty.ended_at >= at:
                self.ends[key] = replace(end, due=moved(end.due, duty.begins_at))
        if self.promise is not None and not self._judged:
            self.promise = moved(self.promise, promised or at)


def _stop(case: Case, calendar: Calendar, limits: PastLimits) -> tuple[Stop, datetime] | None:
    """The stop that is going on, and until when at the latest."""
    stop = open_stop(case)
    if stop is None:
        return None
    rule = limits.fixed(stop.limit_id, stop.limit_version)
    earlier = earlier_pauses(keeper().parts(case, Stop), stop) if stop.kind == Stop.Kind.PAUSE else []
    until = stop_until(rule, Unit(stop.measure), stop.began_at, earlier, calendar)
    if until is not None and (day := _held_to(case, stop)) is not None:
        until = min(until, end_of_day(day, calendar))
    return stop, until if until is not None else stop.until


def _held_to(case: Case, stop: Stop) -> date | None:
    """The day to which the meeting has put it on hold."""
    if stop.kind != Stop.Kind.HOLD:
        return None
    items = keeper().parts(case, AgendaItem)
    held = (i for i in items if i.outcome == AgendaItem.Outcome.HELD and i.decided_at == stop.began_at)
    return next((i.by_date for i in held), None)


def _sign_in(case: Case, duty: Assignment, calendar: Calendar, limits: PastLimits) -> datetime | None:
    if duty.sign_in_due_at is None or duty.signed_in_at is not None:
        return duty.sign_in_due_at
    limit = limits.on(type_of(case).clock("assigned"), duty.begins_at, calendar.day_of(duty.begins_at))
    return due_of(limit, duty.begins_at, calendar).at


def _case_due(derived: _Derivation) -> datetime | None:
    """What the case's next step is due by."""
    case, calendar, limits, promise = derived.case, derived.calendar, derived.limits, derived.promise
    if case.state == "new" or (case.state == "accepted" and promise is None):
        limit = limits.on(type_of(case).clock("new"), case.recorded_at, calendar.day_of(case.recorded_at))
        return due_of(limit, case.recorded_at, calendar).at
    if case.state == "accepted" and derived.at_desk_since is not None:
        return _step_end(case, derived.at_desk_since, calendar, limits)
    if case.state == "answered":
        return _step_end(case, case.answered_at, calendar, limits)
    duty = lead_duty(case)
    if duty is None:
        return promise
    end = derived.ends[duty.pk]
    if case.state in ("review", "approved"):
        last = keeper().parts(case, Answer)[-1]
        begun = _step_end(case, last.written_at if case.state == "review" else last.reviewed_at, calendar, limits)
        return min(begun, end.due) if begun is not None else end.due
    return min(end.sign_in or end.due, end.due) if case.state == "assigned" else end.due


def _step_end(case: Case, begun: datetime | None, calendar: Calendar, limits: PastLimits) -> datetime | None:
    """The end of a step that began at ``begun`` and has a limit of its own."""
    if begun is None:
        return None
    limit = limits.on(type_of(case).clock(case.state), begun, calendar.day_of(begun))
    return due_of(limit, begun, calendar).at


def _moved(duty: Assignment, end: End) -> bool:
    return (duty.due_at, duty.provisional, duty.sign_in_due_at) != (end.due, end.provisional, end.sign_in)


def _line(case: Case, told: Recomputed, at: datetime) -> StoryItem:
    """A line in the story; those who asked see it only when what they were promised has moved."""
    return new_row(
        StoryItem, case=case, kind="recompute", audience=Audience.PARTY if told.promise else Audience.UNIT, happened_at=at,
        precision="second", by_account=None,
    )  # fmt: skip
