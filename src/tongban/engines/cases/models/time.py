"""Time that stops and moves: stops and extensions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part
from tongban.core.registry.models import Organisation
from tongban.engines.cases.models.case import Case
from tongban.engines.cases.models.rules import Limit


class Stop(Part):
    """A stretch in which a case's clock stands still: paused by its handler, or put on hold by a meeting.

    It ends at ``until`` at the latest. What was due is moved when it ends (``ended_how``), not when it begins.
    """

    class Kind(models.TextChoices):
        PAUSE = "pause"
        HOLD = "hold"

    class Ending(models.TextChoices):
        REPLIED = "replied"  # the asker has given what was missing
        RESUMED = "resumed"  # the handler goes on without it
        MOVED = "moved"  # the next step was taken
        OUT = "out"  # the longest time has passed

    personal: ClassVar = frozenset({"reason"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="stops")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", db_index=False)
    limit_version = models.PositiveIntegerField()
    measure = models.CharField(max_length=16)  # the limit's unit, in which the stop is counted
    reason = models.TextField()
    began_at = models.DateTimeField()
    began_by = models.BigIntegerField(null=True)
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=8, choices=Ending.choices, blank=True, default="")

    class Meta:
        # Few clocks stand still at a time.
        indexes: ClassVar = [
            models.Index(fields=["kind", "began_at"], condition=models.Q(ended_at=None), name="stop_open"),
        ]


class Extension(Part):
    """A request for more time: asked by the handler before the promise ends, decided by another before it ends."""

    class State(models.TextChoices):
        ASKED = "asked"
        GRANTED = "granted"
        REFUSED = "refused"
        LAPSED = "lapsed"  # nobody decided in time, or the case has moved on

    personal: ClassVar = frozenset({"reason"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="extensions")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", db_index=False)
    limit_version = models.PositiveIntegerField()
    amount = models.PositiveSmallIntegerField()
    measure = models.CharField(max_length=16)  # the limit's unit, in which the amount is counted
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    decided_by = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
