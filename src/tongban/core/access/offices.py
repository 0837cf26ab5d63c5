"""Who holds an office now."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from tongban.core.access.models import Role


def in_office(unit: int, office: str, at: datetime, programme: str | None = None) -> set[int]:
    """Active accounts that hold ``office`` in ``unit`` at ``at``, by themselves or standing in: for one programme, or any."""
    day = localdate(at)
    in_force = Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day)) & Q(ended_at=None)
    principal = Q(substitute_for=None) | (
        Q(substitute_for__ended_at=None)
        & (Q(substitute_for__valid_until=None) | Q(substitute_for__valid_until__gte=day))
    )
    found = Role.objects.filter(in_force & principal, organisation_id=unit, code=office, account__is_active=True)
    if programme is not None:
        found = found.filter(programme__in=("", programme))
    return set(found.values_list("account_id", flat=True))
