"""The second step: which column is which, how the first rows would look, and go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.core.files import uploads
from tongban.core.files.uploads import Upload
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.core.registry.queries import directory
from tongban.engines.cases.declare import CaseType
from tongban.engines.cases.importing import mappings
from tongban.engines.cases.importing.columns import FIELDS
from tongban.engines.cases.importing.ordering import order_import, ordered_batch, programmes_of
from tongban.engines.cases.importing.reading import open_table
from tongban.engines.cases.importing.reports import SORTS, Note
from tongban.engines.cases.importing.running import Plan, Preview, preview
from tongban.engines.cases.importing.sifting import Sifted, Standing
from tongban.web.forms import Form, Words
from tongban.web.guard import refused
from tongban.web.imports.shared import actor, agent, page, programme_name, said
from tongban.web.reading import Reading

_PREFIX = "c-"
# The words of the counts above them, with the reason where there is one.
_CLOSED = Label("新开，导入即办结", "opened, and closed at once")
_WAITING = Label("新开，进入待受理", "opened, to be accepted")
_KNOWN = Label("没变：以前导入过", "unchanged: imported before")
_REFUSED = Label("没导入", "left out")


class ColumnsForm(Form):
    """One choice of a column for each field, and perhaps a name under which the choice is kept."""

    mapping_name = forms.CharField(
        label=Words("把这次的列对应存下来，名字叫", "Keep this choice of columns, named"),
        help_text=Words("下次同样表头的文件会自动用它。", "It will be used for the next file with the same headings."),
        required=False, max_length=60,
    )  # fmt: skip

    def __init__(self, *args: Any, headings: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.headings = headings
        none = Label("（没有这一列）", "(no such column)").text(self.language)
        named = [(str(n), heading[:40] or f"#{n + 1}") for n, heading in enumerate(headings)]
        for code, label in FIELDS.items():
            field = forms.ChoiceField(label=label.text(self.language), choices=[("", none), *named], required=False)
            self.add(_PREFIX + code, field)

    def columns(self) -> list[forms.BoundField]:
        """The fields' choices."""
        return [self[_PREFIX + code] for code in FIELDS]

    def choice(self) -> dict[str, str]:
        """Field → heading, of a valid form."""
        given = {code: self.cleaned_data.get(_PREFIX + code, "") for code in FIELDS}
        return {code: self.headings[int(place)] for code, place in given.items() if place}


@dataclass(slots=True)
class Step:
    """An upload on its way to an import."""

    upload: Upload
    programme: str
    source: str
    headings: list[str]


def _step(request: Reading, token: str) -> Step:
    """The upload, if it is this agent's own and still there."""
    found = uploads.upload(token)
    programme = str(found.notes["programme"])
    if found.notes["account"] != request.viewer.account or programme not in programmes_of(request.viewer):
        raise Refused("upload.gone", field="file")
    with open_table(found.path) as table:
        return Step(found, programme, str(found.notes["source"]), table.headings)


@agent
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: Reading, token: str) -> HttpResponse:
    """Choose columns and look (GET, as often as one likes), then import (POST, once)."""
    if done := ordered_batch(token):
        return redirect("web:import-batch", key=done)
    try:
        step = _step(request, token)
    except Refused as refusal:
        uploads.drop(token) if refusal.code.startswith("import.file") else None
        return refused(request, refusal, status=410 if refusal.code == "upload.gone" else 422)
    saved = mappings.saved_mappings(step.programme)
    chosen = request.POST if request.method == "POST" else request.GET
    form = ColumnsForm(
        chosen if any(name.startswith(_PREFIX) for name in chosen) else _begun(request, step, saved),
        headings=step.headings, language=request.language,
    )  # fmt: skip
    if form.is_valid() and request.method == "POST":
        try:
            return _order(request, step, form)
        except Refused as refusal:
            form.refuse(_here(refusal))
    return _shown(request, step, form, saved)


