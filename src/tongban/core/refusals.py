"""Refusals: a code with parameters where it happens, a sentence in the reader's language where it is shown."""

from __future__ import annotations

from tongban.core.labels import Label

_SENTENCES: dict[str, Label] = {}


class Refused(Exception):
    """An action that was not done, and why.

    ``code`` names a sentence declared with :func:`declare`; ``params`` fill its gaps. A parameter that is itself a
    :class:`Label` is shown in the reader's language. ``field`` names the form's field at fault, if one is.
    """

    def __init__(self, code: str, /, *, field: str | None = None, **params: object) -> None:
        if code not in _SENTENCES:
            raise LookupError(f"refusal {code!r} has no sentence: declare it beside the action that raises it")
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params

    def sentence(self, language: str) -> str:
        """What is wrong, why, and what would put it right, in ``language``."""
        params = {k: v.text(language) if isinstance(v, Label) else v for k, v in self.params.items()}
        return _SENTENCES[self.code].text(language, **params)

    def __str__(self) -> str:
        return self.sentence("en")


def declare(sentences: dict[str, Label]) -> None:
    """Give each refusal code its sentence; a code declared twice with other words stops the import."""
    for code, label in sentences.items():
        if _SENTENCES.setdefault(code, label) != label:
            raise ValueError(f"refusal {code!r} is declared twice with different sentences")


def declared() -> dict[str, Label]:
    """All codes and sentences, for the house tests and the documentation."""
    return dict(_SENTENCES)
