"""Lines that a person finds when he comes back, messages that go out to him, what he wishes, and other systems' hooks."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core import vault
from tongban.core.ledger.models import Part, Recorded
from tongban.core.registry.models import Person


class Notice(models.Model):
    """One in-app line. ``kind`` names a template in both languages; ``params`` are its plain, impersonal gaps."""

    # Of what happened and to whom it is told: the same told again is the same line. Empty for lines older than keys.
    key = models.CharField(max_length=40, unique=True, null=True)  # noqa: DJ001 - of empty ones there are many
    account = models.BigIntegerField(null=True)
    person = models.BigIntegerField(null=True)
    kind = models.CharField(max_length=40)
    case = models.BigIntegerField(null=True)
    params = models.TextField(default="{}")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account", "-id"], condition=models.Q(account__isnull=False), name="notice_account"),
            # What every page counts: the few that are not read yet.
            models.Index(fields=["account"], condition=models.Q(read_at__isnull=True), name="notice_account_new"),
            models.Index(fields=["person"], condition=models.Q(read_at__isnull=True), name="notice_person_new"),
            models.Index(fields=["person", "-id"], condition=models.Q(person__isnull=False), name="notice_person"),
        ]


class Sending(models.Model):
    """Something that goes out at least once under its stable ``key``, and how far it has come."""

    key = models.CharField(max_length=120, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, default="", blank=True)  # what went wrong last, without anybody's data

    class Meta:
        abstract = True


class Message(Sending):
    """One message to a phone or an e-mail address. Its words are made on delivery and kept nowhere, for they may hold a
    code; so is the address, which is the person's own."""

    class Channel(models.TextChoices):
        SMS = "sms"
        EMAIL = "email"

    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.SMS)
    person = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    case = models.BigIntegerField(null=True)
    params = models.TextField(default="{}")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], condition=models.Q(case__isnull=False), name="message_case"),
            models.Index(fields=["made_at"], name="message_made"),
        ]


class Breaker(models.Model):
    """Failures in a row on the way to one machine, and until when nobody tries it again."""

    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Route(Breaker):
    """The one machine by which a channel's messages leave, or that looks through files: one row for each."""

    channel = models.CharField(max_length=8, primary_key=True)


class Preferences(Recorded):
    """Where else a person wants his notices, and the e-mail address that he has confirmed."""

    unrecorded: ClassVar = frozenset({"id", "version", "digested_until"})
    personal: ClassVar = frozenset({"email", "pending"})
    subject_columns: ClassVar = ("person__key",)
    subject_erased: ClassVar = ("person__erased_at",)

    person = models.OneToOneField(Person, models.PROTECT, related_name="preferences")
    email = models.BinaryField(default=b"", blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    pending = models.BinaryField(default=b"", blank=True)  # an address that nobody has confirmed yet
    pending_at = models.DateTimeField(null=True, blank=True)
    # What was made before this moment has been in a digest, or was never meant for one.
    digested_until = models.DateTimeField(null=True, blank=True)

    def subject_key(self) -> bytes:
        """The wrapped key that closes this person's data in the ledger."""
        return bytes(self.person.key)

    @property
    def address(self) -> str:
        """The confirmed e-mail address; empty if there is none."""
        return vault.decrypt(bytes(self.email))

    @property
    def pending_address(self) -> str:
        """The address that waits to be confirmed; empty if there is none."""
        return vault.decrypt(bytes(self.pending))


class Choice(Part):
    """How a person wants the notices of one group on one channel."""

    class Timing(models.TextChoices):
        OFF = "off"  # only what cannot be switched off
        MAIN = "main"  # what has a message of its own
        NOW = "now"
        DAILY = "daily"

    preferences = models.ForeignKey(Preferences, models.CASCADE, related_name="choices")
    group = models.CharField(max_length=16)
    channel = models.CharField(max_length=8, choices=Message.Channel.choices)
    timing = models.CharField(max_length=8, choices=Timing.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["preferences", "group", "channel"], name="choice_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["preferences"], condition=models.Q(timing="daily"), name="choice_daily"),
        ]


class Webhook(Recorded, Breaker):
    """Another system that is told of what happens: where, under which secret, and of which kinds."""

    unrecorded: ClassVar = frozenset({"id", "version", "secret", "failures", "rests_until"})

    name = models.CharField(max_length=80)
    address = models.CharField(max_length=300)
    secret = models.BinaryField()
    kinds = models.CharField(max_length=600)  # joined by spaces, in order
    active = models.BooleanField(default=True)

    @property
    def wanted(self) -> list[str]:
        """The kinds of events of which it is told."""
        return self.kinds.split()


class WebhookCall(Sending):
    """One event on its way to one webhook. ``body`` is what is signed; it names nobody."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls")
    kind = models.CharField(max_length=40)
    body = models.TextField()
    status = models.PositiveSmallIntegerField(null=True)  # what the other side answered last

    class Meta:
        indexes: ClassVar = [models.Index(fields=["webhook", "-id"], name="webhook_call")]
