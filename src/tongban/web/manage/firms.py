"""Firms: found by name or code, registered, dissolved; and each firm's own QR code (企业码)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import administers, changes
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry import actions, succession
from tongban.core.registry.models import Area, Firm
from tongban.core.registry.queries import directory, firms_like
from tongban.web.forms import Form, Words, day_field
from tongban.web.manage.shared import MISSING, actor, administrator, page, tell, to, tried
from tongban.web.public.firms import code_address
from tongban.web.reading import Reading
from tongban.web.seeking import moved
from tongban.web.signin.staff import picture_of

A_PAGE = 50


class FirmForm(Form):
    """A firm that is not known yet."""

    name = forms.CharField(label=Words("企业名称", "Name"), max_length=120)
    credit_code = forms.CharField(
        label=Words("统一社会信用代码", "Unified social credit code"), max_length=40,
        help_text=Words("照营业执照填 18 位，系统会核对最后一位。", "18 characters as on the licence; the last one is checked."),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    area = forms.TypedChoiceField(label=Words("在哪个镇街道", "In which town"), coerce=int)
    address = forms.CharField(label=Words("地址", "Address"), max_length=200, required=False)


class DissolveForm(Form):
    """When a firm was dissolved, and which one took it over."""

    day = day_field(Words("注销日期", "Day of dissolution"))
    successor_code = forms.CharField(
        label=Words("承接企业的信用代码", "Credit code of the firm that took it over"), max_length=40, required=False
    )


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def firms(request: Reading) -> HttpResponse:
    """Firms by name, a page at a time; or those found by words."""
    if answer := moved(request):
        return answer
    words = request.GET.get("q", "")[:80].strip()
    if words:
        found, more = firms_like(words, limit=A_PAGE), ""
    else:
        after, _, key = request.GET.get("after", "").partition(".")
        rows = Firm.objects.order_by("sort", "id")
        if after and key.isascii() and key.isdigit() and len(key) < 16:
            rows = rows.filter(sort__gte=after).exclude(sort=after, pk__lte=int(key))
        found = list(rows[: A_PAGE + 1])
        more = f"{found[A_PAGE - 1].sort}.{found[A_PAGE - 1].pk}" if len(found) > A_PAGE else ""
    places = directory().places
    return page(
        request, "firms", place="manage-firms", firms=[(f, places[f.area_id].name) for f in found[:A_PAGE]],
        more=more, words=words,
    )  # fmt: skip


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Reading) -> HttpResponse:
    """Register a firm under its checked code."""
    form = FirmForm(request.POST or None, language=request.language)
    towns = [(t.id, t.name.text(request.language)) for t in directory().towns()]
    form.fields["area"].choices = [("", MISSING.text(request.language)), *towns]  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "area": Area.objects.get(pk=form.cleaned_data["area"])}
        try:
            firm = actions.register_firm(**given, by=actor(request), at=request.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            tell(request, Label("已登记，企业码已生成。", "Registered; its QR code is ready."))
            return to("manage-firm", firm.pk)
    return page(request, "firm-new", place="manage-firms", form=form, status=422 if form.is_bound else 200)


@administrator
@require_safe
def firm(request: Reading, key: int) -> HttpResponse:
    """One firm and its QR code."""
    return _file(request, _known(request, key))


@administrator
@require_POST
def dissolve(request: Reading, key: int) -> HttpResponse:
    """A firm was dissolved."""
    known = _known(request, key)
    form = DissolveForm(request.POST, language=request.language)
    done = Label(
        "已记为注销，不能再以它的名义提交。", "Recorded as dissolved; nothing can be filed in its name any more."
    )
    if tried(request, form, succession.dissolve_firm, done, firm=key):
        return to("manage-firm", key)
    return _file(request, known, form)


def _known(request: Reading, key: int) -> Firm:
    found = Firm.objects.select_related("successor").filter(pk=key).first()
    if found is None or not administers(request.viewer):
        raise Http404
    return found


def _file(request: Reading, known: Firm, form: Any = None) -> HttpResponse:
    address = code_address(known)
    return page(
        request, "firm", place="manage-firms", firm=known, area=directory().places[known.area_id].name,
        address=address, picture=picture_of(address), form=form or DissolveForm(language=request.language),
        changes=changes(known, viewer=request.viewer), status=422 if form is not None else 200,
    )  # fmt: skip
