"""What a desk publishes: every few working days some matters, prepared by one agent and approved by another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from tongban.core.calendar.logic import CountFrom, Unit
from tongban.core.calendar.queries import calendar_now
from tongban.core.files.blurring import Region
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.cases import actions
from tongban.engines.cases.actions.naming import known_names
from tongban.engines.cases.actions.publishing import last_sent, told_text
from tongban.engines.cases.demo.county import DemoCounty
from tongban.engines.cases.logic.redacting import redacted
from tongban.engines.cases.models import Case, Publication

_EVERY = 4  # working days
_ANSWERED, _OPEN = 3, 2  # matters of each sort at a time
_STATES = ("assigned", "handling", "review", "approved")


def publishing(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """The redactions are the proposal as the page makes it; what still looks personal waits for a closer look.

    It draws from dice of its own, so that the rest of the county is the same with and without it.
    """
    agents, body = county.desk(desk), county.known.body_codes[desk]
    dice = Random(f"{county.seed} {desk} publishes")  # noqa: S311 - invents a past, guards nothing
    calendar, now = calendar_now(), county.begin + timedelta(weeks=1)
    while True:
        now = calendar.due(now, _EVERY, Unit.WORKING_DAYS, CountFrom.MOMENT).at - timedelta(hours=5)
        yield now
        writer, reader = dice.sample(agents, 2)
        prepared = [_prepare(case, dice, writer, now) for case in _chosen(dice, body.id)]
        now += timedelta(minutes=dice.randint(20, 90))
        yield now
        for key in prepared:
            # Whoever changed his mind meanwhile, or what still looks personal: it is not published.
            with suppress(Refused):
                version = Publication.objects.get(pk=key)
                actions.publish_approve(case=version.case_id, version=key, read=True, by=reader, at=now)
        now += timedelta(hours=6)


def publish_with(
    case: Case, pictures: Sequence[tuple[int, tuple[Region, ...]]], writer: Actor, reader: Actor, at: datetime
) -> None:
    """Publish a case with its pictures (keys of files), of each of which some parts are made unrecognisable."""
    copies = [
        actions.open_picture(file=file, regions=hidden, seen=True, by=writer, at=at + timedelta(minutes=n)).pk
        for n, (file, hidden) in enumerate(pictures)
    ]
    at += timedelta(minutes=10)
    version = _prepare(case, Random(0), writer, at, copies)  # noqa: S311 - nothing is drawn that matters
    actions.publish_approve(case=case.pk, version=version, read=True, by=reader, at=at + timedelta(minutes=15))


def waiting_texts(county: DemoCounty, desk: str) -> Iterator[datetime]:
    """What was prepared on the last working day and nobody has read yet."""
    agents, body = county.desk(desk), county.known.body_codes[desk]
    dice = Random(f"{county.seed} {desk} waits")  # noqa: S311 - invents a past, guards nothing
    now = calendar_now().before(county.at, 1, Unit.WORKING_DAYS) - timedelta(minutes=20)
    yield now
    for number, case in enumerate(_chosen(dice, body.id)[:3]):
        _prepare(case, dice, agents[number % len(agents)], now + timedelta(minutes=number))


def _chosen(dice: Random, desk: int) -> list[Case]:
    """Some that were answered lately, some that wait, and what was public before it was answered."""
    fit = Case.objects.select_related("requester", "firm").filter(
        desk=desk, confidential=False, kept_private=False, about=None
    )  # fmt: skip
    answered = list(fit.filter(answered_at__isnull=False, publications=None).order_by("-answered_at", "pk")[:20])
    waiting = list(fit.filter(state__in=_STATES, publications=None).order_by("-pk")[:40])
    behind = fit.filter(answered_at__isnull=False, publications__state="published", publications__answer="")
    drawn = [*dice.sample(answered, min(_ANSWERED, len(answered))), *dice.sample(waiting, min(_OPEN, len(waiting)))]
    return [*drawn, *behind.order_by("pk")[:6]]


def _prepare(case: Case, dice: Random, by: Actor, at: datetime, pictures: Sequence[int] = ()) -> int:
    """Write the public text; the key of the version."""
    names, told = known_names(case), last_sent(case)
    exact = case.longitude is not None and dice.random() < 0.3
    actions.publish_prepare(
        case=case.pk, title=redacted(case.title, names), question=redacted(case.body, names),
        answer=redacted(told_text(told), names) if told is not None else "", place="grid" if exact else "village",
        pictures=pictures, by=by, at=at,
    )  # fmt: skip
    return Publication.objects.values_list("pk", flat=True).get(case=case, state="prepared")
