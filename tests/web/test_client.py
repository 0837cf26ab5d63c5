"""Whose address a request comes from: nobody chooses his own."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.test import RequestFactory

from tongban.web.client import address, network


@pytest.mark.parametrize(
    ("hops", "seen", "passed", "found"),
    [
        (0, "10.0.0.1", "1.2.3.4", "10.0.0.1"),  # no proxy is known of: the header is anybody's word
        (1, "127.0.0.1", "1.2.3.4", "1.2.3.4"),
        (1, "127.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),  # what stands before was written by whoever asks
        (2, "127.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        (2, "127.0.0.1", "1.2.3.4", "127.0.0.1"),  # a proxy is missing: nothing in the header is known to be true
        (1, "127.0.0.1", "", "127.0.0.1"),
        (1, "127.0.0.1", "unknown", "127.0.0.1"),
        (1, "127.0.0.1", "1.2.3.4:5678", "1.2.3.4"),
        (1, "127.0.0.1", '"[2001:db8::1]:443"', "2001:db8::1"),
        (1, "127.0.0.1", "::ffff:1.2.3.4", "1.2.3.4"),
    ],
)
def test_the_address_is_the_one_that_our_proxies_saw(
    hops: int, seen: str, passed: str, found: str, settings: LazySettings
) -> None:
    settings.TONGBAN_PROXIES = hops
    headers = {"HTTP_X_FORWARDED_FOR": passed} if passed else {}
    assert address(RequestFactory().get("/", REMOTE_ADDR=seen, **headers)) == found


def test_one_household_counts_once_and_no_address_is_one_too() -> None:
    def of(seen: str) -> str:
        return network(RequestFactory().get("/", REMOTE_ADDR=seen))

    assert of("2001:db8:1:2:aaaa::1") == of("2001:db8:1:2:bbbb::9") == "2001:db8:1:2::/64"
    assert of("2001:db8:1:3::1") != of("2001:db8:1:2::1")
    assert of("") == of("/run/socket") == "unknown"
