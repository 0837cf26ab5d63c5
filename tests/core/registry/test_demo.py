"""Invented names and codes: right in form, and nobody's."""

from __future__ import annotations

from tongban.core.registry import codes
from tongban.core.registry.demo import MARK, Names


def test_invented_credit_codes_and_phones_pass_the_checks_and_never_repeat() -> None:
    names = Names.of(1)
    found = [names.credit_code() for _ in range(300)]
    phones = [names.phone() for _ in range(300)]
    assert all(codes.credit_code(c) == c and c.startswith("91330482MAT") for c in found)
    assert all(codes.phone(p) == p and p.startswith("154") for p in phones)
    assert len({*found, *phones}) == 600


def test_the_same_seed_tells_the_same_names_and_another_one_others() -> None:
    def drawn(seed: int) -> list[str]:
        names = Names.of(seed)
        return [names.person() for _ in range(50)] + [names.firm() for _ in range(50)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert all(n.endswith(MARK) for n in drawn(1)[50:])
    assert len(set(drawn(1))) == 100
