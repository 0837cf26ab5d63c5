"""Whatever stands in an address or a header, no page breaks: a sentence, a first page or no such page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tests.web.staff.conftest import at_stage
from tongban.config.wsgi import application
from tongban.core.calendar.logic.calendar import FIRST_YEAR, LAST_YEAR
from tongban.engines.cases.models import Case

BACKEND = "tongban.web.signin.backend.AccountBackend"
HOSTILE = (
    "99999999999999999999", "²", "\x00", "'\"<b>%s%%", "-1",
    "9999-12-31T23:59:59-23:59|1", "0001-01-01T00:00:00+14:00|1", "2026-01-01|²",
    "2026-01-01T00:00:00|99999999999999999999", "9999-12-31T23:59:59Z|9223372036854775807", "~00ff", "0001-01",
)  # fmt: skip
MORE = (
    str(2**63), str(2**63 - 1), "٣", "1e999", "NaN", "\ufffe", "x" * 3000, "0001-01-01T00:00:00Z|1", "9999-12", "2026-13",
    "9999-12-31+99999", "%00", "\ud83d",
)  # fmt: skip
NAMES = (
    "after", "before", "page", "q", "state", "programme", "town", "unit", "view", "due", "by", "rank", "period",
    "figure", "firm", "next", "format", "key", "code", "like", "organisation", "day", "year", "category", "area",
)  # fmt: skip
TYPED = (
    *NAMES, "do", "reply", "reason", "phone", "text", "question", "comment", "grade", "name", "body", "title", "address",
    "kind", "units", "unit", "limit", "about", "credit_code", "name_zh", "name_en", "username", "source", "valid_from",
    "valid_until", "longitude", "latitude", "up_to", "town", "village", "look", "amount", "successor", "spans",
)  # fmt: skip
KEYS = ("0", str(2**63 - 1), str(2**63))
DAYS = ("0001-01-01", "9999-12-31", f"{LAST_YEAR}-12-31", "2026-02-30")


def addresses(keys: tuple[str, ...] = KEYS, days: tuple[str, ...] = DAYS) -> Iterator[str]:
    """Every page's address, its gaps filled with hostile keys and dates."""
    for route in routes(get_resolver()):
        gaps = re.findall(r"<(?:([a-z]+):)?[a-z_]+>", route)
        fill = {"day": days, "year": ("0000", "9999", str(FIRST_YEAR)), "key": keys, "slug": ("accept", "community")}
        for values in product(*(fill.get(kind, ("x",)) for kind in gaps)):
            given = iter(values)
            yield "/" + re.sub(r"<[^>]+>", lambda _, given=given: next(given), route)


def routes(under: URLResolver, before: str = "") -> Iterator[str]:
    for one in under.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route
        else:
            yield from routes(one, route)


@pytest.fixture
def people(county: County) -> list[Client]:
    """Nobody, a resident, a firm's clerk, an agent, a handler, a reviewer, a town's overseer and an administrator."""
    county.officer("袁督办", "新埭镇政府", "supervisor")
    county.officer("周管理", "企业受理", "administrator")
    for stage in ("new", "handling", "answered"):
        at_stage(county, stage)
    found = [Client(raise_request_exception=False)]
    for name in ("陈居民", "陆文员", "沈受理", "俞经办", "钱审核", "袁督办", "周管理"):
        browser = Client(raise_request_exception=False)
        browser.force_login(county.accounts[name], backend=BACKEND)
        found.append(browser)
    return found


PAGES = (
    "/", "/my/", "/desk/", "/desk/cases/", "/desk/search/", "/desk/new/", "/desk/board/", "/desk/board/cases/",
    "/desk/mandates/", "/desk/hand-over/", "/import/", "/notices/", "/notices/preferences/", "/manage/webhooks/", "/manage/sendings/", "/manage/accounts/", "/manage/firms/",
    "/manage/bodies/", "/manage/areas/", "/manage/calendar/", "/manage/routes/", "/ask/enterprise/", "/sign-in/",
    "/desk/complete/firms/", "/desk/cases/export/", "/f/%00/", "/track/%00/", "/rate/%00/",
)  # fmt: skip


def broken_lists(people: list[Client], values: tuple[str, ...]) -> list[tuple[str, dict[str, str]]]:
    broken = []
    for page, value, browser in product(PAGES, values, people):
        asks = [dict.fromkeys(NAMES, value), {"after": value, "before": value, "q": "路灯", "figure": "accepted"}]
        # Encoded here: what is no character at all comes as bytes, as an attacker would send it.
        broken += [
            (page, ask)
            for ask in asks
            if browser.get(f"{page}?{urlencode(ask, errors='surrogatepass')}").status_code >= 500
        ]
    return broken


def test_no_list_breaks_on_what_stands_in_its_address(people: list[Client]) -> None:
    assert not broken_lists([people[1], people[3], people[7]], HOSTILE)


