"""What people choose about their notices, the e-mail address that they confirm, and the day's digest."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core import mail

from tests.core.notices.conftest import NOW, by
from tests.core.notices.wishing import ADDRESS, People, confirmed, refusal, sent, tell, wish
from tests.ledgered import adopt
from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import digest, wording
from tongban.core.notices.mail import message_id
from tongban.core.notices.models import Choice, Message, Notice
from tongban.core.notices.ports import FilePort
from tongban.core.notices.preferences import choose
from tongban.core.notices.writing import Line, add_lines, ask_message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
HOUR = timedelta(hours=1)


# -- choices -----------------------------------------------------------------------------------------------------------


def test_who_has_chosen_nothing_gets_messages_of_their_own_and_no_copies_of_lines(person: People) -> None:
    someone = person()
    tell(someone)
    for kind in ("test.free", "test.must"):
        ask_message(key=kind, person=someone.pk, kind=kind, case=None, at=NOW)
    assert sent() == [("sms", "test.free"), ("sms", "test.must")]


@pytest.mark.parametrize(
    ("timing", "kinds"),
    [
        ("main", ["test.free", "test.must"]), ("now", ["asker.step", "test.free", "test.must"]),
        ("off", ["test.must"]), ("daily", ["test.must"]),
    ],
)  # fmt: skip
def test_what_was_chosen_is_kept_to_and_what_must_be_told_is_told(
    person: People, timing: str, kinds: list[str]
) -> None:
    someone = person()
    if timing != "main":
        wish(someone, steps_sms=timing)
    tell(someone)
    tell(someone, "asker.done")  # another group
    for kind in ("test.free", "test.must"):
        ask_message(key=kind, person=someone.pk, kind=kind, case=None, at=NOW)
    assert [kind for _, kind in sent()] == kinds
    assert Notice.objects.count() == 2, "in the app everything stands"


def test_nobody_is_told_the_same_twice_on_one_channel(person: People) -> None:
    someone = person()
    confirmed(someone)
    wish(someone, steps_sms="now", steps_email="now")
    tell(someone, texted=True)
    assert sent() == [("email", "asker.step")], "the message to his phone is another one"


def test_an_officer_is_told_beside_the_app_only_where_he_wishes(person: People) -> None:
    someone, other = person(), person("别人", "13800000002")
    confirmed(someone)
    for account in Account.objects.filter(person__in=(someone, other)):
        add_lines([Line("officer.job", account=account.pk)], cause="before", at=NOW)
    assert sent() == []
    wish(someone, work_email="now", work_sms="now")
    for account in Account.objects.filter(person__in=(someone, other)):
        add_lines([Line("officer.job", account=account.pk)], cause="after", at=NOW)
    assert sent() == [("email", "officer.job"), ("sms", "officer.job")]
    mail.outbox.clear()
    assert run_pending(NOW).errors == []
    (text,) = [m.text for m in FilePort().delivered("13800000001")]
    assert text.startswith("【通办】测试 0 详情：")
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([ADDRESS], "通办：您有新消息")
    assert letter.extra_headers["Message-ID"] == message_id(Message.objects.get(channel="email").key)


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (("steps", "sms", "never"), "wishes.choice"), (("steps", "fax", "now"), "wishes.choice"),
        (("nothing", "sms", "now"), "wishes.choice"), (("work", "sms", "main"), "wishes.choice"),
        (("steps", "email", "now"), "wishes.email_first"),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_is_refused_and_nothing_is_kept(
    person: People, choice: tuple[str, str, str], code: str
) -> None:
    someone = person()
    group, channel, timing = choice
    assert refusal(lambda: choose(choices={("answers", "sms"): "now", (group, channel): timing}, by=by(someone), at=NOW)) == code  # fmt: skip
    assert not Choice.objects.exists()


def test_whoever_is_nobody_chooses_nothing(person: People) -> None:
    nobody = Account.objects.create(username="nobody", created_at=NOW)
    for actor in (Actor(nobody.pk), Actor(system="x")):
        assert refusal(lambda actor=actor: choose(choices={}, by=actor, at=NOW)) == "wishes.nobody"


def test_choosing_leaves_an_entry_only_when_something_changes(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="off")
    wish(someone, steps_sms="off", answers_sms="main")
    assert Entry.objects.filter(name="notices.choose").count() == 1
    adopt()
    assert [fault.sentence("en") for fault in Audit().faults()] == []


# -- wording -----------------------------------------------------------------------------------------------------------


def test_words_with_other_gaps_in_one_language_stop_the_import() -> None:
    with pytest.raises(ValueError, match="gaps"):
        wording.declare({"x.y": Label("给{name}", "To {person}")}, {}, lambda case, gaps: {})
    with pytest.raises(ValueError, match="no such message"):
        wording.declare({}, {}, lambda case, gaps: {}, required={"x.z"})
    with pytest.raises(ValueError, match="no group"):
        wording.declare({}, {}, lambda case, gaps: {}, groups={"asker.step": "x"})


def test_the_groups_of_askers_are_those_that_lines_belong_to() -> None:
    assert set(wording.groups_in_use(staff=False)) == {"steps", "answers", "meetings"}
    assert time(8, 30) == digest.HOUR
