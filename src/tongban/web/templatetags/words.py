"""Words in the reader's language."""

from __future__ import annotations

from typing import Any

from django import template

from tongban.core.labels import Label
from tongban.core.refusals import Refused

register = template.Library()


def language_of(context: template.Context) -> str:
    """The reader's language."""
    return str(context.get("language") or "zh")


@register.simple_tag(takes_context=True)
def t(context: template.Context, zh: str, en: str, **params: Any) -> str:
    """``{% t "办结" "Closed" %}``: both languages side by side where they are used."""
    return Label(zh, en).text(language_of(context), **{k: say(context, v) for k, v in params.items()})


@register.simple_tag(takes_context=True)
def short_town(context: template.Context, name: Label) -> str:
    """``{% short_town row.town %}``: in a narrow column an English reader has "Danghu", not "Danghu Subdistrict"."""
    return Label(name.zh, name.en.rsplit(" ", 1)[0]).text(language_of(context))


@register.simple_tag(takes_context=True)
def say(context: template.Context, label: Any) -> Any:
    """A declared word, or a refusal's sentence, in the reader's language; anything else as it is."""
    language = language_of(context)
    if isinstance(label, Label):
        return label.text(language)
    if isinstance(label, Refused):
        return label.sentence(language)
    return label
