"""The hand-written tables say something about everybody, contradict themselves nowhere, and the county tries each row."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.matrix import oracle, people
from tests.matrix.cells import Matrix
from tests.matrix.county import County
from tests.matrix.oracle import CONDITIONS, DESK, FILES, INNER, OWN, PROGRAMMES, Table

TABLES = sorted(PROGRAMMES.glob("*/permissions.csv"))
SURFACES = (
    "detail",
    "history",
    "track",
    "search_phone",
    "reveal",
    "autocomplete",
    "published",
    *DESK,
    *OWN,
    *INNER,
    *FILES,
)


def test_each_programme_with_cases_has_a_table() -> None:
    assert {path.parent.name for path in TABLES} == {path.parent.name for path in PROGRAMMES.glob("*/programme.py")}


def test_the_oracle_knows_nothing_of_the_product() -> None:
    tree = ast.parse(Path(oracle.__file__).read_text(encoding="utf-8"))
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    assert not [n for n in names if n.split(".")[0] in ("tongban", "django")]


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.parent.name)
def test_each_cell_says_yes_no_or_nothing(path: Path) -> None:
    for row in Table(path).rows:
        assert None not in row, f"a comma too many: {row}"
        assert all(row[s] in ("yes", "no", "–") for s in SURFACES), row
        assert all(row[c] in ("yes", "no", "*") for c in CONDITIONS), row
        assert row["why"], row


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.parent.name)
def test_a_row_does_not_contradict_itself(path: Path) -> None:
    for row in Table(path).rows:
        shown = "yes" in (row["detail"], row["track"])
        assert shown or all(row[s] != "yes" for s in (*INNER, *FILES, "history", "reveal", *DESK, *OWN)), row
        story = [row[f"story_{level}"] for level in range(1, 5)]
        assert story == sorted(story, reverse=True), f"an audience is left out: {row}"
        assert len({row[s] for s in DESK}) == 1, f"the rule is the same on every surface: {row}"
        assert "yes" not in {row["list"]} & {row["own_list"]}, f"neither list shows the other's: {row}"


def test_firms_differ_between_the_programmes_and_nothing_else() -> None:
    """What residents ask knows no firm; apart from that one rule serves both."""

    def plain(path: Path) -> list[dict[str, str]]:
        rows = [{k: v for k, v in r.items() if k != "firm_name"} for r in Table(path).rows]
        return [r for r in rows if r["relation"] not in ("firms_clerk", "liaison")]

    first, *others = (plain(path) for path in TABLES)
    assert all(other == first for other in others)


@pytest.mark.django_db
def test_the_county_tries_every_row_of_both_tables(county: County) -> None:
    matrix = Matrix(county)
    tried: set[int] = set()
    for name in matrix.everybody():
        for placed in county.cases:
            table = matrix.oracle.tables[placed.facts.programme]
            tried |= {
                id(table.row(placed.facts, r)) for r in matrix.oracle.relations(county.viewers[name], placed.facts)
            }
    for number in (False, True):
        holder = oracle.Viewer("", code_holder=True, number_too=number)
        for placed in county.cases:
            table = matrix.oracle.tables[placed.facts.programme]
            tried |= {id(table.row(placed.facts, r)) for r in matrix.oracle.relations(holder, placed.facts)}
    untried = [
        (programme, row["relation"], row["office"], [row[c] for c in CONDITIONS])
        for programme, table in matrix.oracle.tables.items()
        for row in table.rows
        if id(row) not in tried
    ]
    assert not untried, f"nobody stands in these relations at {people.SEEN}: {untried}"
