"""Forms in both languages, and fields drawn from what a programme declares."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.datastructures import MultiValueDict

from tongban.core.calendar.queries import county_zone
from tongban.core.labels import Label
from tongban.core.refusals import Refused
from tongban.engines.cases.actions.facts import TEXT
from tongban.engines.cases.declare import Fact, FactKind

REQUIRED = Label("请填“{label}”。", "Please fill in “{label}”.")
CHOOSE = Label("请选“{label}”。", "Please choose “{label}”.")
# Write labels, hints and choices of a Form with this: Django's type hints know only str, and Form makes them one.
Words: Any = Label
PREFIX = "fact-"  # before the code of a declared fact, in the name of its form field


class Form(forms.Form):
    """A form whose words are :class:`Label`; pass ``language``. Drawn with ``{% field form.x %}``."""

    use_required_attribute = False  # the server says what is missing, in the reader's language and with a summary

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, language: str = "zh", **kwargs: Any) -> None:
        self.language = language
        super().__init__(_without_nul(data), *args, **kwargs)
        for field in self.fields.values():
            self._say(field)

    def add(self, name: str, field: forms.Field) -> None:
        """Put a field in place that only this viewer's form has."""
        self._say(field)
        self.fields[name] = field

    def _say(self, field: forms.Field) -> None:
        def said(words: Any) -> Any:
            return words.text(self.language) if isinstance(words, Label) else words

        field.label = said(field.label)
        field.help_text = said(field.help_text)
        if isinstance(field, forms.ChoiceField):
            field.choices = [
                (said(value), [(v, said(w)) for v, w in words])
                if isinstance(words, list | tuple)
                else (value, said(words))
                for value, words in cast("list[tuple[Any, Any]]", field.choices)
            ]
        chosen = isinstance(field, forms.ChoiceField | forms.FileField)
        field.error_messages.setdefault("required", "")
        told = field.error_messages["required"]
        default = (CHOOSE if chosen else REQUIRED).text(self.language, label=field.label or "")
        field.error_messages["required"] = said(told) if isinstance(told, Label) else default
        for code, words in field.error_messages.items():
            field.error_messages[code] = said(words)
        classes = field.widget.attrs.get("class", "")
        if not isinstance(field.widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
            field.widget.attrs["class"] = f"input {classes}".strip()

    def refuse(self, refusal: Refused) -> None:
        """Show an action's refusal beside the field that it names, else at the top."""
        named = (refusal.field, f"{PREFIX}{refusal.field}")
        field = next((name for name in named if name in self.fields), None)
        self.add_error(field, refusal.sentence(self.language))


def _without_nul(data: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Pasted NUL characters are dropped: no one means them, and Django would answer with a riddle."""
    if not isinstance(data, MultiValueDict):
        return data
    if not any("\x00" in v for _, values in data.lists() for v in values if isinstance(v, str)):
        return data
    clean = data.copy()
    for key, values in data.lists():
        clean.setlist(key, [v.replace("\x00", "") if isinstance(v, str) else v for v in values])
    return clean


def fact_fields(facts: Iterable[Fact]) -> dict[str, forms.Field]:
    """Form field name → field, for declared facts. Checks of content are the action's, so that each is made once."""
    return {PREFIX + fact.code: _field(fact) for fact in facts}


def _field(fact: Fact) -> forms.Field:
    words: dict[str, Any] = {"label": fact.label, "help_text": fact.hint or "", "required": fact.required}
    if fact.kind is FactKind.CHOICE:
        empty = Label("请选择", "Please choose")
        return forms.ChoiceField(choices=[("", empty), *fact.choices.items()], **words)
    if fact.kind is FactKind.MOMENT:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        return forms.DateTimeField(widget=widget, **words)
    if fact.kind in (FactKind.NUMBER, FactKind.MONEY):
        # Text, not type=number: full-width digits, commas and ¥ are welcome, and nothing typed is ever swallowed.
        mode = "numeric" if fact.kind is FactKind.NUMBER else "decimal"
        field = forms.CharField(max_length=40, widget=forms.TextInput(attrs={"inputmode": mode}), **words)
        field.unit = fact.unit  # type: ignore[attr-defined]
        return field
    return forms.CharField(max_length=TEXT, **words)


def fact_values(cleaned: Mapping[str, Any]) -> dict[str, object]:
    """What was typed into the fact fields, by the fact's own code."""
    found = {k.removeprefix(PREFIX): v for k, v in cleaned.items() if k.startswith(PREFIX)}
    return {k: v.replace(tzinfo=county_zone()) if hasattr(v, "utcoffset") and v.utcoffset() is None else v
            for k, v in found.items() if v not in (None, "")}  # fmt: skip


def number_field(label: Any, **more: Any) -> forms.IntegerField:
    """A whole number, typed without arrows."""
    return forms.IntegerField(
        label=label, widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={"invalid": Words("请填整数。", "Please give a whole number.")}, **more,
    )  # fmt: skip


def day_input() -> forms.DateInput:
    """A date's control, in the form that browsers want."""
    return forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A date."""
    shape = Words("请填日期，例如 2026-11-20。", "Please give a date, such as 2026-11-20.")
    return forms.DateField(label=label, widget=day_input(), error_messages={"invalid": shape}, **more)


def moment_field(label: Any, **more: Any) -> forms.DateTimeField:
    """A date and a time on the county's clock, whatever clock the browser has."""
    shape = Words("请填日期和时间，例如 2026-11-20 14:00。", "Please give a date and a time, such as 2026-11-20 14:00.")
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "short"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, widget=widget, error_messages={"invalid": shape}, **more)
