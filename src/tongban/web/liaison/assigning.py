"""Who calls on which firm: one, from a table, or all of a colleague's; each with what became of it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from tongban.core.access.models import Account
from tongban.core.access.viewer import ADMINISTRATOR, AGENT
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.visits import actions
from tongban.engines.visits.authority import may_assign
from tongban.engines.visits.queries import lists
from tongban.engines.visits.queries.officers import officer_called
from tongban.engines.visits.tables import rows_in
from tongban.web.guard import office
from tongban.web.liaison.file import page
from tongban.web.liaison.forms import GiveForm, HandOverForm, TableForm
from tongban.web.liaison.shared import done, known_file, not_done
from tongban.web.reading import Reading

assigner = office(AGENT, ADMINISTRATOR, who=Label("企业受理岗和管理员", "the firms' desk and administrators"))
_GIVEN = Label("联络员已指定。", "The liaison officer was appointed.")
_HANDED = Label("已换联络员。", "The firm was handed over.")
_ENDED = Label("这家企业现在没有联络员。", "The firm has no liaison officer now.")


def _actor(request: Reading) -> Actor:
    for grant in request.viewer.grants_for(AGENT, ADMINISTRATOR):
        if may_assign(request.viewer.with_grants([grant])):
            return request.viewer.actor(grant.role)
    raise Http404


@assigner
@require_POST
def give(request: Reading, key: int) -> HttpResponse:
    """Appoint a liaison officer, or hand the firm over to another."""
    by, file = _actor(request), known_file(request, key)
    form = GiveForm(request.POST, language=request.language)
    if form.is_valid():
        try:
            account = officer_called(form.cleaned_data["officer"], field="officer")
            if file.charge is None:
                actions.assign_liaison(firm=key, officer=account.pk, by=by, at=request.at)
            else:
                actions.hand_over_firm(firm=key, to=account.pk, by=by, at=request.at)
            return done(request, _HANDED if file.charge else _GIVEN, "firm-file", key)
        except Refused as refusal:
            form.refuse(refusal)
    return page(request, key, give=form, status=422)


@assigner
@require_POST
def end(request: Reading, key: int) -> HttpResponse:
    """From now on nobody calls on the firm."""
    by = _actor(request)
    known_file(request, key)
    try:
        actions.end_liaison(firm=key, by=by, at=request.at)
    except Refused as refusal:
        return not_done(request, refusal, "firm-file", key)
    return done(request, _ENDED, "firm-file", key)


@assigner
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Reading) -> HttpResponse:
    """All of an officer's firms go to another; then see what became of each."""
    by = _actor(request)
    form = HandOverForm(request.POST or None, language=request.language)
    empty = ("", Label("请选择", "Please choose").text(request.language))
    form.fields["officer"].choices = [empty, *lists.liaison_officers(request.viewer)]  # type: ignore[attr-defined]
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            to: Account = officer_called(form.cleaned_data["to"], field="to")
            outcome = actions.hand_over_firms(officer=form.cleaned_data["officer"], to=to.pk, by=by, at=request.at)
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "outcome": outcome, "done": sum(1 for o in outcome or () if o.refusal is None)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/liaison/hand_over.html", context, status=status)


@assigner
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: Reading) -> HttpResponse:
    """Appoint many from a table; then see what became of each row."""
    by = _actor(request)
    form = TableForm(request.POST or None, request.FILES or None, language=request.language)
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            rows = rows_in(form.cleaned_data["file"].read())
            outcome = actions.assign_many(rows=rows, by=by, at=request.at)
        except Refused as refusal:
            form.refuse(refusal)
    context = {"form": form, "outcome": outcome, "done": sum(1 for o in outcome or () if o.refusal is None)}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "web/liaison/table.html", context, status=status)
