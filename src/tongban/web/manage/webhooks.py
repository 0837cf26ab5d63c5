"""Webhooks: which other systems are told of what, whether it reaches them, and a test."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.core.access.queries import changes
from tongban.core.labels import Label
from tongban.core.notices import queries, states
from tongban.core.notices import webhooks as actions
from tongban.core.notices.models import Webhook, WebhookCall
from tongban.core.refusals import Refused
from tongban.web.forms import Form, Words
from tongban.web.manage.shared import actor, administrator, done_or_told, page, to, tried
from tongban.web.reading import Reading
from tongban.web.signin.pending import stored_nowhere

_TEST = Label("测试", "Test")
# Shape of the chip, state, kind, why ("" if nothing is wrong), the call.
Shown = tuple[str, Label, Label, Label | str, WebhookCall]


class WebhookForm(Form):
    """Who is told, where, of what."""

    name = forms.CharField(
        label=Words("给谁用", "Whom it is for"), max_length=80,
        help_text=Words("例如：市数据平台。", "Such as: the city's data platform."),
    )  # fmt: skip
    address = forms.CharField(
        label=Words("地址", "Address"), max_length=400,
        help_text=Words(
            "以 https:// 开头。不能是内部网络的地址，除非服务器上写明了那个网段。",
            "Begins with https://. Not inside an internal network, unless that network is named on the server.",
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false", "autocomplete": "off"}),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=Words("推送哪些事", "Of what it is told"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": Words("请至少选一种。", "Choose at least one.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kinds"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(kind, label.text(self.language)) for kind, label in actions.KINDS.items()]


@administrator
@require_safe
def webhooks(request: Reading) -> HttpResponse:
    """All of them, with how the last call went."""
    found = queries.webhooks(request.viewer)
    rows = [(row, len(row.wanted), _shown(call) if call else None) for row, call in found]
    return page(request, "webhooks", place="manage-webhooks", rows=rows)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: Reading) -> HttpResponse:
    """Another one; its secret is shown on the page that follows, once."""
    form = WebhookForm(request.POST or None, language=request.language)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = actions.add_webhook(**form.cleaned_data, by=actor(request), at=request.at)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _secret(request, row, secret)
    return page(request, "webhook-new", place="manage-webhooks", form=form, status=422 if form.is_bound else 200)


@administrator
@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: Reading, key: int) -> HttpResponse:
    """One: its facts, its last calls, and what may be changed."""
    row = _row(request, key)
    form = WebhookForm(
        request.POST if request.method == "POST" else None, language=request.language,
        initial={"name": row.name, "address": row.address, "kinds": row.wanted},
    )  # fmt: skip
    saved = Label("改动已记下。", "Saved.")
    if request.method == "POST" and tried(request, form, actions.change_webhook, saved, webhook=key):
        return to("manage-webhook", key)
    return page(
        request, "webhook", place="manage-webhooks", webhook=row, form=form,
        calls=[_shown(call) for call in queries.webhook_calls(key, request.viewer)],
        changes=changes(row, viewer=request.viewer), status=422 if form.is_bound else 200,
    )  # fmt: skip


@administrator
@require_POST
def switch(request: Reading, key: int) -> HttpResponse:
    """On or off."""
    active = request.POST.get("active") == "1"
    done_or_told(
        request, lambda: actions.switch_webhook(webhook=key, active=active, by=actor(request), at=request.at),
        Label("已启用，从现在起发生的事会推送。", "Switched on; what happens from now on is told.") if active
        else Label("已停用，停用期间的事不补发。", "Switched off; what happens meanwhile is not told later."),
    )  # fmt: skip
    return to("manage-webhook", key)


@administrator
@require_POST
def renew(request: Reading, key: int) -> HttpResponse:
    """Another secret, shown once."""
    row = _row(request, key)
    secret = actions.renew_secret(webhook=key, by=actor(request), at=request.at)
    return _secret(request, row, secret)


@administrator
@require_POST
def test(request: Reading, key: int) -> HttpResponse:
    """An event that says nothing but that it is a test."""
    done_or_told(
        request, lambda: actions.try_webhook(webhook=key, by=actor(request), at=request.at),
        Label("测试已交给系统去发，过几秒刷新看结果。", "The test is on its way; reload in a few seconds."),
    )  # fmt: skip
    return to("manage-webhook", key)


def _row(request: Reading, key: int) -> Webhook:
    row = queries.webhook(key, request.viewer)
    if row is None:
        raise Http404
    return row


def _secret(request: Reading, row: Webhook, secret: str) -> HttpResponse:
    return stored_nowhere(page(request, "webhook-secret", place="manage-webhooks", webhook=row, secret=secret))


def _shown(call: WebhookCall) -> Shown:
    kind = actions.KINDS.get(call.kind, _TEST)
    if call.sent_at:
        return "done", Label("已送达", "Delivered"), kind, "", call
    why = states.why(call.error, call.status) if call.error or call.status else ""
    if call.failed_at:
        return "late", Label("没送到", "Not delivered"), kind, why, call
    if call.attempts:
        return "soon", Label("在重试", "Trying again"), kind, why, call
    return "new", Label("等待发送", "Waiting"), kind, why, call
