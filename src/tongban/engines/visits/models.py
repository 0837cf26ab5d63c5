"""Visits, and the cases that were heard on them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core import vault
from tongban.core.access.models import Account
from tongban.core.ledger.models import Part, Recorded
from tongban.core.registry.models import Firm
from tongban.engines.cases.models import Case


class Visit(Recorded):
    """An officer's visit to a firm: planned, then held, missed or cancelled; or held without having been planned.

    Whom he met and what he heard is closed: in its columns under the county's key, in entries under the visit's own.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        MISSED = "missed"
        CANCELLED = "cancelled"

    class Kind(models.TextChoices):
        ON_SITE = "on_site"
        PHONE = "phone"
        ONLINE = "online"

    unrecorded: ClassVar = frozenset({"id", "version", "key", "idempotency"})
    personal: ClassVar = frozenset({"met", "heard", "outcome"})

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="visits", db_index=False)
    officer = models.ForeignKey(Account, models.PROTECT, related_name="visits", db_index=False)
    state = models.CharField(max_length=9, choices=State.choices)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    planned_for = models.DateField(null=True, blank=True)
    held_at = models.DateTimeField(null=True, blank=True)
    met = models.BinaryField(default=b"", blank=True)
    heard = models.BinaryField(default=b"", blank=True)
    outcome = models.BinaryField(default=b"", blank=True)
    made_at = models.DateTimeField()
    idempotency = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001 - NULL: only keys that were given are unique
    key = models.BinaryField(default=b"", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["firm"], condition=models.Q(state="planned"), name="visit_planned_once"),
            models.UniqueConstraint(
                fields=["idempotency"], condition=models.Q(idempotency__isnull=False), name="visit_idempotency_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["firm", "made_at"], name="visit_firm"),
            models.Index(fields=["officer", "planned_for"], condition=models.Q(state="planned"), name="visit_ahead"),
        ]

    def subject_key(self) -> bytes:
        """The visit's own wrapped key: several people may be named in it, and who they are is not registered."""
        return bytes(self.key)

    @property
    def met_words(self) -> str:
        """Whom he met, as he wrote it."""
        return vault.decrypt(bytes(self.met))

    @property
    def heard_words(self) -> str:
        """What he heard, as he wrote it."""
        return vault.decrypt(bytes(self.heard))

    @property
    def outcome_words(self) -> str:
        """What came of it, as he wrote it."""
        return vault.decrypt(bytes(self.outcome))


class Heard(Part):
    """That a case was heard on a visit."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="cases")
    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
