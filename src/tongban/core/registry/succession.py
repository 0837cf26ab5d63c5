"""What becomes of bodies, areas and firms: they are renamed, they end, and another takes over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TypeVar

from django.utils import timezone

from tongban.core.labels import Label, sort_key
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.plain import one_line
from tongban.core.refusals import Refused, declare
from tongban.core.registry import codes
from tongban.core.registry.models import Area, Firm, Organisation
from tongban.core.registry.reference import changed

declare(
    {
        "registry.unknown": Label("名录里没有这一条。", "The directory has no such entry."),
        "registry.name": Label("请填中文名称，最多 120 个字。", "Give the Chinese name, at most 120 characters."),
        "registry.name_en": Label("英文名称最多 160 个字符。", "The English name has at most 160 characters."),
        "registry.same_name": Label("名称没有变化。", "The name is the same as before."),
        "registry.ended": Label("“{name}”已于 {day} 撤销。", "“{name}” ended on {day} already."),
        "registry.day": Label(
            "最后一天不能早于成立的那天（{day}）。", "The last day cannot come before the first one ({day})."
        ),
        "registry.successor": Label(
            "承接的必须是另一个到时还在的单位或区划。",
            "The successor must be another one, and still exist on that day.",
        ),
        "registry.desk": Label(
            "受理台不能撤销，否则新的诉求没人接。可以改名。",
            "A desk cannot be ended, for nobody would take new requests. It can be renamed.",
        ),
        "registry.county": Label("本县不能撤销。", "The county itself cannot be ended."),
        "registry.inner": Label(
            "里面还有 {n} 个没有撤销的，请先处理它们。",
            "It still holds {n} that have not ended; deal with those first.",
        ),
        "firm.unknown": Label("没有登记这家企业。", "This firm is not registered."),
        "firm.successor": Label(
            "承接企业必须是另一家没有注销的企业。", "The successor must be another firm that is not dissolved."
        ),
        "firm.day": Label("注销日期不能在将来。", "A firm's dissolution cannot lie in the future."),
    }
)

T = TypeVar("T", Area, Organisation)
# Outbox topic: from now on a body (``organisation``) no longer exists.
ENDED = "registry.ended"


def rename_organisation(*, organisation: int, name_zh: str, name_en: str, by: Actor, at: datetime) -> None:
    """Another name for the same body; the ledger keeps the ones before."""
    _rename(Organisation, organisation, name_zh, name_en, by=by, at=at)


def rename_area(*, area: int, name_zh: str, name_en: str, by: Actor, at: datetime) -> None:
    """Another name for the same area."""
    _rename(Area, area, name_zh, name_en, by=by, at=at)


def end_organisation(*, organisation: int, last_day: date, successor: int | None, by: Actor, at: datetime) -> None:
    """The body exists until ``last_day``; whoever looks for it afterwards is sent to its successor."""
    with Journal("registry.end_organisation", by=by, at=at, unit=organisation) as journal:
        row = _open(Organisation, organisation)
        if row.kind == Organisation.Kind.DESK:
            raise Refused("registry.desk")
        _end(journal, Organisation, row, last_day, successor)
        changed("registry")
        over = timezone.make_aware(datetime.combine(last_day + timedelta(days=1), time.min))
        journal.send(ENDED, key=f"{ENDED}:{row.pk}", due_at=max(at, over), organisation=row.pk)


def end_area(*, area: int, last_day: date, successor: int | None, by: Actor, at: datetime) -> None:
    """The area exists until ``last_day``. One that still holds others is not ended."""
    with Journal("registry.end_area", by=by, at=at, area=area) as journal:
        row = _open(Area, area)
        if row.level == Area.Level.COUNTY:
            raise Refused("registry.county")
        inner = row.children.filter(valid_until=None).count()
        if inner:
            raise Refused("registry.inner", n=inner)
        _end(journal, Area, row, last_day, successor)
        changed("registry")


def dissolve_firm(*, firm: int, day: date, successor_code: str, by: Actor, at: datetime) -> None:
    """The firm was dissolved on ``day``; ``successor_code`` is the credit code of the firm that took it over, if any."""
    row = Firm.objects.filter(pk=firm).first()
    if row is None:
        raise Refused("firm.unknown")
    if row.valid_until is not None:
        raise Refused("registry.ended", name=row.label, day=row.valid_until.isoformat())
    if day > timezone.localdate(at):
        raise Refused("firm.day", field="day")
    heir = _heir(row, successor_code)
    with Journal("registry.dissolve_firm", by=by, at=at, area=row.area_id) as journal:
        journal.change(row, valid_until=day, successor_id=heir.pk if heir else None)


def _heir(row: Firm, successor_code: str) -> Firm | None:
    if not successor_code.strip():
        return None
    code = codes.credit_code(successor_code)
    heir = Firm.objects.filter(credit_code=code, valid_until=None).exclude(pk=row.pk).first()
    if heir is None:
        raise Refused("firm.successor", field="successor_code")
    return heir


def _rename(
    model: type[Area] | type[Organisation], key: int, name_zh: str, name_en: str, *, by: Actor, at: datetime
) -> None:
    zh, en = one_line(name_zh, 121), one_line(name_en, 161)
    if not zh or len(zh) > 120:
        raise Refused("registry.name", field="name_zh")
    if len(en) > 160:
        raise Refused("registry.name_en", field="name_en")
    with Journal(f"registry.rename_{model._meta.model_name}", by=by, at=at) as journal:
        row = model.objects.filter(pk=key).first()
        if row is None:
            raise Refused("registry.unknown")
        if (row.name_zh, row.name_en) == (zh, en):
            raise Refused("registry.same_name", field="name_zh")
        journal.change(row, name_zh=zh, name_en=en, sort=sort_key(zh))
        changed("registry")


def _open(model: type[T], key: int) -> T:
    row = model.objects.filter(pk=key).first()
    if row is None:
        raise Refused("registry.unknown")
    if row.valid_until is not None:
        raise Refused("registry.ended", name=row.label, day=row.valid_until.isoformat())
    return row


def _end(journal: Journal, model: type[T], row: T, last_day: date, successor: int | None) -> None:
    if last_day < row.valid_from:
        raise Refused("registry.day", field="last_day", day=row.valid_from.isoformat())
    if successor is not None:
        heir = model.objects.filter(pk=successor).exclude(pk=row.pk).first()
        if heir is None or (heir.valid_until is not None and heir.valid_until <= last_day):
            raise Refused("registry.successor", field="successor")
    journal.change(row, valid_until=last_day, successor_id=successor)
