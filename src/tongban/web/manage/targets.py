"""Targets: what the board's rates are to reach, since when, on what it rests; new versions and confirmation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import changes
from tongban.core.labels import Label
from tongban.engines.cases.actions import targets as actions
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Form, Words
from tongban.web.manage.limits import ConfirmForm
from tongban.web.manage.shared import administrator, day_field, page, to, tried
from tongban.web.reading import Reading


class TargetForm(Form):
    """A new version of a target."""

    percent = forms.IntegerField(
        label=Words("目标（%）", "Target (%)"), widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        help_text=Words("0 到 100 的整数；填 0 表示不设目标。", "A whole number from 0 to 100; 0 for none."),
        error_messages={"invalid": Words("请填整数。", "Please give a whole number.")},
    )  # fmt: skip
    valid_from = day_field(
        Words("从哪天起", "From which day"),
        help_text=Words(
            "看板按时段结束那天的目标画线；过去的时段不变。",
            "A board shows the target of its period's last day; past periods stay as they were.",
        ),
    )
    source = forms.CharField(
        label=Words("依据", "Source"), max_length=200,
        help_text=Words("文件名称和文号，或会议纪要。", "Title and number of a document, or minutes of a meeting."),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        required=False, label=Words("本县已确认，不再标“示例”", "Confirmed by the county; no longer marked “sample”")
    )


@administrator
@require_safe
def targets(request: Reading) -> HttpResponse:
    """Every rate with its target as it is now and will be."""
    return page(
        request, "targets", place="manage-targets", targets=queries.targets(viewer=request.viewer, at=request.at)
    )  # fmt: skip


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def target(request: Reading, code: str) -> HttpResponse:
    """One target: its versions, and a new one."""
    known = _known(request, code)
    if request.method == "POST":
        form = TargetForm(request.POST, language=request.language)
        done = Label("新目标已记下，到日子自动生效。", "Saved; the new target begins on its day.")
        if tried(request, form, actions.set_target, done, code=code):
            return to("manage-target", code)
        return _page(request, known, form=form)
    return _page(request, known)


@administrator
@require_POST
def confirm(request: Reading, code: str, key: int) -> HttpResponse:
    """Say that a version is the county's own target."""
    known = _known(request, code)
    form = ConfirmForm(request.POST, language=request.language)
    done = Label("已确认，看板不再标“示例”。", "Confirmed; the board no longer says “sample”.")
    if tried(request, form, actions.confirm_target, done, target=key):
        return to("manage-target", code)
    return _page(request, known, confirm=form)


def _known(request: Reading, code: str) -> queries.TargetHistory:
    found = {x.code: x for x in queries.targets(viewer=request.viewer, at=request.at)}
    if code not in found:
        raise Http404
    return found[code]


def _page(request: Reading, known: queries.TargetHistory, **forms_: Any) -> HttpResponse:
    initial: dict[str, Any] = {"valid_from": timezone.localdate(request.at)}
    if known.now is not None:
        initial["percent"] = known.now.row.percent
    shown = {
        "form": TargetForm(language=request.language, initial=initial),
        "confirm": ConfirmForm(language=request.language),
        **forms_,
    }
    wrong = any(f.is_bound and f.errors for f in shown.values())
    told = changes([v.row for v in known.versions], viewer=request.viewer) if known.versions else []
    return page(
        request, "target", place="manage-targets", target=known, status=422 if wrong else 200, changes=told, **shown
    )  # fmt: skip
