"""The rows that each group must have: ``docs/goals.json``."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import tongban
from tongban.cli.words import Trouble

Row = dict[str, Any]
Found = dict[str, float | str]  # a row's name → its value, or in a sentence why this run has none
LATER, NOT_YET = "comes with a later part", "not measured yet"
MILLION, SMALL = 1_000_000, 10_000


@dataclass(frozen=True, slots=True)
class Goal:
    """One row as it is promised."""

    name: str
    unit: str
    goal: float
    better: str  # "lower" or "higher"

    def reached(self, value: float) -> bool:
        """Whether ``value`` is as good as was promised."""
        return value <= self.goal if self.better == "lower" else value >= self.goal


def project() -> Path:
    """The folder of the source tree."""
    return Path(tongban.__file__).resolve().parents[2]


@cache
def goals() -> dict[str, list[Goal]]:
    """Group → its rows, in order."""
    path = project() / "docs" / "goals.json"
    if not path.is_file():
        raise Trouble(
            "没有 docs/goals.json：性能测试要在源码目录里运行。",
            "docs/goals.json is missing: the bench runs in a source tree.",
        )
    known = json.loads(path.read_text(encoding="utf-8"))
    return {group: [Goal(r["name"], r["unit"], r["goal"], r["better"]) for r in rows] for group, rows in known.items()}


def unmeasured(group: str, why: str) -> list[Row]:
    """All rows of a group, none of them measured."""
    return [{"name": g.name, "value": None, "unit": g.unit, "why": why} for g in goals()[group]]


def written(group: str, path: Path) -> Found:
    """What an earlier run has written of a group; of a row that it did not, that nobody has measured it."""
    found: Found = {goal.name: NOT_YET for goal in goals()[group]}
    if path.is_file():
        for row in json.loads(path.read_text(encoding="utf-8")):
            if row["name"] in found:
                found[row["name"]] = row["why"] if row["value"] is None else row["value"]
    return found


def complete(group: str, found: dict[str, float | str]) -> list[Row]:
    """The group's rows in order, from name → value, or the sentence why there is none.

    A row that nobody measured or explained, and one that the group does not have, is a mistake of the bench.
    """
    wanted = {g.name: g for g in goals()[group]}
    if missing := [n for n in wanted if n not in found]:
        raise _wrong("missing", missing)
    if strange := [n for n in found if n not in wanted]:
        raise _wrong("unknown", strange)
    rows = []
    for name, goal in wanted.items():
        value = found[name]
        row: Row = {"name": name, "value": None if isinstance(value, str) else value, "unit": goal.unit}
        rows.append({**row, "why": value} if isinstance(value, str) else row)
    return rows


def _wrong(what: str, names: list[str]) -> Trouble:
    return Trouble(
        "测试结果和 docs/goals.json 对不上（{what}：{names}）。",
        "the rows do not match docs/goals.json ({what}: {names}).",
        what=what,
        names=", ".join(names),
    )


def rounded(value: float) -> float:
    """Four significant digits: more would claim what was not measured."""
    return float(f"{value:.4g}")


def whole(args: argparse.Namespace) -> bool:
    """Whether a run measures; one with few cases only shows that all of it works."""
    return bool(args.cases >= SMALL)
