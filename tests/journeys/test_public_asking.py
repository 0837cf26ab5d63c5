"""A resident walks from the first page to the answer: on a phone and at a desk, with script and without."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.engines.cases.conftest import County, county  # noqa: F401 - the fixture
from tests.web.public.conftest import HOUR, placed  # noqa: F401 - a fixture
from tongban.core.registry.models import Person
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.models import Case, Rating
from tongban.engines.cases.outcome import DONE

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WAYS = [(PHONE, True), (PHONE, False), (DESK, True), (DESK, False)]
WAY_NAMES = ["phone", "phone without script", "desk", "desk without script"]


@pytest.fixture
def window(browser: Any, live_server: Any, placed: County, transactional_db: None) -> Any:  # noqa: F811
    """Opens a window of some size, with or without JavaScript, whose relative addresses are the county's."""
    opened = []

    def new(size: dict[str, int], script: bool = True, locale: str = "zh-CN") -> Any:
        context = browser.new_context(
            viewport=size,
            java_script_enabled=script,
            base_url=live_server.url,
            locale=locale,
            timezone_id="Asia/Shanghai",
        )
        opened.append(context)
        return context.new_page()

    yield new
    for context in opened:
        context.close()


@pytest.mark.parametrize(("size", "script"), WAYS, ids=WAY_NAMES)
def test_a_resident_asks_tracks_replies_reads_and_rates(
    window: Callable[..., Any],
    placed: County,  # noqa: F811
    size: dict[str, int],
    script: bool,
) -> None:
    county = placed  # noqa: F811
    page = window(size, script)
    page.goto("/")
    page.click("text=我是居民")
    page.fill("#id_body", "小区南门外的路灯三天没亮了😀")
    page.check("input[name=category][value=city]")
    page.select_option("#id_town", label="新埭镇")
    page.select_option("#id_village", label="泖口村")
    page.fill("#id_address", "东湖花园南门")
    page.fill("#id_name", "李四")
    page.fill("#id_phone", "139 1234 7710")
    page.click("text=交给受理岗")
    code = page.text_content(".big-code")
    case = Case.objects.get()
    assert code == secrets.tracking_code(case.pk)
    assert case.area_id == county.areas["village"].pk

    desk, worker, reviewer = (county.officers[n] for n in ("王受理", "俞经办", "钱审核"))
    at = case.opened_at
    actions.accept(case=case.pk, by=desk, at=at)
    actions.assign(case=case.pk, unit=county.units["交通局"].pk, by=desk, at=at)
    actions.sign_in(case=case.pk, by=worker, at=at)
    actions.ask(case=case.pk, question="是哪一盏？", by=worker, at=at)

    page.goto("/track/")
    page.fill("#code", code.lower().replace("-", ""))
    page.click("text=查一查")
    page.fill("#phone", "13912347710")
    page.click("button:text-is('核对')")
    assert "是哪一盏" in page.text_content("main")
    page.fill("#reply", "南门第二盏")
    page.click("text=把补充交上去")
    assert page.locator("#reply").count() == 0
    assert "提出人补充了说明" in page.text_content(".story")

    actions.answer(outcome=DONE, case=case.pk, text="明天修好，责任人俞。", by=worker, at=at + HOUR)
    actions.approve(case=case.pk, by=reviewer, at=at + HOUR)
    actions.send(case=case.pk, by=reviewer, at=at + HOUR)
    page.reload()
    assert "明天修好" in page.text_content("main")

    page.goto(f"/rate/{secrets.rating_token(case.pk)}/")
    page.check("input[name=grade][value='5']")
    page.click("button.main")
    assert "谢谢" in page.text_content("h1")
    assert Rating.objects.get().grade == 5


