"""Handing over: all that an officer has in progress in a unit goes to a colleague there, case by case."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from tongban.core.access.queries import officers_of
from tongban.core.access.viewer import HANDLER
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions import administration as actions
from tongban.engines.cases.queries import administration as queries
from tongban.engines.cases.secrets import case_number
from tongban.web.forms import Form, Words
from tongban.web.guard import office
from tongban.web.manage.shared import MISSING, page, whole
from tongban.web.reading import Reading


class HandOverForm(Form):
    """From whom to whom."""

    officer = forms.TypedChoiceField(label=Words("把谁的件", "Whose cases"), coerce=int)
    to = forms.TypedChoiceField(label=Words("交给谁", "To whom"), coerce=int)


@office(HANDLER, who=Label("经办", "handlers"))
@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: Reading) -> HttpResponse:
    """Choose the unit, the officer and the colleague; then see what became of each case."""
    grants = request.viewer.grants_for(HANDLER)
    wanted = whole(request.GET.get("unit"))
    grant = next((g for g in grants if g.organisation == wanted), grants[0])
    officers = officers_of(grant.organisation, HANDLER, at=request.at)
    held = queries.in_hand_of([key for key, _ in officers], viewer=request.viewer)
    form = HandOverForm(request.POST or None, language=request.language)
    empty = ("", MISSING.text(request.language))
    many = Label("{name}（{n} 件在办）", "{name} ({n} in progress)")
    form.fields["officer"].choices = [  # type: ignore[attr-defined]
        empty, *((key, many.text(request.language, name=name, n=held.get(key, 0))) for key, name in officers),
    ]  # fmt: skip
    form.fields["to"].choices = [empty, *officers]  # type: ignore[attr-defined]
    outcome = None
    if request.method == "POST" and form.is_valid():
        try:
            outcome = actions.hand_over_officer(
                unit=grant.organisation, **form.cleaned_data, by=request.viewer.actor(grant.role), at=request.at
            )
        except Refused as refusal:
            form.refuse(refusal)
    bodies = directory().bodies
    return page(
        request, "handing", place="", form=form, unit=bodies[grant.organisation].name, outcome=[(case_number(o.case), o) for o in outcome] if outcome is not None else None,
        units=[(g.organisation, bodies[g.organisation].name) for g in grants if g.organisation in bodies],
        chosen=grant.organisation, gone=sum(1 for o in outcome or () if o.refusal is None),
        status=422 if form.is_bound and form.errors else 200,
    )  # fmt: skip
