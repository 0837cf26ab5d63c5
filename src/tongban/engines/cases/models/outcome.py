"""What came of a matter, as columns of an answer and of the reply to one of its questions."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.engines.cases.outcome import UNDONE, Outcome


class WithOutcome(models.Model):
    """Columns of an outcome. ``because`` is the writer's own sentence and personal as his other words are."""

    outcome = models.CharField(max_length=10, blank=True, default="")
    why_not = models.CharField(max_length=10, blank=True, default="")
    because = models.TextField(blank=True, default="")
    planned_for = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            # What is left undone has a reason, and nothing else has one.
            models.CheckConstraint(
                condition=models.Q(outcome__in=UNDONE) & ~models.Q(why_not="")
                | ~models.Q(outcome__in=UNDONE) & models.Q(why_not="", because="", planned_for=None),
                name="%(class)s_reason",
            )
        ]

    @property
    def came_to(self) -> Outcome:
        """The columns as a value."""
        return Outcome(self.outcome, self.why_not, self.because, self.planned_for)
