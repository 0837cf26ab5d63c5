"""What the pages of imports share: who may, and the words for states and fields."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render

from tongban.core.access.viewer import AGENT
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.engines.programme.scan import programmes
from tongban.web.guard import office
from tongban.web.reading import Reading

agent = office(AGENT, who=Label("受理岗", "the desk's agents"))

STATES = {
    "running": Label("正在导入", "Importing"),
    "broken": Label("中断了", "Interrupted"),
    "done": Label("已导入", "Imported"),
    "undoing": Label("正在撤销", "Being undone"),
    "undone": Label("已撤销", "Undone"),
}
SHAPES = {"running": "going", "broken": "late", "done": "done", "undoing": "going", "undone": "ended"}


def actor(request: Reading) -> Actor:
    """Who imports: the account itself, for it is the desk's own record of what came from elsewhere."""
    return Actor(account=request.viewer.account)


def programme_name(code: str) -> Label:
    """A programme by its code."""
    found = programmes().get(code)
    return found.name if found else Label(code, code)


def page(request: Reading, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the imports."""
    return render(request, f"web/imports/{template}.html", context, status=status)


def said(request: Reading, words: Label, **params: object) -> None:
    """A line on the next page."""
    messages.success(request, words.text(request.language, **params))
