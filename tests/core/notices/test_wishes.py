"""What people choose about their notices, the e-mail address that they confirm, and the day's digest."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.db import connection

from tests.core.notices.conftest import NOW, by
from tests.ledgered import adopt
from tongban.core.access.models import Account
from tongban.core.labels import Label
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.ledger.worker import LEASE, appoint, run_pending
from tongban.core.notices import digest, preferences, wording
from tongban.core.notices.mail import message_id
from tongban.core.notices.models import Choice, Message, Notice, Preferences
from tongban.core.notices.ports import FilePort
from tongban.core.notices.preferences import choose, confirm_email, forget_email, give_email, guess
from tongban.core.notices.writing import Line, add_lines, ask_message
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person

People = Callable[..., Person]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("words")]
CHINA = ZoneInfo("Asia/Shanghai")
HOUR = timedelta(hours=1)
ADDRESS = "chen@example.org"


def confirmed(person: Person, at: datetime = NOW) -> None:
    give_email(address=ADDRESS, by=by(person), at=at)
    confirm_email(code=preferences.email_code(Preferences.objects.get(person=person)), by=by(person), at=at)


def wish(person: Person, at: datetime = NOW, **timings: str) -> None:
    """``wish(person, steps_email="daily")``."""
    choose(choices={tuple(k.split("_")): v for k, v in timings.items()}, by=by(person), at=at)  # type: ignore[misc]


def tell(person: Person, kind: str = "asker.step", at: datetime = NOW, **more: Any) -> None:
    add_lines([Line(kind, person=person.pk, case=7, **more)], cause=f"c{Notice.objects.count()}", at=at)


def sent() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("channel", "kind"))


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


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


# -- e-mail ------------------------------------------------------------------------------------------------------------


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


# -- digest ------------------------------------------------------------------------------------------------------------

DAY = date(2026, 11, 19)
HALF_PAST_EIGHT = datetime.combine(DAY, digest.HOUR, tzinfo=CHINA)
REGISTERED = worker._DAILY[digest.DIGEST]  # before the tests forget all duties
DUE = datetime.combine(DAY, REGISTERED, tzinfo=CHINA)


@pytest.fixture
def duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the digest is due each day."""
    monkeypatch.setattr(worker, "_DAILY", {digest.DIGEST: REGISTERED})


def night(at: datetime) -> None:
    appoint(at)
    assert run_pending(at).errors == []


def digests() -> list[str]:
    return sorted(Message.objects.filter(kind=digest.KIND).values_list("key", flat=True))


@pytest.mark.usefixtures("duty")
def test_once_a_day_one_message_tells_what_is_new_and_none_if_nothing_is(person: People) -> None:
    someone, quiet = person(), person("没事", "13800000002")
    confirmed(someone)
    for one in (someone, quiet):
        wish(one, steps_sms="daily")
    wish(someone, steps_email="daily")
    mail.outbox.clear()
    for _ in range(3):
        tell(someone, at=NOW + HOUR)
    night(DUE - timedelta(seconds=1))
    assert digests() == []
    night(DUE)
    night(DUE + HOUR)
    assert digests() == [f"digest:2026-11-19:{someone.pk}:{channel}" for channel in ("email", "sms")]
    (text,) = [m.text for m in FilePort().delivered("13800000001")]
    assert "3 条新消息" in text
    (letter,) = [m for m in mail.outbox if "确认码" not in m.body]
    assert letter.body.count("- 测试 0") == 3
    night(DUE + 24 * HOUR)
    assert len(digests()) == 2, "on the next day nothing was new"
    tell(someone, at=DUE + 25 * HOUR)
    night(DUE + 48 * HOUR)
    assert len(digests()) == 4


@pytest.mark.usefixtures("duty")
def test_what_was_read_what_came_at_once_and_what_came_before_is_in_no_digest(person: People) -> None:
    someone = person()
    tell(someone, at=NOW - HOUR)
    wish(someone, steps_sms="daily", answers_sms="now")
    tell(someone, at=NOW + HOUR)
    Notice.objects.filter(made_at=NOW + HOUR).update(read_at=NOW + 2 * HOUR)
    tell(someone, "asker.done", at=NOW + HOUR)
    night(DUE)
    assert digests() == []


@pytest.mark.usefixtures("duty")
def test_a_letter_lists_the_lines_that_it_counts_and_no_others(person: People) -> None:
    someone = person()
    confirmed(someone)
    wish(someone, steps_email="daily", answers_email="off", steps_sms="daily")
    for n in range(3):
        tell(someone, at=NOW + HOUR, gaps={"n": n})
    read = Notice.objects.filter(pk=min(Notice.objects.values_list("pk", flat=True)))
    for _ in range(digest._LISTED + 5):
        tell(someone, "asker.done", at=NOW + 2 * HOUR, gaps={"n": 99})
    read.update(read_at=NOW + 3 * HOUR)
    Outbox.objects.filter(topic=preferences.CONFIRM).delete()
    appoint(DUE)
    while rows := worker.take(DUE, lane=""):  # all is worked out, and the letter is not sent yet
        for row in rows:
            worker.perform(row, DUE)
    assert len(digests()) == 2
    Notice.objects.filter(read_at=None).update(read_at=DUE + HOUR)
    mail.outbox.clear()
    night(DUE + HOUR)
    (letter,) = mail.outbox
    assert "2 条新消息" in letter.body
    assert [line for line in letter.body.splitlines() if line.startswith("- ")] == ["- 测试 2", "- 测试 1"]
    assert "2 条新消息" in FilePort().delivered("13800000001")[0].text


