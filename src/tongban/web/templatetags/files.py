"""A case's files on a page."""

from __future__ import annotations

from typing import Any

from django import template

from tongban.engines.cases.queries import Detail
from tongban.engines.cases.queries.files import File
from tongban.web.files.shown import grouped, said

register = template.Library()


@register.inclusion_tag("web/files/shown.html", takes_context=True)
def files(context: template.Context, detail: Detail, staff: bool = False) -> dict[str, Any]:
    """``{% files detail %}``: a card of everything that its reader may open; nothing where there is nothing."""
    return {"groups": grouped(detail.files), "staff": staff, "language": context.get("language", "zh")}


@register.simple_tag(takes_context=True)
def picture_words(context: template.Context, file: File) -> str:
    """``{% picture_words file %}``: what stands for a picture that is not seen."""
    return said(file).text(str(context.get("language", "zh")))


@register.filter
def weight(size: int) -> str:
    """``{{ file.size|weight }}``: 2.4 MB, 380 KB."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(size // 1000, 1)} KB"
