"""Search: a case's number (ours or the one it had elsewhere), a whole phone number, or words; the most recently
registered first, within what the viewer may see."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.core import vault
from tongban.core.access.viewer import AGENT, HANDLER, REVIEWER, Grant, Viewer
from tongban.core.cursors import key_of
from tongban.core.database import Term
from tongban.core.refusals import Refused
from tongban.core.registry import codes
from tongban.core.registry.queries import directory
from tongban.engines.cases.logic import numbers
from tongban.engines.cases.models import Batch, Case, CaseScope
from tongban.engines.cases.queries.rows import PAGE, CaseRow, Page, joined, rows_of
from tongban.engines.cases.queries.sight import Sight, at_work
from tongban.engines.cases.queries.terms import terms_of
from tongban.engines.cases.text import INDEX

_CASE = Case._meta.db_table


def search_page(viewer: Viewer, typed: str, *, after: str = "", limit: int = PAGE) -> Page:
    """The cases at work that match what was typed. A number goes straight to its cases."""
    sight = at_work(viewer)
    typed = typed.strip()[:200]
    if not sight or not typed:
        return Page([])
    before = key_of(after)
    if before is None and (keys := _numbered(typed)) and (seen := sight.of(keys)):
        return Page(rows_of(k for k in keys if k in seen))
    if phone := whole_phone(typed):
        keys = _by_phone(viewer, phone, before, limit + 1)
        return Page(rows_of(keys[:limit]), str(keys[limit - 1]) if len(keys) > limit else "")
    terms = terms_of(typed)
    if not terms:
        return Page([])
    found: list[CaseRow] = []
    # Once, unless complaints about his own body are among the hits: a page is filled from what he may see, so that
    # neither its length nor its cursor tells of them.
    while len(found) <= limit:
        hits = _hits(terms, sight, before, limit + 1)
        found += [row for row, about in hits if about not in sight.barred]
        if len(hits) <= limit:
            break
        before = hits[-1][0].id
    return Page(found[:limit], str(found[limit - 1].id) if len(found) > limit else "")


def _hits(terms: Sequence[Term], sight: Sight, before: int | None, limit: int) -> list[tuple[CaseRow, int | None]]:
    """The newest cases with these words under the viewer's holders, each with the body it complains about; one query."""
    asked = INDEX.newest_sql(terms, any_of=sight.words(), before=before, limit=limit)
    if asked is None:
        return []
    heads = f"SELECT n.id AS case_id, b.about_id FROM ({asked[0]}) n JOIN {_CASE} b ON b.id = n.id"  # noqa: S608 - our names
    found = [(row, about) for (_, about), row in joined(heads, asked[1]) if row is not None]
    return sorted(found, key=lambda one: -one[0].id)


def _numbered(typed: str) -> list[int]:
    """The case of this number, and those that another system knows by it."""
    key = numbers.parse(settings.TONGBAN_COUNTY, typed) if re.fullmatch(r"(\d{6}-)?\d{1,9}", typed) else None
    found = [key] if key else []
    if any(map(str.isdigit, typed)) and not whole_phone(typed):
        # By the index of (source, number): every source that ever brought a table.
        there = Case.objects.filter(source__in=Batch.objects.values("source"), external_id=typed)
        found += sorted(set(there.values_list("pk", flat=True)[:PAGE]) - {key}, reverse=True)
    return found


def whole_phone(typed: str) -> str:
    """The whole phone number that was typed; "" if it is none."""
    try:
        return codes.phone(typed)
    except Refused:
        return ""


def _by_phone(viewer: Viewer, phone: str, before: int | None, limit: int) -> list[int]:
    """By the requester's number, for those who may know the author: a desk all its cases, a unit at work those that are
    not confidential, an overseer none."""
    index = vault.blind_index("phone", phone)
    cases = Case.objects.filter(requester__phone_index=index, requester__erased_at=None)
    if before:
        cases = cases.filter(pk__lt=before)
    barred = tuple(sorted(viewer.barred_by()))
    whole, part = (Exists(_rows(Sight(known.ranges, barred))) for known in _knowing(viewer))
    found = cases.filter(whole | (Q(confidential=False) & part))
    return list(found.order_by("-pk").values_list("pk", flat=True)[:limit])


def _rows(sight: Sight) -> QuerySet[CaseScope]:
    """A case's rows of the scope table that give this sight."""
    return CaseScope.objects.filter(sight.rows(), case=OuterRef("pk")) if sight else CaseScope.objects.none()


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
