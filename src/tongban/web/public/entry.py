"""Which programmes take requests, and from whom; no programme is named here."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404

from tongban.core.labels import Label
from tongban.engines.cases.declare import CaseType
from tongban.engines.programme.declare import Programme
from tongban.engines.programme.scan import programmes

ASKERS = {
    "firm": Label("我是企业", "For firms"),
    "resident": Label("我是居民", "For residents"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One way in: a programme and its first case type."""

    programme: Programme
    kind: CaseType

    @property
    def for_firms(self) -> bool:
        """Whether a firm asks here."""
        return "firm" in self.kind.askers

    @property
    def who(self) -> Label:
        """For whom it is, in words."""
        return ASKERS["firm" if self.for_firms else "resident"]


def entries() -> list[Entry]:
    """All ways in; firms first."""
    found = [Entry(p, p.cases[0]) for p in programmes().values() if p.cases]
    return sorted(found, key=lambda e: (not e.for_firms, e.programme.code))


def entry(code: str) -> Entry:
    """The way into one programme, else there is no such page."""
    found = next((e for e in entries() if e.programme.code == code), None)
    if found is None:
        raise Http404
    return found
