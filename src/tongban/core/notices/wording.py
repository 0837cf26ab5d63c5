"""What lines and messages say, in both languages. Engines register their kinds; the words are made when they are needed.

Only impersonal gaps are stored with a line or a message (a unit's id, a day); everything else is looked up on reading
or delivery and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from tongban.core.labels import Label

Gaps = Mapping[str, Any]
# Case's key and stored gaps → what fills the sentence's gaps; a Label is shown in the reader's language.
Fill = Callable[[int | None, Gaps], Mapping[str, object]]

_LINES: dict[str, tuple[Label, Fill]] = {}
_MESSAGES: dict[str, tuple[Label, Fill]] = {}
_GROUP_OF: dict[str, str] = {}
_REQUIRED: set[str] = set()
_ASKED_FOR: set[str] = set()


@dataclass(frozen=True, slots=True)
class Group:
    """What a person chooses about at once. ``staff``: it is about an officer's work."""

    label: Label
    about: Label
    staff: bool = False


STEPS, ANSWERS, MEETINGS, WORK, BACK, REMINDERS = "steps", "answers", "meetings", "work", "back", "reminders"
GROUPS: dict[str, Group] = {
    STEPS: Group(
        Label("诉求办到哪一步", "How my requests move on"),
        Label(
            "受理、交办、请您补充、期限调整、撤回",
            "Accepted, given to a unit, questions to you, dates that move, withdrawn",
        ),
    ),
    ANSWERS: Group(
        Label("答复和评价", "Answers and ratings"), Label("有了答复、请您评价、办结", "An answer, a rating, the end")
    ),
    MEETINGS: Group(
        Label("升级和会商", "Escalation and meetings"),
        Label("提级办理、开会商量和结果", "Taken to a higher level, met about, and what came of it"),
    ),
    WORK: Group(
        Label("新的工作", "New work"),
        Label("交办、协办、移交、待审核、有了补充", "Assigned, assisting, handed over, to review, replied"),
        staff=True,
    ),
    BACK: Group(
        Label("退回和驳回", "Returned or rejected"), Label("退回、答复要修改", "Returned, or an answer to change"), staff=True
    ),
    REMINDERS: Group(
        Label("提醒", "Reminders"), Label("期限变动、评价、撤回", "Dates that move, ratings, withdrawals"), staff=True
    ),
}  # fmt: skip


def declare(
    lines: Mapping[str, Label], messages: Mapping[str, Label], fill: Fill, *,
    groups: Mapping[str, str] | None = None, required: Collection[str] = (), asked_for: Collection[str] = (),
) -> None:  # fmt: skip
    """Give kinds of lines and of messages their sentences, and say how their gaps are filled.

    ``groups`` says under which of :data:`GROUPS` a person chooses about a kind; ``required`` messages cannot be
    switched off (the law asks for them, or nothing else leads in); ``asked_for`` are sent in quiet hours too, for
    they follow at once upon what their reader has done himself.
    """
    for known, given in ((_LINES, lines), (_MESSAGES, messages)):
        for kind, label in given.items():
            if _gaps(label.zh) != _gaps(label.en):
                raise ValueError(f"the notice {kind!r} has other gaps in Chinese than in English")
            if known.setdefault(kind, (label, fill))[0] != label:
                raise ValueError(f"the notice {kind!r} is declared twice with different words")
    for kind, group in (groups or {}).items():
        if group not in GROUPS or kind not in {*_LINES, *_MESSAGES}:
            raise ValueError(f"{kind!r} is no notice, or {group!r} is no group of notices")
        _GROUP_OF[kind] = group
    if strange := {*required, *asked_for} - set(_MESSAGES):
        raise ValueError(f"no such message: {sorted(strange)}")
    _REQUIRED.update(required)
    _ASKED_FOR.update(asked_for)


def group_of(kind: str) -> str:
    """The group under which a person chooses about a kind; what nobody grouped is a step, or new work."""
    return _GROUP_OF.get(kind) or (WORK if kind.startswith("officer.") else STEPS)


def groups_in_use(*, staff: bool) -> dict[str, Group]:
    """The groups of officers or of askers to which some kind of line belongs."""
    used = {group_of(kind) for kind in _LINES}
    return {code: group for code, group in GROUPS.items() if group.staff is staff and code in used}


def required(kind: str) -> bool:
    """Whether a message cannot be switched off."""
    return kind in _REQUIRED


def asked_for(kind: str) -> bool:
    """Whether a message follows at once upon what its reader has done himself."""
    return kind in _ASKED_FOR


def has_message(kind: str) -> bool:
    """Whether a kind is a message's own."""
    return kind in _MESSAGES


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def line(kind: str, case: int | None, gaps: Gaps, language: str) -> str:
    """A line's sentence; one of a kind that this release does not know says that something happened."""
    if kind not in _LINES:
        return Label("有新进展", "Something happened").text(language)
    return _said(_LINES[kind], case, gaps, language)


def message(kind: str, case: int | None, gaps: Gaps, language: str) -> str:
    """A message's text; LookupError for a kind that this release does not know."""
    return _said(_MESSAGES[kind], case, gaps, language)


def kinds() -> tuple[dict[str, Label], dict[str, Label]]:
    """All declared lines and messages, for the tests and the documentation."""
    return {k: v[0] for k, v in _LINES.items()}, {k: v[0] for k, v in _MESSAGES.items()}


def _said(wording: tuple[Label, Fill], case: int | None, gaps: Gaps, language: str) -> str:
    label, fill = wording
    filled = {k: v.text(language) if isinstance(v, Label) else v for k, v in fill(case, gaps).items()}
    return label.text(language, **filled)
