"""The e-mail address that somebody gives, confirms and takes away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from tests.core.notices.conftest import NOW, by
from tests.core.notices.wishing import ADDRESS, People, confirmed, refusal, tell, wish
from tests.ledgered import adopt
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import preferences
from tongban.core.notices.models import Message, Preferences
from tongban.core.notices.preferences import confirm_email, forget_email, give_email, guess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
HOUR = timedelta(hours=1)


def test_an_address_is_used_once_its_owner_has_typed_the_code(person: People) -> None:
    someone = person()
    give_email(address=f" {ADDRESS} ", by=by(someone), at=NOW)
    assert run_pending(NOW).errors == []
    (letter,) = mail.outbox
    code = preferences.email_code(Preferences.objects.get())
    assert letter.to == [ADDRESS]
    assert code in letter.body
    assert code not in letter.subject
    assert "陈居民" not in letter.body
    assert Preferences.objects.get().address == ""
    confirm_email(code=f"{code[:4]} {code[4:].lower()}", by=by(someone), at=NOW)
    row = Preferences.objects.get()
    assert (row.address, row.pending_address, row.email_confirmed_at) == (ADDRESS, "", NOW)
    stored = [*Entry.objects.values_list("images", flat=True), *Outbox.objects.values_list("payload", flat=True)]
    assert not any(ADDRESS in text or code in text for text in stored)
    assert ADDRESS.encode() not in bytes(row.email)
    adopt()
    assert [fault.sentence("en") for fault in Audit().faults()] == []


def test_a_code_is_good_for_its_own_address_and_person_and_for_a_day(person: People) -> None:
    someone, other = person(), person("别人", "13800000002")
    give_email(address=ADDRESS, by=by(someone), at=NOW)
    old = preferences.email_code(Preferences.objects.get())
    give_email(address="another@example.org", by=by(someone), at=NOW + HOUR)
    give_email(address=ADDRESS, by=by(other), at=NOW)
    assert refusal(lambda: confirm_email(code=old, by=by(someone), at=NOW + HOUR)) == "email.code"
    assert refusal(lambda: confirm_email(code=old, by=by(other), at=NOW + HOUR)) == "email.code"
    new = preferences.email_code(Preferences.objects.get(person=someone))
    assert refusal(lambda: confirm_email(code=new, by=by(someone), at=NOW + 26 * HOUR)) == "email.old"
    confirm_email(code=new, by=by(someone), at=NOW + HOUR)
    assert refusal(lambda: confirm_email(code=new, by=by(someone), at=NOW + HOUR)) == "email.none"
    assert refusal(lambda: give_email(address="another@example.org", by=by(someone), at=NOW)) == "email.same"


@pytest.mark.parametrize(
    "typed", ["", "x", "a@b", "a@b.c\nBcc: x@y.z", "a b@c.de", "甲@例子.cn", "x" * 250 + "@example.org"]
)
def test_what_is_no_address_is_refused(person: People, typed: str) -> None:
    someone = person()
    assert refusal(lambda: give_email(address=typed, by=by(someone), at=NOW)) == "email.shape"


def test_nobody_is_flooded_with_letters_and_nobody_guesses_codes(person: People) -> None:
    someone = person()
    for n in range(5):
        give_email(address=f"a{n}@example.org", by=by(someone), at=NOW + timedelta(seconds=n))
    assert refusal(lambda: give_email(address=ADDRESS, by=by(someone), at=NOW)) == "email.day"
    for _ in range(10):
        assert refusal(lambda: guess(code="AAAAAAAA", by=by(someone), at=NOW)) == "email.code"
    right = preferences.email_code(Preferences.objects.get())
    assert refusal(lambda: guess(code=right, by=by(someone), at=NOW)) == "email.tries"
    guess(code=right, by=by(someone), at=NOW + HOUR)


def test_letters_from_one_place_are_counted_together(person: People) -> None:
    for n in range(5):
        give_email(address=ADDRESS, by=by(person(f"人{n}", f"1380000010{n}")), at=NOW, network="192.0.2.7")
    other = person("又一人", "13800000200")
    assert refusal(lambda: give_email(address=ADDRESS, by=by(other), at=NOW, network="192.0.2.7")) == "email.day"
    give_email(address=ADDRESS, by=by(other), at=NOW, network="192.0.2.8")


def test_an_address_that_is_taken_away_gets_nothing_more(person: People) -> None:
    someone = person()
    confirmed(someone)
    wish(someone, steps_email="now")
    tell(someone)
    forget_email(by=by(someone), at=NOW)
    tell(someone)
    mail.outbox.clear()
    run_pending(NOW)
    assert mail.outbox == []
    assert Message.objects.get().error == "nobody"
    assert refusal(lambda: forget_email(by=by(someone), at=NOW)) == "email.none"


def test_a_county_without_e_mail_offers_none(person: People, settings: Any) -> None:
    someone = person()
    settings.TONGBAN_SENDS_MAIL = False
    assert refusal(lambda: give_email(address=ADDRESS, by=by(someone), at=NOW)) == "email.off"
