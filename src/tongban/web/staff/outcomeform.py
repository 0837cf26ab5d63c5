"""What came of it, as the form of an answer asks: one set of fields for the whole, or one for each numbered question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from tongban.core.labels import Label
from tongban.engines.cases.outcome import OUTCOMES, REASONS, UNDONE, UNSTATED, Outcome
from tongban.web.forms import Form, day_field

_NAMES = ("outcome", "why_not", "because", "planned_for")
_OUTCOME = Label("这件事办成了没有（提出人会看到）", "What came of it (the requester reads it)")
_HINT = Label(
    "没办成的要说清原因；解释政策、无事可办的选“解释说明”。",
    "What is left undone needs a reason. “Explained”: a policy was explained and there was nothing to do.",
)
_WHY = Label("没办成的原因", "Why it is not done")
_BECAUSE = Label("向提出人说明（一两句话）", "Tell the requester why (a sentence or two)")
_DAY = Label("打算哪一天前办好（列入计划的）", "By which day, if it is planned")


def outcome_fields(form: Form, part: str = "", initial: Outcome = UNSTATED) -> list[str]:
    """Add the fields to ``form``; gives their names. What belongs to something undone can be left empty: whether it may
    is the action's to say. ``part``: the number of the question."""
    why = [("", Label("请选择", "Please choose")), *REASONS.items()]
    undone = {"data-undone": f"outcome{part}", "data-undone-at": " ".join(UNDONE)}
    fields: Mapping[str, forms.Field] = {
        "outcome": forms.ChoiceField(
            label=_OUTCOME, help_text="" if part else _HINT, choices=list(OUTCOMES.items()), widget=forms.RadioSelect,  # type: ignore[arg-type]
            initial=initial.code,
        ),
        "why_not": forms.ChoiceField(label=_WHY, choices=why, required=False, initial=initial.why),  # type: ignore[arg-type]
        "because": forms.CharField(
            label=_BECAUSE, required=False, strip=False, initial=initial.because, widget=forms.Textarea(attrs={"rows": 2}),  # type: ignore[arg-type]
        ),
        "planned_for": day_field(_DAY, required=False, initial=initial.day),
    }  # fmt: skip
    for name, field in fields.items():
        if name != "outcome":
            field.widget.attrs |= undone
            field.conditional = True  # type: ignore[attr-defined]
        form.add(f"{name}{part}", field)
    return [f"{name}{part}" for name in _NAMES]


def outcome_given(cleaned: dict[str, Any], part: str = "") -> Outcome:
    """The outcome that was chosen; its fields are taken out of ``cleaned``."""
    code, why, because, day = (cleaned.pop(f"{name}{part}") for name in _NAMES)
    return Outcome(code, why, because, day)


def outcome_before(outcome: Outcome) -> dict[str, Any]:
    """What the fields of the whole begin with, where an answer is written on."""
    return dict(zip(_NAMES, (outcome.code, outcome.why, outcome.because, outcome.day), strict=True))
