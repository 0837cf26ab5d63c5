"""Copies of reference data are never older, or other, than what is committed."""

from __future__ import annotations

from django.db import transaction

from tongban.core.registry import reference


def test_a_copy_made_inside_a_rolled_back_change_is_never_taken_for_a_later_one(db: None) -> None:
    reference.forget()
    reference.changed("x")
    seen = []

    def load() -> str:
        return f"copy {len(seen)}"

    assert reference.copy_of("x", load) == "copy 0"
    seen.append(1)
    try:
        with transaction.atomic():
            reference.changed("x")
            assert reference.copy_of("x", load) == "copy 1"
            raise RuntimeError
    except RuntimeError:
        seen.append(1)
    assert reference.copy_of("x", load) == "copy 2"
    reference.changed("x")
    seen.append(1)
    assert reference.copy_of("x", load) == "copy 3"


def test_within_a_hold_the_versions_are_read_once(db: None, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    reference.changed("x")
    with django_assert_num_queries(1), reference.hold(), reference.hold():
        assert reference.version("x") == reference.version("x") == 1
        assert reference.version("never") == 0
