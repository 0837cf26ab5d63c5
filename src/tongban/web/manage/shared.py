"""What every page of administration shares: who may open it, how a change is made and told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from tongban.core.access.queries import OFFICES, Change, administers
from tongban.core.access.viewer import ADMINISTRATOR
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.refusals import Refused
from tongban.engines.programme.scan import programmes
from tongban.web.forms import Form
from tongban.web.guard import office
from tongban.web.manage.told import SYSTEM, TOLD
from tongban.web.reading import Reading

administrator = office(ADMINISTRATOR, who=Label("管理员", "administrators"))

MISSING = Label("请选择", "Please choose")
PAGES: tuple[tuple[str, Label], ...] = (
    ("manage", Label("总览", "Overview")),
    ("manage-limits", Label("时限", "Limits")),
    ("manage-targets", Label("目标", "Targets")),
    ("manage-rungs", Label("兜底阶梯", "Ladder")),
    ("manage-calendar", Label("工作日历", "Calendar")),
    ("manage-routes", Label("去向", "Routes")),
    ("manage-accounts", Label("账号和岗位", "Accounts and offices")),
    ("manage-bodies", Label("单位", "Units")),
    ("manage-areas", Label("区划", "Areas")),
    ("manage-firms", Label("企业", "Firms")),
    ("manage-sendings", Label("通知送达", "Delivery")),
    ("manage-webhooks", Label("推送", "Webhooks")),
    ("mandates", Label("待确认授权", "Mandates to confirm")),
)


def actor(request: Reading, *codes: str) -> Actor:
    """The reader as he acts in the first of these offices that he holds."""
    grant = request.viewer.grants_for(*(codes or (ADMINISTRATOR,)))[0]
    return request.viewer.actor(grant.role)


def offices() -> dict[str, Label]:
    """Every office that may be given: the common ones, and what programmes declare beside them."""
    found = dict(OFFICES)
    for programme in programmes().values():
        for code, label in programme.roles.items():
            found.setdefault(code, label)
    return found


def programme_names() -> dict[str, Label]:
    """Code → name of each programme."""
    return {p.code: p.name for p in programmes().values()}


def page(request: Reading, name: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of administration with its list of pages."""
    for part in ("changes", "role_changes"):
        if part in context:
            context[part] = [_told(change) for change in context[part]]
    nav = [(n, label, n == context.get("place", "")) for n, label in PAGES] if administers(request.viewer) else []
    return render(request, f"web/manage/{name}.html", {"nav": nav, **context}, status=status)


def _told(change: Change) -> tuple[Label | str, Label | str, Change]:
    """What was done, by whom, in words."""
    return TOLD.get(change.name, change.name), SYSTEM.get(change.by, change.by), change


def tried(request: Reading, form: Form, action: Callable[..., object], done: Label, **params: object) -> bool:
    """Do ``action`` with what the form holds; tell what was done, or put the refusal into the form."""
    if not form.is_valid():
        return False
    try:
        action(**params, **form.cleaned_data, by=actor(request), at=request.at)
    except Refused as refusal:
        form.refuse(refusal)
        return False
    tell(request, done)
    return True


def tell(request: Reading, done: Label, **params: object) -> None:
    """Say on the next page what was done."""
    messages.success(request, done.text(request.language, **params))


def done_or_told(request: Reading, action: Callable[[], object], done: Label) -> None:
    """For a single button: do it, or say on the next page why not."""
    try:
        action()
    except Refused as refusal:
        messages.error(request, refusal.sentence(request.language))
    else:
        tell(request, done)


def to(name: str, *args: object) -> HttpResponseRedirect:
    """Go to another page of ours."""
    return HttpResponseRedirect(reverse(f"web:{name}", args=args))


def whole(text: str | None) -> int | None:
    """A number from an address; None for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
