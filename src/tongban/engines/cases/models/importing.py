"""Where cases came from in bulk, and how a foreign table is read."""

from __future__ import annotations

from django.db import models

from tongban.core.ledger.models import Recorded


class Batch(Recorded):
    """One import of many requests: what came, from where, and whether it was undone."""

    programme = models.CharField(max_length=20)
    source = models.CharField(max_length=60)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField(default=0)  # opened without an answer: they joined the queue
    by_account = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class Mapping(Recorded):
    """A saved choice of which column of a foreign table is which field; JSON of field → header."""

    name = models.CharField(max_length=60, unique=True)
    programme = models.CharField(max_length=20)
    columns = models.TextField()
