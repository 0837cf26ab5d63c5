"""Every page for firms and residents, examined in a real browser: empty, full, and with errors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.engines.cases.conftest import NOW, County, county  # noqa: F401 - the fixture
from tests.look.pages import examine
from tests.web.public.conftest import HOUR, answered, asked, placed, taken_up  # noqa: F401 - a fixture
from tongban.core.registry.models import Firm
from tongban.engines.cases import actions, secrets
from tongban.engines.cases.actions import Opening
from tongban.engines.cases.models import Publication, Rating

pytestmark = pytest.mark.browser
LONG = "平湖市当湖街道明湖片区泖新精密机械与智能装备制造（集团）股份有限公司第二分公司（化名）"


@pytest.fixture
def stage(placed: County, transactional_db: None) -> dict[str, Any]:  # noqa: F811
    """New, asked back, answered and late requests, long names, and a firm's own."""
    county = placed  # noqa: F811
    Firm.objects.update(name_zh=LONG)
    new = asked(county, "新提的一件😀" + "很长的一句话没有标点" * 20)
    waiting = taken_up(county, asked(county, "路灯坏了"))
    actions.ask(case=waiting.pk, question="哪一盏灯？", by=county.officers["俞经办"], at=NOW + 2 * HOUR)
    done = answered(county, asked(county, "河边垃圾没人清"))
    Rating.objects.update(expires_at=datetime(2099, 1, 1, tzinfo=UTC))
    opening = Opening(
        programme="enterprise", kind="request", body="夜班公交停了", area=county.areas["town"].pk,
        requester=county.people["陆文员"], firm=county.firm, facts={"staff": "40", "amount": "5000000"},
    )  # fmt: skip
    firms = actions.open_case(opening, by=county.officers["王受理"], at=NOW)
    public = published(county, done.pk)
    return {
        "public": public, "new": new.pk, "waiting": waiting.pk, "done": done.pk, "firms": firms.pk, "firm": county.firm.pk,  # type: ignore[union-attr]
        "code": county.firm.code, "county": county,  # type: ignore[union-attr]
        "track": secrets.tracking_code(done.pk), "sent": secrets.tracking_code(new.pk),
        "rate": secrets.rating_token(done.pk),
    }  # fmt: skip


def published(county: County, case: int) -> int:  # noqa: F811
    """The number of a public matter with a long title and all that was taken out of it."""
    second = county.officer("程受理", "民生受理", "agent")
    actions.publish_prepare(
        case=case, title="很长的标题" * 20, question="【姓名】住【门牌】。" + "很长的一句话没有标点" * 20, answer="周五清完。",
        place="village", by=county.officers["王受理"], at=NOW + 4 * HOUR,
    )  # fmt: skip
    version = Publication.objects.get()
    actions.publish_approve(case=case, version=version.pk, read=True, sure=True, by=second, at=NOW + 4 * HOUR)
    return version.number


@pytest.fixture
def sign_in(live_server: Any, context: Any) -> Callable[[Any], None]:
    """Put a session into the browser."""

    def signed_in(account: Any) -> None:
        client = Client()
        client.force_login(account, backend="tongban.web.signin.backend.AccountBackend")
        context.add_cookies([{"name": "session", "value": client.cookies["session"].value, "url": live_server.url}])

    return signed_in


ANYBODY = [
    "/", "/ask/community/", "/ask/enterprise/", "/ask/enterprise/?firm={code}", "/sent/{sent}/", "/track/",
    "/track/{track}/", "/track/330482-000001-AAAAA-AAAAA/", "/rate/{rate}/", "/rate/1-AAAA/", "/f/{code}/", "/nowhere/",
    "/matters/", "/matters/?kind=enterprise", "/matters/map/", "/matters/map/?area=330482100", "/matters/{public}/",
]  # fmt: skip
SIGNED_IN = [
    ("陈居民", "/"), ("陈居民", "/my/"), ("陈居民", "/my/{new}/"), ("陈居民", "/my/{waiting}/"), ("陈居民", "/my/{done}/"),
    ("陆文员", "/my/"), ("陆文员", "/my/firm/{firm}/"), ("陆文员", "/ask/enterprise/"), ("陆文员", "/my/{firms}/"),
    ("俞经办", "/my/"),
]  # fmt: skip


@pytest.mark.parametrize("path", ANYBODY)
def test_a_page_for_anybody(stage: dict[str, Any], live_server: Any, page: Any, axe_script: Path, path: str) -> None:
    assert examine(page, axe_script, live_server.url + path.format(**stage)) == []


@pytest.mark.parametrize(("name", "path"), SIGNED_IN)
def test_a_page_for_who_has_signed_in(
    stage: dict[str, Any], live_server: Any, page: Any, axe_script: Path, sign_in: Callable[[Any], None],
    name: str, path: str,
) -> None:  # fmt: skip
    sign_in(stage["county"].accounts[name])
    assert examine(page, axe_script, live_server.url + path.format(**stage)) == []


def test_a_form_with_everything_wrong(stage: dict[str, Any], live_server: Any, page: Any, axe_script: Path) -> None:
    from tests.look.pages import axe, too_wide

    page.goto(live_server.url + "/ask/enterprise/")
    page.fill("#id_phone", "123")
    page.fill("#id_cosigners", "王五") if page.is_visible("#id_cosigners") else None
    page.click("button.main")
    assert page.evaluate("document.activeElement.matches('.summary')"), "the summary takes focus"
    assert axe(page, axe_script) == []
    assert too_wide(page, 320) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})
    page.click(".summary a >> nth=0")
    assert page.evaluate("document.activeElement.matches('input, textarea, select')"), "its links lead to the field"


def test_large_print_grows_everything_and_loses_nothing(
    stage: dict[str, Any], live_server: Any, page: Any, axe_script: Path
) -> None:
    from tests.look.pages import axe, too_wide

    page.goto(live_server.url + "/ask/community/")
    small = page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)")
    page.click("button[name=large]")
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") == small * 1.25
    assert axe(page, axe_script) == []
    assert too_wide(page, 320) <= 0
