"""The first page: what would you like, how are my matters, how well do we do."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import render

from tongban.engines.cases.queries import own_cases
from tongban.engines.cases.queries.openly import OpenFigures, open_figures
from tongban.engines.cases.queries.published import Wanted, published_page
from tongban.web.guard import public
from tongban.web.promised import row_promised
from tongban.web.public.entry import entries
from tongban.web.public.matters import drawn
from tongban.web.public.mine import as_asker
from tongban.web.reading import Reading

_SHOWN = 3
_FRESH, _COUNTING = 15 * 60, 60


@public
def home(request: Reading) -> HttpResponse:
    """For everybody; a few of one's own matters for those who have signed in."""
    rows = []
    if request.viewer.account is not None:
        found = own_cases(as_asker(request.viewer), limit=20, at=request.at).rows
        rows = [r for r in found if r.closed_at is None or r.to_rate][:_SHOWN]
    context = {
        "entries": entries(),
        "rows": [(row, row_promised(row)) for row in rows],
        "figures": _figures(request),
        "published": [drawn(row) for row in published_page(Wanted(), request.at, limit=_SHOWN).rows],
    }
    return render(request, "web/public/home.html", context)


def _figures(request: Reading) -> OpenFigures | None:
    """Counted once in a quarter of an hour by whoever comes first; others do not wait for him."""
    known: tuple[OpenFigures | None] | None = cache.get("figures")
    if known is not None:
        return known[0]
    if not cache.add("figures:counting", True, _COUNTING):
        return None
    found = open_figures(request.at)
    cache.set("figures", (found,), _FRESH)
    cache.delete("figures:counting")
    return found
