"""What the pages of firms share: who may open them, the file behind each, and what was done."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tongban.core.access.viewer import ADMINISTRATOR
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.visits.authority import OFFICES
from tongban.engines.visits.queries.files import FirmFile, VisitRow, firm_file, one_visit
from tongban.web.guard import View, office
from tongban.web.reading import Reading

_STAFF = Label("办理诉求的工作人员和管理员", "officers who work on requests, and administrators")
_OFFICERS = Label("办理诉求的工作人员", "officers who work on requests")

#: Everybody to whom firms' files are open.
staff: Callable[[View], View] = office(*OFFICES, ADMINISTRATOR, who=_STAFF)
#: Those who may be liaison officers.
officer: Callable[[View], View] = office(*OFFICES, who=_OFFICERS)


def known_file(request: Reading, key: int, visits: str = "") -> FirmFile:
    """The firm's file as far as the reader may see it, with the visits that come after ``visits``."""
    found = firm_file(request.viewer, key, request.at, after=visits)
    if found is None:
        raise Http404
    return found


def own_file(request: Reading, key: int) -> FirmFile:
    """The file of a firm on which the reader calls."""
    found = known_file(request, key)
    if not found.mine:
        raise Http404
    return found


def known_visit(request: Reading, key: int) -> tuple[FirmFile, VisitRow]:
    """A visit whose words the reader may read, with its firm's file."""
    found = one_visit(request.viewer, key, request.at)
    if found is None:
        raise Http404
    return found


def as_officer(request: Reading) -> Actor:
    """The reader as he acts for himself, in the first office that lets him in."""
    return request.viewer.actor(request.viewer.grants_for(*OFFICES)[0].role)


def done(request: Reading, said: Label, name: str, *args: object, sent: str = "") -> HttpResponse:
    """Say what was done on another page of ours; ``sent`` tells the browser which form it need not keep."""
    messages.success(request, said.text(request.language), extra_tags=sent)
    return HttpResponseRedirect(reverse(f"web:{name}", args=args))


def not_done(request: Reading, refusal: Refused, name: str, *args: object) -> HttpResponse:
    """Say on another page of ours why a single press did nothing."""
    messages.error(request, refusal.sentence(request.language))
    return HttpResponseRedirect(reverse(f"web:{name}", args=args))
