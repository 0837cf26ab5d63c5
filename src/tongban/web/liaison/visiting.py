"""A liaison officer's visits: planned, moved, cancelled, logged in under a minute."""

from __future__ import annotations

from uuid import uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.calendar.queries import county_zone
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.visits import actions
from tongban.web.liaison.file import page
from tongban.web.liaison.forms import LogForm, MoveForm, PlanForm
from tongban.web.liaison.shared import as_officer, done, known_visit, not_done, officer, own_file, staff
from tongban.web.lost import words_kept
from tongban.web.reading import Reading

_PLANNED = Label("走访已计划，前一个工作日会提醒您。", "Planned; you are reminded on the working day before.")
_MOVED = Label("走访已改期。", "The visit was moved.")
_CANCELLED = Label("走访已取消。", "The visit was cancelled.")
_LOGGED = Label("走访已记下。", "The visit is logged.")


@officer
@require_POST
def plan(request: Reading, key: int) -> HttpResponse:
    """Plan a visit."""
    own_file(request, key)
    form = PlanForm(request.POST, language=request.language)
    if form.is_valid():
        try:
            actions.plan_visit(firm=key, **form.cleaned_data, by=as_officer(request), at=request.at)
            return done(request, _PLANNED, "firm-file", key)
        except Refused as refusal:
            form.refuse(refusal)
    return page(request, key, plan=form, status=422)


@officer
@require_POST
def move(request: Reading, key: int) -> HttpResponse:
    """Move a planned visit to another day."""
    file, _ = known_visit(request, key)
    form = MoveForm(request.POST, language=request.language)
    if form.is_valid():
        try:
            actions.move_visit(visit=key, **form.cleaned_data, by=as_officer(request), at=request.at)
            return done(request, _MOVED, "firm-file", file.firm.pk)
        except Refused as refusal:
            form.refuse(refusal)
    return page(request, file.firm.pk, move=form, status=422)


@officer
@require_POST
def cancel(request: Reading, key: int) -> HttpResponse:
    """A planned visit is not to be."""
    file, _ = known_visit(request, key)
    try:
        actions.cancel_visit(visit=key, by=as_officer(request), at=request.at)
    except Refused as refusal:
        return not_done(request, refusal, "firm-file", file.firm.pk)
    return done(request, _CANCELLED, "firm-file", file.firm.pk)


@sensitive_post_parameters("met", "heard", "outcome")
@officer
@words_kept
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: Reading, key: int) -> HttpResponse:
    """Write down a visit that was held."""
    file = own_file(request, key)
    now = request.at.astimezone(county_zone()).replace(second=0, microsecond=0)
    planned = file.planned.kind_code if file.planned else "on_site"
    first = {"key": uuid4(), "held_at": now, "kind": planned}
    form = LogForm(request.POST or None, language=request.language, initial=first)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        raising, idempotency = given.pop("raising"), str(given.pop("key"))
        try:
            visit = actions.log_visit(
                firm=key, **given, by=as_officer(request), at=request.at, idempotency=idempotency
            )  # fmt: skip
            return done(request, _LOGGED, "visit-request" if raising else "visit", visit.pk, sent=f"visit-{key}")
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "file": file, "firm": file.firm}
    return render(request, "web/liaison/log.html", context, status=422 if form.is_bound else 200)


@staff
@require_safe
def visit(request: Reading, key: int) -> HttpResponse:
    """One visit, and the requests that came of it."""
    file, row = known_visit(request, key)
    if row.state == "planned":
        return HttpResponseRedirect(reverse("web:firm-file", args=[file.firm.pk]))
    return render(request, "web/liaison/visit.html", {"file": file, "firm": file.firm, "visit": row})
