"""What a command says: in the language of the terminal, Chinese or English; errors to standard error."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from rich.console import Console

from tongban.core.labels import Label

OUT = Console(highlight=False, soft_wrap=True)
ERR = Console(stderr=True, highlight=False, soft_wrap=True)


class Trouble(Exception):
    """Something expected that stops a command: a sentence for the person at the terminal, and the exit status."""

    def __init__(self, zh: str, en: str, *, status: int = 1, **params: object) -> None:
        super().__init__(en)
        self.label, self.params, self.status = Label(zh, en), params, status

    def sentence(self, language: str) -> str:
        """What is wrong and what would put it right."""
        return self.label.text(language, **self.params)


def language() -> Literal["zh", "en"]:
    """The terminal's language, as the environment names it; English unless it is Chinese."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def words(zh: str, en: str, **params: object) -> str:
    """One of two sentences, its gaps filled."""
    return Label(zh, en).text(language(), **params)


def tell(zh: str, en: str, **params: object) -> None:
    """A line of progress or result."""
    OUT.print(words(zh, en, **params), markup=False)


def program() -> str:
    """This program as it is called from here: by its name where that is found, else by its path."""
    path = Path(sys.prefix) / "bin" / "tongban"
    if shutil.which("tongban") or not path.exists():
        return "tongban"
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)


def complain(sentence: str) -> None:
    """A line about what went wrong."""
    ERR.print(f"tongban: {sentence}", markup=False)
