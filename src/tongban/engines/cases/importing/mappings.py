"""Saved choices of which column is which field."""

from __future__ import annotations

import json
from collections.abc import Mapping as Map
from collections.abc import Sequence
from datetime import datetime

from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.ledger.logic import canonical
from tongban.core.refusals import Refused
from tongban.engines.cases.importing.columns import FIELDS, Columns, guess, plain
from tongban.engines.cases.models import Mapping

_NAME = 60


def columns_of(headings: Sequence[str], choice: Map[str, str] | None) -> Columns:
    """Where each field stands in a table with these headings: as chosen (field → heading), else as guessed."""
    columns = Columns(guess(headings) if choice is None else _chosen(headings, choice))
    if not columns.enough:
        raise Refused("import.headings", field="body", headings=_listed(headings))
    return columns


def guessed(headings: Sequence[str]) -> dict[str, str]:
    """Field → heading, as guessed."""
    return {name: headings[place] for name, place in guess(headings).items()}


def _chosen(headings: Sequence[str], choice: Map[str, str]) -> dict[str, int]:
    known = {plain(h): i for i, h in reversed(list(enumerate(headings)))}
    exact = {h: i for i, h in reversed(list(enumerate(headings)))}
    found: dict[str, int] = {}
    for name, heading in choice.items():
        if name not in FIELDS:
            raise Refused("import.column.field", field=name, name=name, names=", ".join(FIELDS))
        place = exact.get(heading, known.get(plain(heading)))
        if place is None:
            raise Refused("import.column.missing", field=name, heading=heading, headings=_listed(headings))
        if place in found.values():
            raise Refused("import.column.twice", field=name, heading=heading)
        found[name] = place
    return found


def _listed(headings: Sequence[str]) -> str:
    shown = [h[:20] for h in headings if h]
    return "、".join(shown[:20]) + ("……" if len(shown) > 20 else "") if shown else "—"


def save_mapping(*, name: str, programme: str, choice: Map[str, str], by: Actor, at: datetime) -> Mapping:
    """Keep a choice under a name; the same name again changes it."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > _NAME:
        raise Refused("import.mapping.name", field="mapping_name")
    columns = canonical(dict(choice))
    row = Mapping.objects.filter(name=tidy).first()
    with Journal("cases.save_mapping", by=by, at=at, programme=programme) as journal:
        if row is None:
            row = Mapping(name=tidy, programme=programme, columns=columns)
            journal.add(row)
        else:
            journal.change(row, programme=programme, columns=columns)
    return row


def saved_mappings(programme: str) -> dict[str, dict[str, str]]:
    """Name → choice, of one programme, by name."""
    rows = Mapping.objects.filter(programme=programme).order_by("name")[:100]
    return {row.name: json.loads(row.columns) for row in rows}


def saved_mapping(programme: str, name: str) -> dict[str, str]:
    """The choice saved under ``name``; refused with the names that there are."""
    known = saved_mappings(programme)
    if name not in known:
        raise Refused("import.mapping.unknown", field="mapping", name=name, names="、".join(known) or "—")
    return known[name]


def fitting(headings: Sequence[str], saved: Map[str, Map[str, str]]) -> str | None:
    """The saved mapping all of whose headings stand in the table, the most telling first."""
    there = {plain(h) for h in headings}
    fits = [n for n, c in saved.items() if c and all(plain(h) in there for h in c.values())]
    return max(fits, key=lambda n: len(saved[n]), default=None)
