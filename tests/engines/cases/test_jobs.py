"""Who is told what after an action, and who is never told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.engines.cases.conftest import NOW, County
from tongban.core import vault
from tongban.core.access.models import Account, Role
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.ledger import worker
from tongban.core.ledger.actor import Actor
from tongban.core.ledger.models import Outbox
from tongban.core.ledger.worker import run_pending
from tongban.core.notices import queries, webhooks, wording, writing
from tongban.core.notices.delivery import State, state
from tongban.core.notices.models import Message, Notice
from tongban.core.notices.ports import FilePort
from tongban.core.registry import reference
from tongban.core.registry.actions import register_person
from tongban.core.registry.models import Mandate, Person
from tongban.core.registry.queries import directory
from tongban.engines.cases import actions, secrets
from tongban.engines.cases import wording as wording_of_cases
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.events import EVENTS
from tongban.engines.cases.models import Case
from tongban.engines.cases.outcome import DONE
from tongban.engines.cases.queries import case_detail
from tongban.engines.cases.queries.reached import reached

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings) -> None:  # type: ignore[no-untyped-def]
    vault.ensure_keys()
    (tmp_path / "keys").mkdir()
    for file in vault.key_folder().iterdir():
        (tmp_path / "keys" / file.name).write_bytes(file.read_bytes())
    settings.TONGBAN_DATA = tmp_path


def opened(county: County, **more: object) -> int:
    facts: dict[str, object] = {
        "programme": "community", "kind": "request", "body": "路灯坏了三天", "area": county.areas["village"].pk,
        "requester": county.people["陈居民"], **more,
    }  # fmt: skip
    case = actions.open_case(Opening(**facts), by=Actor(county.accounts["陈居民"].pk), at=NOW).pk  # type: ignore[arg-type]
    settle()
    return case


def settle() -> None:
    done = run_pending(NOW + HOUR)
    assert done.errors == []


def told(county: County, name: str) -> list[str]:
    """The lines of one officer or asker, oldest first, as he reads them."""
    viewer = viewer_of(Account.objects.get(pk=county.accounts[name].pk), NOW)
    return [line.text for line in reversed(queries.lines(viewer, language="en"))]


def texts(phone: str) -> list[str]:
    return [message.text for message in reversed(FilePort().delivered(phone))]


def walked_to(county: County, case: int, *, unit: str = "交通局") -> None:
    """Accepted and given to a unit."""
    desk = county.officers["王受理"]
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units[unit].pk, by=desk, at=NOW)
    settle()


def test_the_asker_gets_the_tracking_code_by_message_and_lines_as_it_goes_on(county: County) -> None:
    case = opened(county)
    (message,) = texts("13800000001")
    assert secrets.tracking_code(case) in message
    assert "330482-" in message
    walked_to(county, case)
    number = secrets.case_number(case)
    assert told(county, "陈居民") == [
        f"Request {number} has been accepted.",
        f"Request {number} has been given to 交通局.",
    ]


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (lambda case, by: actions.accept(case=case, by=by, at=NOW), "受理了"),
        (lambda case, by: actions.decline(case=case, reason="法院正在审理", by=by, at=NOW), "没有受理"),
        (
            lambda case, by: actions.refer(case=case, outside="嘉兴海事局", reason="归海事管", by=by, at=NOW),
            "已转外部单位",
        ),
    ],
    ids=["accepted", "declined", "referred"],
)
def test_whether_it_is_taken_on_reaches_an_asker_without_an_account(
    county: County, decide: Callable[[int, Actor], None], words: str
) -> None:
    asker = register_person(name="李四", phone="13912347710", by=Actor(system="test"), at=NOW)
    case = opened(county, requester=asker)
    decide(case, county.officers["王受理"])
    settle()
    _, second = texts("13912347710")
    assert words in second
    assert wording_of_cases.tracking_address(case) in second
    for private in ("路灯", "李四", "7710", "法院", "海事", secrets.rating_token(case)):
        assert private not in second


def test_a_firms_other_clerks_are_told_too_unless_it_is_confidential(county: County) -> None:
    # He asks for the firm; she may act for it, and a third is an officer, to whom his mandate opens nothing.
    assert county.firm is not None
    for person, confirmed in ((county.people["陈居民"], NOW), (county.accounts["孙协办"].person, NOW)):
        Mandate.objects.create(
            firm=county.firm, person=person, asked_at=NOW, valid_from=NOW.date(), confirmed_at=confirmed, confirmed_by=1
        )
    facts = {"programme": "enterprise", "firm": county.firm}
    case, secret = opened(county, **facts), opened(county, **facts, confidential=True)
    for key in (case, secret):
        actions.accept(case=key, by=county.officers["沈受理"], at=NOW)
    settle()
    number = secrets.case_number(case)
    assert told(county, "陆文员") == [f"Request {number} has been accepted."]
    assert len(told(county, "陈居民")) == 2
    assert not Notice.objects.filter(person=county.accounts["孙协办"].person_id).exists()
    Mandate.objects.filter(person=county.people["陆文员"]).update(ended_at=NOW)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=county.officers["沈受理"], at=NOW)
    settle()
    assert len(told(county, "陆文员")) == 1
    assert texts("13800000002") == [], "a message goes to the requester alone"


def test_a_question_to_a_firm_goes_to_whoever_may_reply_for_it(county: County) -> None:
    case = opened(county, programme="enterprise", firm=county.firm)
    desk, worker_ = county.officers["沈受理"], county.officers["俞经办"]
    actions.accept(case=case, by=desk, at=NOW)
    actions.assign(case=case, unit=county.units["交通局"].pk, by=desk, at=NOW)
    actions.sign_in(case=case, by=worker_, at=NOW)
    actions.ask(case=case, question="哪条路？", by=worker_, at=NOW)
    settle()
    assert told(county, "陆文员")[-1].startswith("交通局 asks you")
    assert told(county, "陈居民")[-1].startswith("交通局 asks you")


def test_the_words_are_in_the_language_of_the_account_and_stored_nowhere(county: County) -> None:
    Account.objects.filter(pk=county.accounts["陈居民"].pk).update(language="en")
    case = opened(county)
    (message,) = texts("13800000001")
    assert message.startswith("[Tongban] We have your request")
    code = secrets.tracking_code(case)
    stored = [
        *Message.objects.values_list("params", "kind", "key"),
        *Outbox.objects.values_list("payload", "key", "error"),
    ]
    assert not any(code in text or "138" in text for row in stored for text in row)


def test_the_unit_is_told_of_its_assignment_and_the_desk_of_its_return(county: County) -> None:
    case = opened(county)
    walked_to(county, case)
    number = secrets.case_number(case)
    assigned = [f"{number} was given to 交通局; please take it on."]
    assert (told(county, "俞经办"), told(county, "陆经办"), told(county, "钱审核")) == (assigned, assigned, [])
    actions.give_back(case=case, reason="不归我们管", by=county.officers["俞经办"], at=NOW)
    settle()
    assert told(county, "王受理") == [f"交通局 returned {number}; please assign it again."]
    assert told(county, "沈受理") == []
    assert len(told(county, "陈居民")) == 2


def test_assisting_units_handed_over_cases_and_reports_reach_those_they_concern(county: County) -> None:
    case = opened(county)
    number = secrets.case_number(case)
    walked_to(county, case)
    first = county.officers["俞经办"]
    actions.sign_in(case=case, by=first, at=NOW)
    actions.assist(case=case, unit=county.units["人社局"].pk, by=first, at=NOW)
    settle()
    assert told(county, "孙协办") == [f"人社局 is asked to assist with {number}."]
    actions.feed_back(case=case, text="可以安排。", by=county.officers["孙协办"], at=NOW)
    settle()
    assert told(county, "俞经办")[-1] == f"人社局 has reported back on {number}."
    actions.hand_over(case=case, account=county.accounts["陆经办"].pk, by=first, at=NOW)
    settle()
    assert told(county, "陆经办")[-1] == f"{number} was handed over to you."


def test_a_question_goes_to_the_requester_alone_and_his_reply_to_the_handler(county: County) -> None:
    case = opened(county)
    actions.follow(case=case, person=county.people["陆文员"], by=county.officers["王受理"], at=NOW)
    walked_to(county, case)
    worker_ = county.officers["俞经办"]
    actions.sign_in(case=case, by=worker_, at=NOW)
    actions.ask(case=case, question="哪一根灯杆？", by=worker_, at=NOW)
    settle()
    assert told(county, "陈居民")[-1].startswith("交通局 asks you for more")
    assert not any("asks" in line for line in told(county, "陆文员"))
    assert any("补充" in text for text in texts("13800000001"))
    assert texts("13800000002") == []
    actions.reply(case=case, text="村口第三根", by=Actor(county.accounts["陈居民"].pk), at=NOW)
    settle()
    assert told(county, "俞经办")[-1].startswith("The requester has replied")


def test_the_answer_goes_out_with_the_rating_link_to_the_requester_and_as_a_line_to_followers(county: County) -> None:
    case = opened(county)
    actions.follow(case=case, person=county.people["陆文员"], by=county.officers["王受理"], at=NOW)
    walked_to(county, case)
    worker_, reviewer = county.officers["俞经办"], county.officers["钱审核"]
    actions.sign_in(case=case, by=worker_, at=NOW)
    actions.answer(outcome=DONE, case=case, text="周五前修好，交通局俞负责。", by=worker_, at=NOW)
    settle()
    assert told(county, "钱审核")[-1].startswith("The answer to")
    actions.reject(case=case, reason="写清日期", by=reviewer, at=NOW)
    settle()
    assert told(county, "俞经办")[-1].endswith("was sent back to be changed.")
    actions.answer(outcome=DONE, case=case, text="11月20日前修好，交通局俞负责。", by=worker_, at=NOW)
    actions.approve(case=case, by=reviewer, at=NOW)
    actions.send(case=case, by=reviewer, at=NOW)
    settle()
    assert secrets.rating_token(case) in texts("13800000001")[-1]
    assert texts("13800000002") == []
    assert told(county, "陆文员")[-1].startswith("Request")
    assert "answered" in told(county, "陆文员")[-1]


def test_an_officer_of_the_unit_complained_about_is_never_told(county: County) -> None:
    # He is also lent to the transport bureau, which handles the complaint about his own.
    lent = county.accounts["孙协办"]
    Role.objects.create(account=lent, code="handler", organisation=county.units["交通局"], valid_from="2020-01-01")
    case = opened(county, about=county.units["人社局"].pk)
    walked_to(county, case)
    assert len(told(county, "俞经办")) == 1
    assert told(county, "孙协办") == []


def test_somebody_without_a_number_gets_no_message_and_its_state_says_so(county: County) -> None:
    silent = Person.objects.create(name="无号", key=vault.new_subject_key())
    opened(county, requester=silent)
    message = Message.objects.get()
    assert state(message) is State.NO_NUMBER
    assert FilePort().delivered() == []


def test_a_port_that_is_down_is_tried_again_and_gets_one_message(county: County, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_MESSAGE_PORT = "tests.engines.cases.test_jobs.Down"
    case = actions.open_case(
        Opening(programme="community", kind="request", body="x", area=county.areas["town"].pk, requester=county.people["陈居民"]),
        by=Actor(county.accounts["陈居民"].pk), at=NOW,
    ).pk  # fmt: skip
    run_pending(NOW)
    assert (state(Message.objects.get()), Message.objects.get().attempts) == (State.WAITING, 1)
    settings.TONGBAN_MESSAGE_PORT = "tongban.core.notices.ports.FilePort"
    run_pending(NOW + HOUR)
    assert state(Message.objects.get()) is State.SENT
    assert secrets.tracking_code(case) in texts("13800000001")[0]


def test_a_message_that_never_gets_through_has_failed_in_the_end(county: County, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_MESSAGE_PORT = "tests.engines.cases.test_jobs.Down"
    actions.open_case(
        Opening(programme="community", kind="request", body="x", area=county.areas["town"].pk, requester=county.people["陈居民"]),
        by=Actor(county.accounts["陈居民"].pk), at=NOW,
    )  # fmt: skip
    for day in range(worker.MOST + 1):
        run_pending(NOW + timedelta(days=day))
    assert state(Message.objects.get()) is State.FAILED
    assert "13800000001" not in Outbox.objects.get(topic=writing.DELIVER).error


def test_the_desk_is_told_once_of_a_message_that_was_given_up_and_nobody_else(county: County, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_MESSAGE_PORT = "tests.engines.cases.test_jobs.Down"
    case = opened_while_down(county)
    for day in range(6):
        run_pending(NOW + timedelta(days=day))
    line = f"A message about {secrets.case_number(case)} could not be brought to the requester; please call."
    assert told(county, "王受理").count(line) == 1
    assert line not in told(county, "沈受理") + told(county, "俞经办") + told(county, "陈居民")


def test_the_case_tells_those_who_may_know_the_asker_whether_he_was_reached(county: County, settings) -> None:  # type: ignore[no-untyped-def]
    settings.TONGBAN_MESSAGE_PORT = "tests.engines.cases.test_jobs.Down"
    case = opened_while_down(county)
    run_pending(NOW)
    desk = viewer_of(county.accounts["王受理"], NOW)

    def states() -> list[tuple[str, State]]:
        detail = case_detail(desk, case, NOW)
        assert detail is not None
        return [(one.told.zh, one.state) for one in reached(detail)]

    assert states() == [("收到告知", State.WAITING)]
    settings.TONGBAN_MESSAGE_PORT = "tongban.core.notices.ports.FilePort"
    walked_to(county, case)
    assert states() == [("收到告知", State.SENT), ("受理告知", State.SENT)]
    secret = opened(county, confidential=True)
    walked_to(county, secret)
    there = case_detail(viewer_of(county.accounts["俞经办"], NOW), secret, NOW)
    assert there is not None
    assert there.author is None
    assert reached(there) == []


def opened_while_down(county: County) -> int:
    return actions.open_case(
        Opening(programme="community", kind="request", body="x", area=county.areas["town"].pk, requester=county.people["陈居民"]),
        by=Actor(county.accounts["陈居民"].pk), at=NOW,
    ).pk  # fmt: skip


def test_every_step_of_a_case_that_others_hear_of_is_a_topic_with_a_handler() -> None:
    assert set(EVENTS) <= worker.topics()
    assert {name for name, _ in EVENTS.values()} <= set(webhooks.KINDS)


class Down:
    def deliver(self, key: str, phone: str, text: str) -> None:
        raise ConnectionError(f"no route for {phone}")


def test_a_message_delivered_twice_under_its_key_is_one_file(tmp_path: Path) -> None:
    port = FilePort(tmp_path / "messages")
    port.deliver("k", "13800000001", "一")
    port.deliver("k", "13800000001", "二")
    port.deliver("m", "13800000002", "三")
    assert [m.text for m in port.delivered("13800000001")] == ["一"]
    assert len(list((tmp_path / "messages").iterdir())) == 2
    assert (tmp_path / "messages").stat().st_mode & 0o777 == 0o700
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in (tmp_path / "messages").iterdir())


def test_a_row_done_again_tells_nobody_twice(county: County) -> None:
    case = opened(county)
    walked_to(county, case)
    before = (Notice.objects.count(), Message.objects.count())
    Outbox.objects.update(done_at=None, attempts=0)  # as if the worker had died just before it could note it
    Notice.objects.all().delete()
    settle()
    assert (Notice.objects.count(), Message.objects.count()) == before
    assert len(FilePort().delivered()) == 2


def test_every_topic_that_an_action_sends_has_a_handler() -> None:
    source = Path(actions.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in source.glob("*.py"))
    sent = set(re.findall(r'\.notify\("(\w+)"\)', code)) | set(re.findall(r'journal\.send\("cases\.(\w+)"', code))
    assert len(sent) > 12
    assert {f"cases.{topic}" for topic in sent} <= worker.topics()


def test_every_line_and_message_can_be_said_in_both_languages(county: County) -> None:
    lines, messages = wording.kinds()
    gaps = {"unit": county.units["交通局"].pk, "due": NOW.isoformat()}
    for language in ("zh", "en"):
        said = [wording.line(kind, 7, gaps, language) for kind in lines]
        said += [wording.message(kind, 7, gaps, language) for kind in messages]
        assert not any("{" in text for text in said)
    assert wording.line("asker.promise", 7, gaps, "zh").endswith("改为 11月18日 09:00。")
    assert wording.line("of a later release", 7, {}, "en") == "Something happened"


def test_unread_lines_are_counted_with_one_query_and_read_ones_are_not(
    county: County, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    case = opened(county)
    walked_to(county, case)
    viewer = viewer_of(county.accounts["陈居民"], NOW)
    with django_assert_num_queries(1):
        assert queries.unread(viewer) == 2
    with reference.hold():
        directory()
        with django_assert_num_queries(1):
            newest, oldest = queries.lines(viewer, language="zh")
    assert [line.text for line in queries.lines(viewer, language="zh", before=newest.id)] == [oldest.text]
    assert writing.mark_read(viewer=viewer, up_to=oldest.id, at=NOW) == 1
    assert queries.unread(viewer) == 1
    nobody = Viewer()
    assert (queries.unread(nobody), queries.lines(nobody, language="zh")) == (0, [])
    assert Case.objects.get(pk=case).pk == case
