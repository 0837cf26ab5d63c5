"""Codes from a phone, on paper and in messages: each counts once, and tries are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.core.access.conftest import NOW, SETUP, Office
from tongban.core.access import one_time, second_factor
from tongban.core.access.models import SignInCode
from tongban.core.refusals import Refused

PHONE = "13800000001"
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HALF = timedelta(seconds=30)


def armed(office: Office) -> tuple[int, str, list[str]]:
    secret = second_factor.new_setup("yu").secret
    paper = second_factor.enrol(account=office.officer, secret=secret, by=SETUP, at=NOW)
    return office.officer.pk, secret, paper


def wide(code: str) -> str:
    """The same signs in full width."""
    return "".join(chr(ord(c) + 0xFEE0) for c in code)


def refused(code: str, account: int, typed: str, at: object = NOW) -> Refused:
    with pytest.raises(Refused) as found:
        second_factor.check(account=account, typed=typed, at=at)  # type: ignore[arg-type]
    assert found.value.code == code
    return found.value


def test_the_digits_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B (SHA-1, the last six of eight digits).
    from datetime import UTC, datetime

    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    for seconds, digits in ((59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")):
        assert second_factor.code_at(secret, datetime.fromtimestamp(seconds, UTC)) == digits


def test_a_code_counts_once_and_older_ones_not_at_all(office: Office) -> None:
    account, secret, _ = armed(office)
    code = second_factor.code_at(secret, NOW)
    second_factor.check(account=account, typed=f" {code[:3]} {code[3:]}", at=NOW)
    refused("factor.used", account, code)
    refused("factor.used", account, code, NOW + HALF)  # still inside the slack
    refused("factor.used", account, second_factor.code_at(secret, NOW - HALF))
    second_factor.check(account=account, typed=second_factor.code_at(secret, NOW + HALF), at=NOW + HALF)


def test_full_width_digits_are_digits_and_other_signs_are_wrong_codes(office: Office) -> None:
    """What a Chinese keyboard types when nobody has switched it over."""
    account, secret, paper = armed(office)
    second_factor.check(account=account, typed=wide(second_factor.code_at(secret, NOW)), at=NOW)
    second_factor.check(account=account, typed=wide(paper[0]), at=NOW)
    for typed in ("一二三四五六", "12345é"):
        refused("factor.wrong", account, typed)


@pytest.mark.django_db
def test_a_code_from_a_message_may_be_full_width_too() -> None:
    one_time.check(PHONE, wide(one_time.make(PHONE, NOW)), NOW + MINUTE)


def test_a_clock_may_be_off_by_half_a_minute_and_no_more(office: Office) -> None:
    account, secret, _ = armed(office)
    refused("factor.wrong", account, second_factor.code_at(secret, NOW - 2 * HALF))
    second_factor.check(account=account, typed=second_factor.code_at(secret, NOW - HALF), at=NOW)


def test_five_wrong_codes_lock_for_fifteen_minutes_even_for_the_right_one(office: Office) -> None:
    account, secret, paper = armed(office)
    for n in range(5):
        refused("factor.wrong", account, "000000", NOW + n * SECOND)
    assert refused("sign_in.locked", account, second_factor.code_at(secret, NOW)).params["minutes"] == 15
    refused("sign_in.locked", account, paper[0], NOW + MINUTE)
    later = NOW + 15 * MINUTE
    second_factor.check(account=account, typed=second_factor.code_at(secret, later), at=later)


def test_a_code_on_paper_works_once(office: Office) -> None:
    account, _, paper = armed(office)
    assert len(set(paper)) == 10
    second_factor.check(account=account, typed=paper[3].lower(), at=NOW)
    refused("factor.wrong", account, paper[3])
    assert second_factor.paper_left(account) == 9


def test_secrets_are_not_stored_in_the_clear(office: Office) -> None:
    from allauth.mfa.models import Authenticator

    account, secret, paper = armed(office)
    stored = " ".join(str(a.data) for a in Authenticator.objects.filter(user_id=account))
    assert secret not in stored
    assert paper[0] not in stored
    assert paper[0].replace("-", "") not in stored


# -- messages ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_message_code_is_stored_as_a_digest_and_used_once() -> None:
    code = one_time.make(PHONE, NOW)
    row = SignInCode.objects.get()
    assert code.encode() not in bytes(row.digest) + bytes(row.phone_index)
    one_time.check("138-0000-0001", code, NOW + MINUTE)
    with pytest.raises(Refused, match="wrong or older"):
        one_time.check(PHONE, code, NOW + MINUTE)


@pytest.mark.django_db
def test_a_message_code_lives_five_minutes() -> None:
    code = one_time.make(PHONE, NOW)
    with pytest.raises(Refused, match="older than 5 minutes"):
        one_time.check(PHONE, code, NOW + 5 * MINUTE)
    one_time.check(PHONE, code, NOW + 5 * MINUTE - SECOND)


@pytest.mark.django_db
def test_only_the_newest_code_counts() -> None:
    old = one_time.make(PHONE, NOW)
    new = one_time.make(PHONE, NOW + MINUTE)
    if old != new:
        with pytest.raises(Refused, match="wrong or older"):
            one_time.check(PHONE, old, NOW + MINUTE)
    one_time.check(PHONE, new, NOW + MINUTE)


@pytest.mark.django_db
def test_one_message_a_minute_and_ten_a_day() -> None:
    one_time.make(PHONE, NOW)
    with pytest.raises(Refused) as refusal:
        one_time.make(PHONE, NOW + 20 * SECOND)
    assert (refusal.value.code, refusal.value.params["seconds"]) == ("code.wait", 40)
    for n in range(1, 10):
        one_time.make(PHONE, NOW + n * MINUTE)
    with pytest.raises(Refused, match="Come back in"):
        one_time.make(PHONE, NOW + 30 * MINUTE)
    one_time.make("13800000002", NOW + MINUTE)  # another number is not concerned
    one_time.make(PHONE, NOW + timedelta(days=1, minutes=10))


@pytest.mark.django_db
def test_five_wrong_tries_close_a_number_for_a_while_over_all_its_codes() -> None:
    first = one_time.make(PHONE, NOW)
    wrong = "000000" if first != "000000" else "111111"
    for _ in range(3):
        with pytest.raises(Refused, match="wrong"):
            one_time.check(PHONE, wrong, NOW)
    second = one_time.make(PHONE, NOW + MINUTE)
    wrong = "000000" if second != "000000" else "111111"
    with pytest.raises(Refused, match="wrong or older"):
        one_time.check(PHONE, wrong, NOW + MINUTE)
    with pytest.raises(Refused, match="Five wrong tries"):
        one_time.check(PHONE, wrong, NOW + MINUTE)
    with pytest.raises(Refused, match="Five wrong tries"):
        one_time.check(PHONE, second, NOW + MINUTE)
    with pytest.raises(Refused, match="Five wrong tries"):
        one_time.make(PHONE, NOW + 3 * MINUTE)
    later = NOW + 15 * MINUTE
    one_time.check(PHONE, one_time.make(PHONE, later), later)


@pytest.mark.django_db
def test_a_message_that_never_left_does_not_count() -> None:
    one_time.make(PHONE, NOW)
    one_time.unsent(PHONE, NOW)
    one_time.make(PHONE, NOW + SECOND)
