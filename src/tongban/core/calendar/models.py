"""The calendar as an editable, dated table: years with their special days, and timetables."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part, Recorded


class CalendarYear(Recorded):
    """A year that somebody has entered. While it is not confirmed, every due date that it touches is provisional.

    It says everything about its dates: the statutory days are rows too. A year without a row is missing.
    """

    year = models.PositiveSmallIntegerField(primary_key=True)
    confirmed = models.BooleanField(default=False)
    source = models.TextField()  # the notice, or the law, and where it was read


class CalendarDay(Part):
    """One date that differs from its weekday, or has a name. Recorded in its year's chain."""

    class Kind(models.TextChoices):
        WORKING = "working"
        REST = "rest"

    year = models.ForeignKey(CalendarYear, models.PROTECT, related_name="days")
    date = models.DateField(unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name_zh = models.CharField(max_length=60, blank=True, default="")
    name_en = models.CharField(max_length=80, blank=True, default="")
    # Its own working hours, "08:30-12:00" for a half-day; empty: the timetable's.
    spans = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["working", "rest"]), name="calendar_day_kind"),
            models.CheckConstraint(condition=models.Q(kind="working") | models.Q(spans=""), name="rest_has_no_hours"),
        ]


class WorkingHours(Recorded):
    """A timetable, in force from a date until the next one begins. Shown as a sample until confirmed."""

    valid_from = models.DateField(unique=True)
    spans = models.CharField(max_length=24)
    source = models.TextField()
    confirmed = models.BooleanField(default=False)
