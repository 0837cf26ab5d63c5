"""The load test tries every list that a page offers."""

from __future__ import annotations

import inspect
import pkgutil
import sys
from typing import get_type_hints

from tests.engines.cases.conftest import NOW, County
from tests.faults.scenarios.cases import case_in
from tongban.core.access.models import Account
from tongban.core.access.viewer import Viewer, viewer_of
from tongban.core.registry import reference
from tongban.engines.cases import queries
from tongban.engines.cases.queries.offered import offered
from tongban.engines.cases.queries.rows import Page


def pages() -> set[str]:
    """Every query of cases that gives a page."""
    found = set()
    for module in pkgutil.iter_modules(queries.__path__, f"{queries.__name__}."):
        __import__(module.name)
        for name, one in inspect.getmembers(sys.modules[module.name], inspect.isfunction):
            if one.__module__ == module.name and not name.startswith("_") and get_type_hints(one).get("return") is Page:
                found.add(name)
    return found


def asked_for(viewer: Viewer) -> tuple[set[str], list[str]]:
    """The queries that the viewer's lists call, and the lists' names."""
    with reference.hold():
        lists = list(offered(viewer, NOW, ["路灯"]))
    return {getattr(one.ask, "func", one.ask).__name__ for one in lists}, [one.name for one in lists]


def officer(county: County, name: str) -> Viewer:
    return viewer_of(Account.objects.get(pk=county.officers[name].account), NOW)


def test_every_query_that_gives_a_page_is_offered_to_somebody(county: County) -> None:
    case_in(county, "new")  # of a firm, which has a file from then on
    work, _ = asked_for(officer(county, "沈受理"))
    own, _ = asked_for(Viewer(person=county.people["陈居民"].pk))
    assert pages() - work - own == set()


def test_each_list_is_asked_for_as_its_page_asks(county: County) -> None:
    viewer = officer(county, "俞经办")
    _, names = asked_for(viewer)
    assert len(names) == len(set(names))
    assert {"queue work", "queue mine", "queue work, due=late", "cases", "search 路灯", "counts of work"} <= set(names)
    assert any("town=" in n and "state=" in n for n in names)
    with reference.hold():
        for one in offered(viewer, NOW, ["路灯"]):
            one.ask(after="")


def test_nobody_is_offered_a_list_of_others(county: County) -> None:
    assert asked_for(Viewer()) == (set(), [])
