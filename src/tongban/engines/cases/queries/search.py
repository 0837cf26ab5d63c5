"""Search: a case's number, a whole phone number, or words; newest first, within what the viewer may see."""

from __future__ import annotations

import re

from django.conf import settings

from tongban.core import vault
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, Grant, Viewer
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.models import Person
from tongban.core.registry.queries import directory
from tongban.core.words import cut
from tongban.engines.cases.logic import numbers
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.rows import PAGE, Page, joined, rows_of
from tongban.engines.cases.queries.sight import Sight, at_work
from tongban.engines.cases.text import INDEX

_MOST_WORDS = 12


def search_page(viewer: Viewer, typed: str, *, after: str = "", limit: int = PAGE) -> Page:
    """The cases at work that match what was typed. A number goes straight to its case."""
    sight = at_work(viewer)
    typed = typed.strip()[:200]
    if not sight or not typed:
        return Page([])
    before = int(after) if after.isdigit() else None
    if re.fullmatch(r"(\d{6}-)?\d{1,9}", typed) and before is None:
        key = numbers.parse(settings.TONGBAN_COUNTY, typed)
        if key and key in sight.of([key]):
            return Page(rows_of([key]))
    if phone := _phone(typed):
        return Page(rows_of(_by_phone(viewer, phone, before, limit)))
    words = cut(typed)[:_MOST_WORDS]
    if not words:
        return Page([])
    asked = INDEX.newest_sql(words, any_of=sight.words(), before=before, limit=limit + 1)
    if asked is None:
        return Page([])
    found = joined(f"SELECT n.id AS case_id FROM ({asked[0]}) n", asked[1])  # noqa: S608 - our names
    rows = sorted((row for _, row in found if row is not None), key=lambda row: -row.id)
    shown = rows[:limit]
    more = str(shown[-1].id) if len(rows) > limit else ""
    if sight.barred and shown:
        seen = sight.of(row.id for row in shown)
        shown = [row for row in shown if row.id in seen]
    return Page(shown, more)


def _phone(typed: str) -> str:
    try:
        return codes.phone(typed)
    except Refused:
        return ""


def _by_phone(viewer: Viewer, phone: str, before: int | None, limit: int) -> list[int]:
    """By the requester's number, for those who may know the author: a desk all its cases, a unit at work those that are
    not confidential, an overseer none."""
    people = Person.objects.filter(phone_index=vault.blind_index("phone", phone)).values_list("pk", flat=True)[:20]
    cases = Case.objects.filter(requester_id__in=list(people))
    if before:
        cases = cases.filter(pk__lt=before)
    found = list(cases.order_by("-pk").values_list("pk", "confidential")[: limit * 4])
    whole = at_work(viewer.with_grants(viewer.grants_for(AGENT)))
    part = at_work(viewer.with_grants(g for g in viewer.grants_for(HANDLER, REVIEWER) if not _desk(g)))
    barred = tuple(sorted(viewer.barred_by()))
    seen = Sight(whole.ranges, barred).of(k for k, _ in found)
    seen |= Sight(part.ranges, barred).of(k for k, confidential in found if not confidential)
    return [k for k, _ in found if k in seen][:limit]


def _desk(grant: Grant) -> bool:
    body = directory().bodies.get(grant.organisation)
    return body is not None and body.kind == "desk"
