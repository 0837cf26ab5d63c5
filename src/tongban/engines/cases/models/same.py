"""What is one matter and what are several: links between cases, and the questions in one request."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part
from tongban.engines.cases.models.case import Case
from tongban.engines.cases.models.outcome import WithOutcome


class Question(WithOutcome, Part):
    """One of several questions in one request, which are answered one by one in one answer, each with its own outcome."""

    personal: ClassVar = frozenset({"text", "reply", "because"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    reply = models.TextField(blank=True, default="")

    class Meta(WithOutcome.Meta):
        constraints: ClassVar = [
            *WithOutcome.Meta.constraints,
            models.UniqueConstraint(fields=["case", "number"], name="question_once"),
        ]


class Link(Part):
    """How one case stands to another. It belongs to the case that the act has changed or made: the one that was merged,
    was split off, or stands under the other. It is never removed: an undoing is written beside it."""

    class Kind(models.TextChoices):
        MERGED = "merged"  # ``case`` goes on as ``other``
        SPLIT = "split"  # ``case`` holds a matter that was asked in ``other``
        CHILD = "child"  # ``case`` is one of several under ``other``, each with its own answer

    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    other = models.ForeignKey(Case, models.PROTECT, related_name="linked")
    action = models.UUIDField()  # the entries that tell what the act has changed, by which it is undone
    made_by = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    undone_action = models.UUIDField(null=True)
    undone_by = models.BigIntegerField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=models.Q(undone_at__isnull=True), name="link_once"
            )
        ]
