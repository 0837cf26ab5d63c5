"""Eight at once: a code counts once, one message goes out, a role is given once, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from tests.core.access.conftest import NOW, SETUP, Office
from tongban.core.access import actions, one_time, phones, second_factor
from tongban.core.access.models import Account, Role, SignInCode
from tongban.core.refusals import Refused

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 8


@pytest.fixture
def office(transactional_db: None, request: pytest.FixtureRequest) -> Office:
    """The same county, committed, so that other threads see it."""
    from tests.core.access.conftest import office as made

    return made.__wrapped__(None)  # type: ignore[attr-defined, no-any-return]


def at_once(act: Callable[[], object]) -> list[str]:
    """What came of ``act`` for each of eight that begin together: "" for done, else the refusal's code."""
    gate = Barrier(AT_ONCE)

    def one(_: int) -> str:
        gate.wait()
        try:
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return ""

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(AT_ONCE)))


def test_a_code_of_the_phone_counts_once(office: Office) -> None:
    secret = second_factor.new_setup("yu").secret
    second_factor.enrol(account=office.officer, secret=secret, by=SETUP, at=NOW)
    code = second_factor.code_at(secret, NOW)
    found = at_once(lambda: second_factor.check(account=office.officer.pk, typed=code, at=NOW))
    assert found.count("") == 1
    assert set(found) <= {"", "factor.used", "sign_in.locked"}


def test_a_code_on_paper_counts_once(office: Office) -> None:
    paper = second_factor.enrol(account=office.officer, secret=second_factor.new_setup("yu").secret, by=SETUP, at=NOW)
    found = at_once(lambda: second_factor.check(account=office.officer.pk, typed=paper[0], at=NOW))
    assert found.count("") == 1
    assert second_factor.paper_left(office.officer.pk) == 9


def test_one_message_goes_out(office: Office) -> None:
    assert at_once(lambda: one_time.make("13800000001", NOW)) == [""] + ["code.wait"] * 7
    assert SignInCode.objects.count() == 1


def test_a_message_code_counts_once(office: Office) -> None:
    code = one_time.make("13800000001", NOW)
    assert at_once(lambda: one_time.check("13800000001", code, NOW)).count("") == 1


def test_a_number_becomes_one_person(office: Office) -> None:
    found = at_once(lambda: phones.confirm_phone(phone="13800000001", name="陈居民", at=NOW))
    assert "" in found
    assert set(found) <= {"", "ledger.overtaken"}
    assert Account.objects.filter(staff=False).count() == 1


def test_a_role_is_given_once(office: Office) -> None:
    found = at_once(
        lambda: actions.give_role(
            account=office.officer.pk, code="handler", organisation=office.bureau.pk, by=SETUP, at=NOW
        )
    )
    assert found == [""] + ["role.same"] * 7
    assert Role.objects.filter(account=office.officer).count() == 1