def test_a_mistake_keeps_what_was_written_and_leads_to_its_field(window: Callable[..., Any]) -> None:
    page = window(PHONE)
    page.goto("/ask/community/")
    page.fill("#id_body", "路灯坏了")
    page.fill("#id_phone", "123")
    page.click("text=交给受理岗")
    assert page.evaluate("document.activeElement.matches('.summary')")
    assert page.input_value("#id_body") == "路灯坏了"
    page.click(".summary a[href='#id_phone']")
    assert page.evaluate("document.activeElement.id") == "id_phone"
    page.fill("#id_phone", "13912347710")
    page.fill("#id_name", "李四")
    page.select_option("#id_town", label="新埭镇")
    page.click("text=交给受理岗")
    page.wait_for_selector(".big-code")
    assert Case.objects.count() == 1


def test_pressing_twice_files_once(window: Callable[..., Any]) -> None:
    page = window(DESK, script=False)
    page.goto("/ask/community/")
    page.fill("#id_body", "路灯坏了")
    page.fill("#id_name", "李四")
    page.fill("#id_phone", "13912347710")
    page.select_option("#id_town", label="新埭镇")
    page.dblclick("text=交给受理岗")
    page.wait_for_selector(".big-code")
    page.wait_for_load_state("networkidle")
    assert Case.objects.count() == 1
    assert page.text_content(".big-code") == secrets.tracking_code(Case.objects.get().pk)


def test_a_place_is_pointed_at_by_mouse_and_by_keys(window: Callable[..., Any], placed: County) -> None:  # noqa: F811
    page = window(DESK)
    page.goto("/ask/community/")
    page.locator(".map").scroll_into_view_if_needed()
    dot = page.locator("[data-place]").first.bounding_box()
    page.mouse.click(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
    assert "标记在泖口村附近" in page.text_content("[data-says]")
    assert page.input_value("#id_village") == str(placed.areas["village"].pk)
    before = float(page.input_value("#id_longitude"))
    assert abs(before - 121.06) < 0.003
    page.locator(".map").focus()
    page.keyboard.press("ArrowRight")
    assert float(page.input_value("#id_longitude")) > before
    page.keyboard.press("Delete")
    assert page.input_value("#id_longitude") == ""
    page.keyboard.press("Enter")
    assert page.input_value("#id_longitude") != ""


def test_the_town_narrows_the_villages(window: Callable[..., Any]) -> None:
    page = window(DESK)
    page.goto("/ask/community/")
    page.select_option("#id_town", label="说不清是哪个镇")
    assert page.locator("#id_village optgroup").count() == 1
    page.select_option("#id_town", label="新埭镇")
    assert page.locator("#id_village optgroup[label='新埭镇']").count() == 1


def test_a_scanned_code_fills_in_the_firm_in_english_too(window: Callable[..., Any], placed: County) -> None:  # noqa: F811
    assert placed.firm is not None
    page = window(PHONE, locale="en-GB")
    page.goto(f"/f/{placed.firm.code}/")
    page.click(".entrance")
    assert placed.firm.name_zh in page.text_content("main")
    page.fill("#id_body", "The night bus has stopped.")
    page.fill("#id_name", "Li Si")
    page.fill("#id_phone", "13912347710")
    page.click("text=Send it to the desk")
    assert page.text_content("h1") == "Received"
    case = Case.objects.get()
    assert (case.firm_id, case.channel) == (placed.firm.pk, "code")
    assert Person.objects.get(pk=case.requester_id).phone_confirmed_at is None
    assert not page.context.cookies() or all(c["name"] != "session" for c in page.context.cookies())


def test_the_code_can_be_copied_and_the_page_leaves_no_trace(window: Callable[..., Any]) -> None:
    page = window(DESK)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/ask/community/")
    for name, value in (("body", "路灯坏了"), ("name", "李四"), ("phone", "13912347710")):
        page.fill(f"#id_{name}", value)
    page.select_option("#id_town", label="新埭镇")
    page.click("text=交给受理岗")
    page.click("[data-copy]")
    page.wait_for_selector("[data-told]:text-is('已复制')")
    assert page.evaluate("navigator.clipboard.readText()") == page.text_content(".big-code")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.headers.get("referer", "")))
    page.click("text=看进度")
    assert not any(re.search(r"330482-", referer) for referer in sent), "the address is carried nowhere"
