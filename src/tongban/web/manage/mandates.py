"""Mandates that wait: a desk agent or an administrator lets a person act for a firm, or does not."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST, require_safe

from tongban.core.access import mandates as queries
from tongban.core.access.viewer import ADMINISTRATOR, AGENT
from tongban.core.labels import Label
from tongban.web.guard import office
from tongban.web.manage.shared import actor, done_or_told, page, to, whole
from tongban.web.reading import Reading

A_PAGE = 50
confirmer = office(AGENT, ADMINISTRATOR, who=Label("受理岗和管理员", "desk agents and administrators"))


@confirmer
@require_safe
def waiting(request: Reading) -> HttpResponse:
    """Who asks to act for which firm, oldest first."""
    after = whole(request.GET.get("after")) or 0
    found = queries.waiting(viewer=request.viewer, after=after, limit=A_PAGE + 1)
    more = found[A_PAGE - 1].id if len(found) > A_PAGE else None
    return page(request, "mandates", place="mandates", mandates=found[:A_PAGE], more=more)


@confirmer
@require_POST
def confirm(request: Reading, key: int) -> HttpResponse:
    """The person may act for the firm from now on."""
    by = actor(request, AGENT, ADMINISTRATOR)
    done_or_told(
        request, lambda: queries.confirm(mandate=key, viewer=request.viewer, by=by, at=request.at),
        Label("已确认，对方马上可以用企业身份办事。", "Confirmed; the person may act for the firm from now on."),
    )  # fmt: skip
    return to("mandates")


@confirmer
@require_POST
def turn_down(request: Reading, key: int) -> HttpResponse:
    """The person may not."""
    by = actor(request, AGENT, ADMINISTRATOR)
    done_or_told(
        request, lambda: queries.turn_down(mandate=key, viewer=request.viewer, by=by, at=request.at),
        Label("已退回这条申请。", "The request is turned down."),
    )  # fmt: skip
    return to("mandates")
