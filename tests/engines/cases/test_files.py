"""Files of a case: who may open which, what the scanner says, what the audit finds, what is collected."""

from __future__ import annotations

import json

import pytest

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.filed import asked, at_work, brought, kept, read, viewer
from tests.pictures import BESIDE
from tongban.core import vault
from tongban.core.access.viewer import NOBODY
from tongban.core.files import store
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person
from tongban.engines.cases import actions, queries, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.actions.filing import MOST_OF_CASE, content_of
from tongban.engines.cases.models import Attachment, Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.files import file_content, shelf

ASKER = Actor(system="asker")


# -- rights ------------------------------------------------------------------------------------------------------------


def test_what_an_asker_brings_is_for_him_and_for_those_at_work(county: County) -> None:
    case = at_work(county, asked(county, brought("路灯.jpg")))
    (file,) = kept(case)
    for name in ("陈居民", "王受理", "俞经办", "孙协办"):
        assert read(county, name, file.pk, small=True), name
    for name in ("陆文员", "沈受理", "镇经办"):
        assert read(county, name, file.pk) is None, name
    assert file_content(NOBODY, file.pk, NOW) is None
    assert file_content(NOBODY, file.pk, NOW, proved=[case.pk]) is not None
    assert file_content(NOBODY, file.pk, NOW, proved=[case.pk + 1]) is None
    assert file_content(NOBODY, file.pk + 1000, NOW, proved=[case.pk]) is None


def test_who_oversees_reads_words_and_not_what_people_photographed(county: County) -> None:
    county.officer("督办", "新埭镇政府", "supervisor")
    case = at_work(county, asked(county, brought("路灯.jpg")))
    actions.attach(case=case.pk, files=brought("现场.jpg"), by=county.officers["俞经办"], at=NOW)
    detail = queries.case_detail(viewer(county, "督办"), case.pk, NOW)
    assert detail is not None
    assert detail.files == []
    assert [read(county, "督办", f.pk) for f in kept(case)] == [None, None]


def test_a_barred_unit_opens_nothing_and_a_follower_and_a_code_see_no_file(county: County) -> None:
    case = asked(county, brought("证据.jpg"), about=county.units["交通局"].pk)
    (file,) = kept(case)
    assert read(county, "俞经办", file.pk) is None
    actions.follow(case=case.pk, person=county.people["陆文员"], by=county.officers["王受理"], at=NOW)
    assert queries.case_detail(viewer(county, "陆文员"), case.pk, NOW) is not None
    assert read(county, "陆文员", file.pk) is None
    by_code = queries.tracked(secrets.tracking_code(case.pk))
    proved = queries.tracked(secrets.tracking_code(case.pk), proved=True)
    assert by_code is not None
    assert proved is not None
    assert (len(by_code.files), len(proved.files)) == (0, 1)


def test_units_files_are_theirs_and_an_answer_s_go_out_with_it(county: County) -> None:
    case = at_work(county, asked(county, []))
    actions.attach(case=case.pk, files=brought("内部.jpg"), by=county.officers["俞经办"], at=NOW)
    actions.feed_back(case=case.pk, text="能帮忙", files=brought("协办.jpg"), by=county.officers["孙协办"], at=NOW)
    by = county.officers["俞经办"]
    actions.answer(
        outcome=DONE, case=case.pk, text="周五前修好，交通局俞负责。", files=brought("修好.jpg"), by=by, at=NOW
    )
    inner, helping, outer = kept(case)
    for file in (inner, helping, outer):
        assert read(county, "钱审核", file.pk), "the reviewer reads what is to go out"
        assert read(county, "陈居民", file.pk) is None, "nothing is sent yet"
    actions.approve(case=case.pk, by=county.officers["钱审核"], at=NOW)
    actions.send(case=case.pk, by=county.officers["王受理"], at=NOW)
    assert [bool(read(county, "陈居民", f.pk)) for f in (inner, helping, outer)] == [False, False, True]
    found = shelf(viewer(county, "陈居民"), outer.pk, NOW)
    assert found is not None
    assert [f.key for f in found.files] == [outer.pk]


