"""Wrong cells that are known and not yet put right: a list that may only become shorter.

A test fails at every wrong cell that no finding describes, and at every finding that describes no wrong cell any more.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.matrix.cells import Wrong, report

FILE = Path(__file__).with_name("findings.csv")


@dataclass(frozen=True)
class Finding:
    """One fault, and the cells that it makes wrong: patterns that must fit wholly."""

    code: str
    tests: str
    relation: str
    viewer: str
    surface: str
    expected: str
    sentence: str

    def describes(self, wrong: Wrong) -> bool:
        """Whether this wrong cell is of this fault."""
        pairs = (
            (self.relation, wrong.why), (self.viewer, wrong.viewer), (self.surface, wrong.surface),
            (self.expected, wrong.expected),
        )  # fmt: skip
        return all(re.fullmatch(pattern, text) for pattern, text in pairs)


def findings() -> list[Finding]:
    """All that are open."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [Finding(**row) for row in csv.DictReader(file)]


def unknown(wrong: Iterable[Wrong]) -> list[Wrong]:
    """The wrong cells that no finding describes."""
    known = findings()
    return [w for w in wrong if not any(f.describes(w) for f in known)]


def judge(test: str, wrong: Iterable[Wrong]) -> None:
    """Fail at a wrong cell that is new, and at a finding of this test that is gone."""
    cells = list(wrong)
    new = unknown(cells)
    assert not new, report(new)
    for finding in findings():
        if test in finding.tests.split():
            assert any(finding.describes(w) for w in cells), f"{finding.code} is put right: delete it from {FILE.name}"