@pytest.mark.long
def test_no_list_breaks_for_anybody(people: list[Client]) -> None:
    assert not broken_lists(people, (*HOSTILE, *MORE))


def test_no_page_breaks_on_a_key_or_date_that_no_table_can_hold(people: list[Client]) -> None:
    broken = []
    for address, browser in product(addresses(), (people[3], people[7])):
        for answer in (browser.get(address), browser.post(address, {"phone": "x", "reason": "x", "kind": "work"})):
            if answer.status_code >= 500:
                broken.append((address, answer.status_code))
    assert not broken


@pytest.mark.parametrize("value", ["\x00", "99999999999999999999", "٣", "9999-12-31"])
def test_no_form_breaks_on_what_is_typed(people: list[Client], value: str) -> None:
    keys = tuple(str(k) for k in Case.objects.values_list("pk", flat=True))
    broken = []
    for address, browser in product(addresses(keys, ("2026-11-20",)), (people[0], people[2], people[3], people[7])):
        if "sign-out" not in address and browser.post(address, dict.fromkeys(TYPED, value)).status_code >= 500:
            broken.append(address)
    assert not broken


def test_a_key_beyond_every_table_is_no_page_like_any_other(people: list[Client]) -> None:
    agent = people[3]
    for key in ("999999", str(2**63), "9" * 30):
        for address in (f"/desk/cases/{key}/", f"/desk/new/{key}/", f"/my/{key}/"):
            assert agent.get(address).status_code == 404, address
        for move in ("reveal", "accept", "assign"):
            assert agent.post(f"/desk/cases/{key}/{move}/", {"reason": "x"}).status_code == 404
    administrator = people[7]
    for day in ("0001-01-01", "9999-12-31"):
        assert administrator.get(f"/manage/calendar/{day}/").status_code == 404
        assert administrator.post(f"/manage/calendar/{day}/", {"kind": "work"}).status_code == 404


@pytest.mark.parametrize(
    "charset",
    ["hex", "rot13", "zlib", "base64", "idna", "punycode", "undefined", "utf-16", "raw_unicode_escape", "nonsense"],
)
def test_a_request_is_read_as_utf8_whatever_it_claims(
    people: list[Client], charset: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Django's test client makes the request itself; here as the application does that a server runs.
    monkeypatch.setattr("django.test.client.WSGIRequest", application.request_class)
    claim = f"text/plain; charset={charset}"
    for browser in people:
        for page in ("/?language=en&q=%5Cud800", "/desk/search/?q=%5Cud800%E8%B7%AF%E7%81%AF", "/desk/?after=%FF"):
            assert browser.generic("GET", page, CONTENT_TYPE=claim).status_code < 500, page
    found = people[3].generic("GET", "/desk/search/?q=%E5%A4%9C%E7%8F%AD%E5%85%AC%E4%BA%A4", CONTENT_TYPE=claim)
    assert "夜班公交停了" in re.sub(r"</?mark>", "", found.content.decode())


# -- what cannot be read at all ----------------------------------------------------------------------------------

BOUNDARY = "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("how", "status", "zh", "en"),
    [
        ({"path": "/", "HTTP_HOST": "elsewhere.example"}, 400, "不是本站的", "not this site"),
        ({"path": "/?" + "&".join(f"a{n}=1" for n in range(1100))}, 413, "项目太多", "Too many items"),
        ({"path": "/sign-in/", "method": "POST", "data": "a=1&" * 500, "content_type": "application/x-www-form-urlencoded"},
         413, "项目太多", "Too many items"),
        ({"path": "/ask/community/", "method": "POST", "data": "body=" + "a" * 1_100_000,
          "content_type": "application/x-www-form-urlencoded"}, 413, "内容太多", "Too much was sent"),
        ({"path": "/sign-in/", "method": "POST", "data": "--x\r\nnonsense", "content_type": "multipart/form-data"},
         400, "不完整", "not complete"),
        ({"path": "/sign-in/", "method": "POST", "data": "--x\r\n", "content_type": BOUNDARY, "CONTENT_LENGTH": "-1"},
         400, "不完整", "not complete"),
    ],
)  # fmt: skip
@pytest.mark.django_db
def test_what_cannot_be_read_is_answered_in_the_readers_language(
    how: dict[str, str], status: int, zh: str, en: str, caplog: pytest.LogCaptureFixture
) -> None:
    given = {"method": "GET", **how}
    path, method = given.pop("path"), given.pop("method")
    for language, words in (("zh-CN", zh), ("en", en)):
        browser = Client(raise_request_exception=False)
        answer = browser.generic(method, path, HTTP_ACCEPT_LANGUAGE=language, **given)
        assert answer.status_code == status
        assert words in answer.content.decode()
        assert "<html" in answer.content.decode()
    assert "Traceback" not in caplog.text
