"""Limits: what is promised, since when, on what it rests; new versions and confirmation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import changes
from tongban.core.calendar.logic import COUNT_FROM_WORDS, Unit
from tongban.core.labels import Label
from tongban.engines.cases.actions import administration as actions
from tongban.engines.cases.queries import administration as queries
from tongban.web.forms import Form, Words
from tongban.web.manage.shared import administrator, day_field, page, to, tried
from tongban.web.reading import Reading

UNITS = {
    Unit.WORKING_HOURS: Label("工作小时", "working hours"),
    Unit.HALF_DAYS: Label("半天（上午或下午）", "half-days"),
    Unit.WORKING_DAYS: Label("工作日", "working days"),
    Unit.CALENDAR_DAYS: Label("自然日", "calendar days"),
}


class VersionForm(Form):
    """A new version of a limit."""

    amount = forms.IntegerField(
        label=Words("多久", "How long"), widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={"invalid": Words("请填整数。", "Please give a whole number.")},
    )  # fmt: skip
    unit = forms.ChoiceField(label=Words("按什么计", "Counted in"), choices=list(UNITS.items()))
    start = forms.ChoiceField(label=Words("从何时起算", "From when"), choices=list(COUNT_FROM_WORDS.items()))
    valid_from = day_field(
        Words("从哪天起", "From which day"),
        help_text=Words(
            "只用于那天起新交办的件，已经承诺的不变。", "For cases assigned from that day on; promises made stand."
        ),
    )
    source = forms.CharField(
        label=Words("依据", "Source"), max_length=200,
        help_text=Words("文件名称和文号，或会议纪要。", "Title and number of a document, or minutes of a meeting."),
    )  # fmt: skip
    confirmed = forms.BooleanField(
        required=False, label=Words("本县已确认，不再标“示例”", "Confirmed by the county; no longer marked “sample”")
    )


class ConfirmForm(Form):
    """On what a limit rests. It stands beside the form of a new version, so its ids are its own."""

    source = forms.CharField(label=Words("依据", "Source"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="id_confirm_%s", **kwargs)


@administrator
@require_safe
def limits(request: Reading) -> HttpResponse:
    """All limits as they are now and will be."""
    return page(request, "limits", place="manage-limits", limits=queries.limits(viewer=request.viewer, at=request.at))


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def limit(request: Reading, code: str) -> HttpResponse:
    """One limit: its versions, and a new one."""
    known = _known(request, code)
    if request.method == "POST":
        form = VersionForm(request.POST, language=request.language)
        done = Label("新时限已记下，到日子自动生效。", "Saved; the new version begins on its day.")
        if tried(request, form, actions.set_limit, done, code=code):
            return to("manage-limit", code)
        return _page(request, known, form=form)
    return _page(request, known)


@administrator
@require_POST
def confirm(request: Reading, code: str, key: int) -> HttpResponse:
    """Say that a version is the county's own rule."""
    known = _known(request, code)
    form = ConfirmForm(request.POST, language=request.language)
    done = Label("已确认，页面不再标“示例”。", "Confirmed; pages no longer say “sample”.")
    if tried(request, form, actions.confirm_limit, done, limit=key):
        return to("manage-limit", code)
    return _page(request, known, confirm=form)


def _known(request: Reading, code: str) -> queries.LimitHistory:
    found = {x.code: x for x in queries.limits(viewer=request.viewer, at=request.at)}
    if code not in found:
        raise Http404
    return found[code]


def _page(request: Reading, known: queries.LimitHistory, **forms_: Any) -> HttpResponse:
    now = known.now or known.versions[0]
    initial = {
        "amount": now.row.amount,
        "unit": now.row.unit,
        "start": now.row.start,
        "valid_from": timezone.localdate(request.at),
    }
    shown = {
        "form": VersionForm(language=request.language, initial=initial),
        "confirm": ConfirmForm(language=request.language),
        **forms_,
    }
    wrong = any(f.is_bound and f.errors for f in shown.values())
    return page(
        request, "limit", place="manage-limits", limit=known, status=422 if wrong else 200,
        changes=changes([v.row for v in known.versions], viewer=request.viewer), **shown,
    )  # fmt: skip
