"""The hard way in a real browser: resident → wrong unit → return → pause → overdue → joint meeting → answer → unhappy → done
again → satisfied. Days pass between the steps, and the worker does what falls due meanwhile."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.journeys.test_desk import WIDTHS
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.ledgered import adopt, empty_indexes
from tongban.core.ledger.audit import Audit
from tongban.core.ledger.worker import run_pending
from tongban.engines.cases import secrets
from tongban.engines.cases.models import AgendaItem, Assignment, Case, Meeting, Slip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = "13912347710"
Enter = Callable[..., Page]


class Clock:
    """The moment at which the pages believe to be asked; going on, it lets the worker do what has fallen due."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def go_to(self, month: int, day: int, hour: int = 9) -> None:
        """On to a moment of 2026 on the county's clock, hour by hour."""
        wanted = datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=8)
        while self.at < wanted:
            self.at = min(self.at + timedelta(hours=6), wanted)
            assert run_pending(self.at).errors == []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(datetime(2026, 11, 18, 1, 0, tzinfo=UTC))
    monkeypatch.setattr("tongban.web.middleware.timezone", SimpleNamespace(now=made.now))
    return made


def press(page: Page, move: str, said: str, **fields: str) -> None:
    """Open a move of the case's page if it is folded, fill it in, make it; ``said`` is what the page says then."""
    folded = page.locator(f"details#move-{move}:not([open]) > summary")
    if folded.count():
        folded.click()
    for name, value in fields.items():
        control = page.locator(f"#id_{move}-{name}")
        if control.evaluate("e => e.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
    page.locator(f"form[action*='/{move}/'] button:visible:not([type=button]):not([name=add-file])").last.click()
    expect(page.get_by_role("status").first).to_contain_text(said)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_hard_way_from_the_wrong_unit_to_a_satisfied_resident(
    county: County, enter: Enter, clock: Clock, width: str, browser: Any, live_server: Any
) -> None:
    empty_indexes()
    adopt()
    labour, traffic = (str(county.units[name].pk) for name in ("人社局", "交通局"))

    # A resident asks without an account.
    resident = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, locale="zh-CN", timezone_id="America/New_York"
    ).new_page()
    resident.goto("/ask/community/")
    resident.fill("#id_body", "村口的桥栏杆断了半年，孩子上学从这里走。")
    resident.select_option("#id_town", label="新埭镇")
    resident.select_option("#id_village", label="泖口村")
    resident.fill("#id_name", "李四")
    resident.fill("#id_phone", PHONE)
    resident.click("text=交给受理岗")
    resident.wait_for_selector(".big-code")
    key = Case.objects.get().pk
    case = f"/desk/cases/{key}/"

    # Given to the wrong unit, which returns it; then to the right one.
    desk = enter("王受理", width)
    desk.goto(case)
    press(desk, "accept", "已受理")
    press(desk, "assign", "已交办", unit=labour, limit="ordinary")
    wrong = enter("孙协办", width)
    wrong.goto(case)
    press(wrong, "return", "已退回", reason="桥梁归交通部门管")
    desk.goto(case)
    press(desk, "assign", "已交办", unit=traffic, limit="ordinary")
    clock.go_to(11, 18, 11)
    bureau = enter("俞经办", width)
    bureau.goto(case)
    press(bureau, "sign_in", "已签收")

    # The clock stands still until the resident has given what is missing.
    clock.go_to(11, 19)
    press(bureau, "pause", "已暂停计时", reason="请说明是哪一座桥")
    clock.go_to(11, 23)
    resident.goto(f"/track/{secrets.tracking_code(key)}/")
    expect(resident.locator("main")).to_contain_text("计时暂停，等您补充")
    resident.fill("#phone", PHONE)
    resident.click("button:text-is('核对')")
    expect(resident.locator("main")).to_contain_text("请说明是哪一座桥")
    resident.fill("#reply", "泖口小学门前那座")
    resident.click("text=把补充交上去")
    expect(resident.locator(".story")).to_contain_text("补充收到，恢复计时")
    bureau.goto(case)
    expect(bureau.locator("main")).to_contain_text("泖口小学门前那座")

    # Nobody acts: reminded, urged, supervised, brought before the monthly meeting.
    clock.go_to(12, 5)
    expect(bureau.locator("main")).not_to_contain_text("督办单")
    bureau.goto(case)
    expect(bureau.locator("main")).to_contain_text("月度例会")
    bureau.get_by_role("link", name=re.compile("督办单")).click()
    expect(bureau.locator("article.slip")).to_contain_text("超期未办，系统按规定自动发出")
    bureau.goto(case)
    press(bureau, "report_back", "督办情况已反馈", text="栏杆要定做，需要镇里配合封路")
    assert Slip.objects.get(case=key).feedback == "栏杆要定做，需要镇里配合封路"

    # The monthly meeting passes it on; the joint meeting says who leads until when.
    secretary = enter("卫秘书", width)
    for kind, starts_at, sits in (
        ("monthly", "2026-12-08T14:00", (12, 8, 15)),
        ("joint", "2026-12-10T09:00", (12, 10, 10)),
    ):
        secretary.goto("/desk/meetings/")
        secretary.select_option("#id_kind", kind)
        secretary.fill("#id_starts_at", starts_at)
        secretary.fill("#id_place", "县府 3 号会议室")
        secretary.get_by_role("button", name="定下来").click()
        expect(secretary.get_by_role("status").first).to_contain_text("会议已定")
        expect(secretary.locator("main")).to_contain_text("村口的桥栏杆断了半年")
        clock.go_to(*sits)
        secretary.reload()
        secretary.get_by_text("记下决定").click()
        if kind == "monthly":
            secretary.select_option(f"#id_c{key}-outcome", "passed_on")
            secretary.fill(f"#id_c{key}-text", "要镇里封路，本会定不下来，提交联席会议。")
        else:
            secretary.select_option(f"#id_c{key}-outcome", "assigned")
            secretary.select_option(f"#id_c{key}-lead", traffic)
            secretary.fill(f"#id_c{key}-by_date", "2026-12-18")
            secretary.get_by_text("选协办单位，可选几个").click()
            secretary.get_by_label("新埭镇政府", exact=True).check()
            secretary.fill(f"#id_c{key}-text", "交通局牵头，镇里 12 月 15 日封路半天，18 日前装好栏杆。")
        secretary.get_by_role("button", name="记下并生效").click()
        expect(secretary.get_by_role("status").first).to_contain_text("决定已记下并生效")
        secretary.get_by_role("button", name="结束，出纪要").click()
        expect(secretary.locator("main")).to_contain_text("纪要")
    assert list(AgendaItem.objects.order_by("pk").values_list("kind", "outcome")) == [
        ("monthly", "passed_on"), ("joint", "assigned"),
    ]  # fmt: skip
    assert Meeting.objects.filter(state="held").count() == 2
    expect(secretary.locator(".minutes")).to_contain_text("交通局牵头 · 协办 新埭镇政府")
    duties = Assignment.objects.filter(case=key, ended_at=None, by_date__isnull=False)
    assert dict(duties.values_list("unit__name_zh", "lead")) == {"交通局": True, "新埭镇政府": False}

    # Answered within the day that was set; the resident is not content, and it is done again.
    bureau.goto(case)
    press(bureau, "sign_in", "已签收")
    clock.go_to(12, 17)
    bureau.goto(case)
    # What is asked of something undone shows itself once that is chosen, and not before.
    expect(bureau.locator("#id_answer-because")).to_be_hidden()
    bureau.check("input[name='answer-outcome'][value='partly']")
    press(
        bureau, "answer", "已送审核", text="南侧栏杆已于 12 月 16 日装好，交通局俞负责。",
        why_not="planned", because="北侧要等桥面大修，一起做。", planned_for="2027-03-31",
    )  # fmt: skip
    reviewer = enter("钱审核", width)

    def sent() -> None:
        reviewer.goto(case)
        press(reviewer, "approve", "审核通过")
        press(reviewer, "send", "答复已发出")

    sent()
    assert (
        Case.objects.get(pk=key).in_time is False
    )  # what was promised in November is the measure, not the meeting's day

    def rate(grade: int) -> None:
        resident.goto(f"/rate/{secrets.rating_token(key)}/")
        resident.check(f"input[name=grade][value='{grade}']")
        resident.click("button.main")
        expect(resident.locator("h1")).to_contain_text("谢谢")

    resident.goto(f"/track/{secrets.tracking_code(key)}/")
    expect(resident.locator("[data-outcome=partly]")).to_contain_text(
        "部分解决，因为已列入计划，以后办（2027年3月31日前）"
    )
    rate(2)
    assert Case.objects.get(pk=key).state == "assigned"
    resident.goto(f"/track/{secrets.tracking_code(key)}/")
    expect(resident.locator(".story")).to_contain_text("重办")
    clock.go_to(12, 18)
    bureau.goto(case)
    press(bureau, "sign_in", "已签收")
    bureau.check("input[name='answer-outcome'][value='done']")
    press(bureau, "answer", "已送审核", text="松动的两根立柱已重新浇筑，12 月 18 日完工，交通局俞负责。")
    sent()

    # Called back by another, satisfied, closed.
    clock.go_to(12, 21)
    rate(5)
    desk.goto(case)
    desk.locator("details#move-callback > summary").click()
    desk.check("input[name='callback-result'][value='solved']")
    desk.locator("form[action*='/callback/'] button").click()
    expect(desk.get_by_role("status").first).to_contain_text("回访已记下")
    press(desk, "close", "已办结")
    row = Case.objects.get(pk=key)
    assert (row.state, row.grade, row.reopened, row.pauses, row.callback) == ("closed", 5, 1, 1, "solved")
    desk.goto("/desk/board/?period=all")
    expect(desk.locator(".kpi")).to_contain_text("重办过")
    assert [fault.sentence("en") for fault in Audit().faults()] == []
