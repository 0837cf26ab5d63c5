"""The full-text index of cases: which words stand in it."""

from __future__ import annotations

from collections.abc import Iterable

from tongban.core.database import TextIndex
from tongban.core.registry.queries import directory
from tongban.core.words import holder_word, place_word, words_in
from tongban.engines.cases.models import Case, Publication

INDEX = TextIndex("cases_text")
# What everybody may search: published texts alone, by the key of their version.
PUBLIC_INDEX = TextIndex("publications_text")


def words_of(case: Case, holders: Iterable[int], more: str = "") -> list[str]:
    """The words of a case and of those who may see it, so that a search within a narrow view is one intersection.

    The author's name and number are never among them; a confidential request's firm is not either. Village and town
    are there as areas, not by name: a renamed one is found by its new name at once (queries.terms).
    """
    firm = case.firm.name_zh if case.firm_id and case.firm and not case.confidential else ""
    text = "\n".join((case.title, case.body, case.address, firm, more))
    town = directory().places[case.area_id].town
    places = [place_word(area) for area in dict.fromkeys((case.area_id, town)) if area is not None]
    return [*words_in(text), *places, *(holder_word(h, case.programme) for h in sorted(holders))]


def public_words(one: Publication) -> list[str]:
    """The words of a version while it is published, and none otherwise; its place as an area, not by name."""
    if one.state != Publication.State.PUBLISHED:
        return []
    town = directory().places[one.area_id].town
    places = [place_word(area) for area in dict.fromkeys((one.area_id, town)) if area is not None]
    return [*words_in("\n".join((one.title, one.question, one.answer))), *places]
