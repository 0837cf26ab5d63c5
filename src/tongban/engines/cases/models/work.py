"""What is done with a case: duties, the story, answers, questions, ratings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part
from tongban.core.registry.models import Organisation
from tongban.engines.cases.models.case import Case
from tongban.engines.cases.models.outcome import WithOutcome
from tongban.engines.cases.models.rules import Limit


class Assignment(Part):
    """One unit's duty in a case. The limit is fixed with its version when it begins; the due time is derived from it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="assignments")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    lead = models.BooleanField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    limit = models.ForeignKey(Limit, models.PROTECT, related_name="+", db_index=False)
    limit_version = models.PositiveIntegerField()
    calendar_version = models.PositiveIntegerField()
    begins_at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    # Passed on sideways: the unit that passed it (``parent``) answers for it until this one takes it on (首接负责制).
    transferred = models.BooleanField(default=False)
    # The day that a meeting has set instead of the limit.
    by_date = models.DateField(null=True, blank=True)
    sign_in_due_at = models.DateTimeField(null=True, blank=True)
    signed_in_at = models.DateTimeField(null=True, blank=True)
    signed_in_by = models.BigIntegerField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        # The board counts and lists what was assigned in a period.
        indexes: ClassVar = [models.Index(fields=["begins_at"], name="assignment_begins")]


#: The lines that tell of an urge: by an officer, by whoever asked, by the ladder.
URGES = ("urge", "urge_asker", "urge_ladder")


class StoryItem(Part):
    """One line of what happened, told to those who may see it and to nobody else."""

    class Audience(models.IntegerChoices):
        """The least that a reader must be. Each level sees its own items and those of the levels before it."""

        PUBLIC = 1  # whoever holds the tracking code
        PARTY = 2  # requester, co-signers, the firm's confirmed clerks
        UNIT = 3  # the units that work on it
        DESK = 4  # the desk alone: who the author of a confidential request is, why a unit was passed over

    personal: ClassVar = frozenset({"text"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="story")
    kind = models.CharField(max_length=24)
    audience = models.PositiveSmallIntegerField(choices=Audience.choices)
    happened_at = models.DateTimeField()
    precision = models.CharField(max_length=8)
    by_account = models.BigIntegerField(null=True)
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    # Another unit that the line names, such as the one a case was given to; and the officer to whom it was handed over.
    other = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    account = models.BigIntegerField(null=True)
    text = models.TextField(blank=True, default="")

    class Meta:
        # The board counts the urges of a period; they are few among all that is told.
        indexes: ClassVar = [
            models.Index(fields=["happened_at"], condition=models.Q(kind__in=URGES), name="story_urged"),
        ]


class Answer(WithOutcome, Part):
    """What a unit wants to say to the asker, and what came of it: written by one, reviewed by another, then sent."""

    personal: ClassVar = frozenset({"text", "because"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    text = models.TextField()
    # A reply that only says "received" is a receipt: it answers nothing and stops no clock.
    receipt = models.BooleanField(default=False)
    written_by = models.BigIntegerField(null=True)
    written_at = models.DateTimeField()
    precision = models.CharField(max_length=8)
    reviewed_by = models.BigIntegerField(null=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    approved = models.BooleanField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)


class Rating(Part):
    """The asker's judgement of one answer in five grades (1 very dissatisfied … 5 very satisfied), given once.

    A case that is done again after a bad one is answered, and may be judged, again; the last judgement counts.
    """

    personal: ClassVar = frozenset({"comment"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="ratings")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    comment = models.TextField(blank=True, default="")
    rated_at = models.DateTimeField(null=True, blank=True)


class Inquiry(Part):
    """A question back to the asker, and his reply. The clock runs on."""

    personal: ClassVar = frozenset({"question", "reply"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="inquiries")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    asked_by = models.BigIntegerField(null=True)
    asked_at = models.DateTimeField()
    question = models.TextField()
    replied_at = models.DateTimeField(null=True, blank=True)
    reply = models.TextField(blank=True, default="")


class Callback(Part):
    """回访: another than those who worked on it asks whether the answer has solved the matter."""

    personal: ClassVar = frozenset({"note"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="callbacks")
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    reached = models.BooleanField()
    solved = models.BooleanField(null=True, blank=True)
    note = models.TextField(blank=True, default="")

    class Meta:
        # The board counts and lists the calls of a period.
        indexes: ClassVar = [models.Index(fields=["made_at"], name="callback_made")]
