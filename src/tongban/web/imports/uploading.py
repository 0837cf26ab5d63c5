"""The first step: bring a file. And below it, what was imported before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from tongban.core.cursors import key_of
from tongban.core.files import uploads
from tongban.core.refusals import Refused
from tongban.engines.cases.importing import batches
from tongban.engines.cases.importing.ordering import programmes_of
from tongban.engines.cases.importing.queries import BatchRow, batch_rows
from tongban.web.forms import Form, Words
from tongban.web.guard import refused
from tongban.web.imports.shared import SHAPES, STATES, agent, page, programme_name
from tongban.web.reading import Reading

_ROUND_IT = 64 * 1024  # what a form may weigh beside its file


class UploadForm(Form):
    """A file, whose requests they are, and from which system they come."""

    file = forms.FileField(
        label=Words("表格文件", "Table"),
        help_text=Words(
            ".xlsx、.xls 或 CSV（UTF-8、GBK 都行），最大 20 MiB、10 万行。第一行是表头。",
            ".xlsx, .xls or CSV (UTF-8 or GBK), at most 20 MiB and 100,000 rows, with headings above.",
        ),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv,.txt,.tsv"}),
        allow_empty_file=True,  # our own sentence says what is wrong with it
        max_length=400,
    )
    programme = forms.ChoiceField(label=Words("属于哪一类事项", "Programme"))
    source = forms.CharField(
        label=Words("来自哪个系统", "System it comes from"),
        help_text=Words(
            "同一系统请每次写一样的名字：靠它和编号认出哪些行导入过。",
            "Please write the same name each time: by it and the number a row is known again.",
        ),
        max_length=batches.SOURCE,
        widget=forms.TextInput(attrs={"list": "sources", "autocomplete": "off"}),
    )


def _form(request: Reading, *args: Any, codes: list[str], sources: list[str]) -> UploadForm:
    form = UploadForm(
        *args, language=request.language, initial={"source": sources[0] if sources else "import"}
    )  # fmt: skip
    field = form.fields["programme"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = [(code, programme_name(code).text(request.language)) for code in codes]
    if len(codes) == 1:
        field.widget = forms.HiddenInput()
        field.initial = codes[0]
        form.initial["programme"] = codes[0]
    return form


@csrf_protect
def _begin(request: Reading) -> HttpResponse:
    codes = programmes_of(request.viewer)
    rows = batch_rows(request.viewer, request.at, key_of(request.GET.get("before")))
    sources = list(dict.fromkeys(row.source for row in rows))[:10]
    if request.method != "POST":
        form = _form(request, codes=codes, sources=sources)
        return _shown(request, form, sources, rows)
    form = _form(request, request.POST, request.FILES, codes=codes, sources=sources)
    if form.is_valid():
        try:
            given = form.cleaned_data
            notes = {
                "account": request.viewer.account, "programme": given["programme"],
                "source": batches.check_source(given["source"]),
            }  # fmt: skip
            taken = uploads.take_in(
                given["file"].chunks(), name=given["file"].name, most=settings.TONGBAN_UPLOAD_LIMIT, notes=notes
            )  # fmt: skip
            return redirect("web:import-columns", token=taken.token)
        except Refused as refusal:
            form.refuse(refusal)
    return _shown(request, form, sources, rows, status=422)


def _shown(
    request: Reading, form: UploadForm, sources: list[str], rows: list[BatchRow], status: int = 200
) -> HttpResponse:  # fmt: skip
    listed = [(r, programme_name(r.programme), STATES[r.state], SHAPES[r.state]) for r in rows]
    more = rows[-1].key if len(rows) == batches.LISTED else None
    return page(request, "begin", {"form": form, "sources": sources, "rows": listed, "more": more}, status)


@csrf_exempt  # _begin is protected: but its token stands in the body, which must not be read before it is weighed
@agent
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: Reading) -> HttpResponse:
    """Bring a file; a body larger than a file may be is refused before any of it is read."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if int(length) > settings.TONGBAN_UPLOAD_LIMIT + _ROUND_IT:
        most = settings.TONGBAN_UPLOAD_LIMIT // 1024**2
        return refused(request, Refused("upload.size", field="file", most=most), status=413)
    return _begin(request)
