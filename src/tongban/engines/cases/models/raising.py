"""Escalation: the rungs that have acted, supervision slips, meetings and what stands on their agenda."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part, Recorded
from tongban.core.registry.models import Organisation
from tongban.engines.cases.models.case import Case


class Escalation(Part):
    """One rung of the ladder has acted for one due time: once, whatever happened meanwhile."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="escalations")
    rung = models.CharField(max_length=12)
    due_at = models.DateTimeField()  # what it was for
    acted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "rung", "due_at"], name="escalation_once"),
        ]


class Slip(Part):
    """督办单: a unit is told in writing to act by a day and to report back.

    It is open until it is reported on, or until something else ends it.
    """

    class Ending(models.TextChoices):
        """What has ended a slip on which nobody reported."""

        ANSWERED = "answered"
        OVER = "over"  # the case ended without an answer
        RENEWED = "renewed"  # its day passed and another took its place
        MOVED = "moved"  # the unit no longer answers for the case

    personal: ClassVar = frozenset({"demand", "feedback"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="slips")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    demand = models.TextField()
    issued_by = models.BigIntegerField(null=True)  # None: the ladder
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    feedback = models.TextField(blank=True, default="")
    fed_back_by = models.BigIntegerField(null=True)
    fed_back_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)  # when it was told that nobody has reported in time
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_how = models.CharField(max_length=8, choices=Ending.choices, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            # The worker looks every few seconds for slips whose day has passed.
            models.Index(
                fields=["due_at"],
                condition=models.Q(fed_back_at=None, ended_at=None, overdue_at=None),
                name="slip_awaited",
            ),
            # The board counts and lists the slips of a period.
            models.Index(fields=["issued_at"], name="slip_issued"),
        ]

    @property
    def open(self) -> bool:
        """Whether a report is still waited for."""
        return self.fed_back_at is None and self.ended_at is None


class Meeting(Recorded):
    """月度例会 or 联席会议: takes what stands on its agenda and decides on each."""

    class Kind(models.TextChoices):
        MONTHLY = "monthly"
        JOINT = "joint"

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    desk = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # whose cases it deals with
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State.choices)
    notes = models.TextField(blank=True, default="")
    called_by = models.BigIntegerField(null=True)
    called_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)


class AgendaItem(Part):
    """A case on the agenda of the next meeting of a kind, until that decides; nothing leaves it without an outcome."""

    class Why(models.TextChoices):
        OVERDUE = "overdue"
        RETURNED = "returned"
        UNHAPPY = "unhappy"
        PASSED_ON = "passed_on"
        KEPT = "kept"
        ASKED = "asked"
        HOLD_OUT = "hold_out"

    class Outcome(models.TextChoices):
        ASSIGNED = "assigned"
        HELD = "held"
        PASSED_ON = "passed_on"
        KEPT = "kept"
        SETTLED = "settled"  # answered or ended before the meeting came to it

    personal: ClassVar = frozenset({"decision"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="agenda_items")
    kind = models.CharField(max_length=8, choices=Meeting.Kind.choices)
    why = models.CharField(max_length=10, choices=Why.choices)
    raised_at = models.DateTimeField()
    raised_by = models.BigIntegerField(null=True)
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="items")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    decision = models.TextField(blank=True, default="")
    lead = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by_date = models.DateField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["kind"], condition=models.Q(outcome=""), name="agenda_open"),
            # The board counts and lists what meetings decided in a period.
            models.Index(fields=["decided_at"], condition=models.Q(meeting__isnull=False), name="agenda_decided"),
        ]
