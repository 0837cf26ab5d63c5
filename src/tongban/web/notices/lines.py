"""What I have been told: newest first, a page at a time, and marked as read by one press."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tongban.core.notices import queries, writing
from tongban.web.guard import signed_in
from tongban.web.reading import Reading

_PAGE = 30


@signed_in
def notices(request: Reading) -> HttpResponse:
    """The reader's lines; POST: he has seen them up to one."""
    if request.method == "POST":
        writing.mark_read(viewer=request.viewer, up_to=_number(request.POST.get("up_to")) or 0, at=request.at)
        return HttpResponseRedirect(reverse("web:notices"))
    before = _number(request.GET.get("before"))
    found = queries.lines(request.viewer, language=request.language, before=before, limit=_PAGE + 1)
    shown = found[:_PAGE]
    context = {
        "rows": [(line, _address(line)) for line in shown],
        "newest": shown[0].id if shown and before is None else None,
        "some_new": any(line.new for line in shown),
        "before": shown[-1].id if len(found) > _PAGE else None,
        "first": before is None,
    }
    return render(request, "web/notices/notices.html", context)


def _address(line: queries.ShownLine) -> str:
    """Where the case stands for this reader: at his desk, or among what he asked."""
    if line.case is None:
        return ""
    return reverse("web:case" if line.at_work else "web:my-case", args=[line.case])


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) <= 18 else None
