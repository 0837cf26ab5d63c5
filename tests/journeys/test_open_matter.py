"""In a real browser: one of two pictures is made public, another approves, and a neighbour joins the matter."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.engines.cases.conftest import NOW, County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.engines.cases.filed import asked, at_work, brought, kept
from tests.journeys.test_desk import Enter
from tests.journeys.test_desk import enter as enter  # the fixture  # noqa: PLC0414
from tests.journeys.test_hard_way import Clock, press
from tests.journeys.test_hard_way import clock as clock  # the fixture  # noqa: PLC0414
from tests.ledgered import empty_indexes
from tests.web.public.conftest import placed as placed  # the fixture  # noqa: PLC0414
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case, OpenPicture, Publication

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_chosen_picture_is_published_and_a_neighbour_joins(placed: County, enter: Enter, clock: Clock) -> None:
    empty_indexes()
    placed.officer("程受理", "民生受理", "agent")
    case = at_work(placed, asked(placed, brought("路口.jpg", "门牌.jpg")))
    for file in kept(case):
        actions.open_picture(file=file.pk, regions=[], seen=True, by=placed.officers["俞经办"], at=NOW)
    chosen, left_out = OpenPicture.objects.order_by("pk").values_list("pk", flat=True)

    desk = enter("王受理")
    desk.goto(f"/desk/cases/{case.pk}/")
    desk.get_by_role("link", name="准备公开稿").click()
    desk.get_by_label("公开的标题").fill("村口路灯不亮")
    desk.get_by_role("checkbox", name="图片 2").uncheck()
    desk.get_by_role("button", name="交给另一人批准").click()
    expect(desk.get_by_role("status").first).to_contain_text("等另一人批准")
    expect(desk.get_by_role("button", name="批准公开")).to_have_count(0)
    colleague = enter("程受理")
    colleague.goto("/desk/approvals/")
    colleague.get_by_role("link", name="村口路灯不亮").click()
    expect(colleague.get_by_role("region", name="等批准的公开稿").locator("img")).to_have_count(1)
    colleague.get_by_label("我逐字看过了").check()
    colleague.get_by_role("button", name="批准公开").click()
    expect(colleague.get_by_role("status").first).to_contain_text("已经公开")
    # What was left out stays so when the text is changed later, unless somebody ticks it.
    desk.reload()
    desk.get_by_text("改公开稿").click()
    expect(desk.get_by_role("checkbox", name="图片 1")).to_be_checked()
    expect(desk.get_by_role("checkbox", name="图片 2")).not_to_be_checked()
    desk.goto(f"/desk/cases/{case.pk}/")
    press(desk, "open_up", "邻里现在能看到", title="村口路灯不亮")

    # A neighbour finds it on his phone, sees the one picture, and joins.
    neighbour = enter("陆文员", "phone")
    neighbour.goto("/matters/")
    neighbour.get_by_role("link", name="村口路灯不亮").click()
    picture = neighbour.locator("img.public-picture")
    expect(picture).to_have_count(1)
    assert picture.evaluate("i => i.decode().then(() => i.naturalWidth > 0)")
    number = Publication.objects.get().number
    for key, status in ((chosen, 200), (left_out, 404)):
        assert neighbour.request.get(f"/matters/{number}/pictures/{key}.jpg").status == status
    neighbour.get_by_role("button", name="算我一个").click()
    expect(neighbour.get_by_role("status")).to_contain_text("已算上您")
    neighbour.goto(f"/matters/{number}/")
    expect(neighbour.locator("main")).to_contain_text("您已在其中")
    expect(neighbour.locator(".facts")).to_contain_text("1 人")
    assert Case.objects.get(pk=case.pk).neighbours == 1
