"""A promise that was extended, and a clock that stood still: told in words to everybody who reads the promise."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import product

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.public.conftest import asked, taken_up
from tests.web.staff.conftest import sign_in as sign_in  # the fixture  # noqa: PLC0414
from tongban.core.ledger.actor import Actor
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case, Publication, Rating
from tongban.engines.cases.outcome import DONE

pytestmark = pytest.mark.django_db
Read = Callable[..., str]
REASON = "要等配件"
WORDS = {
    "zh": "延期一次：原定11月25日，现为11月30日。",
    "en": "Extended once: promised for 25 Nov, now 30 Nov.",
}
READERS = ("track", "proved", "my", "matter", "handler", "desk")
OFFICERS = {"handler": "俞经办", "desk": "王受理"}


def at(day: int, hour: int = 9, month: int = 11) -> datetime:
    """A moment on the county's clock in 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def case(county: County) -> Case:
    """Promised for Wednesday the 25th, 17:00, and published."""
    made = taken_up(county, asked(county))
    county.officer("程受理", "民生受理", "agent")
    actions.publish_prepare(
        case=made.pk, title="路灯不亮", question="南门外的路灯不亮。", by=county.officers["王受理"], at=NOW
    )  # fmt: skip
    version = Publication.objects.get(case=made).pk
    actions.publish_approve(case=made.pk, version=version, read=True, by=county.officers["程受理"], at=NOW)
    return made


@pytest.fixture
def read(county: County, case: Case, monkeypatch: pytest.MonkeyPatch) -> Read:
    """`read("my", "en", at(24))`: what this reader sees then of the promise, without the tags."""

    def page(reader: str, language: str, moment: datetime) -> str:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)
        client = Client(headers={"Accept-Language": language})
        track = f"/track/{secrets.tracking_code(case.pk)}/"
        address = {
            "my": f"/my/{case.pk}/", "matter": f"/matters/{Publication.objects.get(case=case).number}/"
        }.get(reader, f"/desk/cases/{case.pk}/" if reader in OFFICERS else track)  # fmt: skip
        if reader == "proved":
            client.post(track, {"do": "prove", "phone": "13800000001"})
        elif reader in ("my", *OFFICERS):
            client.force_login(
                county.accounts[OFFICERS.get(reader, "陈居民")], "tongban.web.signin.backend.AccountBackend"
            )
        html = client.get(address).content.decode()
        (section,) = re.findall(r'<section[^>]* aria-labelledby="(?:h-)?(?:promise|now)".*?</section>', html, re.DOTALL)
        return unescape(section)

    return page


def words(section: str) -> str:
    return re.sub(r"<[^>]+>", "", re.sub(r'<(\w+)[^>]* aria-hidden="true".*?</\1>', "", section, flags=re.DOTALL))


def extend(county: County, case: Case) -> None:
    actions.extend(case=case.pk, amount=3, reason=REASON, by=county.officers["俞经办"], at=at(23))
    actions.grant_extension(case=case.pk, by=county.officers["王受理"], at=at(23, 15))


def test_everybody_is_told_from_which_day_to_which_and_officers_why(county: County, case: Case, read: Read) -> None:
    extend(county, case)
    for reader, language in product(READERS, WORDS):
        shown = read(reader, language, at(24))
        assert WORDS[language] in words(shown), (reader, language)
        assert (REASON in shown) is (reader in OFFICERS), reader
        # The day that was promised keeps its mark in the strip, beside that of the day due.
        assert re.findall(r"<li[^>]* data-was><span>25<", shown), reader
        assert re.findall(r"<li[^>]* data-due><span>30<", shown), reader


def test_what_is_only_asked_for_or_was_refused_is_told_to_nobody(county: County, case: Case, read: Read) -> None:
    actions.extend(case=case.pk, amount=3, reason=REASON, by=county.officers["俞经办"], at=at(23))
    asked_for = [read(reader, "zh", at(23, 10)) for reader in READERS]
    actions.refuse_extension(case=case.pk, reason="来得及", by=county.officers["王受理"], at=at(23, 15))
    for shown in (*asked_for, *(read(reader, "zh", at(24)) for reader in READERS)):
        assert "延期一次" not in shown
        assert "data-was" not in shown


