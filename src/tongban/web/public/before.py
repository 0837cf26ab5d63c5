"""Before a request is sent: what its asker has asked himself and is still open, what he may join, what all may read."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.urls import reverse

from tongban.core.cursors import key_of
from tongban.core.registry.queries import directory
from tongban.engines.cases.queries.asked_before import ALIKE, Mine, own_like, published_like
from tongban.engines.cases.queries.neighbours import Matter, open_like
from tongban.engines.cases.queries.published import MatterRow
from tongban.engines.cases.secrets import tracking_code
from tongban.web.promised import Promised, row_promised
from tongban.web.public.entry import Entry
from tongban.web.reading import Reading

_SENT = "asked"


@dataclass(frozen=True, slots=True)
class Before:
    """His own open requests, each with where he follows it; open matters that he may join; published ones with their clocks."""

    own: list[tuple[Mine, str]]
    published: list[tuple[MatterRow, Promised | None]]
    joinable: list[Matter]
    place: str  # where they were looked for, as the page of open matters names it


def asked_before(request: Reading, way: Entry, text: str) -> Before:
    """What is like ``text``."""
    person, proofs = request.viewer.person, request.session.get("proved", [])
    mine = own_like(text, way.programme.code, person=person, proved=proofs)
    own = [(one, _page(one, signed_in=person is not None and one.kin.key not in proofs)) for one in mine]
    known = directory()
    chosen = key_of(request.POST.get("village", "")) or key_of(request.POST.get("town", ""))
    place = known.places.get(chosen or 0, known.county)
    joinable = open_like(request.viewer, way.programme.code, text, area=place.id, at=request.at)
    published = [(row, row_promised(row.clock)) for row in published_like(text, request.at)]
    return Before(own, published, joinable, known.places[place.town].code if place.town else "")


def asks_again(request: Reading, way: Entry, text: str, showing: str) -> Before | None:
    """What he has asked already, if he seems to ask it once more and has not said that he means to.

    A form that is sent twice is no second request: the key of its showing tells it, and it gets the first one's answer.
    """
    if request.POST.get("again") or (showing and request.session.get(_SENT) == showing):
        return None
    found = asked_before(request, way, text)
    alike = [(one, page) for one, page in found.own if one.likeness >= ALIKE]
    return replace(found, own=alike) if alike else None


def keep_sent(request: Reading, showing: str) -> None:
    """Remember which showing of the form was sent, for those whose own requests are looked through."""
    if request.viewer.person is not None or request.session.get("proved"):
        request.session[_SENT] = showing


def _page(one: Mine, *, signed_in: bool) -> str:
    if signed_in:
        return reverse("web:my-case", args=[one.kin.key])
    return reverse("web:tracked", args=[tracking_code(one.kin.key)])
