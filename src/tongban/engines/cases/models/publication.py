"""The public text of a case: prepared by one, approved by another, taken back by whoever may."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part
from tongban.core.registry.models import Area
from tongban.engines.cases.models.case import Case
from tongban.engines.cases.models.work import Answer


class Publication(Part):
    """One version of what everybody may read of a case. Only a version in the state PUBLISHED is ever shown.

    Its texts were written to be public, but until somebody else has approved them they may hold what nobody noticed: in the
    ledger they are closed like the case's own words.
    """

    class State(models.TextChoices):
        """How far a version has come. At most one of a case is prepared, and at most one published."""

        PREPARED = "prepared"
        PUBLISHED = "published"
        REPLACED = "replaced"  # by a later version, whether it had been published or not
        WITHDRAWN = "withdrawn"

    class Place(models.TextChoices):
        """How exactly the place is told."""

        TOWN = "town"
        VILLAGE = "village"
        GRID = "grid"  # the middle of a square of 200 m around the pin

    personal: ClassVar = frozenset({"title", "question", "answer", "why"})

    case = models.ForeignKey(Case, models.CASCADE, related_name="publications")
    # The first version of the case: its key is the number under which everybody knows the matter.
    first = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="later")
    state = models.CharField(max_length=10, choices=State.choices)
    title = models.CharField(max_length=120)
    question = models.TextField()
    answer = models.TextField(blank=True, default="")
    # Which answer of the unit's the public one tells; None while only the question is public.
    answers = models.ForeignKey(Answer, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    place = models.CharField(max_length=8, choices=Place.choices)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    longitude = models.FloatField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    # JSON: [[key of the copy, name of its content], …]; a copy that is made anew is another content.
    pictures = models.TextField(default="[]")
    firm_agreed = models.BooleanField(default=False)
    prepared_by = models.BigIntegerField(null=True)
    prepared_at = models.DateTimeField()
    approved_by = models.BigIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.BigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="published"), name="publication_published_once"
            ),
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(state="prepared"), name="publication_prepared_once"
            ),
        ]

    @property
    def number(self) -> int:
        """The number in public addresses; it tells neither the case's key nor its tracking code."""
        return self.first_id or int(self.pk)