def test_how_long_the_clock_stood_still_is_told(county: County, case: Case, read: Read) -> None:
    for begin, end in ((at(19), at(20)), (at(20, 10), at(24))):
        actions.pause(case=case.pk, reason="请补照片", by=county.officers["俞经办"], at=begin)
        actions.resume(case=case.pk, by=county.officers["俞经办"], at=end)
    # The 19th, then the 20th and the 23rd ended meanwhile.
    said = {
        "zh": "计时暂停 2 次，共 3 个工作日，不计入期限。",
        "en": "The clock was paused 2 times, for 3 working days in all, which count for nothing.",
    }
    for reader, language in product(READERS, said):
        assert said[language] in words(read(reader, language, at(24, 10))), (reader, language)


def test_a_pause_that_goes_on_grows_and_one_within_a_day_moves_nothing(county: County, case: Case, read: Read) -> None:
    assert "计时暂停" not in words(read("my", "zh", at(19, 8)))
    actions.pause(case=case.pk, reason="请补照片", by=county.officers["俞经办"], at=at(19))
    assert "计时暂停 1 次，没有跨天，期限照旧。" in words(read("my", "zh", at(19, 15)))
    assert "计时暂停 1 次，共 1 个工作日，不计入期限。" in words(read("my", "zh", at(20)))
    assert "The clock was paused once, for 1 working day in all," in words(read("my", "en", at(20)))
    # The longest time has passed and no worker came: no more is told than it may last.
    assert "计时暂停 1 次，共 10 个工作日" in words(read("my", "zh", at(15, month=12)))


@pytest.mark.parametrize("first", ["pause", "extend"])
def test_what_was_promised_is_told_as_it_was_when_it_was_extended(
    county: County, case: Case, read: Read, first: str
) -> None:
    def stand_still(begin: int, end: int) -> None:
        actions.pause(case=case.pk, reason="请补照片", by=county.officers["俞经办"], at=at(begin))
        actions.resume(case=case.pk, by=county.officers["俞经办"], at=at(end))

    if first == "pause":
        stand_still(19, 20)  # the 19th ended: promised for the 26th
        extend(county, case)
        assert "原定11月26日，现为12月1日" in words(read("track", "zh", at(24)))
    else:
        extend(county, case)
        stand_still(24, 26)  # two days ended: promised for the 30th, now for the 2nd
        assert "原定11月25日，现为12月2日" in words(read("track", "zh", at(26)))
    # While the clock stands still, the day moves on with it and what was promised stays: the 27th and the 30th ended.
    actions.pause(case=case.pk, reason="请补照片", by=county.officers["俞经办"], at=at(27))
    was, now = ("11月26日", "12月3日") if first == "pause" else ("11月25日", "12月4日")
    assert f"原定{was}，现为{now}" in words(read("track", "zh", at(1, month=12)))


def test_done_again_a_case_has_a_promise_that_nobody_has_extended(county: County, case: Case, read: Read) -> None:
    extend(county, case)
    worker, reviewer = county.officers["俞经办"], county.officers["钱审核"]
    actions.answer(outcome=DONE, case=case.pk, text="路灯明天修好，责任人俞。", by=worker, at=at(24))
    actions.approve(case=case.pk, by=reviewer, at=at(24, 10))
    actions.send(case=case.pk, by=reviewer, at=at(24, 11))
    assert WORDS["zh"] in words(read("my", "zh", at(24, 12)))
    assert Rating.objects.filter(case=case).exists()
    actions.rate(token=secrets.rating_token(case.pk), grade=1, comment="", by=Actor(system="asker"), at=at(25))
    case.refresh_from_db()
    assert (case.reopened, case.extension) == (1, "granted")
    assert date(2026, 11, 30) == case.promised_at.date()  # type: ignore[union-attr]
    assert "延期一次" not in read("my", "zh", at(25, 10))
