"""A case's files in words: with what they came, and what a picture is called where it cannot be seen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tongban.core.labels import Label
from tongban.engines.cases.queries.files import File

# In the order in which they stand on a page: {n} is a picture's number among all of them.
CAME: dict[str, Label] = {
    "answer": Label("答复的附件", "With the answer"),
    "open": Label("提出时附的", "With the request"),
    "reply": Label("补充时附的", "With the reply"),
    "feed_back": Label("协办单位附的", "From an assisting unit"),
    "attach": Label("内部材料", "Internal files"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """The files that came with one kind of step."""

    label: Label
    pictures: list[File]
    others: list[File]


def grouped(files: Iterable[File]) -> list[Group]:
    """Files by what they came with."""
    files = list(files)
    found = []
    for code, label in CAME.items():
        mine = [f for f in files if f.came_with == code]
        if mine:
            shown = [f for f in mine if f.picture]
            found.append(Group(label, shown, [f for f in mine if not f.picture]))
    return found


def said(file: File) -> Label:
    """What a picture is called for whoever cannot see it."""
    came = CAME[file.came_with]
    return Label(f"照片 {file.number}，{came.zh}", f"Picture {file.number}, {came.en[:1].lower()}{came.en[1:]}")
