"""What all dated data have in common."""

from __future__ import annotations

from django.db import models

from tongban.core.ledger.models import Recorded


class Dated(Recorded):
    """One version of what is known as ``code``: in force from ``valid_from`` until the next one begins."""

    code = models.CharField(max_length=20)
    valid_from = models.DateField()
    source = models.CharField(max_length=200, blank=True, default="")
    confirmed = models.BooleanField(default=False)

    class Meta:
        abstract = True
