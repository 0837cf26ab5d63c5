"""Files of a case: who may open which, what the scanner says, what the audit finds, what is collected."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from tests.clamd import EICAR, Daemon
from tests.engines.cases.conftest import NOW, County
from tests.ledgered import adopt
from tests.pictures import BESIDE, jpeg
from tongban.core import vault
from tongban.core.access.viewer import NOBODY, Viewer, viewer_of
from tongban.core.files import scanning, store, waiting
from tongban.core.files.blurring import Region, blur
from tongban.core.files.scanning import Verdict
from tongban.core.files.waiting import Waiting
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.notices.models import Route
from tongban.core.refusals import Refused
from tongban.core.registry.models import Person
from tongban.engines.cases import actions, filejobs, queries, secrets
from tongban.engines.cases.actions import Opening, filing
from tongban.engines.cases.actions.filing import MOST_OF_CASE, content_of
from tongban.engines.cases.models import Attachment, Case, OpenPicture
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries.files import file_content, looking, open_copies, open_copy, shelf

ASKER = Actor(system="asker")
_forms = iter(range(1, 10_000))


def brought(*names: str, content: bytes = b"") -> list[Waiting]:
    """Files that wait for a form of their own; pictures unless ``content`` says otherwise."""
    form = f"form {next(_forms)}"
    return [waiting.add(form, [content or jpeg()], name, at=NOW) for name in names]


def asked(county: County, files: list[Waiting], **more: object) -> Case:
    opening = Opening(
        programme="community", kind="request", body="路灯三天没亮了。", area=county.areas["village"].pk, category="city",
        requester=county.people["陈居民"], files=tuple(files), **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return actions.open_case(opening, by=Actor(county.accounts["陈居民"].pk), at=NOW)


def at_work(county: County, case: Case) -> Case:
    """Given to the transport bureau with the labour bureau helping, and taken on."""
    desk = county.officers["王受理"]
    actions.accept(case=case.pk, by=desk, at=NOW)
    actions.assign(
        case=case.pk, unit=county.units["交通局"].pk, assisting=(county.units["人社局"].pk,), by=desk, at=NOW
    )
    actions.sign_in(case=case.pk, by=county.officers["俞经办"], at=NOW)
    return case


def viewer(county: County, name: str) -> Viewer:
    account = county.accounts[name]
    account.refresh_from_db()
    return viewer_of(account, NOW)


def read(county: County, name: str, file: int, *, small: bool = False) -> bytes | None:
    found = file_content(viewer(county, name), file, NOW, small=small)
    return b"".join(found.pieces()) if found is not None else None


def kept(case: Case, **where: object) -> list[Attachment]:
    return list(Attachment.objects.filter(case=case, **where).order_by("pk"))


def faults() -> list[str]:
    return [fault.code for fault in Audit().faults() if fault.code.startswith("file.")]


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


# -- the scanner -------------------------------------------------------------------------------------------------------


@pytest.fixture
def daemon(settings) -> Iterator[Daemon]:  # type: ignore[no-untyped-def]
    with Daemon() as running:
        settings.TONGBAN_SCANNER = f"clamd:127.0.0.1:{running.port}"
        yield running


def test_a_file_waits_for_its_verdict_and_is_then_opened(county: County, daemon: Daemon) -> None:
    case = asked(county, brought("路灯.jpg"))
    (file,) = kept(case)
    assert (file.checked, read(county, "陈居民", file.pk)) == ("waiting", None)
    detail = queries.case_detail(viewer(county, "陈居民"), case.pk, NOW)
    assert detail is not None
    assert [(f.checked, f.opens) for f in detail.files] == [("waiting", False)]
    assert worker.run_pending(NOW).errors == []
    assert daemon.seen == [content_of(file)]
    assert kept(case)[0].checked == "clean"
    assert read(county, "陈居民", file.pk)


def test_one_with_a_virus_stays_locked_away_and_those_concerned_are_told(county: County, daemon: Daemon) -> None:
    case = at_work(county, asked(county, brought("话.txt", content=EICAR)))
    assert worker.run_pending(NOW).errors == []
    (file,) = kept(case)
    assert (file.checked, file.found) == ("infected", "Eicar-Test-Signature")
    for name in ("陈居民", "王受理", "俞经办"):
        assert read(county, name, file.pk) is None
        detail = queries.case_detail(viewer(county, name), case.pk, NOW)
        assert detail is not None
        assert "infected" in [line.kind for line in detail.story]
    with pytest.raises(Refused, match="Only a picture"):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    again = Outbox.objects.filter(topic="cases.scan").update(done_at=None, due_at=NOW)
    assert worker.run_pending(NOW).errors == []
    assert again == 1
    assert [line.kind for line in case.story.all()].count("infected") == 1, "told once, however often it is done"


def test_a_verdict_that_comes_meanwhile_is_not_overwritten(
    county: County, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two scans of one file end together, and the one that found something is the first to be written."""
    case = asked(county, brought("路灯.jpg"))
    (file,) = kept(case)
    scanned = Actor(system="scanner")
    loaded = filing.load

    def late(key: int) -> Case:
        monkeypatch.setattr(filing, "load", loaded)
        filing.record_verdict(file=file.pk, verdict=Verdict("Eicar-Test-Signature"), by=scanned, at=NOW)
        return loaded(key)

    monkeypatch.setattr(filing, "load", late)
    filing.record_verdict(file=file.pk, verdict=Verdict(""), by=scanned, at=NOW)
    assert [(f.checked, f.found) for f in kept(case)] == [("infected", "Eicar-Test-Signature")]
    assert read(county, "王受理", file.pk) is None
    assert [line.kind for line in case.story.all()].count("infected") == 1


