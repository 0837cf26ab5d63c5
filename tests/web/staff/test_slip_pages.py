"""Slips on whose day nobody reported: on the case, on paper, and in the list of whoever issued them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.engines.cases.conftest import County
from tests.web.staff.conftest import SignIn, at_stage
from tongban.engines.cases import actions
from tongban.engines.cases.models import Case, Slip

pytestmark = pytest.mark.django_db


def test_an_overdue_slip_stands_out_until_it_is_settled(county: County, sign_in: SignIn) -> None:
    key, over = at_stage(county, "handling"), county.officers["县督办"]
    actions.supervise(case=key, demand="请抓紧", by=over, at=timezone.now())
    slip = Slip.objects.get()
    pages = (f"/desk/cases/{key}/", f"/desk/cases/{key}/slips/{slip.pk}/")
    lists = [f"/desk/cases/?slip={code}" for code in ("overdue", "mine_overdue")]

    def seen(address: str, words: str, language: str = "zh") -> bool:
        return words in sign_in("县督办", language).get(address).content.decode().split("<main")[1]

    assert not any(seen(page, "到期未反馈</span>") for page in pages)
    assert not any(seen(page, f"/desk/cases/{key}/") for page in lists)
    passed = timezone.now() - timedelta(hours=1)
    Slip.objects.update(due_at=passed)
    Case.objects.update(slip_due_at=passed)
    for page in pages:
        assert seen(page, "到期未反馈</span>")
        assert seen(page, "not reported in time", "en")
    assert all(seen(page, f"/desk/cases/{key}/") for page in lists)
    assert 'href="/desk/cases/?slip=overdue"' in sign_in("县督办").get("/desk/").content.decode()
    actions.supervise(case=key, demand="再催一次", by=over, at=timezone.now())
    for page in pages:
        assert seen(page, "已另发一张")
        assert not seen(page, "到期未反馈</span>")
    assert not any(seen(page, f"/desk/cases/{key}/") for page in lists)
