"""What belongs to a case as files: what people brought, and the copies of pictures that were made to be published."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.ledger.models import Part
from tongban.core.registry.models import Organisation


class Checked(models.TextChoices):
    """Whether a file was looked through for viruses. Only the first two may be opened by anybody."""

    UNASKED = "unasked"  # the county has no scanner
    CLEAN = "clean"
    WAITING = "waiting"
    INFECTED = "infected"  # it stays where it is, sealed, and nobody gets it


class Attachment(Part):
    """One file of a case. ``audience`` is the least that its reader must be, as for a line of the story; one of an
    answer (``answer``) is for the units until that answer is sent.

    ``sha256`` is of what lies sealed on disk, so that it can be checked without a key and betrays nothing of the content.
    ``key`` opens it and is itself closed under the key of the case's subject: whoever is forgotten takes his files along.
    """

    personal: ClassVar = frozenset({"name"})
    unrecorded: ClassVar = frozenset({"id", "key"})

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="attachments")
    came_with = models.CharField(max_length=12)  # the step: open, reply, answer, feed_back, attach
    inquiry = models.ForeignKey(
        "cases.Inquiry", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    answer = models.ForeignKey("cases.Answer", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    audience = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    stored = models.CharField(max_length=32, unique=True)  # a file that waited serves one request
    sha256 = models.CharField(max_length=64)
    small = models.CharField(max_length=32, blank=True, default="", db_index=True)
    small_sha256 = models.CharField(max_length=64, blank=True, default="")
    key = models.TextField(blank=True, default="")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    by_account = models.BigIntegerField(null=True)
    taken_at = models.DateTimeField()
    checked = models.CharField(max_length=8, choices=Checked.choices)
    checked_at = models.DateTimeField(null=True, blank=True)
    found = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["checked"], condition=models.Q(checked="waiting"), name="attachment_waiting")
        ]


class OpenPicture(Part):
    """A copy of a picture that an officer has confirmed to be fit for everybody: made anew, with regions blurred.

    It is not public by itself: a case that is published shows its confirmed copies and no other picture.
    """

    unrecorded: ClassVar = frozenset({"id", "key"})

    case = models.ForeignKey("cases.Case", models.CASCADE, related_name="open_pictures")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="open_copy")
    regions = models.TextField()  # JSON: [[left, top, width, height], …] in percent
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    stored = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64)
    key = models.BinaryField()  # under the county's key: it shows nobody
    confirmed_by = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