def test_while_the_scanner_is_down_files_wait_and_none_is_lost(county: County, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_SCANNER = "clamd:/nowhere/clamd.ctl"
    case = asked(county, brought("路灯.jpg"))
    at = NOW
    for pause in worker.PATIENCE:
        assert len(worker.run_pending(at).errors) == 1
        at += pause
    assert len(worker.run_pending(at).errors) == 1
    row = Outbox.objects.get(topic="cases.scan")
    assert (row.failed_at, row.error.partition(" ")[0]) == (at, "ScannerDown")
    assert kept(case)[0].checked == "waiting"
    with Daemon() as back:
        settings.TONGBAN_SCANNER = f"clamd:127.0.0.1:{back.port}"
        tomorrow = at + timedelta(days=1)
        Outbox.objects.create(topic=filejobs.AGAIN, key="again", created_at=tomorrow, due_at=tomorrow)
        assert worker.run_pending(tomorrow).errors == []
    assert kept(case)[0].checked == "clean"


def test_a_scanner_that_hangs_rests_with_all_files_and_holds_up_nothing_else(
    county: County, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "named", lambda text: scanning.Clamd(("127.0.0.1", daemon.port), seconds=0.2))
    daemon.hangs = True
    case = asked(county, brought(*(f"{n}.txt" for n in range(8))))
    assert len(worker.take(NOW, lane=filejobs.LANE)) == 8, "its threads do nothing else, and take one at a time"
    Outbox.objects.update(taken_until=None, attempts=0)
    assert [type(error) for error in worker.run_pending(NOW).errors] == [scanning.ScannerDown] * 3
    assert len(daemon.seen) == 3, "after three failures in a row nobody is shown any more"
    told = looking(NOBODY, NOW)
    assert (told.rests_until, told.waiting) == (NOW + timedelta(seconds=30), 8), "administrators read it"
    rows = Outbox.objects.filter(topic="cases.scan")
    assert sorted(rows.values_list("attempts", flat=True)) == [0] * 5 + [1] * 3, "waiting is no attempt"
    for days in (1, 2):
        Outbox.objects.create(topic=filejobs.AGAIN, key=f"{days}", created_at=NOW, due_at=NOW + timedelta(days=days))
        worker.run_pending(NOW + timedelta(days=days))
    assert rows.count() == 8, "what waits is not asked for anew each day"
    daemon.hangs = False
    assert worker.run_pending(NOW + timedelta(days=3)).errors == []
    assert {file.checked for file in kept(case)} == {"clean"}
    assert Route.objects.get(channel=filejobs.LANE).failures == 0


# -- the audit, and what is collected --------------------------------------------------------------------------------


def test_the_audit_names_a_file_that_is_missing_or_was_changed(county: County) -> None:
    adopt()
    case = at_work(county, asked(county, brought("一.jpg", "二.jpg", "三.jpg")))
    one, two, three = kept(case)
    actions.open_picture(file=three.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    assert faults() == []
    store.path_of(one.stored).unlink()
    path = store.path_of(two.small)
    raw = bytearray(path.read_bytes())
    raw[20] ^= 1
    path.write_bytes(raw)
    store.path_of(OpenPicture.objects.get().stored).write_bytes(b"")
    assert faults() == ["file.missing", "file.changed", "file.changed"]
    assert read(county, "陈居民", one.pk) is None
    found = [f for f in Audit().faults() if f.code == "file.missing"]
    assert one.stored in found[0].sentence("zh")


def test_what_no_row_names_is_collected_and_what_one_names_stays(county: County) -> None:
    files = brought("一.jpg", "二.jpg")
    case = asked(county, files[:1])
    orphan = [store.path_of(t) for t in files[1].taken.tokens]
    held = [store.path_of(t) for t in files[0].taken.tokens]
    later = NOW + timedelta(days=3)
    for path in (*orphan, *held):
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    Outbox.objects.create(topic=filejobs.COLLECT, key="collect", created_at=later, due_at=later)
    assert worker.run_pending(later).errors == []
    assert [p.exists() for p in (*orphan, *held)] == [False, False, True, True]
    assert read(county, "陈居民", kept(case)[0].pk)


# -- pictures for everybody ----------------------------------------------------------------------------------------


def test_a_picture_is_for_everybody_only_when_an_officer_has_looked_and_said_so(county: County) -> None:
    case = at_work(county, asked(county, brought("路口.jpg")))
    (file,) = kept(case)
    by = county.officers["俞经办"]
    assert open_copies(case.pk) == []
    with pytest.raises(Refused, match="tick that you have"):
        actions.open_picture(file=file.pk, regions=[], seen=False, by=by, at=NOW)
    actions.open_picture(file=file.pk, regions=[Region(0, 0, 50, 100)], seen=True, by=by, at=NOW)
    ((_, copy),) = open_copies(case.pk)
    made = b"".join(copy.pieces())
    assert made != content_of(file)
    assert made.startswith(b"\xff\xd8")
    assert "路口" not in copy.file
    actions.open_picture(file=file.pk, regions=[], seen=True, by=by, at=NOW)
    assert OpenPicture.objects.count() == 1, "the new copy takes the place of the old one"
    actions.close_picture(file=file.pk, by=by, at=NOW)
    assert open_copies(case.pk) == []
    with pytest.raises(Refused):
        actions.close_picture(file=file.pk, by=by, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_a_copy_is_made_while_others_may_write(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blurring a large picture takes a second: not under the lock that lets one write at a time."""
    (file,) = kept(at_work(county, asked(county, brought("路口.jpg"))))
    locked: list[bool] = []

    def watched(picture: bytes, regions: Iterable[Region]) -> tuple[bytes, int, int]:
        locked.append(connection.in_atomic_block)
        return blur(picture, regions)

    monkeypatch.setattr(filing, "blur", watched)
    actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["俞经办"], at=NOW)
    assert locked == [False]


def test_a_copy_that_was_refused_is_not_left_lying(county: County) -> None:
    (file,) = kept(at_work(county, asked(county, brought("路口.jpg"))))
    before = set(store.folder().glob("??/*"))
    with pytest.raises(Refused):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["镇经办"], at=NOW)
    assert set(store.folder().glob("??/*")) == before


def test_only_the_desk_and_the_unit_that_leads_prepare_pictures(county: County) -> None:
    case = at_work(county, asked(county, brought("路口.jpg")))
    (file,) = kept(case)
    for name in ("孙协办", "钱审核", "沈受理", "镇经办"):
        with pytest.raises(Refused):
            actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers[name], at=NOW)
    asker = Actor(county.accounts["陈居民"].pk)
    with pytest.raises(Refused):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=asker, at=NOW)
    actions.open_picture(file=file.pk, regions=[], seen=True, by=county.officers["王受理"], at=NOW)
    assert open_copy(viewer(county, "孙协办"), file.pk, NOW) is not None
    for name in ("陈居民", "镇经办", "沈受理"):
        assert open_copy(viewer(county, name), file.pk, NOW) is None, name


def test_a_paper_is_no_picture_and_too_many_boxes_are_refused(county: County) -> None:
    case = at_work(county, asked(county, brought("说明.txt", content="话".encode())))
    by = county.officers["俞经办"]
    with pytest.raises(Refused, match="Only a picture"):
        actions.open_picture(file=kept(case)[0].pk, regions=[], seen=True, by=by, at=NOW)
    actions.attach(case=case.pk, files=brought("路口.jpg"), by=by, at=NOW)
    boxes = [Region(0, 0, 1, 1)] * 61
    with pytest.raises(Refused, match="At most 60"):
        actions.open_picture(file=kept(case)[1].pk, regions=boxes, seen=True, by=by, at=NOW)


def test_a_reply_brings_files_with_it(county: County) -> None:
    case = at_work(county, asked(county, []))
    actions.ask(case=case.pk, question="拍一张？", by=county.officers["俞经办"], at=NOW)
    proof = secrets.tracking_code(case.pk)
    actions.reply(case=case.pk, text="拍了", files=brought("拍的.jpg"), by=ASKER, at=NOW, proof=proof)
    (file,) = kept(case)
    assert (file.came_with, file.inquiry_id is not None) == ("reply", True)
    assert read(county, "俞经办", file.pk)
