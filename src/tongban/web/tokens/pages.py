"""My tokens: what is in use, a new one whose secret is shown once, and an end to any of them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from tongban.core.access import tokens as room
from tongban.core.access.viewer import ADMINISTRATOR, Viewer
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.web.forms import Form, Words
from tongban.web.guard import signed_in
from tongban.web.reading import Reading

_ABOUT = {
    room.READ: Label("查看：您能看的件、队列", "Read: the cases and queues that you may see"),
    room.ASK: Label("提出和跟进：提诉求，补充，撤回", "Ask and follow: file requests, reply, withdraw"),
    room.WORK: Label("办理：您的岗位能做的每一步", "Work: each step that your office may make"),
    room.MANAGE: Label("管理：时限、账号等", "Administer: limits, accounts and so on"),
}
_DAYS = {30: Label("30 天", "30 days"), 90: Label("90 天", "90 days"), 366: Label("一年", "A year")}


class TokenForm(Form):
    """What it is for, what it may do, how long."""

    name = forms.CharField(
        label=Words("给哪个系统用", "For which system"), max_length=room.NAME,
        help_text=Words("以后凭它认出来，例如“热线工单系统”。", "You will know it by this, such as “hotline tickets”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    scopes = forms.MultipleChoiceField(
        label=Words("可以做什么", "What it may do"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": Words("请至少选一项。", "Please choose at least one.")},
    )  # fmt: skip
    days = forms.TypedChoiceField(label=Words("有效多久", "How long it is valid"), coerce=int, initial=90)

    def __init__(self, *args: object, viewer: Viewer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        offered = [code for code in room.SCOPES if _fits(code, viewer)]
        self.fields["scopes"].choices = [(c, _ABOUT[c].text(self.language)) for c in offered]  # type: ignore[attr-defined]
        self.fields["days"].choices = [(n, label.text(self.language)) for n, label in _DAYS.items()]  # type: ignore[attr-defined]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: Reading) -> HttpResponse:
    """The page; a new token's secret stands on it once."""
    viewer = request.viewer
    form, made = TokenForm(request.POST or None, language=request.language, viewer=viewer), None
    if request.method == "POST" and form.is_valid():
        try:
            made = room.make_token(
                account=viewer.account or 0, by=viewer.actor(), at=request.at, **form.cleaned_data
            )  # fmt: skip
        except Refused as refusal:
            form.refuse(refusal)
        else:
            form = TokenForm(language=request.language, viewer=viewer)
    mine = room.tokens_of(viewer.account or 0, request.at)
    context = {
        "form": form, "made": made, "address": request.build_absolute_uri("/api/v1/"),
        "rows": [(row, [room.SCOPES[code] for code in row.scopes.split()]) for row in mine],
    }  # fmt: skip
    answer = render(request, "web/tokens/tokens.html", context, status=422 if form.is_bound else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@signed_in
@require_POST
def end(request: Reading, key: int) -> HttpResponse:
    """One of mine is ended at once."""
    try:
        room.end_token(token=key, by=request.viewer.actor(), at=request.at)
    except Refused as refusal:
        messages.error(request, refusal.sentence(request.language))
    else:
        messages.success(
            request, Label("已停用，马上失效。", "Ended; it opens nothing any more.").text(request.language)
        )
    return HttpResponseRedirect(reverse("web:tokens"))


def _fits(code: str, viewer: Viewer) -> bool:
    """Whether a token for this would let the viewer's systems do anything at all."""
    if code == room.MANAGE:
        return bool(viewer.grants_for(ADMINISTRATOR))
    return code != room.WORK or viewer.staff
