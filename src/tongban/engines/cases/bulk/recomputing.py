"""Deadlines of many cases derived anew: the action itself, on cases that are read and written together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.sheaf import Keys
from tongban.core.registry import reference
from tongban.engines.cases.actions.keeping import KEEPER
from tongban.engines.cases.actions.recomputing import Recomputed, recompute
from tongban.engines.cases.bulk.standing import Standing
from tongban.engines.cases.limits import PastLimits

NOTHING = Recomputed()


def recompute_many(cases: Sequence[int], *, by: Actor, at: datetime) -> dict[int, Recomputed]:
    """Derive the open deadlines of these cases again, all in one transaction; gives what has moved for whom.

    As :func:`~tongban.engines.cases.actions.recomputing.recompute` of each would leave it.
    """
    with reference.hold(), transaction.atomic():
        standing, limits = Standing(cases, Keys()), PastLimits()
        token = KEEPER.set(standing)
        try:
            told = {key: recompute(case=key, by=by, at=at, limits=limits) for key in standing.cases}
        finally:
            KEEPER.reset(token)
        standing.write()
    return {key: moved for key, moved in told.items() if moved != NOTHING}