def test_a_version_that_is_sent_back_hands_on_the_files_that_are_kept(county: County) -> None:
    case, by = at_work(county, asked(county, [])), county.officers["俞经办"]
    actions.answer(
        outcome=DONE, case=case.pk, text="周五前修好，俞负责。", files=brought("一.jpg", "二.jpg"), by=by, at=NOW
    )
    actions.reject(case=case.pk, reason="写清楚", by=county.officers["钱审核"], at=NOW)
    first, second = kept(case)
    elsewhere = at_work(county, asked(county, brought("别人的.jpg")))
    actions.answer(outcome=DONE,
        case=case.pk, text="周五前修好，交通局俞负责，电话在下。", by=by, at=NOW,
        keep=(second.pk, kept(elsewhere)[0].pk),
    )  # fmt: skip
    actions.approve(case=case.pk, by=county.officers["钱审核"], at=NOW)
    actions.send(case=case.pk, by=county.officers["王受理"], at=NOW)
    assert read(county, "陈居民", first.pk) is None
    assert read(county, "陈居民", second.pk)
    assert kept(elsewhere)[0].answer_id is None


# -- what is written ---------------------------------------------------------------------------------------------------


def test_the_ledger_knows_a_file_by_its_hash_and_its_name_only_sealed(county: County) -> None:
    case = asked(county, brought("张三的身份证.jpg"))
    (file,) = kept(case)
    text = Entry.objects.get(name="cases.open").images
    columns = next(columns for model, _, columns in json.loads(text) if model == "cases.attachment")
    assert file.sha256 in text
    assert "张三的身份证" not in text
    assert vault.open_for(case.subject_key(), columns["name"]["closed"]) == "张三的身份证.jpg"
    assert file.key not in text
    lying = store.path_of(file.stored).read_bytes()
    assert b"JFIF" not in lying
    assert not [word for word in BESIDE if word in content_of(file)]


def test_whoever_is_forgotten_takes_his_files_along(county: County) -> None:
    case = asked(county, brought("路灯.jpg"))
    (file,) = kept(case)
    assert read(county, "王受理", file.pk)
    Person.objects.filter(pk=case.requester_id).update(key=b"", erased_at=NOW)
    assert read(county, "王受理", file.pk) is None
    with pytest.raises(vault.Forgotten):
        content_of(Attachment.objects.select_related("case__requester").get(pk=file.pk))


def test_a_file_serves_one_request(county: County) -> None:
    files = brought("路灯.jpg")
    first = asked(county, files)
    with pytest.raises(Refused) as refusal:
        actions.attach(case=at_work(county, first).pk, files=files, by=county.officers["俞经办"], at=NOW)
    assert refusal.value.code == "file.used"
    assert len(kept(first)) == 1


def test_the_same_form_sent_twice_is_one_case_with_its_files_once(county: County) -> None:
    files = tuple(brought("一.jpg", "二.jpg"))
    opening = Opening(
        programme="community", kind="request", body="路灯三天没亮了。", area=county.areas["village"].pk,
        requester=county.people["陈居民"], files=files,
    )  # fmt: skip
    by = Actor(county.accounts["陈居民"].pk)
    first, second = (actions.open_case(opening, by=by, at=NOW, idempotency="form") for _ in range(2))
    assert first.pk == second.pk
    assert len(kept(first)) == 2


def test_a_case_holds_so_many_files_and_no_more(county: County) -> None:
    case = at_work(county, asked(county, []))
    text, by = "材料".encode(), county.officers["俞经办"]
    for _ in range(MOST_OF_CASE // 9):
        files = brought(*(f"{n}.txt" for n in range(9)), content=text)
        actions.attach(case=case.pk, files=files, by=by, at=NOW)
    with pytest.raises(Refused) as refusal:
        actions.attach(case=case.pk, files=brought(*(f"{n}.txt" for n in range(9)), content=text), by=by, at=NOW)
    assert "54" in refusal.value.sentence("zh")
    with pytest.raises(Refused, match="No file"):
        actions.attach(case=case.pk, files=[], by=by, at=NOW)


def test_without_its_file_no_row_is_written(county: County) -> None:
    files = brought("路灯.jpg")
    store.remove(files[0].token)
    with pytest.raises(Refused) as refusal:
        asked(county, files)
    assert refusal.value.code == "file.broken"
    assert not Case.objects.filter(requester=county.people["陈居民"]).exists()


def test_a_reply_brings_files_with_it(county: County) -> None:
    case = at_work(county, asked(county, []))
    actions.ask(case=case.pk, question="拍一张？", by=county.officers["俞经办"], at=NOW)
    proof = secrets.tracking_code(case.pk)
    actions.reply(case=case.pk, text="拍了", files=brought("拍的.jpg"), by=ASKER, at=NOW, proof=proof)
    (file,) = kept(case)
    assert (file.came_with, file.inquiry_id is not None) == ("reply", True)
    assert read(county, "俞经办", file.pk)
