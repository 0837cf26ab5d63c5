"""What stands in a list of changes is told in words, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import tongban.core
import tongban.engines.visits
from tongban.web.manage.told import TOLD

_NAMED = re.compile(r'(?:Journal|_journal)\(\s*"([a-z]+\.[a-z_]+)"')


def names(*folders: Path) -> set[str]:
    """The names under which the actions in these folders write their entries."""
    files = [file for folder in folders for file in folder.rglob("*.py")]
    return {name for file in files for name in _NAMED.findall(file.read_text(encoding="utf-8"))}


def test_every_action_on_firms_accounts_and_visits_has_words() -> None:
    core = Path(tongban.core.__path__[0])
    found = names(core / "access", core / "registry", core / "calendar", Path(tongban.engines.visits.__path__[0]))
    found.discard("cases.accept")  # an example in a docstring
    assert {"visits.log_visit", "visits.hand_over_firm", "registry.dissolve_firm", "access.give_role"} <= found
    assert found - set(TOLD) == set()
    assert all(label.zh != label.en and label.zh and label.en for label in TOLD.values())
