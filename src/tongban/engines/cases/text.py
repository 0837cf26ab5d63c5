"""The full-text index of cases: which words stand in it."""

from __future__ import annotations

from collections.abc import Iterable

from tongban.core.database import TextIndex
from tongban.core.words import cut, holder_word
from tongban.engines.cases.models import Case

INDEX = TextIndex("cases_text")


def words_of(case: Case, holders: Iterable[int], more: str = "") -> list[str]:
    """The words of a case and of those who may see it, so that a search within a narrow view is one intersection.

    The author's name and number are never among them; a confidential request's firm is not either.
    """
    firm = case.firm.name_zh if case.firm_id and case.firm and not case.confidential else ""
    text = "\n".join((case.title, case.body, case.address, firm, more))
    return [*cut(text), *(holder_word(h, case.programme) for h in sorted(holders))]
