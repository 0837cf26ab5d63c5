"""Writes of the registry: people, firms and mandates."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from tongban.core import vault
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.plain import one_line
from tongban.core.refusals import Refused, declare
from tongban.core.registry import codes
from tongban.core.registry.models import Area, Firm, Mandate, Person

declare(
    {
        "firm.known": Label("这个信用代码已登记为“{name}”。", "This credit code is already registered as “{name}”."),
        "firm.dissolved": Label(
            "“{name}”已于 {day} 注销，不能再用它的名义提交。若由其他企业承接，请用承接企业提交。",
            "“{name}” was dissolved on {day}, so nothing can be filed in its name. If another firm has taken it over,"
            " please file in that firm's name.",
        ),
        "mandate.pending": Label(
            "您代表这家企业的申请已在等确认。", "Your request to act for this firm is already waiting."
        ),
        "mandate.own": Label(
            "不能确认自己的申请，请由另一位工作人员确认。", "Nobody confirms his own request; ask a colleague."
        ),
    }
)


def register_person(*, name: str, phone: str, by: Actor, at: datetime, area: Area | None = None) -> Person:
    """A new person with an encrypted number (empty: none). The number is not confirmed until its owner proves it."""
    person = draft_person(name=name, phone=phone, area=area)
    with Journal("registry.register_person", by=by, at=at) as journal:
        journal.add(person)
    return person


def draft_person(*, name: str, phone: str, area: Area | None = None) -> Person:
    """The row of a new person, not saved."""
    number = codes.phone(phone) if phone else ""
    return Person(
        name=one_line(name, 80),
        phone=vault.encrypt(number) if number else b"",
        phone_index=vault.blind_index("phone", number) if number else None,
        key=vault.new_subject_key(),
        area=area,
    )


def person_by_phone(phone: str) -> Person | None:
    """Whose confirmed number this is; else the only person registered under it; None if nobody or several."""
    found = list(Person.objects.filter(phone_index=vault.blind_index("phone", codes.phone(phone)), erased_at=None)[:20])
    confirmed = [p for p in found if p.phone_confirmed_at]
    if confirmed:
        return confirmed[0]
    return found[0] if len(found) == 1 else None


def register_firm(*, name: str, credit_code: str, area: Area, by: Actor, at: datetime, address: str = "") -> Firm:
    """A new firm under its checked credit code."""
    code = codes.credit_code(credit_code)
    known = Firm.objects.filter(credit_code=code).first()
    if known:
        raise Refused("firm.known", field="credit_code", name=known.label)
    firm = draft_firm(name=name, code=code, area=area, at=at, address=address)
    with Journal("registry.register_firm", by=by, at=at, area=area.pk) as journal:
        journal.add(firm)
    return firm


def draft_firm(*, name: str, code: str, area: Area, at: datetime, address: str = "") -> Firm:
    """The row of a new firm under a checked credit code, not saved."""
    return Firm(
        name_zh=one_line(name, 120),
        credit_code=code,
        code=vault.token("firm", code, 10),
        area=area,
        address=one_line(address, 200),
        valid_from=timezone.localdate(at),
    )


def firm_dissolved(firm: Firm, at: datetime) -> Refused | None:
    """The refusal that a firm which no longer exists deserves; None while it exists."""
    if firm.valid_until is None or firm.valid_until >= timezone.localdate(at):
        return None
    return Refused("firm.dissolved", field="firm", name=firm.label, day=firm.valid_until.isoformat())


def ask_mandate(*, firm: Firm, person: Person, by: Actor, at: datetime) -> Mandate:
    """A person asks to act for a firm; somebody else confirms."""
    if Mandate.objects.filter(firm=firm, person=person, ended_at=None, confirmed_at=None).exists():
        raise Refused("mandate.pending")
    mandate = Mandate(firm=firm, person=person, asked_at=at, valid_from=timezone.localdate(at))
    with Journal("registry.ask_mandate", by=by, at=at) as journal:
        journal.add(mandate)
    return mandate


def confirm_mandate(*, mandate: Mandate, by: Actor, at: datetime, account_person: int | None) -> None:
    """Let a person act for a firm. ``account_person`` is who confirms, and must be somebody else."""
    if account_person is not None and account_person == mandate.person_id:
        raise Refused("mandate.own")
    with Journal("registry.confirm_mandate", by=by, at=at) as journal:
        journal.change(mandate, confirmed_by=by.account, confirmed_at=at)


def end_mandate(*, mandate: Mandate, by: Actor, at: datetime) -> None:
    """From now on the person no longer acts for the firm."""
    with Journal("registry.end_mandate", by=by, at=at) as journal:
        journal.change(mandate, ended_at=at)
