"""Bodies and areas: names, validity, successors."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access import queries as access
from tongban.core.labels import Label
from tongban.core.registry import succession
from tongban.core.registry.models import Area, Organisation
from tongban.core.registry.queries import Body, Directory, Place, directory
from tongban.engines.cases.queries import administration as cases
from tongban.web.forms import Form, Words, day_field
from tongban.web.manage.shared import administrator, page, to, tried
from tongban.web.reading import Reading

KINDS = {
    "desk": Label("受理台", "Desk"),
    "bureau": Label("部门", "Bureau"),
    "town": Label("镇街道", "Town office"),
    "village": Label("村社区", "Village committee"),
    "station": Label("站所", "Station"),
}
LEVELS = {
    "county": Label("县（市）", "County"),
    "town": Label("镇街道", "Town"),
    "village": Label("村社区", "Village"),
}
NOBODY = Label("没有承接的", "No successor")


class NameForm(Form):
    """Another name."""

    name_zh = forms.CharField(label=Words("中文名称", "Chinese name"), max_length=120)
    name_en = forms.CharField(label=Words("英文名称", "English name"), max_length=160, required=False)


class EndForm(Form):
    """The last day, and who takes over."""

    last_day = day_field(Words("最后一天", "Last day"))
    successor = forms.TypedChoiceField(
        label=Words("由谁承接", "Who takes over"), coerce=int, empty_value=None, required=False
    )


@administrator
@require_safe
def bodies(request: Reading) -> HttpResponse:
    """All bodies by kind; villages under their town."""
    known = directory()
    kind = request.GET.get("kind", "")
    chosen = kind if kind in KINDS else "bureau"
    rows = [
        (b, _parent_name(known, b), known.bodies.get(b.successor or 0))
        for b in known.bodies.values()
        if b.kind == chosen
    ]
    counts = {k: sum(1 for b in known.bodies.values() if b.kind == k) for k in KINDS}
    return page(
        request, "bodies", place="manage-bodies", rows=rows, chosen=chosen,
        kinds=[(k, label, counts[k]) for k, label in KINDS.items()],
    )  # fmt: skip


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def body(request: Reading, key: int) -> HttpResponse:
    """One body: rename it."""
    known = _body(key)
    form = None
    if request.method == "POST":
        form = NameForm(request.POST, language=request.language)
        done = Label("已改名，旧名称留在变更记录里。", "Renamed; the ledger keeps the name before.")
        if tried(request, form, succession.rename_organisation, done, organisation=key):
            return to("manage-body", key)
    return _body_page(request, known, **({"form": form} if form else {}))


@administrator
@require_POST
def end_body(request: Reading, key: int) -> HttpResponse:
    """One body ends."""
    known = _body(key)
    form = _end_form(request, _heirs(known), request.POST)
    done = Label("已记下撤销和承接单位。", "Its end and its successor are recorded.")
    if tried(request, form, succession.end_organisation, done, organisation=key):
        return to("manage-body", key)
    return _body_page(request, known, end=form)


@administrator
@require_safe
def areas(request: Reading) -> HttpResponse:
    """The towns, and the villages of one."""
    known = directory()
    town = known.place_codes.get(request.GET.get("town", ""))
    level = "village" if town else "town"
    rows = [p for p in known.places.values() if p.level == level and (town is None or p.parent == town.id)]
    counts = {t.id: sum(1 for p in known.places.values() if p.parent == t.id) for t in known.places.values()}
    return page(
        request, "areas", place="manage-areas", town=town, county=known.county,
        rows=[(p, counts.get(p.id, 0), known.places.get(p.successor or 0)) for p in sorted(rows, key=lambda p: p.code)],
    )  # fmt: skip


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def area(request: Reading, key: int) -> HttpResponse:
    """One area: rename it."""
    known = _place(key)
    form = None
    if request.method == "POST":
        form = NameForm(request.POST, language=request.language)
        done = Label("已改名，旧名称留在变更记录里。", "Renamed; the ledger keeps the name before.")
        if tried(request, form, succession.rename_area, done, area=key):
            return to("manage-area", key)
    return _area_page(request, known, **({"form": form} if form else {}))


@administrator
@require_POST
def end_area(request: Reading, key: int) -> HttpResponse:
    """One area ends."""
    known = _place(key)
    form = _end_form(request, _neighbours(known), request.POST)
    done = Label("已记下撤销和承接区划。", "Its end and its successor are recorded.")
    if tried(request, form, succession.end_area, done, area=key):
        return to("manage-area", key)
    return _area_page(request, known, end=form)


def _body(key: int) -> Body:
    found = directory().bodies.get(key)
    if found is None:
        raise Http404
    return found


def _place(key: int) -> Place:
    found = directory().places.get(key)
    if found is None:
        raise Http404
    return found


def _parent_name(known: Directory, body: Body) -> Label | None:
    return known.bodies[body.parent].name if body.parent in known.bodies else None


def _heirs(body: Body) -> list[Body]:
    return [b for b in directory().bodies.values() if b.kind == body.kind and b.id != body.id and b.valid_until is None]


def _neighbours(place: Place) -> list[Place]:
    found = [p for p in directory().places.values() if p.level == place.level and p.id != place.id]
    return sorted((p for p in found if p.valid_until is None), key=lambda p: (p.parent != place.parent, p.code))


def _end_form(request: Reading, heirs: list[Any], data: Any = None) -> EndForm:
    form = EndForm(data, language=request.language)
    said = request.language
    form.fields["successor"].choices = [  # type: ignore[attr-defined]
        ("", NOBODY.text(said)), *((h.id, h.name.text(said)) for h in heirs),
    ]  # fmt: skip
    return form


def _names(known: Body | Place, language: str) -> NameForm:
    english = known.name.en if known.name.en != known.name.zh else ""
    return NameForm(language=language, initial={"name_zh": known.name.zh, "name_en": english})


def _body_page(request: Reading, known: Body, **forms_: Form) -> HttpResponse:
    shown = {
        "form": _names(known, request.language), "end": _end_form(request, _heirs(known)), **forms_,
    }  # fmt: skip
    every = directory()
    return page(
        request, "body", place="manage-bodies", body=known, kind=KINDS[known.kind], parent=_parent_name(every, known),
        area=every.places[known.area].name, successor=every.bodies.get(known.successor or 0),
        roles=access.open_roles_in(known.id, at=request.at), waiting=cases.waiting_in(known.id, viewer=request.viewer),
        changes=access.changes(Organisation(pk=known.id), viewer=request.viewer),
        status=422 if any(f.is_bound and f.errors for f in shown.values()) else 200, **shown,
    )  # fmt: skip


def _area_page(request: Reading, known: Place, **forms_: Form) -> HttpResponse:
    shown = {
        "form": _names(known, request.language), "end": _end_form(request, _neighbours(known)), **forms_,
    }  # fmt: skip
    every = directory()
    return page(
        request, "area", place="manage-areas", area=known, level=LEVELS[known.level],
        parent=every.places.get(known.parent or 0), successor=every.places.get(known.successor or 0),
        changes=access.changes(Area(pk=known.id), viewer=request.viewer),
        status=422 if any(f.is_bound and f.errors for f in shown.values()) else 200, **shown,
    )  # fmt: skip