def _begun(request: Reading, step: Step, saved: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What the form begins with: the mapping asked for, else the saved one that fits, else the guess."""
    name = request.GET.get("saved") or mappings.fitting(step.headings, saved)
    choice: Mapping[str, str] = saved.get(name or "", {}) or mappings.guessed(step.headings)
    places = {heading: str(n) for n, heading in reversed(list(enumerate(step.headings)))}
    begun = {_PREFIX + field: places[heading] for field, heading in choice.items() if heading in places}
    return begun or {_PREFIX + "body": ""}


def _order(request: Reading, step: Step, form: ColumnsForm) -> HttpResponse:
    choice = form.choice()
    mappings.columns_of(step.headings, choice)
    by = actor(request)
    if name := form.cleaned_data["mapping_name"]:
        mappings.save_mapping(name=name, programme=step.programme, choice=choice, by=by, at=request.at)
    batch = order_import(
        upload=step.upload, programme=step.programme, source=step.source, choice=choice, by=by, at=request.at
    )  # fmt: skip
    return redirect("web:import-batch", key=batch)


def _shown(
    request: Reading, step: Step, form: ColumnsForm, saved: Mapping[str, Mapping[str, str]]
) -> HttpResponse:  # fmt: skip
    found: Preview | None = None
    if form.is_valid():
        try:
            plan = Plan(step.upload.path, step.programme, step.source, form.choice())
            found = preview(plan, at=request.at)
        except Refused as refusal:
            form.refuse(_here(refusal))
    context = {
        "step": step, "form": form, "saved": list(saved), "programme": programme_name(step.programme),
        "found": found, "rows": [_row(r, plan.kind()) for r in found.first] if found else [],
        "notes": [_note(n, found, request.language) for n in found.notes] if found else [],
        "unshown": found.noted - len(found.notes) if found else 0,
        "address": reverse("web:import-columns", kwargs={"token": step.upload.token}),
    }  # fmt: skip
    return page(request, "columns", context, 200 if not form.errors else 422)


def _here(refusal: Refused) -> Refused:
    """A refusal that names a field of a request, as one that names its choice in the form."""
    field = f"{_PREFIX}{refusal.field}" if refusal.field in FIELDS else refusal.field
    return Refused(refusal.code, field=field, **refusal.params)


def _row(row: Sifted, kind: CaseType) -> dict[str, Any]:
    """A row as it would become."""
    asked = row.request
    if asked is None:
        return {"number": row.line.number, "standing": _standing(row), "notes": row.notes}
    category = kind.category(asked.category)
    place = directory().places.get(asked.area)
    reply = asked.reply
    receipt = Label("回执", "Receipt") if reply and reply.receipt else Label("答复", "Reply")
    return {
        "number": row.line.number, "standing": _standing(row), "asked": asked, "known": asked.external_id[:1] != "~",
        "category": category.label if category else None, "place": place.name if place else None,
        "reply": reply, "reply_kind": receipt, "notes": row.notes,
    }  # fmt: skip


def _standing(row: Sifted) -> Label:
    if row.standing is Standing.REFUSED or row.request is None:
        return _REFUSED
    if row.standing is Standing.KNOWN:
        return _KNOWN
    if row.standing is Standing.TWICE:
        return Label(f"没变：与第 {row.first} 行编号相同", f"unchanged: the same number as row {row.first}")
    return _CLOSED if row.request.answered else _WAITING


def _note(note: Note, found: Preview, language: str) -> tuple[int, Label, str, str]:
    """Row, kind, column and sentence."""
    column = note.column(found.headings, found.columns.places)
    return note.row, SORTS[note.sort], column.text(language) if column else "", note.refusal.sentence(language)


@agent
@require_POST
def discard(request: Reading, token: str) -> HttpResponse:
    """Do not import after all: the file goes at once."""
    try:
        found = uploads.upload(token)
    except Refused:
        return redirect("web:import")
    if found.notes["account"] == request.viewer.account and not ordered_batch(token):
        uploads.drop(token)
        said(request, Label("文件已删除，什么也没有导入。", "The file was removed; nothing was imported."))
    return redirect("web:import")
