"""Rows become cases: in every form of file, once, with true times, and with nothing lost that was good."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from tests.engines.cases.conftest import County
from tests.engines.cases.importing.conftest import HEADINGS, LETTERS, NOW, Import, as_csv, as_xls, as_xlsx, letters
from tongban.core.access.models import Account
from tongban.core.access.viewer import viewer_of
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Entry, Outbox
from tongban.core.registry.models import Person
from tongban.engines.cases import actions
from tongban.engines.cases.importing import reports, sifting
from tongban.engines.cases.importing.reports import Sort
from tongban.engines.cases.importing.running import Plan, preview
from tongban.engines.cases.logic.periods import parse
from tongban.engines.cases.models import Answer, Batch, Case, CaseScope
from tongban.engines.cases.queries.board import board
from tongban.engines.cases.queries.cohorts import Slice
from tongban.engines.cases.queries.detail import Origin, case_detail
from tongban.engines.cases.queries.search import search_page

ZONE = ZoneInfo("Asia/Shanghai")


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture(params=["utf-8.csv", "bom.csv", "gbk.csv", "semicolon.csv", "tab.csv", "utf-16.txt", "xlsx", "xls"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    rows: list[list[object]] = [list(row) for row in letters()]
    path = tmp_path / f"letters.{request.param}"
    if request.param == "xlsx":
        return as_xlsx(path, rows, above=[["某平台导出"], []])
    if request.param == "xls":
        return as_xls(path, rows)
    encoding = {"bom.csv": "utf-8-sig", "gbk.csv": "gb18030", "utf-16.txt": "utf-16"}.get(request.param, "utf-8")
    return as_csv(
        path, rows, encoding=encoding, delimiter={"semicolon.csv": ";", "tab.csv": "\t"}.get(request.param, ",")
    )


def test_every_form_of_file_gives_the_same_cases(file: Path, run_import: Import, county: County) -> None:
    done = run_import(file)
    assert done.totals.line() == "11 rows: 9 opened, 0 unchanged, 2 refused"
    cases = {c.external_id: c for c in Case.objects.filter(batch=done.batch)}
    assert sorted(cases) == ["101", "102", "103", "104", "105", "106", "107", "108", "111"]
    lamp = cases["101"]
    assert (lamp.title, lamp.body) == ("路灯不亮", "村口的路灯坏了三天，\n晚上看不见路。")
    assert (lamp.opened_at, lamp.opened_precision) == (local("2019-04-25 09:32:09"), "second")
    assert (lamp.answered_at, lamp.state, lamp.channel) == (local("2019-05-10 14:56:53"), "closed", "import")
    assert (lamp.area_id, lamp.category) == (county.areas["village"].pk, "city")
    assert cases["111"].body.startswith("=HYPERLINK(")


def test_times_keep_the_exactness_that_they_have(run_import: Import) -> None:
    run_import(LETTERS)
    cases = {c.external_id: c for c in Case.objects.all()}
    times = {k: (c.opened_at.astimezone(ZONE).isoformat(), c.opened_precision) for k, c in cases.items()}
    assert times["102"] == ("2019-04-24T16:03:00+08:00", "minute")
    assert times["103"] == ("2018-03-19T10:05:04+08:00", "second")
    assert times["104"] == ("2018-09-08T17:17:50+08:00", "second")
    assert (cases["105"].opened_precision, cases["105"].opened_at.date()) == ("unknown", NOW.date())
    assert (cases["103"].answered_at, cases["103"].answered_precision) == (local("2018-04-24 00:00"), "day")
    receipt = Answer.objects.get(case=cases["104"])
    assert (receipt.receipt, receipt.sent_at, receipt.precision) == (True, local("2018-09-10 00:00"), "minute")


def test_a_receipt_is_no_answer_and_the_request_goes_on_waiting(run_import: Import, county: County) -> None:
    run_import(LETTERS)
    for number in ("102", "104"):
        case = Case.objects.get(external_id=number)
        assert (case.state, case.answered_at) == ("new", None)
        assert case.receipt_at is not None
        assert CaseScope.objects.filter(case=case, queue=10).exists()


def test_a_reply_before_its_request_has_no_time_and_is_pointed_out(run_import: Import) -> None:
    done = run_import(LETTERS)
    case = Case.objects.get(external_id="106")
    assert (case.state, case.answered_precision) == ("closed", "unknown")
    assert done.sentences(Sort.REMARK)[7] == ["row.reply.early"]


def test_what_cannot_be_taken_is_listed_with_what_would_put_it_right(run_import: Import) -> None:
    done = run_import(LETTERS)
    assert done.sentences(Sort.REFUSED) == {10: ["row.empty"], 11: ["row.time.form"]}
    assert done.sentences(Sort.REMARK) == {6: ["row.area", "row.category", "row.phone"], 7: ["row.reply.early"]}
    report = reports.read(reports.path_of(done.batch.pk))
    assert report is not None
    [wrong] = [n for n in report.of(Sort.REFUSED) if n.row == 11]
    assert wrong.column(report.headings, report.places).text("zh") == "留言时间"
    assert "前天下午" in wrong.refusal.sentence("zh")
    assert "Please write it like" in wrong.refusal.sentence("en")


def test_the_refused_rows_come_back_as_a_table_that_can_be_mended_and_runs_no_formula(
    run_import: Import, tmp_path: Path
) -> None:
    rows: list[list[object]] = [list(r) for r in letters()]
    rows[-1][4] = "看不懂"  # row 111, whose text begins with =
    done = run_import(as_csv(tmp_path / "a.csv", rows))
    path = reports.write_table(done.batch.pk, "zh")
    assert path is not None
    text = path.read_text(encoding="utf-8-sig")
    assert "\"'=HYPERLINK(" in text
    assert ',"=' not in text
    mended = tmp_path / "mended.csv"
    mended.write_text(text.replace("看不懂", "2019/6/2 8:00:00").replace("前天下午", "2019/6/2"), encoding="utf-8")
    again = run_import(mended)
    assert again.totals.line() == "3 rows: 2 opened, 0 unchanged, 1 refused"
    assert Case.objects.get(external_id="111").body.startswith("=HYPERLINK(")
    assert Case.objects.get(external_id="110").opened_precision == "day"


def test_twice_adds_nothing(run_import: Import) -> None:
    run_import(LETTERS)
    before = (Case.objects.count(), Answer.objects.count(), Entry.objects.filter(kind="cases.case").count())
    again = run_import(LETTERS)
    assert again.totals.line() == "11 rows: 0 opened, 9 unchanged, 2 refused"
    assert (Case.objects.count(), Answer.objects.count(), Entry.objects.filter(kind="cases.case").count()) == before
    assert not again.sentences(Sort.DIFFERS)


def test_a_row_that_reads_differently_now_is_listed_and_left_alone(run_import: Import, tmp_path: Path) -> None:
    run_import(LETTERS)
    rows: list[list[object]] = [list(r) for r in letters()]
    rows[1][5], rows[2][4], rows[3][8], rows[7][8] = "正文改了", "2019/4/24 16:04", "答复改了", "后来有了答复"
    again = run_import(as_csv(tmp_path / "later.csv", rows))
    assert again.totals.unchanged == 9
    differing = {n.row: n.refusal.params["what"].text("en") for n in again.notes if n.sort is Sort.DIFFERS}
    assert differing == {2: "text", 3: "time of the request", 4: "reply", 8: "reply"}
    assert Case.objects.get(external_id="101").body.startswith("村口的路灯")


def test_the_same_words_under_two_numbers_are_two_cases_and_without_numbers_too(
    run_import: Import, tmp_path: Path
) -> None:
    run_import(LETTERS)
    assert Case.objects.filter(title="重复的一件").count() == 2
    rows: list[list[object]] = [["标题", "内容"], ["甲", "同样的话"], ["甲", "同样的话"], ["乙", "别的话"]]
    path = as_csv(tmp_path / "plain.csv", rows)
    assert run_import(path, source="plain").totals.opened == 3
    assert run_import(path, source="plain").totals.unchanged == 3


def test_a_number_that_comes_twice_in_one_file_is_one_case(run_import: Import, tmp_path: Path) -> None:
    rows: list[list[object]] = [["编号", "内容"], ["1", "甲"], ["1", "甲"], ["1", "乙"]]
    done = run_import(as_csv(tmp_path / "twice.csv", rows))
    assert done.totals.line() == "3 rows: 1 opened, 2 unchanged, 0 refused"
    assert done.sentences() == {3: ["row.twice"], 4: ["row.twice.differs"]}
    assert "与第 2 行编号相同" in done.notes[0].line("zh")
    assert "以前导入过" not in "".join(note.line("zh") for note in done.notes)


def test_a_number_that_comes_twice_is_so_in_the_preview_and_beyond_a_block_and_when_taken_up_again(
    run_import: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sifting, "_BLOCK", 1)
    rows: list[list[object]] = [["编号", "内容"], ["1", "甲"], ["2", "丙"], ["1", "甲"]]
    path = as_csv(tmp_path / "twice.csv", rows)
    looked = preview(Plan(path, "community", "letters"), at=NOW)
    assert [(r.standing.value, r.first) for r in looked.first] == [("new", 0), ("new", 0), ("twice", 2)]
    first = run_import(path, stop_after=1)
    done = run_import(path, batch=Batch.objects.get(pk=first.batch.pk))
    assert (done.totals.line(), done.sentences()) == ("3 rows: 2 opened, 1 unchanged, 0 refused", {4: ["row.twice"]})
    again = run_import(path)
    assert (again.totals.line(), again.sentences()) == ("3 rows: 0 opened, 3 unchanged, 0 refused", {})


def test_what_brings_an_answer_is_told_from_what_joins_the_queue(run_import: Import) -> None:
    looked = preview(Plan(LETTERS, "community", "letters"), at=NOW).totals
    first = run_import(LETTERS, stop_after=4)
    done = run_import(LETTERS, batch=Batch.objects.get(pk=first.batch.pk))
    waiting = Case.objects.filter(batch=done.batch, state="new").count()
    closed = Case.objects.filter(batch=done.batch, state="closed").count()
    assert 0 < waiting < 9
    for totals in (looked, done.totals):
        assert (totals.answered, totals.waiting) == (closed, waiting)
    assert Batch.objects.get(pk=done.batch.pk).waiting == waiting
    assert run_import(LETTERS).totals.waiting == 0


def test_nobody_of_ours_did_what_was_done_elsewhere(run_import: Import, county: County) -> None:
    agent = county.accounts["王受理"]
    run_import(LETTERS, by=Actor(account=agent.pk))
    who = viewer_of(Account.objects.get(pk=agent.pk), NOW)
    for number, kinds in (("101", ["taken_answer", "open"]), ("104", ["taken_receipt", "open"])):
        case = Case.objects.get(external_id=number)
        detail = case_detail(who, case.pk, NOW)
        assert detail is not None
        assert [line.kind for line in detail.story] == kinds
        assert {line.who for line in detail.story} == {""}
        assert detail.origin == Origin("letters", number, "王受理")
        assert set(Answer.objects.filter(case=case).values_list("written_by", flat=True)) == {None}
    actions.accept(case=case.pk, by=Actor(account=agent.pk, role=agent.roles.get().pk), at=NOW)
    later = case_detail(who, case.pk, NOW)
    assert later is not None
    assert later.story[0].who == "王受理"


def test_the_number_there_finds_the_case_for_those_who_may_see_it(run_import: Import, county: County) -> None:
    run_import(LETTERS)
    run_import(LETTERS, source="other")
    mine, other = (viewer_of(Account.objects.get(pk=county.accounts[n].pk), NOW) for n in ("王受理", "沈受理"))
    wanted = set(Case.objects.filter(external_id="101").values_list("pk", flat=True))
    assert len(wanted) == 2
    assert {row.id for row in search_page(mine, "101").rows} == wanted
    assert not search_page(other, "101").rows
    # Our own number 3 and a number 3 elsewhere are both found, ours first.
    own = Case.objects.order_by("pk")[2]
    Case.objects.filter(external_id="108", source="other").update(external_id=str(own.pk))
    found = [row.id for row in search_page(mine, str(own.pk)).rows]
    assert (found[0], len(found)) == (own.pk, 2)
    made_up = Case.objects.filter(external_id__startswith="~").first()
    assert made_up is None or case_detail(mine, made_up.pk, NOW).origin.number == ""  # type: ignore[union-attr]


def test_the_same_number_from_another_system_is_another_case(run_import: Import) -> None:
    run_import(LETTERS)
    assert run_import(LETTERS, source="other").totals.opened == 9


def test_no_person_is_made_of_a_pseudonym_and_one_is_of_a_number(run_import: Import, county: County) -> None:
    before = Person.objects.count()
    run_import(LETTERS)
    assert Person.objects.count() == before + 1
    assert Case.objects.get(external_id="103").requester.phone_number == "13800001234"
    assert Case.objects.get(external_id="101").requester is None


def test_nobody_is_told_of_what_was_long_past(run_import: Import) -> None:
    run_import(LETTERS)
    assert not Outbox.objects.filter(topic__startswith="cases.").exists()


def test_an_import_that_was_stopped_is_taken_up_again_without_doubles(run_import: Import) -> None:
    first = run_import(LETTERS, stop_after=4)
    assert not first.finished
    assert Case.objects.filter(batch=first.batch).count() == 4
    batch = Batch.objects.get(pk=first.batch.pk)
    second = run_import(LETTERS, batch=batch)
    assert second.finished
    assert second.totals.line() == "11 rows: 9 opened, 0 unchanged, 2 refused"
    assert Case.objects.filter(batch=batch).count() == 9
    row = Batch.objects.get(pk=batch.pk)
    assert (row.rows, row.opened, row.unchanged, row.refused) == (11, 9, 0, 2)
    assert row.finished_at is not None


def test_of_two_workers_with_one_batch_one_stops(run_import: Import) -> None:
    first = run_import(LETTERS, stop_after=2)
    one, other = Batch.objects.get(pk=first.batch.pk), Batch.objects.get(pk=first.batch.pk)
    run_import(LETTERS, batch=one)
    with pytest.raises(Exception, match="before you"):
        run_import(LETTERS, batch=other)
    assert Case.objects.filter(batch=one).count() == 9


def test_the_preview_says_what_would_happen_and_writes_nothing(county: County) -> None:
    found = preview(Plan(LETTERS, "community", "letters"), at=NOW)
    assert (found.totals.rows, found.totals.opened, found.totals.refused) == (11, 9, 2)
    assert [r.line.number for r in found.first] == list(range(2, 13))
    assert found.columns.places["reply_time"] == 9
    assert found.noted == 6
    assert not Case.objects.exists()
    assert not Batch.objects.exists()


def test_chosen_columns_go_before_guessed_ones(run_import: Import, tmp_path: Path) -> None:
    rows: list[list[object]] = [["A", "B", "C"], ["1", "一句话", "第二列才是正文"]]
    path = as_csv(tmp_path / "odd.csv", rows)
    with pytest.raises(Exception, match="No column was recognised"):
        run_import(path)
    run_import(path, choice={"body": "C", "title": "B", "external_id": "A"})
    case = Case.objects.get(external_id="1")
    assert (case.title, case.body) == ("一句话", "第二列才是正文")


def test_a_long_title_is_kept_whole_in_the_text(run_import: Import, tmp_path: Path) -> None:
    long = "很长的标题" * 40
    run_import(as_csv(tmp_path / "long.csv", [["标题", "内容"], [long, "正文"]]))
    case = Case.objects.get()
    assert case.title == long[:119] + "…"
    assert case.body == f"{long}\n正文"
    again = run_import(as_csv(tmp_path / "long.csv", [["标题", "内容"], [long, "正文"]]))
    assert again.totals.unchanged == 1
    assert not again.notes


def test_medians_of_the_rows_are_those_of_the_file(run_import: Import) -> None:
    run_import(LETTERS)
    # By hand: 101 and 111 with both times; 102 and 104 are receipts; the others lack a time of day.
    answers = [(local("2019-05-10 14:56:53") - local("2019-04-25 09:32:09")).total_seconds(), 2 * 86400.0]
    receipts = [(local("2019-04-25 08:00") - local("2019-04-24 16:03")).total_seconds(),
                (local("2018-09-10 00:00") - local("2018-09-08 17:17:50")).total_seconds()]  # fmt: skip
    assert delays(receipts_too=False) == sorted(answers)
    assert delays(receipts_too=True) == sorted(answers + receipts)


TIMED = ("second", "minute")


def delays(*, receipts_too: bool) -> list[float]:
    """From the rows: how long each request waited for its first answer, or for its first reply of any kind."""
    found = []
    for case in Case.objects.filter(opened_precision__in=TIMED).exclude(state="undone"):
        replies = [a for a in case.answers.all() if a.precision in TIMED and (receipts_too or not a.receipt)]
        if replies:
            first = min(a.sent_at for a in replies)
            found.append((first - case.opened_at).total_seconds())
    return sorted(found)


# -- the real file -------------------------------------------------------------------------------------------------------


def real_rows(shared_data: Path) -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    path = shared_data / "messages/messages_with_replies.xlsx"
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert rows[0] == HEADINGS
    return rows[1:]


def test_the_real_messages_come_in_whole_and_their_medians_are_those_of_the_file(
    run_import: Import, shared_data: Path, county: County
) -> None:
    done = run_import(shared_data / "messages/messages_with_replies.xlsx")
    assert done.totals.line() == "2816 rows: 2816 opened, 0 unchanged, 0 refused"
    assert not done.notes
    by_file = {True: [], False: []}
    for row in real_rows(shared_data):
        asked, replied = (_plain_time(row[3]), _plain_time(row[6]))
        if replied is None:
            continue  # the one reply with a date only
        wait = (replied - asked).total_seconds()
        by_file[True].append(wait)
        if not _plain_receipt(str(row[5])):
            by_file[False].append(wait)
    assert delays(receipts_too=True) == sorted(by_file[True])
    assert delays(receipts_too=False) == sorted(by_file[False])
    assert (len(by_file[True]), len(by_file[False])) == (2815, 2779)
    assert round(median(by_file[True]) / 86400, 1) == 11.2
    agent = viewer_of(Account.objects.get(pk=county.accounts["王受理"].pk), NOW)
    shown = board(agent, NOW, Slice(parse("all", NOW.date())))
    for said, counted in ((shown.first_reply, by_file[True]), (shown.first_answer, by_file[False])):
        assert said.n == len(counted)
        assert said.seconds is not None
        assert abs(said.seconds - median(counted)) <= 1
    assert shown.first_reply.days == "11.2"
    assert Answer.objects.filter(receipt=True).count() == 36
    assert Answer.objects.filter(receipt=True, text="已收悉").count() == 3
    assert run_import(shared_data / "messages/messages_with_replies.xlsx").totals.unchanged == 2816


def _plain_time(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.strptime(str(value), "%Y/%m/%d %H:%M:%S")
    except ValueError:
        datetime.strptime(str(value), "%Y/%m/%d")
        return None


def _plain_receipt(text: str) -> bool:
    """Written down by hand after reading all replies shorter than 200 signs."""
    return text.strip() in ("已收悉", "网友：您好！留言已收悉") or text.startswith("“UU008389”您的建议已收悉，感谢您对")
