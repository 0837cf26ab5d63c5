"""Entering a request for somebody who is on the phone or at the counter: fast, by keyboard, sent once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.core.access.viewer import AGENT, Grant
from tongban.core.labels import Label
from tongban.core.refusals import Refused, declare
from tongban.core.registry.actions import person_by_phone, register_firm
from tongban.core.registry.askers import calling
from tongban.core.registry.models import Area, Firm, Person
from tongban.core.registry.queries import directory, firms_like
from tongban.engines.cases import queries
from tongban.engines.cases.actions import Opening, open_case
from tongban.engines.cases.declare import CaseType
from tongban.engines.cases.secrets import tracking_code
from tongban.engines.programme.declare import Programme
from tongban.engines.programme.scan import programmes
from tongban.web.files.tray import Tray
from tongban.web.files.weighing import weighed
from tongban.web.forms import Form, fact_fields, fact_values
from tongban.web.reading import Reading
from tongban.web.staff.acting import actor, agent
from tongban.web.staff.choices import places
from tongban.web.staff.unitforms import grouped

declare(
    {
        "entry.firm": Label(
            "没有叫“{typed}”的企业，或有好几家。请从列表里选；新企业请填 18 位信用代码和名称。",
            "No single firm is called “{typed}”. Choose one of the list; for a new firm give its credit code and name.",
        ),
        "entry.firm.like": Label(
            "没有叫“{typed}”的企业，相近的有：{names}。是其中一家，请从列表里选或写全名；新企业请填 18 位信用代码和名称。",
            "No firm is called “{typed}”; alike are: {names}. If it is one of them, choose it or write its whole name; for a"
            " new firm give its credit code and name.",
        ),
    }
)
CHANNELS = {"phone": Label("热线", "Phone"), "desk": Label("窗口", "Counter")}


class EntryForm(Form):
    """In the order in which a caller tells it. The key makes a second press harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    phone = forms.CharField(
        label=Label("来电手机号", "Caller's mobile number"), required=False, max_length=30,  # type: ignore[arg-type]
        help_text=Label("11 位；不肯留可空着，就只能凭查询码查进度。", "11 digits; may stay empty, then only the code tells how it goes."),  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "autofocus": True}),
    )  # fmt: skip
    name = forms.CharField(
        label=Label("怎么称呼", "Name"), required=False, max_length=80,  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    firm = forms.CharField(
        label=Label("企业名称或信用代码", "Firm's name or credit code"), max_length=120,  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "firms", "data-firms": "firms"}),
    )  # fmt: skip
    firm_name = forms.CharField(
        label=Label("新企业的名称", "Name of a new firm"), required=False, max_length=120,  # type: ignore[arg-type]
        help_text=Label("上面的信用代码还没有登记过时才填。", "Only if the credit code above is not registered yet."),  # type: ignore[arg-type]
    )  # fmt: skip
    body = forms.CharField(
        label=Label("对方怎么说", "What the caller says"), strip=False, widget=forms.Textarea(attrs={"rows": 6}),  # type: ignore[arg-type]
        help_text=Label("照原话记，谁、在哪、什么事、希望怎样。", "In the caller's words: who, where, what, and what is hoped for."),  # type: ignore[arg-type]
    )  # fmt: skip
    title = forms.CharField(
        label=Label("一句话标题", "One-line title"), required=False, max_length=120,  # type: ignore[arg-type]
        help_text=Label("空着就取第一句。", "Left empty, the first sentence is taken."),  # type: ignore[arg-type]
    )  # fmt: skip
    category = forms.ChoiceField(label=Label("哪一类事", "Category"))  # type: ignore[arg-type]
    area = forms.TypedChoiceField(label=Label("在哪里", "Where"), coerce=int)  # type: ignore[arg-type]
    address = forms.CharField(label=Label("具体地点", "Exact place"), required=False, max_length=200)  # type: ignore[arg-type]
    channel = forms.ChoiceField(label=Label("从哪里来", "Channel"), choices=list(CHANNELS.items()), initial="phone")  # type: ignore[arg-type]
    confidential = forms.BooleanField(
        label=Label("保密：承办单位看不到是谁", "Confidential: handling units do not see who asks"), required=False,  # type: ignore[arg-type]
    )  # fmt: skip
    about = forms.TypedChoiceField(
        label=Label("是投诉哪个单位吗", "Is it a complaint about a unit"), required=False, coerce=int, empty_value=None,  # type: ignore[arg-type]
        help_text=Label("选了它，这一件就不会交给它，它也看不到。", "That unit will neither be given the case nor see it."),  # type: ignore[arg-type]
    )  # fmt: skip

    def __init__(self, *args: Any, kind: CaseType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        if "firm" not in kind.askers:
            del self.fields["firm"], self.fields["firm_name"]
        elif kind.askers != {"firm"}:
            self.fields["firm"].required = False
        for name, field in fact_fields(kind.facts).items():
            self.add(name, field)
        choose = Label("请选择", "Please choose").text(self.language)
        said = [(c.code, c.label.text(self.language)) for c in kind.categories]
        self.fields["category"].choices = [("", choose), *said]  # type: ignore[attr-defined]
        self.fields["area"].choices = places(self.language, choose)  # type: ignore[attr-defined]
        bodies = [b for b in directory().bodies.values() if b.valid_until is None]
        none = Label("不是", "No").text(self.language)
        self.fields["about"].choices = [("", none), *grouped(bodies, self.language, empty=False)]  # type: ignore[attr-defined]


@weighed
@sensitive_post_parameters("phone", "name", "body")
@require_http_methods(["GET", "HEAD", "POST"])
@agent
def enter(request: Reading) -> HttpResponse:
    """The form; sent, the case and its tracking code."""
    mine = _programmes(request)
    if not mine:
        raise Http404
    asked = request.GET.get("programme", "")
    programme = next((p for p, _ in mine if p.code == asked), mine[0][0])
    grant = next(g for p, g in mine if p is programme)
    kind = programme.cases[0]
    form = EntryForm(request.POST or None, kind=kind, language=request.language, initial={"key": uuid4()})
    tray = _tray(request, form)
    status = 200
    if tray.asked:
        if alone := tray.change():
            return alone
        form = EntryForm(kind=kind, language=request.language, initial=request.POST.dict())
    elif request.method == "POST" and "look" in request.POST:
        known = _caller(request).get("firms") or []
        typed = {**request.POST.dict()}
        if len(known) == 1 and not typed.get("firm"):
            typed["firm"] = known[0].credit_code
        form = EntryForm(kind=kind, language=request.language, initial=typed)
    elif request.method == "POST":
        status = 422
        valid = form.is_valid()
        try:
            tray.take()
            if valid:
                return HttpResponseRedirect(reverse("web:entered", args=[_open(request, form, programme, grant, tray)]))
        except Refused as refusal:
            form.refuse(refusal)
    context = {
        "form": form,
        "tray": tray,
        "programme": programme,
        "programmes": [p for p, _ in mine],
        **_caller(request),
    }
    return render(request, "web/staff/enter.html", context, status=status)


@require_GET
@agent
def entered(request: Reading, key: int) -> HttpResponse:
    """The tracking code, to be read aloud. Only the desk that took the call sees it."""
    detail = queries.case_detail(request.viewer, key, request.at)
    if detail is None or detail.level < 4 or detail.case.channel not in CHANNELS:
        raise Http404
    return render(request, "web/staff/entered.html", {"detail": detail, "code": tracking_code(key)})


@sensitive_post_parameters("phone")
@require_POST
@agent
def caller(request: Reading) -> HttpResponse:
    """Who calls from this number, and what he has asked before: a part of the form's page."""
    return render(request, "web/staff/caller.html", _caller(request))


@require_GET
@agent
def complete_firms(request: Reading) -> HttpResponse:
    """Firms whose name holds, or whose credit code is, what has been typed: public register data."""
    bodies = directory().bodies
    if not any(bodies[unit].kind == "desk" for unit in request.viewer.units(AGENT) if unit in bodies):
        raise PermissionDenied
    typed = request.GET.get("q", "")[:60]
    found = [{"code": f.credit_code, "name": f.label.text(request.language)} for f in firms_like(typed)]
    return JsonResponse({"firms": found})


def _programmes(request: Reading) -> list[tuple[Programme, Grant]]:
    """The programmes that arrive at one of the viewer's desks, with the role in which he takes them."""
    desks, found = directory().body_codes, []
    for programme in programmes().values():
        if not programme.cases or programme.cases[0].desk not in desks:
            continue
        desk = desks[programme.cases[0].desk].id
        grants = request.viewer.grants_for(AGENT, programme=programme.code)
        grant = next((g for g in grants if g.organisation == desk), None)
        if grant is not None:
            found.append((programme, grant))
    return found


def _tray(request: Reading, form: EntryForm) -> Tray:
    """What waits for this showing of the form and this agent."""
    return Tray(request, f"enter:{request.viewer.account}:{form['key'].value()}", mark="enter", once=True)


def _open(request: Reading, form: EntryForm, programme: Programme, grant: Grant, tray: Tray) -> int:
    """Register whom the desk does not know yet and open the case: all or nothing."""
    given, by = form.cleaned_data, actor(request, grant.role)
    with transaction.atomic():
        opening = Opening(
            programme=programme.code, kind=form.kind.code, body=given["body"], area=given["area"], title=given["title"],
            category=given["category"], channel=given["channel"], requester=_person(request, given, grant),
            firm=_firm(request, given, grant), confidential=given["confidential"], about=given["about"],
            address=given["address"], facts=fact_values(given), files=tuple(tray.waiting()),
        )  # fmt: skip
        case = open_case(opening, by=by, at=request.at, idempotency=f"desk-{given['key']}")
        if case.recorded_at != request.at:
            transaction.set_rollback(True)  # sent twice: nobody is registered twice for it
    return case.pk


def _person(request: Reading, given: dict[str, Any], grant: Grant) -> Person | None:
    return calling(name=given["name"], phone=given["phone"], by=actor(request, grant.role), at=request.at)


def _firm(request: Reading, given: dict[str, Any], grant: Grant) -> Firm | None:
    typed = (given.get("firm") or "").strip()
    if not typed:
        return None
    # Its whole name or code: part of a name would file the request under a firm that merely sounds alike.
    found = firms_like(typed)
    exact = [f for f in found if typed in (f.name_zh, f.name_en) or typed.upper() == f.credit_code]
    if len(exact) == 1:
        return exact[0]
    if given.get("firm_name"):
        return register_firm(
            name=given["firm_name"], credit_code=typed, area=Area.objects.get(pk=given["area"]),
            by=actor(request, grant.role), at=request.at,
        )  # fmt: skip
    if found:
        raise Refused("entry.firm.like", field="firm", typed=typed, names="、".join(f.name_zh for f in found[:3]))
    raise Refused("entry.firm", field="firm", typed=typed)


def _caller(request: Reading) -> dict[str, Any]:
    """The person and firms behind the number that was typed, and the cases of that number."""
    typed = request.POST.get("phone", "")
    if not typed.strip():
        return {"looked": False}
    try:
        person = person_by_phone(typed)
    except Refused as refusal:
        return {"looked": True, "wrong": refusal}
    firms = (
        [m.firm for m in person.mandates.filter(ended_at=None, confirmed_at__isnull=False).select_related("firm")]
        if person
        else []
    )
    rows = queries.search_page(request.viewer, typed, limit=8).rows
    return {"looked": True, "person": person, "firms": firms, "earlier": rows}
