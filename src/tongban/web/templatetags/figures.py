"""Numbers as people read them, each with the way to its cases."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tongban.core.labels import Label
from tongban.engines.cases.logic.rates import Rate
from tongban.engines.cases.queries.behind import FIGURES

register = template.Library()
_CASE, _CASES = Label("件", "case"), Label("件", "cases")


@register.simple_tag
def count(number: int | None) -> str:
    """``{% count 7796 %}``: 7,796; "—" for nothing known."""
    return "—" if number is None else f"{number:,}"


@register.simple_tag(takes_context=True)
def opens(context: template.Context, number: int, query: str, figure: str) -> SafeString:
    """``{% opens total.accepted behind "accepted" %}``: a number that opens to its cases; none has none to open."""
    if not number:
        return format_html("{}", number)
    what = FIGURES[figure].text(str(context.get("language", "zh")))
    return format_html(
        '<a href="{}?{}&amp;figure={}" aria-label="{} {}">{}</a>',
        reverse("web:behind"), query, figure, f"{number:,}", what, f"{number:,}",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def cases(context: template.Context, number: int) -> str:
    """``{% cases total.urged %}``: the word that follows this number, as the reader's language has it."""
    return (_CASE if number == 1 else _CASES).text(str(context.get("language", "zh")))


@register.simple_tag(takes_context=True)
def ratio(context: template.Context, rate: Rate, query: str, numerator: str, denominator: str) -> SafeString:
    """``{% ratio total.closure behind "closed" "accepted" %}``: 7,790 / 7,796, each with its cases."""
    above = opens(context, rate.numerator, query, numerator)
    below = opens(context, rate.denominator, query, denominator)
    return format_html('<span class="nowrap">{} / {}</span>', above, below)
