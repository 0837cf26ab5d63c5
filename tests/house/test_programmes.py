"""Every programme keeps the house rules: its files are there, its states only grow, its words are in both languages."""

from __future__ import annotations

import json
from pathlib import Path

import django
import pytest

import tongban.programmes
from tongban.engines.cases.declare import ASSIGNED
from tongban.engines.programme.scan import folders, programmes

ROOT = Path(tongban.programmes.__path__[0])
OURS = [f.rsplit(".", 1)[1] for f in folders() if f.startswith("tongban.programmes.")]
SNAPSHOT = Path(__file__).parents[2] / "docs" / "lifecycles.json"


def lifecycles() -> dict[str, dict[str, list[str]]]:
    return {
        f"{p.code}/{kind.code}": {
            "states": sorted(kind.lifecycle.states),
            "moves": sorted(f"{s} {m.code} {m.target or s}" for m in kind.lifecycle.moves for s in m.sources),
        }
        for p in programmes().values()
        for kind in p.cases
    }


@pytest.mark.parametrize("name", OURS)
@pytest.mark.parametrize("file", ["programme.py", "README.md", "test_programme.py", "demo.py", "permissions.csv"])
def test_a_programme_has_its_files(name: str, file: str) -> None:
    assert (ROOT / name / file).stat().st_size > 0


def test_states_and_moves_are_as_the_snapshot_says() -> None:
    """States are added, never renamed. Renew with: python -m tests.house.test_programmes"""
    assert lifecycles() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_state_that_is_no_end_can_be_left() -> None:
    for p in programmes().values():
        for kind in p.cases:
            cycle = kind.lifecycle
            assert all(s in cycle.ended or cycle.leaving(s) for s in cycle.states)


def test_every_category_names_a_limit_that_the_seed_knows() -> None:
    from tongban.engines.cases import seed

    text = Path(str(seed.__file__)).read_text(encoding="utf-8")
    for p in programmes().values():
        for kind in p.cases:
            for code in {
                *(c for c in kind.lifecycle.clocks.values() if c != ASSIGNED),
                *(c.limit for c in kind.categories),
            }:
                assert f'"{code}"' in text


if __name__ == "__main__":
    django.setup()
    SNAPSHOT.write_text(json.dumps(lifecycles(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
