"""Every write to what a person wishes about his notices. Each is his own: who acts is whose wishes change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError

from tongban.core import vault
from tongban.core.access import bounds, throttle
from tongban.core.access.models import Account
from tongban.core.access.throttle import TooMany
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.journal import Journal
from tongban.core.notices import mail, wording
from tongban.core.notices.models import Choice, Message, Preferences
from tongban.core.notices.wishes import Timing, offered
from tongban.core.refusals import Refused, declare
from tongban.core.registry.models import Person

CONFIRM = "notices.confirm_email"
CODE_LIFE = timedelta(days=1)
_CODE = 8

declare(
    {
        "wishes.nobody": Label(
            "这个账号没有对应的人，不能设置通知方式。请用本人的账号登录。",
            "This account belongs to no person, so there is nobody to notify. Sign in with an account of your own.",
        ),
        "wishes.kept": Label(
            "这个人还在，通知方式由他自己改。", "This person has not been erased; his wishes are his own to change."
        ),
        "wishes.choice": Label(
            "“{group}”没有这种通知方式，请在列出的几种里选。", "“{group}” cannot be sent that way; choose one of those listed."
        ),
        "wishes.email_first": Label(
            "要用邮箱收通知，请先填写邮箱并确认。", "To be notified by e-mail, give an address and confirm it first."
        ),
        "email.off": Label(
            "本县还没有开通邮件，请用短信或站内消息。", "This county sends no e-mail yet; use messages to your phone or notices here."
        ),
        "email.shape": Label(
            "邮箱写得不对，应该像 name@example.com。", "This is no e-mail address; one looks like name@example.com."
        ),
        "email.same": Label("这个邮箱已经确认过了，不用再填。", "This address is confirmed already."),
        "email.none": Label("没有等待确认的邮箱，请先填邮箱。", "No address waits to be confirmed; give one first."),
        "email.old": Label(
            "确认码超过一天，已失效。请重新填邮箱，会再发一个。", "The code is more than a day old. Give the address again for another."
        ),
        "email.code": Label(
            "确认码不对。请照邮件里的 8 位再填一次。", "The code does not fit. Type the eight characters from the letter again."
        ),
        "email.tries": Label(
            "试得太多了，请{wait}后再试。", "That was tried too often; try again in {wait}."
        ),
        "email.day": Label(
            "一天最多发 {most} 封确认信，请{wait}后再试。", "At most {most} letters to confirm are sent in a day; try again in {wait}."
        ),
    }
)  # fmt: skip


def choose(*, choices: Mapping[tuple[str, str], str], by: Actor, at: datetime) -> None:
    """Set how groups of notices come: ``{(group, channel): timing}``. What is not named stays as it is."""
    person = _person(by)
    with _writing("notices.choose", by, at) as journal:
        row = _own(person, journal)
        known = {(c.group, c.channel): c for c in row.choices.all()}
        was_daily = any(c.timing == Timing.DAILY for c in known.values())
        for (group, channel), timing in choices.items():
            _allowed(row, group, channel, timing)
            choice = known.get((group, channel))
            if choice is None:
                if timing == offered(group, channel)[0]:
                    continue  # as it was
                choice = Choice(preferences=row, group=group, channel=channel, timing=timing)
                journal.add(choice, of=row)
            elif choice.timing != timing:
                journal.change(choice, of=row, timing=timing)
        if Timing.DAILY in choices.values() and not was_daily:
            journal.change(row, digested_until=at)


def give_email(*, address: str, by: Actor, at: datetime, network: str = "") -> None:
    """Have a code sent to an address; it is used for nothing until :func:`confirm_email`."""
    person = _person(by)
    if not mail.offered():
        raise Refused("email.off", field="address")
    given = _email(address)
    with _writing("notices.give_email", by, at) as journal:
        row = _own(person, journal)
        if row.address == given:
            raise Refused("email.same", field="address")
        _may_have_another(person, network, at)
        journal.change(row, pending=vault.encrypt(given), pending_at=at)
        journal.send(CONFIRM, key=f"{CONFIRM}:{row.pk}:{at.isoformat()}", preferences=row.pk, asked=at.isoformat())


def confirm_email(*, code: str, by: Actor, at: datetime) -> None:
    """Whoever knows the code reads the address: from now on it is used. Pages count the tries: see :func:`guess`."""
    person = _person(by)
    row = Preferences.objects.filter(person=person).first()
    if row is None or row.pending_at is None:
        raise Refused("email.none", field="code")
    if row.pending_at <= at - CODE_LIFE:
        raise Refused("email.old", field="code")
    if not vault.same(vault.tidy_token(code), email_code(row)):
        raise Refused("email.code", field="code")
    with _writing("notices.confirm_email", by, at) as journal:
        journal.change(row, email=bytes(row.pending), email_confirmed_at=at, pending=b"", pending_at=None)


def guess(*, code: str, by: Actor, at: datetime) -> None:
    """:func:`confirm_email`, counted before it is judged: who guesses is kept waiting."""
    if wait := throttle.take(bounds.EMAIL_CODE, str(by.account), at):
        raise TooMany("email.tries", wait, field="code")
    confirm_email(code=code, by=by, at=at)
    throttle.forget(bounds.EMAIL_CODE, str(by.account))


def forget_email(*, by: Actor, at: datetime) -> None:
    """Take the address away, confirmed or not; what was to come by e-mail comes no more."""
    person = _person(by)
    with _writing("notices.forget_email", by, at) as journal:
        row = _own(person, journal)
        if not row.email and not row.pending:
            raise Refused("email.none", field="address")
        for choice in row.choices.filter(channel=Message.Channel.EMAIL).exclude(timing=Timing.OFF):
            journal.change(choice, of=row, timing=Timing.OFF)
        journal.change(row, email=b"", email_confirmed_at=None, pending=b"", pending_at=None)


def forget_wishes(*, person: int, by: Actor, at: datetime) -> None:
    """Leave nothing of what somebody wished who has been erased: no address, confirmed or not, and no choice."""
    row = Preferences.objects.select_related("person").filter(person=person).first()
    if row is None:
        return
    if row.person.erased_at is None:
        raise Refused("wishes.kept")
    with _writing("notices.forget_wishes", by, at) as journal:
        for choice in row.choices.all():
            journal.remove(choice, of=row)
        journal.change(row, email=b"", email_confirmed_at=None, pending=b"", pending_at=None)


def email_code(row: Preferences) -> str:
    """The code that confirms the address that waits: derived and not stored, another one for each time of asking."""
    asked = row.pending_at.isoformat() if row.pending_at else ""
    return vault.token("email", f"{row.pk}:{asked}:{row.pending_address}", _CODE)


# -- inside ------------------------------------------------------------------------------------------------------


@contextmanager
def _writing(name: str, by: Actor, at: datetime) -> Iterator[Journal]:
    """A journal in which the first wishes of one person, written twice at once, are refused once."""
    try:
        with Journal(name, by=by, at=at) as journal:
            yield journal
    except IntegrityError:
        raise Refused("ledger.overtaken") from None


def _person(by: Actor) -> Person:
    account = Account.objects.select_related("person").filter(pk=by.account).first() if by.account else None
    if account is None or account.person is None or account.person.erased_at is not None:
        raise Refused("wishes.nobody")
    return account.person


def _own(person: Person, journal: Journal) -> Preferences:
    row = Preferences.objects.select_related("person").filter(person=person).first()
    if row is None:
        row = Preferences(person=person)
        journal.add(row)
    return row


def _allowed(row: Preferences, group: str, channel: str, timing: str) -> None:
    known = wording.GROUPS.get(group)
    if known is None or channel not in Message.Channel.values or timing not in offered(group, channel):
        raise Refused("wishes.choice", group=known.label if known else group)
    if channel == Message.Channel.EMAIL and timing != Timing.OFF and row.email_confirmed_at is None:
        raise Refused("wishes.email_first", field=f"{group}_{channel}")


def _email(typed: str) -> str:
    address = typed.strip()
    try:
        validate_email(address)
    except ValidationError:
        raise Refused("email.shape", field="address") from None
    if len(address) > 200 or not address.isascii():
        raise Refused("email.shape", field="address")
    return address


def _may_have_another(person: Person, network: str, at: datetime) -> None:
    for subject in (str(person.pk), network):
        if subject and (wait := throttle.take(bounds.EMAIL_A_DAY, subject, at)):
            raise TooMany("email.day", wait, field="address", most=bounds.EMAIL_A_DAY.most)
