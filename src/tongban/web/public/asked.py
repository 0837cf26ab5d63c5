"""Has this been asked? Open matters nearby, which anybody may join instead of asking again (算我一个)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases import actions
from tongban.engines.cases.queries.neighbours import open_matters
from tongban.engines.cases.queries.published import published_case
from tongban.web.guard import public, signed_in
from tongban.web.public.entry import Entry, entry
from tongban.web.public.matters import matter_page
from tongban.web.reading import Reading

_JOINED = Label(
    "已算上您，有进展会告诉您，在“我的”里也能看到。",
    "You have joined: you are told how it goes, and it stands under “Mine”.",
)


@require_safe
@public
def asked(request: Reading, programme: str) -> HttpResponse:
    """The open matters of one programme, in the whole county or in one place."""
    return _page(request, entry(programme))


@require_POST
@signed_in
def join(request: Reading, programme: str, key: int) -> HttpResponse:
    """Follow one of them."""
    way = entry(programme)
    try:
        actions.join(case=key, by=request.viewer.actor(), at=request.at)
    except Refused as refusal:
        return _page(request, way, refusal)
    messages.success(request, _JOINED.text(request.language))
    return HttpResponseRedirect(f"{reverse('web:asked', args=[programme])}?{request.GET.urlencode()}")


@require_POST
@signed_in
def join_matter(request: Reading, number: int) -> HttpResponse:
    """Follow a published one, known by its public number alone."""
    case = published_case(number)
    if case is None:
        return matter_page(request, number)
    try:
        actions.join(case=case, by=request.viewer.actor(), at=request.at)
    except Refused as refusal:
        return matter_page(request, number, refusal)
    messages.success(request, _JOINED.text(request.language))
    return HttpResponseRedirect(reverse("web:matter", args=[number]))


def _page(request: Reading, way: Entry, refusal: Refused | None = None) -> HttpResponse:
    known = directory()
    place = known.place_codes.get(request.GET.get("place", "")) or known.county
    category = request.GET.get("category", "")[:40]
    towns = [(t, known.villages(t.id)) for t in known.towns()]
    rows = open_matters(request.viewer, way.programme.code, area=place.id, at=request.at, category=category)
    context = {
        "way": way, "rows": rows, "place": place, "county": known.county, "towns": towns, "category": category,
        "refusal": refusal, "person": request.viewer.person, "here": request.get_full_path(),
        "chosen": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "web/public/asked.html", context, status=409 if refusal else 200)
