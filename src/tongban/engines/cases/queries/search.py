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
from tongban.engines.cases.logic import numbers
from tongban.engines.cases.models import Case
from tongban.engines.cases.queries.rows import PAGE, Page, joined, rows_of
from tongban.engines.cases.queries.sight import Sight, at_work
from tongban.engines.cases.queries.terms import terms_of
from tongban.engines.cases.text import INDEX

_CASE = Case._meta.db_table


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
    if phone := whole_phone(typed):
        return Page(rows_of(_by_phone(viewer, phone, before, limit)))
    terms = terms_of(typed)
    if not terms:
        return Page([])
    asked = INDEX.newest_sql(terms, any_of=sight.words(), before=before, limit=limit + 1)
    if asked is None:
        return Page([])
    heads = f"SELECT n.id AS case_id, b.about_id FROM ({asked[0]}) n JOIN {_CASE} b ON b.id = n.id"  # noqa: S608 - our names
    found = [(row, about) for (_, about), row in joined(heads, asked[1]) if row is not None]
    found.sort(key=lambda one: -one[0].id)
    more = str(found[limit - 1][0].id) if len(found) > limit else ""
    return Page([row for row, about in found[:limit] if about not in sight.barred], more)


def whole_phone(typed: str) -> str:
    """The whole phone number that was typed; "" if it is none."""
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
    whole, part = _knowing(viewer)
    barred = tuple(sorted(viewer.barred_by()))
    seen = Sight(whole.ranges, barred).of(k for k, _ in found)
    seen |= Sight(part.ranges, barred).of(k for k, confidential in found if not confidential)
    return [k for k, _ in found if k in seen][:limit]


def may_search_by_phone(viewer: Viewer) -> bool:
    """Whether any office of the viewer's lets him know authors, and so find cases by their numbers."""
    return any(_knowing(viewer))


def _knowing(viewer: Viewer) -> tuple[Sight, Sight]:
    """Where he knows the author of every case, and where of those that are not confidential."""
    whole = at_work(viewer.with_grants(viewer.grants_for(AGENT)))
    return whole, at_work(viewer.with_grants(g for g in viewer.grants_for(HANDLER, REVIEWER) if not _desk(g)))


def _desk(grant: Grant) -> bool:
    body = directory().bodies.get(grant.organisation)
    return body is not None and body.kind == "desk"
