"""Dated rules: limits, targets, rungs of the ladder; and the routes that a desk is advised."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongban.core.dated.models import Dated
from tongban.core.ledger.models import Recorded
from tongban.core.registry.models import Organisation


class Limit(Dated):
    """A promise of time: ``amount`` of ``unit``, counted from ``start``."""

    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80)
    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    start = models.CharField(max_length=10)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="limit_code_once")]


class Target(Dated):
    """What a rate of the board (its code) is to reach; 0 percent: there is no target."""

    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="target_code_once")]


class Route(Recorded):
    """Which unit a desk offers first for a category: advice to the desk, never an assignment."""

    programme = models.CharField(max_length=20)
    category = models.CharField(max_length=40)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    limit = models.CharField(max_length=20)
    valid_from = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)


class Rung(Dated):
    """A step of the ladder (its code): done so long before or after a case's next step is due; or switched off."""

    amount = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=16)
    before = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="rung_code_once")]
