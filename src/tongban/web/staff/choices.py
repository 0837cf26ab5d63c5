"""Choices that several forms of the desk offer."""

from __future__ import annotations

from typing import Any

from tongban.core.labels import Label
from tongban.core.registry.queries import directory
from tongban.engines.cases.models import Meeting

MEETINGS = {
    Meeting.Kind.MONTHLY: Label("月度例会", "Monthly meeting"),
    Meeting.Kind.JOINT: Label("联席会议", "Joint meeting"),
}


def places(language: str, choose: str) -> list[tuple[Any, Any]]:
    """The county, then each town with its villages."""
    known = directory()
    county = known.county
    found: list[tuple[Any, Any]] = [
        ("", choose),
        (county.id, Label("全县 / 说不清", "The county / not sure").text(language)),
    ]
    for town in known.towns():
        inner = [(town.id, town.name.text(language)), *((v.id, v.name.text(language)) for v in known.villages(town.id))]
        found.append((town.name.text(language), inner))
    return found
