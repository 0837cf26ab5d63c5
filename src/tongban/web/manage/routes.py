"""Routes: which unit a desk is offered first for each kind of matter, and the usual limit."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import changes
from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.actions import administration as actions
from tongban.engines.cases.limits import STEPS
from tongban.engines.cases.models import Route
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Form, Words, day_field
from tongban.web.manage.shared import (
    MISSING,
    actor,
    administrator,
    done_or_told,
    page,
    programme_names,
    to,
    tried,
)
from tongban.web.reading import Reading


class RouteForm(Form):
    """Where a kind of matter goes, and under which limit."""

    unit = forms.TypedChoiceField(label=Words("先交办给哪个单位", "Which unit first"), coerce=int)
    limit = forms.ChoiceField(label=Words("用哪个时限", "Under which limit"))
    valid_from = day_field(Words("从哪天起", "From which day"))


@administrator
@require_safe
def routes(request: Reading) -> HttpResponse:
    """All kinds of matter, programme by programme."""
    found = queries.routes(viewer=request.viewer, at=request.at)
    bodies = directory().bodies
    names = _limit_names(request)
    groups: dict[str, list[dict[str, object]]] = {}
    for each in found:
        now = each.now
        groups.setdefault(each.programme, []).append(
            {
                "category": each.category,
                "unit": bodies[now.unit_id].name if now and now.unit_id in bodies else None,
                "limit": names.get(now.limit if now else each.category.limit),
                "since": now.valid_from if now else None,
                "coming": [(r, bodies[r.unit_id].name) for r in each.coming if r.unit_id in bodies],
            }
        )
    titled = [(code, programme_names()[code], rows) for code, rows in groups.items() if code in programme_names()]
    return page(request, "routes", place="manage-routes", groups=titled)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def route(request: Reading, programme: str, category: str) -> HttpResponse:
    """One kind of matter: where it goes from which day on."""
    known, names = _known(request, programme, category), _limit_names(request)
    now = known.now
    initial = {
        "unit": now.unit_id if now else "",
        "limit": now.limit if now else known.category.limit,
        "valid_from": timezone.localdate(request.at),
    }
    form = RouteForm(request.POST or None, language=request.language, initial=initial)
    form.fields["unit"].choices = [  # type: ignore[attr-defined]
        ("", MISSING.text(request.language)),
        *((key, name.text(request.language)) for key, name in queries.unit_choices(at=request.at)),
    ]
    form.fields["limit"].choices = [  # type: ignore[attr-defined]
        (code, name.text(request.language)) for code, name in names.items() if code not in STEPS
    ]
    if request.method == "POST":
        done = Label("去向已改；交办时先推荐这个单位。", "The route is changed; desks are offered this unit first.")
        if tried(request, form, actions.set_route, done, programme=programme, category=category):
            return to("manage-routes")
    bodies = directory().bodies
    rows = [r for r in (known.now, *known.coming) if r is not None]
    return page(
        request, "route", place="manage-routes", form=form, known=known, programme=programme_names()[programme],
        rows=[(r, bodies[r.unit_id].name, names.get(r.limit)) for r in rows if r.unit_id in bodies],
        changes=changes(list(Route.objects.filter(programme=programme, category=category)), viewer=request.viewer),
        status=422 if form.is_bound else 200,
    )  # fmt: skip


@administrator
@require_POST
def end(request: Reading, key: int) -> HttpResponse:
    """A route ends; the desk is offered nothing for this kind of matter."""
    done_or_told(
        request, lambda: actions.end_route(route=key, by=actor(request), at=request.at),
        Label("这条去向已结束。", "This route has ended."),
    )  # fmt: skip
    return to("manage-routes")


def _known(request: Reading, programme: str, category: str) -> queries.CategoryRoute:
    for each in queries.routes(viewer=request.viewer, at=request.at):
        if (each.programme, each.category.code) == (programme, category) and programme in programme_names():
            return each
    raise Http404


def _limit_names(request: Reading) -> dict[str, Label]:
    found = {}
    for known in queries.limits(viewer=request.viewer, at=request.at):
        words = known.now.words if known.now else None
        found[known.code] = (
            Label(f"{known.name.zh}（{words.zh}）", f"{known.name.en} ({words.en})") if words else known.name
        )
    return found
