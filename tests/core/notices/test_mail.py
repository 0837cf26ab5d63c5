"""Letters through a real mail server: one that asks who is there, is down for a day, or knows no such mailbox."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from tests.core.notices.conftest import NOW, by
from tests.core.notices.wishing import ADDRESS, People, confirmed, tell, wish
from tongban.config import outgoing
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import LEASE, run_pending
from tongban.core.notices import smtp
from tongban.core.notices.delivery import State, state
from tongban.core.notices.mail import message_id, send
from tongban.core.notices.models import Message, Preferences, Route
from tongban.core.notices.outward import CallFailed
from tongban.core.notices.preferences import CONFIRM, email_code, give_email
from tongban.core.notices.states import why

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
HOUR = timedelta(hours=1)


@dataclass
class Office:
    """A mail server's behaviour: what it says to a recipient and to a letter, and all that it took."""

    recipient: str = "250 OK"
    letter: str = "250 taken"
    taken: list[Any] = field(default_factory=list)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.letter.startswith("250"):
            self.taken.append(
                (session.auth_data, envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default))
            )
        return self.letter


class AnyPort(Controller):
    """A server on whatever port is free, which it tells only once it listens."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def post_office(settings: Any, office: Office, *, login: str = "") -> Iterator[None]:
    """A server on a port of its own, and this county's letters go to it."""

    def known(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"p:w"
        return AuthResult(success=right, auth_data=data.login.decode() if right else None)

    controller = AnyPort(
        office, hostname="127.0.0.1", port=0, authenticator=known, auth_required=bool(login), auth_require_tls=False
    )
    controller.start()
    try:
        use(settings, controller.port, login)
        yield
    finally:
        controller.stop()


def use(settings: Any, port: int, login: str = "") -> None:
    settings.EMAIL_BACKEND = outgoing.mail("smtp://127.0.0.1", Path(settings.TONGBAN_DATA)).backend
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = login, "p:w" if login else ""


def asked(person: People, name: str = "陈居民", phone: str = "13800000001") -> Any:
    """Somebody who wants his letters now, and one that is due."""
    someone = person(name, phone)
    confirmed(someone)
    Outbox.objects.filter(topic=CONFIRM).delete()  # the code is written to him here, without a letter
    wish(someone, steps_email="now")
    tell(someone)
    return someone


def states() -> list[State]:
    return [state(m) for m in Message.objects.filter(channel="email").order_by("pk")]


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # it listens to this machine alone
def test_a_letter_reaches_a_server_that_asks_for_a_password(person: People, settings: Any) -> None:
    office = Office()
    with post_office(settings, office, login="desk@county"):
        asked(person)
        assert run_pending(NOW).errors == []
        run_pending(NOW + HOUR)
    ((login, recipients, letter),) = office.taken
    assert (login, recipients, letter["To"]) == ("desk@county", [ADDRESS], ADDRESS)
    assert letter["Message-ID"] == message_id(Message.objects.get(channel="email").key)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Subject"] == "通办：您有新消息"
    assert "测试" in letter.get_content()
    assert states() == [State.SENT]


def test_a_server_that_is_down_gets_the_letter_when_it_is_up_again(person: People, settings: Any) -> None:
    use(settings, 9)
    asked(person)
    assert run_pending(NOW).errors != []
    assert states() != [State.SENT]
    office = Office()
    with post_office(settings, office):
        run_pending(NOW + 24 * HOUR)
        run_pending(NOW + 48 * HOUR)
    assert len(office.taken) == 1
    assert states() == [State.SENT]


@pytest.mark.parametrize("where", ["recipient", "letter"])
def test_one_dead_mailbox_is_given_up_and_holds_up_no_other(person: People, settings: Any, where: str) -> None:
    office = Office(**{where: "550 5.1.1 no such mailbox"})
    with post_office(settings, office):
        for n in range(1, 5):
            asked(person, f"居民{n}", f"1380000000{n}")
        run_pending(NOW)
        assert states() == [State.FAILED] * 4
        assert Route.objects.get(channel="email").failures == 0, "the server itself works"
        assert not any(ADDRESS in row.error for row in Outbox.objects.all())
        setattr(office, where, "250 OK")
        asked(person, "居民五", "13800000005")
        run_pending(NOW)
    assert states()[-1] is State.SENT
    assert len(office.taken) == 1


def test_a_server_that_says_later_is_asked_later(person: People, settings: Any) -> None:
    office = Office(recipient="451 4.7.1 greylisted, come again")
    with post_office(settings, office):
        asked(person)
        run_pending(NOW)
        assert states() != [State.FAILED]
        office.recipient = "250 OK"
        run_pending(NOW + HOUR)
    assert states() == [State.SENT]


def test_a_code_for_a_mailbox_that_does_not_exist_is_not_sent_again_and_again(person: People, settings: Any) -> None:
    office = Office(recipient="550 5.1.1 no such mailbox")
    someone = person()
    with post_office(settings, office):
        give_email(address=ADDRESS, by=by(someone), at=NOW)
        assert run_pending(NOW).errors == []
        office.recipient = "250 OK"
        run_pending(NOW + HOUR)
        assert office.taken == []
        give_email(address="chen2@example.org", by=by(someone), at=NOW + HOUR)
        run_pending(NOW + HOUR)
    ((_, recipients, letter),) = office.taken
    assert recipients == ["chen2@example.org"]
    assert email_code(Preferences.objects.get()) in letter.get_content()


def test_a_county_that_sends_no_letters_says_of_none_that_it_was_sent(person: People, settings: Any) -> None:
    asked(person)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND, settings.TONGBAN_SENDS_MAIL = outgoing.Mail().backend, False
    (error,) = run_pending(NOW).errors
    assert isinstance(error, CallFailed)
    assert states() == [State.WAITING]
    assert Message.objects.get(channel="email").error == "off"
    assert why("off").en == "switched off; nothing was sent"
    settings.EMAIL_BACKEND, settings.TONGBAN_SENDS_MAIL = backend, True
    assert run_pending(NOW + HOUR).errors == []
    assert states() == [State.SENT]


@pytest.mark.parametrize(
    ("tls", "first", "sign"), [(False, b"", b"220-wait\r\n"), (True, b"\x16\x03\x03\x40\x00", b"\x02")]
)
def test_a_server_that_says_a_sign_now_and_then_is_left_when_the_time_is_over(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tls: bool, first: bytes, sign: bytes
) -> None:
    monkeypatch.setattr(smtp, "SECONDS", 0.5)
    ends = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def trickles() -> None:
            line, _ = listening.accept()
            with line, suppress(OSError):
                line.sendall(first)
                while not ends.wait(0.05):
                    line.sendall(sign)

        threading.Thread(target=trickles, daemon=True).start()
        use(settings, listening.getsockname()[1])
        settings.EMAIL_USE_SSL = tls
        threading.Timer(8, ends.set).start()  # so that a test that fails ends too
        begun = time.monotonic()
        with pytest.raises(OSError):  # noqa: PT011 - both of SMTP and of TLS are such
            send("k", ADDRESS, "x", "zh")
        assert 0.4 < time.monotonic() - begun < 4
        ends.set()


def test_a_letter_is_given_up_well_before_the_lease_of_its_row() -> None:
    assert LEASE.total_seconds() / 2 > smtp.SECONDS
