"""Files in a real browser: a resident's phone sends its pictures one by one, an officer draws boxes on one of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # noqa: PLC0414 - a fixture
from tests.engines.cases.filed import asked, at_work, brought, kept
from tests.journeys.test_public_asking import DESK, PHONE
from tests.journeys.test_public_asking import window as window  # noqa: PLC0414 - a fixture
from tests.pictures import claiming, jpeg
from tests.web.public.conftest import placed as placed  # noqa: PLC0414 - a fixture
from tongban.engines.cases.models import Attachment, Case, OpenPicture

pytestmark = pytest.mark.browser


@pytest.fixture
def photos(tmp_path: Path) -> list[str]:
    """Two pictures and one that is a bomb, on the resident's phone."""
    for name, content in (("一.jpg", jpeg()), ("二.jpg", jpeg(240, 320)), ("炸弹.png", claiming(60_000, 60_000, 1))):
        (tmp_path / name).write_bytes(content)
    return [str(tmp_path / name) for name in ("一.jpg", "二.jpg", "炸弹.png")]


def filled(page: Any) -> None:
    page.fill("#id_body", "小区南门外的路灯三天没亮了")
    page.select_option("#id_town", label="新埭镇")
    page.fill("#id_name", "李四")
    page.fill("#id_phone", "13912347710")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_each_file_is_sent_by_itself_and_the_form_waits_for_it(
    window: Callable[..., Any],
    placed: County,
    photos: list[str],
    size: dict[str, int],
) -> None:
    page = window(size)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/ask/community/")
    assert page.locator("[data-add]").is_hidden()
    page.set_input_files("#files-ask", photos[:1])
    page.wait_for_selector("[data-list] li img")
    page.set_input_files("#files-ask", photos[2:])
    page.wait_for_selector("[data-list] .error")
    assert "尺寸太大" in page.text_content("[data-list]")
    filled(page)
    # Sent while a file is still on its way: the form follows when it has arrived.
    page.set_input_files("#files-ask", photos[1:2])
    page.click("text=交给受理岗")
    page.wait_for_selector(".big-code")
    assert sorted(r.name for r in Attachment.objects.filter(case=Case.objects.get())) == ["一.jpg", "二.jpg"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert wrong == []


def test_a_file_that_did_not_arrive_can_be_sent_again_and_one_can_be_dropped(
    window: Callable[..., Any],
    placed: County,
    photos: list[str],
) -> None:
    page = window(PHONE)
    page.goto("/ask/community/")
    page.context.set_offline(True)
    page.set_input_files("#files-ask", photos[:1])
    again = page.locator("text=没有传上去")
    again.wait_for()
    page.context.set_offline(False)
    again.click()
    page.wait_for_selector("[data-list] li img")
    page.keyboard.press("Tab")
    drop = page.locator("[data-list] button[name=drop-file]")
    assert drop.get_attribute("aria-label") == "移除 一.jpg"
    drop.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-list] li", state="detached")
    assert page.evaluate("document.activeElement.id") == "files-ask"


def test_without_a_script_the_form_s_own_button_uploads(
    window: Callable[..., Any],
    placed: County,
    photos: list[str],
) -> None:
    page = window(PHONE, script=False)
    page.goto("/ask/community/")
    filled(page)
    page.set_input_files("#files-ask", photos[:2])
    page.click("text=上传")
    assert page.locator(".brought li").count() == 2
    assert page.input_value("#id_body") == "小区南门外的路灯三天没亮了"
    page.click("text=交给受理岗")
    assert page.locator(".big-code").count() == 1
    assert Attachment.objects.count() == 2


@pytest.fixture
def officer(window: Callable[..., Any], live_server: Any, placed: County) -> Callable[..., Any]:
    """A window in which somebody has signed in."""

    def entered(name: str, size: dict[str, int], script: bool = True) -> Any:
        client = Client()
        client.force_login(placed.accounts[name], backend="tongban.web.signin.backend.AccountBackend")
        page = window(size, script)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
        return page

    return entered


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_officer_draws_boxes_looks_and_confirms(
    officer: Callable[..., Any],
    placed: County,
    size: dict[str, int],
) -> None:
    case = at_work(placed, asked(placed, brought("路口.jpg")))
    page = officer("俞经办", size)
    page.goto(f"/desk/cases/{case.pk}/")
    page.click(".pictures a")
    assert page.locator(".large-picture img").evaluate("i => i.decode().then(() => i.naturalWidth > 0)")
    page.click("text=准备公开用图")
    page.locator(".boxes image").wait_for()
    svg = page.locator(".boxes svg").bounding_box()
    drawn = page.locator(".boxes rect")
    for n in range(1, 6):  # one more than there are rows to begin with
        page.mouse.move(svg["x"] + svg["width"] * 0.5, svg["y"] + svg["height"] * 0.1 * n)
        page.mouse.down()
        page.mouse.move(svg["x"] + svg["width"] * 0.6, svg["y"] + svg["height"] * (0.1 * n + 0.08), steps=3)
        page.mouse.up()
        assert drawn.count() == n
    # By the keyboard: a number is put right, and a box goes.
    page.locator("[data-rows] input[name=width]").first.fill("40")
    page.locator("[data-rows] button[data-remove]").nth(1).press("Enter")
    assert drawn.count() == 4
    page.click("text=看看遮住的效果")
    page.wait_for_selector("#result img")
    page.check("#sure")
    page.click("button[name=confirm]")
    page.wait_for_selector("text=已经确认过一张")
    row = OpenPicture.objects.get(attachment=kept(case)[0])
    assert row.confirmed_by == placed.accounts["俞经办"].pk
    regions = json.loads(row.regions)
    assert len(regions) == 4
    assert regions[0] == pytest.approx([50, 10, 40, 8], abs=1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_pages_with_files_can_be_used_by_everybody(
    officer: Callable[..., Any],
    placed: County,
    size: dict[str, int],
    axe_script: Path,
) -> None:
    case = at_work(placed, asked(placed, [*brought("路口.jpg"), *brought("说明.txt", content="话".encode())]))
    page = officer("俞经办", size)
    file = kept(case)[0].pk
    for address in (
        f"/desk/cases/{case.pk}/",
        f"/files/{file}/look/",
        f"/desk/cases/{case.pk}/pictures/{file}/",
        "/ask/community/",
    ):
        page.goto(address)
        # Our pages allow no script of anybody else's; the test brings its own by the back door.
        page.evaluate(axe_script.read_text(encoding="utf-8"))
        found = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
        assert [v["id"] for v in found["violations"]] == [], address
