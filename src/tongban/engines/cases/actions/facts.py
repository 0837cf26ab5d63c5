"""Typed facts: what a person typed, brought to the declared type or refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.utils.timezone import is_naive

from tongban.core.ledger.rows import new_row
from tongban.core.plain import clean
from tongban.core.refusals import Refused
from tongban.engines.cases.declare import CaseType, Fact, FactKind
from tongban.engines.cases.models import FactValue

_LARGEST = 10**14  # a hundred million million: above any head count or sum in fen that a county meets
TEXT = 2000  # characters of a fact in words
_SEPARATORS = re.compile(r"[,，\s¥￥]")


def fact_values(kind: CaseType, given: Mapping[str, object]) -> list[FactValue]:
    """Rows (without their case) for the facts that were given; empty ones are left out."""
    declared = {f.code: f for f in kind.facts}
    for code in given:
        if code not in declared:
            raise Refused("fact.unknown", code=code)
    found = []
    for code, fact in declared.items():
        value = given.get(code)
        if value is None or value == "":
            if fact.required:
                raise Refused("fact.required", field=code, fact=fact.label)
            continue
        found.append(_row(fact, value))
    return found


def _row(fact: Fact, value: object) -> FactValue:
    row = new_row(FactValue, code=fact.code)
    if fact.kind is FactKind.NUMBER:
        row.number = _number(fact, value, scale=1, code="fact.number")
    elif fact.kind is FactKind.MONEY:
        row.number = _number(fact, value, scale=100, code="fact.money")
    elif fact.kind is FactKind.CHOICE:
        if value not in fact.choices:
            raise Refused("fact.choice", field=fact.code, fact=fact.label)
        row.text = str(value)
    elif fact.kind is FactKind.MOMENT:
        row.moment = _moment(fact, value)
    else:
        row.text = clean(str(value)).strip()
        if len(row.text) > TEXT:
            raise Refused("case.body.long", field=fact.code, most=TEXT, length=len(row.text))
    return row


def _number(fact: Fact, value: object, *, scale: int, code: str) -> int:
    text = _SEPARATORS.sub("", str(value))
    # Written out: an exponent of a million is no number that anybody means, and none that can be worked with.
    if not re.fullmatch(r"[+-]?\d{1,30}(\.\d{0,30})?", text):
        raise Refused(code, field=fact.code, fact=fact.label)
    exact = Decimal(text) * scale
    if exact != exact.to_integral_value():
        raise Refused(code, field=fact.code, fact=fact.label)
    if not 0 <= exact <= _LARGEST:
        raise Refused("fact.range", field=fact.code, fact=fact.label)
    return int(exact)


def _moment(fact: Fact, value: object) -> datetime:
    if isinstance(value, datetime) and not is_naive(value):
        return value
    raise Refused("fact.moment", field=fact.code, fact=fact.label)
