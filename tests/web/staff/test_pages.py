"""Each staff page opens for those it is for, in both languages, and for nobody else."""

from __future__ import annotations

import re

import pytest

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage, opened

PAGES = [
    "/desk/", "/desk/?view=accept", "/desk/?due=late", "/desk/?view=nonsense&due=nonsense&after=nonsense",
    "/desk/cases/", "/desk/cases/?state=new&programme=enterprise&area=330482100&unit=3", "/desk/search/",
    "/desk/search/?q=公交", "/desk/board/", "/desk/board/?period=all&by=town&rank=closure", "/desk/board/?wall=1",
    "/desk/board/?period=2020-13&by=x&rank=y&open=9", "/desk/board/cases/?figure=accepted", "/desk/board/cases/?figure=x",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_page_opens_in_both_languages(county: County, sign_in: SignIn, address: str, language: str) -> None:
    opened(county)
    answer = sign_in("沈受理", language).get(address)
    assert answer.status_code == 200
    assert ('<html lang="zh-CN"' in answer.content.decode()) == (language == "zh")


@pytest.mark.parametrize(
    "stage", ["new", "accepted", "assigned", "handling", "review", "approved", "answered", "closed"]
)
@pytest.mark.parametrize("name", ["沈受理", "俞经办", "钱审核"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_case_opens_at_every_stage(county: County, sign_in: SignIn, stage: str, name: str, language: str) -> None:
    key = at_stage(county, stage)
    answer = sign_in(name, language).get(f"/desk/cases/{key}/?view=work")
    assert answer.status_code == (404 if stage in ("new", "accepted") and name != "沈受理" else 200)
    ids = re.findall(r'\sid="([^"]*)"', answer.content.decode())
    assert sorted(set(ids)) == sorted(ids)


def test_the_desk_is_told_when_nobody_has_confirmed_that_the_author_acts_for_the_firm(
    county: County, sign_in: SignIn
) -> None:
    proved = opened(county)
    unproved = opened(county, requester=county.people["陈居民"])
    desk = sign_in("沈受理")
    words = "联系人还没有这家企业的授权"
    assert words not in desk.get(f"/desk/cases/{proved}/").content.decode()
    assert words in desk.get(f"/desk/cases/{unproved}/").content.decode()
