"""How many effects rows of the outbox have beyond their one, when each is done again and again in any order."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import datetime

from django.db import models

from tongban.core.ledger.models import Entry, Outbox, Seal
from tongban.core.ledger.worker import perform as perform_row
from tongban.core.ledger.worker import run_pending, take
from tongban.core.notices.models import Message, Notice, WebhookCall

_EFFECTS: tuple[type[models.Model], ...] = (Entry, Seal, Notice, Message, WebhookCall, Outbox)


def double_effects(
    *,
    at: datetime,
    outside: Callable[[], set[str]],
    replays: int = 10,
    seed: int = 1,
    tell: Callable[[int, int], None] = lambda done, whole: None,
) -> int:
    """Do what is due at ``at``, then every row ``replays`` times more in an order drawn from ``seed``.

    Gives the rows of ours and the ids outside (``outside()``: under which ids others have been sent something) that
    came or went after the first time. Changes the county: the moments at which rows were done are lost.
    """
    run_pending(at)
    before, sent = _rows(), outside()
    keys = list(Outbox.objects.values_list("pk", flat=True)) * replays
    random.Random(seed).shuffle(keys)  # noqa: S311 - an order, not a secret
    for done, key in enumerate(keys, 1):
        _again(key, at)
        if done % 100 == 0:
            tell(done, len(keys))
    run_pending(at)
    return len(before ^ _rows()) + len(sent ^ outside())


def _again(key: int, at: datetime) -> None:
    """As if the worker had died after the effect, inside or outside, and before it could note it."""
    sent = json.loads(Outbox.objects.values_list("payload", flat=True).get(pk=key)).get("key")
    for model in (Message, WebhookCall):
        model.objects.filter(key=sent).update(sent_at=None)
    Outbox.objects.filter(pk=key).update(done_at=None, failed_at=None, taken_until=None, attempts=0, due_at=at)
    for row in take(at):
        perform_row(row, at)


def _rows() -> set[tuple[str, int]]:
    return {
        (model._meta.label_lower, key)
        for model in _EFFECTS
        for key in model._default_manager.values_list("pk", flat=True)
    }
