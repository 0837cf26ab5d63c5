"""Published matters: the list, the map and one of them, for anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.queries import Place, directory
from tongban.engines.cases.outcome import OUTCOMES
from tongban.engines.cases.queries.nearest import MOST
from tongban.engines.cases.queries.neighbours import takes_part
from tongban.engines.cases.queries.published import (
    STANDINGS,
    MatterRow,
    Wanted,
    published_counts,
    published_matter,
    published_page,
    published_picture,
    was_published,
)
from tongban.web.files.serving import sent
from tongban.web.guard import public
from tongban.web.promised import Promised, promise_of, row_promised
from tongban.web.public.entry import entries
from tongban.web.public.pinmap import pin
from tongban.web.reading import Reading
from tongban.web.seeking import moved, numberlike

_WORDS = 80
NAMES = {
    "": Label("全部", "All"),
    "open": Label("办理中", "Under way"),
    "overdue": Label("超期", "Overdue"),
    "answered": Label("已答复", "Answered"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filters as they stand in the address, and what they ask for."""

    given: dict[str, str]
    wanted: Wanted
    place: Place | None
    near: Place | None

    @property
    def query(self) -> str:
        """The address's query without the standing, to which each of its links adds its own."""
        return urlencode({k: v for k, v in self.given.items() if v and k != "state"})

    @property
    def whole(self) -> str:
        """The address's query with all filters."""
        return urlencode({k: v for k, v in self.given.items() if v})


def narrowing(request: Reading) -> Narrowing:
    """The filters of the list and of the map; what is none of them counts for nothing."""
    kinds = {"": ("", "")} | {code: pair for code, _, pair in _kinds()}
    kind, state, outcome = (request.GET.get(name, "") for name in ("kind", "state", "outcome"))
    place = directory().place_codes.get(request.GET.get("area", ""))
    place = place if place is not None and place.level != "county" else None
    near = directory().place_codes.get(request.GET.get("near", ""))
    near = near if near is not None and near.level != "county" else None
    words = " ".join(request.GET.get("q", "").split())[:_WORDS]
    given = {
        "q": words, "area": place.code if place else "", "kind": kind if kind in kinds else "",
        "state": state if state in STANDINGS else "", "near": near.code if near else "",
        "outcome": outcome if outcome in OUTCOMES else "",
    }  # fmt: skip
    programme, category = kinds[given["kind"]]
    wanted = Wanted(
        given["state"], programme, category, place.id if place else None, words, near.id if near else None,
        given["outcome"],
    )  # fmt: skip
    return Narrowing(given, wanted, place, near)


def _kinds() -> list[tuple[str, Label, tuple[str, str]]]:
    """Programmes and their categories: code in the address, name, what it asks for."""
    found = []
    for entry in entries():
        programme = entry.programme
        found.append((programme.code, programme.name, (programme.code, "")))
        found += [(f"{programme.code}.{c.code}", c.label, (programme.code, c.code)) for c in entry.kind.categories]
    return found


def shared(request: Reading, asked: Narrowing) -> dict[str, Any]:
    """What list and map draw alike: the filters and the counts."""
    counts = published_counts(asked.wanted, request.at)
    return {
        "asked": asked, "given": asked.given, "towns": directory().towns(), "place": asked.place,
        "outcomes": OUTCOMES.items(), "kinds": [(code, label, "." in code) for code, label, _ in _kinds()],
        "standings": [(code, name, counts[code]) for code, name in NAMES.items()],
        "narrowed": any(asked.given.values()), "anything": counts[""] > 0,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@public
def matters(request: Reading) -> HttpResponse:
    """The list: the newest first, or the nearest to a chosen place. No published text holds anybody's number, so no number is looked for (see :mod:`tongban.web.seeking`)."""
    if answer := moved(request, numberlike):
        return answer
    asked = narrowing(request)
    page = published_page(asked.wanted, request.at, after=request.GET.get("after", ""))
    context = {
        **shared(request, asked), "rows": [drawn(row) for row in page.rows], "after": page.after,
        "first": not request.GET.get("after"), "most": MOST,
        "nearby": [(town, directory().villages(town.id)) for town in directory().towns()],
    }  # fmt: skip
    return render(request, "web/public/matters.html", context)


def drawn(row: MatterRow) -> tuple[MatterRow, Promised | None]:
    """A line with its clock."""
    return row, row_promised(row.clock)


@require_safe
@public
def matter(request: Reading, number: int) -> HttpResponse:
    """One matter; what was taken off says so and no more."""
    return matter_page(request, number)


def matter_page(request: Reading, number: int, refusal: Refused | None = None) -> HttpResponse:
    """The page of one matter, with why it was not joined."""
    found = published_matter(number, request.at)
    if found is None:
        if not was_published(number):
            raise Http404
        return render(request, "web/public/matter_gone.html", status=410)
    place = directory().places[found.area]
    position = (found.longitude, found.latitude) if found.longitude is not None else (place.longitude, place.latitude)
    marked = pin(*position) if place.level != "county" else None
    context = {
        "matter": found, "row": found.row, "promised": promise_of(found.row.clock, found.assignments, found.stops, request.at, found.extended),
        "clock": found.row.clock, "square": found.longitude is not None, "pin": marked,
        "map": marked.map if marked else None, "place": place, "refusal": refusal,
        "person": request.viewer.person, "taking_part": takes_part(request.viewer, number),
    }  # fmt: skip
    return render(request, "web/public/matter.html", context, status=409 if refusal else 200)


@require_safe
@public
def picture(request: Reading, number: int, key: int) -> HttpResponse:
    """A confirmed picture of a published matter, asked for anew each time."""
    return sent(request, published_picture(number, key))
