"""Everything that stands of some cases, apart from keys and ciphers: what two ways of writing must agree on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from tongban.core import vault
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.logic import GENESIS, Fact
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.refusals import Refused
from tongban.core.registry import reference
from tongban.engines.cases import actions
from tongban.engines.cases.bulk import History, Outcome, Result, write_histories
from tongban.engines.cases.models import (
    AgendaItem,
    Answer,
    Assignment,
    Callback,
    Case,
    CaseScope,
    Escalation,
    Extension,
    FactValue,
    Inquiry,
    Participant,
    Rating,
    Slip,
    Stop,
    StoryItem,
)
from tongban.engines.cases.text import INDEX

PARTS: tuple[type[models.Model], ...] = (
    Assignment, StoryItem, Answer, Rating, Inquiry, Participant, FactValue, Stop, Extension, Callback, AgendaItem, Slip,
    Escalation,
)  # fmt: skip
ASKER = Actor(system="asker")
IMPORT = Actor(system="import")


# --- the two ways ----------------------------------------------------------------------------------------------------


def by_actions(histories: list[History]) -> list[Outcome]:
    """Each history by the actions, all or nothing, as the bulk writer promises."""
    return [_one_by_one(history) for history in histories]


def _one_by_one(history: History) -> Outcome:
    known = history.external
    if known and Case.objects.filter(source=known[0], external_id=known[1]).exists():
        return Outcome(Result.UNCHANGED)
    doing = "open"
    try:
        with transaction.atomic():
            case = actions.open_case(history.opening, by=history.by, at=history.at)
            for step in history.steps:
                doing = step.do
                step.take(case)
    except Refused as refusal:
        return Outcome(Result.REFUSED, refusal=refusal, step=doing)
    return Outcome(Result.OPENED, case.pk)


def in_bulk(histories: list[History]) -> list[Outcome]:
    return list(write_histories(histories))


# --- what stands in the county afterwards, apart from keys ---------------------------------------------------------------


def picture(outcomes: list[Outcome]) -> list[Any]:
    """Everything that is known of each case, with keys replaced by positions and nothing left encrypted."""
    return [
        _case_picture(o.case) if o.case else (o.result, o.step, o.refusal and (o.refusal.code, o.refusal.params))
        for o in outcomes
    ]


def _case_picture(key: int) -> dict[str, Any]:
    case = Case.objects.select_related("requester").get(pk=key)
    parts = {model: list(model._default_manager.filter(case_id=key).order_by("pk")) for model in PARTS}
    names = {("cases.case", key): "case"}
    for model, rows in parts.items():
        names |= {(model._meta.label_lower, row.pk): f"{model.__name__} {i}" for i, row in enumerate(rows)}

    def told(row: models.Model) -> dict[str, Any]:
        return {f.attname: _named(f, getattr(row, f.attname), names) for f in row._meta.concrete_fields}

    entries = Entry.objects.filter(kind="cases.case", object_id=key).order_by("number")
    asked = Outbox.objects.filter(payload=f'{{"case":{key}}}').order_by("pk")
    actions_of = {action: i for i, action in enumerate(dict.fromkeys(e.action for e in entries))}
    return {
        "case": {**told(case), "key": bool(case.key)},
        **{model.__name__: [told(row) for row in rows] for model, rows in parts.items()},
        "scope": sorted(
            CaseScope.objects.filter(case_id=key).values_list("holder", "queue", "due_at", "state", "programme")
        ),
        "words": words_held(key),
        "entries": [_entry_picture(e, case.subject_key(), names, actions_of) for e in entries],
        "outbox": [
            (o.topic, o.key.replace(f":{key}", ":case", 1), actions_of[o.action], o.created_at, o.due_at, o.attempts,
             o.error, o.taken_until, o.done_at, o.failed_at)
            for o in asked
        ],
    }  # fmt: skip


def _named(field: models.Field[Any, Any], value: Any, names: dict[tuple[str, int], str]) -> Any:
    """A value with the keys of the case and its parts replaced by names."""
    if field.attname == "key":
        return None
    if field.primary_key:
        return names[field.model._meta.label_lower, value]
    if isinstance(field, models.ForeignKey) and value is not None:
        return names.get((field.related_model._meta.label_lower, value), value)
    return value


def _entry_picture(entry: Entry, key: bytes, names: dict[tuple[str, int], str], order: dict[Any, int]) -> Any:
    images = []
    for model, row, columns in json.loads(entry.images):
        shown = {
            name: names.get(("cases.case" if name == "case_id" else "cases.assignment", value), value)
            if name in ("case_id", "parent_id")
            else vault.open_for(key, value["closed"]) if isinstance(value, dict) else value
            for name, value in (columns or {}).items()
        }  # fmt: skip
        images.append((model, names[model, row], shown))
    told = {f.attname: getattr(entry, f.attname) for f in Entry._meta.concrete_fields}
    for gone in ("id", "hash", "object_id", "images"):
        del told[gone]
    return {**told, "action": order[entry.action], "images": images}


def words_held(key: int) -> list[str]:
    """The words under which a case is found."""
    return sorted(INDEX.read([key])[key])


def chains_verify() -> None:
    """Every entry's hash follows from the one before it."""
    for kind, number in Entry.objects.values_list("kind", "object_id").distinct():
        before = GENESIS
        for i, entry in enumerate(Entry.objects.filter(kind=kind, object_id=number).order_by("number"), 1):
            told = {name: getattr(entry, name) for name in Fact.__slots__}
            assert entry.number == i
            assert bytes(entry.hash) == Fact(**{**told, "action": str(entry.action)}).hash(before)
            before = bytes(entry.hash)


@contextmanager
def undone() -> Iterator[None]:
    """Nothing of what is written inside remains."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    reference.forget()


def both_ways(histories: list[History]) -> tuple[list[Any], list[Any]]:
    pictures = []
    for way in (by_actions, in_bulk):
        with undone():
            pictures.append(picture(way(histories)))
            chains_verify()
    return pictures[0], pictures[1]


def differences(expected: Any, found: Any, at: str = "") -> Iterator[str]:
    """Where two pictures differ: a few words each, where the whole would be pages."""
    if isinstance(expected, dict) and isinstance(found, dict) and expected.keys() == found.keys():
        for name in expected:
            yield from differences(expected[name], found[name], f"{at}.{name}")
    elif isinstance(expected, list | tuple) and type(expected) is type(found) and len(expected) == len(found):
        for i, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from differences(one, other, f"{at}[{i}]")
    elif expected != found:
        yield f"{at}: {expected!r} by the actions, {found!r} in bulk"
