"""The frame of every page, and the parts as template tags."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.test import Client, RequestFactory

from tests.engines.cases.conftest import County
from tests.engines.cases.conftest import county as county  # the fixture  # noqa: PLC0414
from tongban.core.access.viewer import NOBODY, viewer_of
from tongban.core.labels import Label
from tongban.web.signin.pending import home_of

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)


def drawn(source: str, language: str = "zh", **context: object) -> str:
    request = RequestFactory().get("/somewhere/?q=1")
    request.user = AnonymousUser()
    template = engines["django"].from_string(source)
    return template.render({"language": language, "at": NOW, "viewer": NOBODY, **context}, request).strip()


def test_a_rate_always_shows_its_numerator_and_denominator() -> None:
    assert drawn("{% rate 231 243 %}") == '<span class="rate">95.1%<small>（231 / 243）</small></span>'
    assert drawn("{% rate 0 0 %}") == '<span class="rate">— <small>0 / 0</small></span>'


def test_money_is_in_yuan_and_nothing_is_a_dash() -> None:
    assert drawn("{% money 500000000 %}") == "5,000,000 元"
    assert drawn("{% money 1250 %}", "en") == "CNY 12.50"
    assert drawn("{% money nothing %}", nothing=None) == "—"


def test_a_time_is_no_more_exact_than_it_is_known() -> None:
    late_at_night = datetime(2026, 11, 17, 17, 30, tzinfo=UTC)
    assert "11月18日 01:30" in drawn("{% when m %}", m=late_at_night)
    assert drawn("{% when m 'day' %}", m=late_at_night).endswith(">11月18日</time>")
    assert 'datetime="2026-11-18"' in drawn("{% when m 'day' %}", m=late_at_night)
    assert drawn("{% when m 'unknown' %}", m=late_at_night) == "—"
    assert drawn("{% when m %}", m=None) == "—"


def test_a_chip_has_a_shape_and_a_word() -> None:
    label = Label("办理中", "In progress")
    assert drawn("{% chip 'handling' x %}", x=label) == '<span class="chip" data-state="going">办理中</span>'
    assert 'data-state="late"' in drawn("{% chip 'late' x plain=True %}", "en", x=label)


def test_a_number_is_masked_whatever_is_passed() -> None:
    assert "139****7710" in drawn("{% masked '13912347710' %}")
    assert "139****7710" in drawn("{% masked '139****7710' %}")


@pytest.mark.django_db
def test_a_clock_has_one_cell_for_each_working_day() -> None:
    monday, friday = datetime(2026, 11, 16, 0, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    html = drawn("{% clock a b %}", a=monday, b=friday)
    assert html.count("<i") == 5
    assert html.count('data-d="used"') == 2
    assert html.count('data-d="now"') == 1
    assert "剩 2 天" in html
    assert "还剩 2 天，11月20日（周五）17:00 到期" in html
    assert "按时" in drawn("{% clock a b b %}", a=monday, b=friday)
    assert drawn("{% clock a b %}", a=None, b=friday) == '<span class="quiet">—</span>'


@pytest.mark.django_db
def test_a_long_promise_has_narrow_cells_and_a_strip_names_its_end() -> None:
    start, due = datetime(2026, 11, 9, 0, 30, tzinfo=UTC), datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert 'class="days fine"' in drawn("{% clock a b %}", a=start, b=due)
    strip = drawn("{% promise a b %}", "en", a=start, b=due)
    assert strip.count(" data-due") == 1
    assert "due Fri 20 Nov, 17:00" in strip


@pytest.mark.django_db
def test_an_address_of_this_page_keeps_its_other_parameters() -> None:
    assert drawn('{% here language="en" %}') == "?q=1&amp;language=en"


def test_a_page_that_is_not_there_is_told_in_the_frame(county: County, client: Client) -> None:
    answer = client.get("/nowhere/", headers={"accept-language": "en"})
    html = answer.content.decode()
    assert answer.status_code == 404
    assert '<html lang="en">' in html
    assert "no such page" in html
    assert 'class="skip" href="#main"' in html


def test_staff_see_the_masthead_with_their_office(county: County) -> None:
    viewer = viewer_of(county.accounts["沈受理"], NOW)
    html = drawn('{% include "web/base.html" %}', viewer=viewer)
    assert 'class="masthead"' in html
    assert '沈受理<span class="office"> · 企业受理 受理岗</span>' in html


def test_the_menu_offers_only_what_the_office_opens(county: County) -> None:
    county.officer("吴管理", "企业受理", "administrator")
    agent = drawn('{% include "web/base.html" %}', viewer=viewer_of(county.accounts["沈受理"], NOW))
    keeper = drawn('{% include "web/base.html" %}', viewer=viewer_of(county.accounts["吴管理"], NOW))
    assert "我的待办" in agent
    assert ">管理<" not in agent
    assert ">管理<" in keeper
    assert "来电来访登记" not in keeper


@pytest.mark.parametrize(
    ("office", "page", "word"),
    [
        ("agent", "/desk/", "待办"), ("supervisor", "/desk/cases/", "全部诉求"), ("secretary", "/desk/meetings/", "会议"),
        ("administrator", "/manage/", "管理"),
    ],
)  # fmt: skip
def test_every_officers_page_leads_back_to_where_his_work_waits(
    county: County, office: str, page: str, word: str
) -> None:
    county.officer("钟某", "企业受理", office)
    html = drawn('{% include "web/base.html" %}', viewer=viewer_of(county.accounts["钟某"], NOW))
    assert f'<a class="brand" href="{page}"' in html
    way = html.split('<a class="work" ')[1].split("</a>")[0]
    assert f'href="{page}"' in way
    assert way.endswith(word)
    assert 'href="/"' in html  # and to the page that everybody sees


def test_a_secretary_begins_at_the_meetings(county: County) -> None:
    county.officer("卫某", "企业受理", "secretary")
    assert home_of(viewer_of(county.accounts["卫某"], NOW)) == "/desk/meetings/"


def test_a_day_is_written_as_moments_are_and_on_paper_with_its_year() -> None:
    assert drawn("{% when d %}", d=date(2026, 12, 3)) == '<time datetime="2026-12-03">12月3日</time>'
    assert drawn("{% when d %}", "en", d=date(2027, 2, 3)).endswith(">3 Feb 2027</time>")
    assert drawn("{% when d year=True %}", d=date(2026, 12, 3)).endswith(">2026年12月3日</time>")
    assert drawn("{% when m year=True %}", "en", m=NOW).endswith(">18 Nov 2026, 09:00</time>")


def test_a_town_is_short_in_a_narrow_column() -> None:
    name = Label("当湖街道", "Danghu Subdistrict")
    assert (drawn("{% short_town n %}", n=name), drawn("{% short_town n %}", "en", n=name)) == ("当湖街道", "Danghu")


def test_large_print_is_kept_and_leads_back_only_to_us(county: County, client: Client) -> None:
    answer = client.post("/look/", {"large": "1", "next": "/track/"})
    assert answer["Location"] == "/track/"
    assert answer.cookies["large"].value == "1"
    assert client.post("/look/", {"large": "1", "next": "//elsewhere.example/"})["Location"] == "/"
    assert " data-large" in client.get("/nowhere/").content.decode()
