"""What lines and messages say, in both languages. Engines register their kinds; the words are made when they are needed.

Only impersonal gaps are stored with a line or a message (a unit's id, a day); everything else is looked up on reading
or delivery and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tongban.core.labels import Label

Gaps = Mapping[str, Any]
# Case's key and stored gaps → what fills the sentence's gaps; a Label is shown in the reader's language.
Fill = Callable[[int | None, Gaps], Mapping[str, object]]

_LINES: dict[str, tuple[Label, Fill]] = {}
_MESSAGES: dict[str, tuple[Label, Fill]] = {}


def declare(lines: Mapping[str, Label], messages: Mapping[str, Label], fill: Fill) -> None:
    """Give kinds of lines and of messages their sentences, and say how their gaps are filled."""
    for known, given in ((_LINES, lines), (_MESSAGES, messages)):
        for kind, label in given.items():
            if known.setdefault(kind, (label, fill))[0] != label:
                raise ValueError(f"the notice {kind!r} is declared twice with different words")


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