@pytest.mark.usefixtures("duty")
def test_a_digest_that_is_switched_off_before_it_is_sent_is_not_sent(person: People, settings: Any) -> None:
    settings.TONGBAN_QUIET_HOURS = (time(8), time(10))
    someone = person()
    wish(someone, steps_sms="daily")
    tell(someone, at=NOW + HOUR)
    night(DUE)
    wish(someone, steps_sms="off", at=DUE + HOUR)
    assert run_pending(DUE + 2 * HOUR).errors == []
    assert FilePort().delivered("13800000001") == []
    assert Message.objects.get().error == "unwished"


@pytest.mark.usefixtures("duty")
def test_a_letter_says_how_many_there_are_and_lists_the_newest(person: People) -> None:
    someone = person()
    confirmed(someone)
    wish(someone, steps_email="daily")
    for n in range(digest._LISTED + 3):
        tell(someone, at=NOW + HOUR, gaps={"n": n})
    mail.outbox.clear()
    night(DUE)
    (letter,) = [m for m in mail.outbox if "确认码" not in m.body]
    assert f"{digest._LISTED + 3} 条新消息" in letter.body
    listed = [line for line in letter.body.splitlines() if line.startswith("- ")]
    assert (len(listed), listed[0]) == (digest._LISTED, f"- 测试 {digest._LISTED + 2}")


@pytest.mark.usefixtures("duty")
def test_a_line_whose_row_is_committed_after_its_moment_falls_between_no_two_digests(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="daily")
    begun = HALF_PAST_EIGHT - timedelta(seconds=4)
    night(HALF_PAST_EIGHT + timedelta(seconds=1))
    tell(someone, at=begun)  # the row of which it comes was held up, for as long as a row may be
    night(begun + LEASE)
    assert digests() == []
    night(DUE)
    assert "1 条" in FilePort().delivered("13800000001")[0].text
    tell(someone, at=HALF_PAST_EIGHT + timedelta(seconds=4))
    night(DUE + 24 * HOUR)
    assert len(digests()) == 2
    assert "1 条" in FilePort().delivered("13800000001")[0].text


@pytest.mark.usefixtures("duty")
def test_a_day_on_which_no_worker_ran_is_told_on_the_next(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="daily")
    tell(someone, at=NOW + HOUR)
    night(DUE + 72 * HOUR)
    assert len(digests()) == 1
    assert "1 条" in FilePort().delivered("13800000001")[0].text


@pytest.mark.usefixtures("duty")
def test_a_day_done_late_and_again_tells_nothing_of_what_came_meanwhile(person: People) -> None:
    someone = person()
    wish(someone, steps_sms="daily")
    tell(someone, at=NOW + HOUR)
    late = HALF_PAST_EIGHT + 5 * HOUR
    tell(someone, at=late - HOUR)
    night(late)
    assert "1 条" in FilePort().delivered("13800000001")[0].text
    for seed in range(10):
        rows = list(Outbox.objects.filter(topic__in=(digest.DIGEST, digest.BLOCK)))
        random.Random(seed).shuffle(rows)
        for row in rows:
            Outbox.objects.filter(pk=row.pk).update(done_at=None, attempts=0)
            run_pending(late)
    assert len(digests()) == 1
    night(DUE + 24 * HOUR)
    assert len(digests()) == 2


def test_many_people_are_told_in_blocks_that_are_always_the_same(person: People) -> None:
    found = [person(f"人{n}", f"139000{n:05}") for n in range(digest._AT_ONCE + 5)]
    for one in found:
        wish(one, steps_sms="daily")
        tell(one, at=NOW + HOUR)
    Outbox.objects.create(topic=digest.DIGEST, key=f"{digest.DIGEST}:{DAY}", created_at=HALF_PAST_EIGHT, due_at=HALF_PAST_EIGHT)  # fmt: skip
    assert run_pending(DUE).errors == []
    assert len(digests()) == len(found)
    assert Outbox.objects.filter(topic=digest.BLOCK).count() in (2, 3)


@pytest.mark.usefixtures("duty")
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_midst_of_a_digest_leaves_one_for_each(
    person: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [person(f"人{n}", f"139000{n:05}") for n in range(4)]
    for one in found:
        wish(one, steps_sms="daily")
        tell(one, at=NOW + HOUR)
    told = digest._of_person
    for dies_at in (1, 3):
        connection.close()
        if not (child := os.fork()):
            count = iter(range(1, 100))

            def of_person(*given: Any, dies_at: int = dies_at, count: Any = count) -> None:
                told(*given)
                if next(count) == dies_at:
                    os.kill(os.getpid(), 9)

            monkeypatch.setattr(digest, "_of_person", of_person)
            appoint(DUE + dies_at * LEASE * 2)
            run_pending(DUE + dies_at * LEASE * 2)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
        assert digests() == []
    night(DUE + 10 * LEASE)
    assert digests() == [f"digest:2026-11-19:{one.pk}:sms" for one in sorted(found, key=lambda p: p.pk)]


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
