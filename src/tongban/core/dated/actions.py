"""Laying down a new version from a day on, and confirming a sample; what held before stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError

from tongban.core.access.authority import administering
from tongban.core.calendar.queries import calendar_now
from tongban.core.dated.models import Dated
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.refusals import Refused, declare
from tongban.core.registry import reference

declare(
    {
        "dated.unknown": Label("没有这一项，或者这个版本。", "There is no such thing, or no such version."),
        "dated.past": Label(
            "新版本最早从今天（{day}）起，以前的不能回头改。",
            "A new version begins today ({day}) at the earliest; what held before stands.",
        ),
        "dated.same": Label("和现行的一样，没有要改的。", "This is what holds already; nothing changes."),
        "dated.source": Label(
            "请写明依据，例如文件名称和文号。", "Say on what it rests, such as a document's title and number."
        ),
        "dated.confirmed": Label("这个版本已经确认过了。", "This version is confirmed already."),
    }
)
Row = TypeVar("Row", bound=Dated)


def set_version(
    first: Row, *, name: str, kept: str, source: str, by: Actor, at: datetime, copied: tuple[str, ...] = (),
    send: tuple[str, Mapping[str, Any], datetime] | None = None,
) -> Row:  # fmt: skip
    """Lay ``first`` (unsaved) down as the version of its code from its day on, under the action's ``name``.

    A version that begins on the same day is corrected instead. ``kept`` is the name under which reference data keep it.
    Columns in ``copied`` are taken over from the version before, which there must then be. ``send``: what the worker is to
    do about it (topic, payload, when).
    """
    first.source = _basis(source)
    today = calendar_now().day_of(at)
    if first.valid_from < today:
        raise Refused("dated.past", field="valid_from", day=today.isoformat())
    fixed = {"id", "version", "code", "valid_from", *copied}
    columns = {f.attname: getattr(first, f.attname) for f in first._meta.concrete_fields if f.attname not in fixed}
    try:
        with Journal(name, by=by, at=at) as journal:
            administering(by, at)
            row = _laid_down(journal, first, columns, copied)
            reference.changed(kept)
            if send is not None:
                topic, payload, due_at = send
                journal.send(topic, key=f"{topic}:{journal.action}", due_at=due_at, **payload)
    except IntegrityError:
        raise Refused("ledger.overtaken") from None
    return row


def confirm_version(
    model: type[Dated], key: int, *, name: str, kept: str, source: str, by: Actor, at: datetime
) -> None:
    """Say that a sample is the county's own rule, and on what it rests."""
    basis = _basis(source)
    with Journal(name, by=by, at=at) as journal:
        administering(by, at)
        row = model._default_manager.filter(pk=key).first()
        if row is None:
            raise Refused("dated.unknown")
        if row.confirmed:
            raise Refused("dated.confirmed")
        journal.change(row, confirmed=True, source=basis)
        reference.changed(kept)


def _laid_down(journal: Journal, first: Row, columns: dict[str, Any], copied: tuple[str, ...]) -> Row:
    rows = type(first)._default_manager.filter(code=first.code, valid_from__lte=first.valid_from)
    before: Row | None = rows.order_by("-valid_from").first()
    if before is None and copied:
        raise Refused("dated.unknown", field="code")
    if before is not None and all(getattr(before, name) == value for name, value in columns.items()):
        raise Refused("dated.same")
    if before is not None and before.valid_from == first.valid_from:
        journal.change(before, **columns)
        return before
    for column in copied:
        setattr(first, column, getattr(before, column))
    journal.add(first)
    return first


def _basis(source: str) -> str:
    if not source.strip():
        raise Refused("dated.source", field="source")
    return source.strip()[:200]
