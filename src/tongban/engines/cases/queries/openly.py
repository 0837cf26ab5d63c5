"""What anybody may know: how well the county answers, as counts and rates of this year, never of a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from tongban.core.calendar.queries import calendar_now
from tongban.core.labels import Label
from tongban.engines.cases.logic.periods import parse
from tongban.engines.cases.logic.rates import SMALL, Rate
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.board import Figures
from tongban.engines.cases.queries.cohorts import cohorts

_COUNTED = ("accepted", "answered", "due", "in_time", "rated", "satisfied")


@dataclass(frozen=True, slots=True)
class OpenFigures:
    """Accepted this year, and the rates with their numerators and denominators; those of fewer than five are left out."""

    year: Label
    accepted: int
    rates: tuple[tuple[Label, Rate], ...]


def open_figures(at: datetime) -> OpenFigures | None:
    """The county's figures of the year so far; None while there are too few to say anything. One query."""
    period = parse("", calendar_now().day_of(at))
    known = cohorts(period, at)
    counted = Case.objects.exclude(state="undone").filter(known["accepted"] | known["due"])
    figures = Figures(counted.aggregate(**{code: Count("pk", filter=known[code]) for code in _COUNTED}))
    rates = (
        (Label("按时答复率", "Answered on time"), figures.on_time),
        (Label("满意率", "Satisfied"), figures.satisfaction),
        (Label("评价率", "Rated"), figures.coverage),
    )
    told = tuple((name, rate) for name, rate in rates if rate.denominator >= SMALL)
    return OpenFigures(period.label, figures.accepted, told) if told else None
