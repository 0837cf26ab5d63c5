"""Append-only entries, chained for each object and sealed by the day; and the outbox, the one queue."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Recorded(models.Model):
    """A row whose every change leaves an entry in a chain of its own.

    ``version`` counts those entries. Each change demands the version that it read, so of two that start from the same
    state one is refused. Rows that belong to a recorded row (its parts) are recorded in the same chain.
    """

    version = models.PositiveIntegerField(default=0, editable=False)

    # Columns that never enter an entry: bookkeeping, keys, and what can be derived.
    unrecorded: ClassVar[frozenset[str]] = frozenset({"id", "version"})
    # Columns of personal data: they enter an entry only under the key of the subject (see Journal).
    personal: ClassVar[frozenset[str]] = frozenset()
    # Where the subject's wrapped key stands, for reads over many rows: the first of these that is not null.
    subject_columns: ClassVar[tuple[str, ...]] = ("key",)
    # Where it is recorded that the subject was erased: only then may that key be gone.
    subject_erased: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True


class Part(models.Model):
    """A row that belongs to a recorded row and is recorded in that row's chain."""

    unrecorded: ClassVar[frozenset[str]] = frozenset({"id"})
    personal: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True


class Entry(models.Model):
    """One action's effect on one object. Never changed, never removed.

    ``images`` is JSON: ``[[model, id, {column: value after}], …]``, ``null`` for a removed row. ``hash`` is SHA-256
    over the hash before it in the chain and the canonical text of everything else.
    """

    action = models.UUIDField()
    kind = models.CharField(max_length=40)
    object_id = models.BigIntegerField()
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    by_account = models.BigIntegerField(null=True)
    by_role = models.BigIntegerField(null=True)
    on_behalf = models.BigIntegerField(null=True)
    by_system = models.CharField(max_length=20, default="", blank=True)
    happened_at = models.DateTimeField()
    happened_precision = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()
    programme = models.CharField(max_length=20, default="", blank=True)
    unit = models.BigIntegerField(null=True)
    area = models.BigIntegerField(null=True)
    schema = models.PositiveSmallIntegerField(default=1)
    images = models.TextField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "object_id", "number"], name="entry_once_in_chain")
        ]


class Seal(models.Model):
    """One day's entries under one hash, chained to the seal before."""

    county = models.CharField(max_length=6)
    day = models.DateField(unique=True)
    first_entry = models.BigIntegerField()
    last_entry = models.BigIntegerField()
    entries = models.PositiveIntegerField()
    root = models.BinaryField(max_length=32)
    made_at = models.DateTimeField()


class Outbox(models.Model):
    """Something to be done after the action that asked for it is committed; done once.

    ``key`` is the stable id under which the effect is known inside and outside.
    """

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=120, unique=True)
    payload = models.TextField(default="{}")
    action = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(done_at__isnull=True, failed_at__isnull=True),
                name="outbox_waiting",
            ),
        ]
