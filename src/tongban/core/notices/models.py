"""Lines that a person finds when he comes back, and messages that go out to him."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Notice(models.Model):
    """One in-app line. ``kind`` names a template in both languages; ``params`` are its plain, impersonal gaps."""

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


class Message(models.Model):
    """One message to a phone, handed to the port at least once under its stable ``key``. Its words are made on delivery
    and kept nowhere, for they may hold a code."""

    key = models.CharField(max_length=120, unique=True)
    person = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    case = models.BigIntegerField(null=True)
    params = models.TextField(default="{}")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
