"""The desk's page of public texts that wait for approval: who wrote each, since when, and by when it is due."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tongban.core.access.viewer import AGENT, REVIEWER
from tongban.core.labels import Label
from tongban.engines.cases.queries.approvals import MOST, waiting_texts
from tongban.engines.cases.queries.desk import waiting
from tongban.engines.programme.scan import programmes
from tongban.web.guard import office
from tongban.web.reading import Reading
from tongban.web.staff.acting import is_agent

_WHO = Label("受理岗和审核岗", "the desk's agents and reviewers")


@require_safe
@office(AGENT, REVIEWER, who=_WHO)
def approvals(request: Reading) -> HttpResponse:
    """The list; each text is read, and approved or taken back, beside its original."""
    found = waiting_texts(request.viewer, request.at)
    rows = [(row, programmes()[row.programme].name, row.due_at < request.at) for row in found or ()]
    context = {
        "rows": rows, "elsewhere": found is None, "whole": len(rows) < MOST, "agent": is_agent(request),
        "waiting": waiting(request.viewer, request.at, ""),
    }  # fmt: skip
    return render(request, "web/staff/approvals.html", context)
